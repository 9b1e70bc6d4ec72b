package erasure

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"
)

// A Book is the record of erasures beside the database: a folder with a file
// that only grows, and the key that signs receipts. It is not part of a backup
// of the database, so that bringing one back brings nothing erased back. Keep
// the folder when the database is restored; it holds no word about any work.
type Book struct {
	mu   sync.Mutex
	root *os.Root
	key  ed25519.PrivateKey
}

// A Line is one erasure in the record. Works and accounts stand in it as
// SHA-256 of their opaque codes, which were made by chance and are gone.
type Line struct {
	Code     string    `json:"code"`
	Kind     Kind      `json:"kind"`
	At       time.Time `json:"at"`
	Works    []string  `json:"works,omitzero"`
	Accounts []string  `json:"accounts,omitzero"`
	Blobs    []string  `json:"blobs,omitzero"` // keys of files, made by chance too
	Void     bool      `json:"void,omitzero"`  // the erasure did not happen after all
}

func (l Line) text() string {
	text, err := json.Marshal(l)
	if err != nil {
		panic("erasure: a line is always JSON: " + err.Error())
	}
	return string(text)
}

// hashes are the codes as the record holds them.
func hashes(codes []string) []string {
	var all []string
	for _, c := range codes {
		sum := sha256.Sum256([]byte(c))
		all = append(all, hex.EncodeToString(sum[:]))
	}
	return all
}

const (
	recordFile = "record.jsonl"
	keyFile    = "receipts.key"
)

// OpenBook opens the record in a folder, which it makes with a new key if need
// be.
func OpenBook(folder string) (*Book, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of erasures: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open folder of erasures: %w", err)
	}
	b := &Book{root: root}
	if b.key, err = b.readKey(); err != nil {
		return nil, errors.Join(fmt.Errorf("read the key of receipts: %w", err), root.Close())
	}
	return b, nil
}

// Close gives the folder back.
func (b *Book) Close() error { return b.root.Close() }

// readKey reads the key, or makes it: whoever writes the file first has made it.
func (b *Book) readKey() (ed25519.PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed)
	part := keyFile + "." + hex.EncodeToString(seed[:4])
	if _, err := b.root.Stat(keyFile); errors.Is(err, fs.ErrNotExist) {
		if err := b.append(part, []byte(hex.EncodeToString(seed)+"\n")); err != nil {
			return nil, err
		}
		err := errors.Join(ignoreExists(b.root.Link(part, keyFile)), b.root.Remove(part), b.sync())
		if err != nil {
			return nil, err
		}
	}
	text, err := b.read(keyFile)
	if err != nil {
		return nil, err
	}
	kept, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(kept) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s is no key", keyFile)
	}
	return ed25519.NewKeyFromSeed(kept), nil
}

func ignoreExists(err error) error {
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// Write adds a line, on a new one even after a line that was cut short; when it returns without an error the line survives a power
// cut.
func (b *Book) Write(l Line) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.append(recordFile, []byte("\n"+l.text()+"\n")); err != nil {
		return fmt.Errorf("write the record of erasures: %w", err)
	}
	return b.sync()
}

// Void says of an erasure that its transaction failed. When that cannot be
// written either, the erasure is made up for at the next start: it was asked for.
func (b *Book) Void(code string) error {
	return b.Write(Line{Code: code, Void: true})
}

// Lines are the erasures that count, in order. A line that was cut short by a
// power cut was never acted upon, and is passed over.
func (b *Book) Lines() ([]Line, error) {
	text, err := b.read(recordFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the record of erasures: %w", err)
	}
	lines, at := []Line{}, map[string]int{}
	for row := range bytes.Lines(text) {
		var l Line
		if json.Unmarshal(row, &l) != nil || l.Code == "" {
			continue
		}
		i, known := at[l.Code]
		switch {
		case known && l.Void:
			lines[i].Void = true
		case known:
			lines[i] = l
		case !l.Void:
			at[l.Code] = len(lines)
			lines = append(lines, l)
		}
	}
	return slices.DeleteFunc(lines, func(l Line) bool { return l.Void }), nil
}

// append adds bytes to a file and syncs it.
func (b *Book) append(name string, text []byte) error {
	f, err := b.root.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

func (b *Book) read(name string) ([]byte, error) {
	f, err := b.root.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(f)
	return text, errors.Join(err, f.Close())
}

// sync makes new files of the folder outlive a power cut.
func (b *Book) sync() error {
	f, err := b.root.Open(".")
	if err != nil {
		return fmt.Errorf("sync folder of erasures: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}
