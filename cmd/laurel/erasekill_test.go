package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io/fs"
	random "math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/seed"
)

// A victim is somebody with a work that was sent and a file of it, a canary in
// all of them, who erases the account.
type victim struct {
	*reader
	canary string
}

func (m *mortal) victim(c festival.Category) victim {
	m.t.Helper()
	v := victim{canary: "canary" + rand.Text()}
	key := blob.Key()
	store, err := blob.OpenDir(filepath.Join(m.dir, "media"))
	if err != nil {
		m.t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Put(m.t.Context(), key, strings.NewReader(v.canary+" film")); err != nil {
		m.t.Fatal(err)
	}
	m.do(func(ctx context.Context, tx pgx.Tx) error {
		owner := seed.Account(m.t, tx, v.canary+" maker")
		e := seed.Entry(m.t, tx, c, func(x *seed.E) {
			x.Owner = owner
			x.Film.Title, x.Film.Synopsis, x.Film.Credits[0].Name = v.canary+" title", v.canary+" synopsis", v.canary+" director"
		})
		_, err := tx.Exec(ctx, `
			with made as (
				insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key)
				values (@code, @owner, 'screener', 'ready', 'video/mp4', 4, '', @key)
				returning id),
			said as (
				insert into messages (code, entry_id, author_id, side, body)
				values (@code, @entry, @owner, 'makers', @words))
			insert into entry_files (entry_id, file_id, role, position)
			select @entry, id, 'screener', 1 from made`,
			pg.Args{"code": account.Code(), "owner": owner, "key": key, "entry": e.ID, "words": v.canary + " message"})
		if err != nil {
			return err
		}
		token, err := account.StartSession(ctx, tx, owner)
		if err != nil {
			return err
		}
		v.reader = m.reader(token)
		return account.NoteCheck(ctx, tx, token)
	})
	return v
}

// places is where canaries are: in the database, as often as its dump says, and
// in files of the site.
func (m *mortal) places(canary string) (rows, files int) {
	m.t.Helper()
	dump := m.dump()
	rows = strings.Count(dump, canary) + strings.Count(dump, hex.EncodeToString([]byte(canary)))
	return rows, len(m.filesWith(canary, "media"))
}

// filesWith are the files of a folder of the data that hold some words.
func (m *mortal) filesWith(words, folder string) (found []string) {
	m.t.Helper()
	err := filepath.WalkDir(filepath.Join(m.dir, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), words) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return found
}

// settled returns once every erasure has been finished.
func (m *mortal) settled() {
	m.t.Helper()
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		for late := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
			open, err := pg.Value[int](ctx, pool, `select count(*)::int from erasures where finished_at is null`, nil)
			if err != nil || time.Now().After(late) {
				m.t.Fatalf("%d erasures do not end: %v\n%s", open, err, m.said)
			}
			if open == 0 {
				return
			}
		}
	})
}

// written is how many bytes the database has written to its log since it stood
// at begun. What an act in the middle of which somebody is killed writes, it
// writes all along.
func (m *mortal) written(begun int64) (bytes int64) {
	m.t.Helper()
	m.with(func(ctx context.Context, pool *pgxpool.Pool) { bytes = m.writtenBy(ctx, pool, begun) })
	return bytes
}

func (m *mortal) writtenBy(ctx context.Context, db pg.DB, begun int64) int64 {
	m.t.Helper()
	now, err := pg.Value[int64](ctx, db, `select (pg_current_wal_insert_lsn() - '0/0')::bigint`, pg.Args{})
	if err != nil {
		m.t.Fatal(err)
	}
	return now - begun
}

// writes returns once the database has written so many bytes since begun, or
// the receipt has come, which it leaves where it was.
func (m *mortal) writes(begun, bytes int64, receipt chan error) {
	m.t.Helper()
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		for m.writtenBy(ctx, pool, begun) < bytes && len(receipt) == 0 {
			runtime.Gosched()
		}
	})
}

// erase sends the form that erases the account, and says whether the receipt
// came.
func (v victim) erase() error {
	page, err := v.get("/account/erasure")
	if err != nil {
		return err
	}
	if page.status != http.StatusOK {
		return fmt.Errorf("the page of erasing answers %d", page.status)
	}
	page, err = v.post("/account/erasure", page.form(v.t, "/account/erasure").Values)
	if err == nil && !strings.HasPrefix(page.path, "/erasures/") {
		err = fmt.Errorf("erasing leads to %s (%d)", page.path, page.status)
	}
	return err
}

// TestErasingIsAllOrNothing kills the program at any instant of an erasure and
// the work after it. Once it runs again a person is there with everything, or
// gone with everything; and whose receipt came is gone.
func TestErasingIsAllOrNothing(t *testing.T) {
	m := newMortal(t)
	var c festival.Category
	m.do(func(ctx context.Context, tx pgx.Tx) error {
		c = seed.Category(t, tx, seed.Edition(t, tx))
		return nil
	})
	first := m.victim(c)
	begun := m.written(0)
	if err := first.erase(); err != nil {
		t.Fatal(err)
	}
	usual := m.written(begun)
	n, gone, half := kills(t, 3), 0, 0
	for range n {
		v := m.victim(c)
		rows, files := m.places(v.canary)
		if rows < 8 || files != 1 {
			t.Fatalf("%d canaries and %d files were planted", rows, files)
		}
		begun, receipt := m.written(0), make(chan error, 1)
		go func() { receipt <- v.erase() }()
		m.writes(begun, random.Int64N(usual+usual/2), receipt)
		m.kill()
		came := <-receipt == nil
		m.start()
		m.settled()
		left, kept := m.places(v.canary)
		switch {
		case left == 0 && kept == 0:
			gone++
		case came, left != rows, kept != files:
			half++
			t.Errorf("of %d canaries and %d files %d and %d are left; the receipt came: %v", rows, files, left, kept, came)
		default:
			if err := v.erase(); err != nil {
				t.Errorf("somebody who was not erased cannot be erased: %v", err)
			}
			m.settled()
			if left, kept := m.places(v.canary); left+kept > 0 {
				half++
				t.Errorf("%d canaries and %d files are left", left, kept)
			}
		}
	}
	t.Logf("%d kills: %d were erased by then, %d not yet; half-erased %d", n, gone, n-gone-half, half)
	if rows, files := m.places("canary"); rows+files > 0 {
		t.Errorf("%d canaries and %d files are left in the end", rows, files)
	}
}
