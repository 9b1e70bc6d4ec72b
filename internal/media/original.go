package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/pg"
	"laurel/internal/seal"
)

// A Vault is where bytes are kept, and what opens those that are encrypted.
type Vault struct {
	Store blob.Store
	Seals *seal.Keeper
}

// An Original is a file as it came: read it from anywhere, and close it.
type Original struct {
	io.ReadSeeker
	Code      string
	MediaType string
	Size      int64
	closer    io.Closer
}

// Close gives the bytes back.
func (o *Original) Close() error { return o.closer.Close() }

// kept is how an original lies in the store.
type kept struct {
	Code      string
	MediaType string
	Size      int64
	SHA256    []byte `db:"sha256"`
	BlobKey   string
	Sealed    []byte // nil: it is not encrypted yet
}

func keptOf(ctx context.Context, db pg.DB, id ID) (kept, error) {
	k, err := pg.One[kept](ctx, db, `
		select f.code, f.media_type, f.size, f.sha256, f.blob_key, k.sealed
		from files f
		left join file_keys k on k.file_id = f.id
		where f.id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return kept{}, fmt.Errorf("find original of file %d: %w", id, err)
	}
	return k, nil
}

// OpenOriginal reads a file as it came. Whether somebody may have it is asked
// before. Bytes that are gone are blob.ErrMissing.
func OpenOriginal(ctx context.Context, db pg.DB, v Vault, id ID) (*Original, error) {
	k, err := keptOf(ctx, db, id)
	if err != nil {
		return nil, err
	}
	bytes, size, err := v.Store.Open(ctx, k.BlobKey)
	if errors.Is(err, blob.ErrMissing) { // it was encrypted between the two looks
		if k, err = keptOf(ctx, db, id); err == nil {
			bytes, size, err = v.Store.Open(ctx, k.BlobKey)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open original of file %d: %w", id, err)
	}
	o := &Original{ReadSeeker: bytes, Code: k.Code, MediaType: k.MediaType, Size: k.Size, closer: bytes}
	if k.Sealed == nil {
		return o, nil
	}
	if o.ReadSeeker, err = v.decrypt(id, k.Sealed, bytes, size); err != nil {
		return nil, errors.Join(err, bytes.Close())
	}
	return o, nil
}

// Locked lists the codes of files whose originals the key file does not open.
func Locked(ctx context.Context, db pg.DB, seals *seal.Keeper) ([]string, error) {
	type key struct {
		ID     ID
		Code   string
		Sealed []byte
	}
	keys, err := pg.Rows[key](ctx, db, `
		select f.id, f.code, k.sealed
		from file_keys k
		join files f on f.id = k.file_id
		order by f.id`,
		nil)
	if err != nil {
		return nil, fmt.Errorf("list keys of originals: %w", err)
	}
	var locked []string
	for _, k := range keys {
		if _, err := seals.Open(place(k.ID), k.Sealed); err != nil {
			locked = append(locked, k.Code)
		}
	}
	return locked, nil
}

// place binds a wrapped key to its file: it opens no other.
func place(id ID) string { return "original of file " + strconv.FormatInt(int64(id), 10) }

func (v Vault) decrypt(id ID, sealed []byte, r io.ReadSeeker, size int64) (io.ReadSeeker, error) {
	secret, err := v.Seals.Open(place(id), sealed)
	if err != nil {
		return nil, fmt.Errorf("open key of file %d: %w", id, err)
	}
	identity, err := age.ParseX25519Identity(string(secret))
	if err != nil {
		return nil, fmt.Errorf("read key of file %d: %w", id, err)
	}
	return decrypting(r, size, identity)
}

func decrypting(r io.ReadSeeker, size int64, identity age.Identity) (io.ReadSeeker, error) {
	at, ok := r.(io.ReaderAt)
	if !ok {
		at = &seeking{r: r}
	}
	plain, length, err := age.DecryptReaderAt(at, size, identity)
	if err != nil {
		return nil, fmt.Errorf("decrypt original: %w", err)
	}
	return io.NewSectionReader(plain, 0, length), nil
}

// seeking reads at any place from what can only seek.
type seeking struct {
	mu sync.Mutex
	r  io.ReadSeeker
}

func (s *seeking) ReadAt(p []byte, off int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// A Sealed is the encrypted copy of an original, made and read back, of which
// no row speaks yet: give it to FinishSeal.
type Sealed struct {
	id     ID
	plain  string // key of the blob as it came
	key    string
	secret []byte // wrapped
	stored blob.Stored
}

// Seal encrypts the original of the file with a key of its own, into a second
// blob, and reads that back to the end. It changes nothing about the file; nil
// means that it is encrypted already.
func (w *Work) Seal(ctx context.Context) (*Sealed, error) {
	k, err := keptOf(ctx, w.db, w.id)
	if err != nil || k.Sealed != nil {
		return nil, err
	}
	w.at(Sealing, 99)
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("make key of file %d: %w", w.id, err)
	}
	s := &Sealed{id: w.id, plain: k.BlobKey, secret: w.vault.Seals.Close(place(w.id), []byte(identity.String()))}
	if s.key, err = looseKey(ctx, w.db, w.id); err != nil {
		return nil, err
	}
	if s.stored, err = encrypt(ctx, w.vault.Store, k.BlobKey, s.key, identity.Recipient()); err != nil {
		return nil, fmt.Errorf("encrypt original of file %d: %w", w.id, err)
	}
	if err := readBack(ctx, w.vault.Store, s.key, identity, k); err != nil {
		return nil, fmt.Errorf("read back original of file %d: %w", w.id, err)
	}
	return s, nil
}

func encrypt(ctx context.Context, store blob.Store, from, to string, recipient age.Recipient) (blob.Stored, error) {
	plain, _, err := store.Open(ctx, from)
	if err != nil {
		return blob.Stored{}, err
	}
	defer plain.Close()
	sealed, err := age.EncryptReader(plain, recipient)
	if err != nil {
		return blob.Stored{}, err
	}
	return store.Put(ctx, to, sealed)
}

// readBack decrypts what was kept and holds it against what came.
func readBack(ctx context.Context, store blob.Store, key string, identity age.Identity, k kept) error {
	r, size, err := store.Open(ctx, key)
	if err != nil {
		return err
	}
	defer r.Close()
	plain, err := decrypting(r, size, identity)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, plain)
	if err != nil {
		return err
	}
	if n != k.Size || !bytes.Equal(sum.Sum(nil), k.SHA256) {
		return errors.New("it is not what arrived")
	}
	return nil
}

// FinishSeal puts the encrypted blob in the place of the plain one, which Tidy
// then deletes.
func FinishSeal(ctx context.Context, tx pgx.Tx, s *Sealed) error {
	tag, err := tx.Exec(ctx, `
		update files
		set blob_key = @key
		where id = @id and blob_key = @plain`,
		pg.Args{"id": s.id, "key": s.key, "plain": s.plain})
	if err != nil {
		return fmt.Errorf("seal file %d: %w", s.id, err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("seal file %d: its original has changed", s.id)
	}
	_, err = tx.Exec(ctx, `
		insert into file_keys (file_id, sealed, sealed_size, sealed_sha256)
		values (@id, @secret, @size, @sum)`,
		pg.Args{"id": s.id, "secret": s.secret, "size": s.stored.Size, "sum": s.stored.SHA256})
	if err != nil {
		return fmt.Errorf("keep key of file %d: %w", s.id, err)
	}
	if err := fasten(ctx, tx, s.id, []string{s.key}); err != nil {
		return err
	}
	return loosen(ctx, tx, s.id, []string{s.plain})
}
