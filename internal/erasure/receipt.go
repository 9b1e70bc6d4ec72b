package erasure

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"laurel/internal/pg"
)

// A Receipt says what was erased, and by when no backup holds it any more. It
// names nobody and no work: whoever holds its code knows what it is of.
type Receipt struct {
	Version      int       `json:"version"`
	Code         string    `json:"code"`
	Kind         Kind      `json:"kind"`
	ErasedAt     time.Time `json:"erasedAt"`
	Stores       []Store   `json:"stores"`
	Files        int       `json:"files"`        // bytes on disk that follow at once, by number of files
	BackupsUntil string    `json:"backupsUntil"` // the last day on which a backup may still hold it
}

// A Store is one kind of place, and how many records in it were emptied.
type Store struct {
	Name    string `json:"name"`
	Records int    `json:"records"`
}

// Signed is a receipt as it is handed out: its signature is over the bytes of
// the receipt as they stand, without the space around them.
type Signed struct {
	Receipt   json.RawMessage `json:"receipt"`
	PublicKey string          `json:"publicKey"` // Ed25519, in base64
	Signature string          `json:"signature"` // in base64
}

func receiptOf(l Line, done map[group]int, backups int) Receipt {
	r := Receipt{Version: 1, Code: l.Code, Kind: l.Kind, ErasedAt: l.At, Files: len(l.Blobs), BackupsUntil: l.At.AddDate(0, 0, backups).Format(time.DateOnly)}
	for _, g := range groups {
		if g != thePerson || l.Kind == OfAccount {
			r.Stores = append(r.Stores, Store{string(g), done[g]})
		}
	}
	return r
}

// PublicKey is the key by which anybody checks receipts, in base64.
func (b *Book) PublicKey() string {
	return base64.StdEncoding.EncodeToString(b.key.Public().(ed25519.PublicKey))
}

func (b *Book) sign(r Receipt) ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write receipt: %w", err)
	}
	return json.Marshal(Signed{text, b.PublicKey(), base64.StdEncoding.EncodeToString(ed25519.Sign(b.key, text))})
}

// ErrForged is the error of a receipt that the key did not sign.
var ErrForged = errors.New("the signature does not fit: this receipt was changed, or another installation wrote it")

// Check reads a signed receipt and verifies it offline. key is the public key
// that the installation shows, in base64; empty: the one that stands in the file.
func Check(text []byte, key string) (Receipt, error) {
	var s Signed
	if err := json.Unmarshal(text, &s); err != nil || len(s.Receipt) == 0 {
		return Receipt{}, errors.New("this is no erasure receipt")
	}
	if key == "" {
		key = s.PublicKey
	}
	public, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return Receipt{}, errors.New("the public key is not 32 bytes in base64")
	}
	signature, err := base64.StdEncoding.DecodeString(s.Signature)
	var bare bytes.Buffer
	if err != nil || json.Compact(&bare, s.Receipt) != nil || !ed25519.Verify(public, bare.Bytes(), signature) {
		return Receipt{}, ErrForged
	}
	var r Receipt
	if err := json.Unmarshal(s.Receipt, &r); err != nil {
		return Receipt{}, fmt.Errorf("read receipt: %w", err)
	}
	return r, nil
}

// A Given receipt is one that the installation has handed out.
type Given struct {
	Receipt    string     // as it was signed
	FinishedAt *time.Time // when the files were gone; nil: they are being deleted
}

// ReceiptOf finds a receipt by its code; none is pgx.ErrNoRows.
func ReceiptOf(ctx context.Context, db pg.DB, code string) (Given, error) {
	g, err := pg.One[Given](ctx, db, `
		select receipt, finished_at
		from erasures
		where code = @code and receipt <> ''`,
		pg.Args{"code": code})
	if err != nil {
		return Given{}, fmt.Errorf("find receipt: %w", err)
	}
	return g, nil
}
