package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/seed"
)

// workOfMaker is a work with a maker who is signed in.
func (m *mortal) workOfMaker() (code string, token account.Token) {
	m.t.Helper()
	m.do(func(ctx context.Context, tx pgx.Tx) error {
		maker := seed.Account(m.t, tx, "Mana")
		w, err := entry.Create(ctx, tx, maker, entry.Film{Title: "Salt", Runtime: 600})
		if err != nil {
			return err
		}
		code = w.Code
		token, err = account.StartSession(ctx, tx, maker)
		return err
	})
	return code, token
}

// workToSendTo is one of which nothing is made: what is sent is no film.
func (m *mortal) workToSendTo() (code string, token account.Token) {
	m.t.Helper()
	code, token = m.workOfMaker()
	m.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update river_queue set paused_at = now() where name = 'media'`)
		return err
	})
	m.kill() // a queue is asked at its start whether it is paused
	m.start()
	return code, token
}

// filmOf writes a file that begins as an MP4 does.
func filmOf(t *testing.T, size int) (name, sum string) {
	t.Helper()
	b := make([]byte, size)
	rand.NewChaCha8([32]byte{3}).Read(b)
	copy(b, "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41")
	name = filepath.Join(t.TempDir(), "film.mp4")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name, sumOf(b)
}

// sumOf is a file's SHA-256 in hexadecimal digits.
func sumOf(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// A keptFile is what the database says of a file that has arrived.
type keptFile struct {
	BlobKey string
	Sum     string
}

// holds compares what the store has with what was sent.
func (m *mortal) holds(work, name, sum string) {
	m.t.Helper()
	var files []keptFile
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		var err error
		files, err = pg.Rows[keptFile](ctx, pool, `
			select f.blob_key, encode(f.sha256, 'hex') as sum
			from work_files x
			join files f on f.id = x.file_id
			join works w on w.id = x.work_id
			where w.code = @work`, pg.Args{"work": work})
		if err != nil {
			m.t.Fatal(err)
		}
	})
	if len(files) != 1 || files[0].Sum != sum {
		m.t.Fatalf("the work has %v, want one of sum %s", files, sum)
	}
	want, err := os.Open(name)
	if err != nil {
		m.t.Fatal(err)
	}
	defer want.Close()
	got, err := os.Open(filepath.Join(m.dir, "media", files[0].BlobKey[:2], files[0].BlobKey))
	if err != nil {
		m.t.Fatal(err)
	}
	defer got.Close()
	if !sameBytes(got, want) {
		m.t.Error("the film differs from what was sent")
	}
}

// sameBytes reads both to their ends.
func sameBytes(a, b io.Reader) bool {
	x, y := make([]byte, 1<<20), make([]byte, 1<<20)
	for {
		n, err := io.ReadFull(a, x)
		m, other := io.ReadFull(b, y)
		if n != m || !bytes.Equal(x[:n], y[:m]) {
			return false
		}
		if err != nil || other != nil {
			return err != nil && other != nil
		}
	}
}
