package worker_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/blob"
	"laurel/internal/job"
	"laurel/internal/mail"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/seal"
	"laurel/internal/worker"
)

// transport keeps what it is given.
type transport chan mail.Message

func (t transport) Deliver(_ context.Context, m mail.Message) error {
	t <- m
	return nil
}

func TestLetterGoesOut(t *testing.T) {
	t.Parallel()
	pool, out := pgtest.Pool(t), make(transport, 1)
	work(t, worker.Tools{DB: pool, Transport: out, Render: func(context.Context, mail.Copy) (mail.Text, error) {
		return mail.Text{Subject: "Your entry has arrived"}, nil
	}})
	begin(t, pool, func(tx pgx.Tx) error {
		_, err := mail.Queue(t.Context(), tx, mail.Letter{Kind: mail.EntryReceived, To: "maker@mail.example", Locale: "en", EventKey: "a"})
		return err
	})
	select {
	case m := <-out:
		if m.To != "maker@mail.example" {
			t.Errorf("got %+v", m)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("no letter came")
	}
	await(t, pool, `select state = 'sent' from letters`)
}

func TestScreenerIsMadeReady(t *testing.T) {
	t.Parallel()
	film, err := os.ReadFile("../seed/screener.mp4")
	if err != nil {
		t.Fatal(err)
	}
	pool := pgtest.Pool(t)
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	work(t, worker.Tools{DB: pool, Store: store, Seals: seal.Passing()})
	arrived, err := media.Receive(t.Context(), store, media.Screener, bytes.NewReader(film), media.MaxScreener)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, pool, func(tx pgx.Tx) error {
		_, err := arrived.Keep(t.Context(), tx, nil)
		return err
	})
	await(t, pool, `select state = 'ready' and step = '' and progress = 100 from files`)
	await(t, pool, `select count(*) = 1 from file_keys`)
	await(t, pool, `select count(*) = 0 from loose_blobs`)
}

// Who made a film hears that it was refused, or that something about it needs a
// look, without a word of what or of which film.
func TestMakersAreToldOfTheirFiles(t *testing.T) {
	t.Parallel()
	film, err := os.ReadFile("../seed/screener.mp4")
	if err != nil {
		t.Fatal(err)
	}
	pool := pgtest.Pool(t)
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	begin(t, pool, func(tx pgx.Tx) error {
		maker, err := pg.Value[int64](t.Context(), tx, `insert into accounts (code, email, name) values ('maker', 'maker@mail.example', 'Maker') returning id`, nil)
		if err != nil {
			return err
		}
		for code, content := range map[string][]byte{"broken": []byte("\x00\x00\x00\x18ftypmp42" + strings.Repeat("noise", 100)), "another": film} {
			arrived, err := media.Receive(t.Context(), store, media.Screener, bytes.NewReader(content), media.MaxScreener)
			if err != nil {
				return err
			}
			f, err := arrived.Keep(t.Context(), tx, &maker)
			if err != nil {
				return err
			}
			_, err = tx.Exec(t.Context(), `
				with w as (insert into works (code, film, owner_id) values (@code, '{"title": "Canary", "runtime": 600}', @maker) returning id)
				insert into work_files (work_id, file_id, role) select id, @file, 'screener' from w`,
				pg.Args{"code": code, "maker": maker, "file": f.ID})
			if err != nil {
				return err
			}
		}
		return nil
	})
	work(t, worker.Tools{DB: pool, Store: store, Seals: seal.Passing()})
	await(t, pool, `select count(*) = 2 from letters`)
	await(t, pool, `select args = '{"link": "/my/works/broken/files"}' from letters where kind = 'file-refused'`)
	await(t, pool, `select args = '{"link": "/my/works/another/files"}' from letters where kind = 'file-checked'`)
}

func TestWhatHasHadItsTimeIsForgotten(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	begin(t, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `
			insert into form_answers (key, route, created_at) values
				('yesterdays-form-key', '/', now() - interval '1 day'),
				('last-years-form-key', '/', now() - interval '1 year')`)
		return err
	})
	work(t, worker.Tools{DB: pool})
	await(t, pool, `select count(*) = 1 from form_answers`)
}

// work runs the jobs until the test ends.
func work(t *testing.T, tools worker.Tools) {
	t.Helper()
	stop, err := job.Work(t.Context(), tools.DB, worker.New(tools), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

func begin(t *testing.T, pool *pgxpool.Pool, do func(tx pgx.Tx) error) {
	t.Helper()
	if err := pgx.BeginFunc(t.Context(), pool, do); err != nil {
		t.Fatal(err)
	}
}

// await returns once the query, of one row, says true.
func await(t *testing.T, pool *pgxpool.Pool, query string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	for {
		done, err := pg.Value[bool](ctx, pool, query, nil)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) || ctx.Err() != nil {
			t.Fatalf("%s: %v", query, errors.Join(err, ctx.Err()))
		}
		if done {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestTheDailyRoundScours: the bytes of what was erased leave the database's
// files.
func TestTheDailyRoundScours(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	begin(t, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `
			insert into erasures (code, kind, record, receipt, finished_at)
			values ('x', 'work', '', '', now())`)
		return err
	})
	work(t, worker.Tools{DB: pool})
	await(t, pool, `select scoured_at is not null from erasures`)
}
