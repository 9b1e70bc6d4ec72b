// Package seed fills an empty database with a believable demo festival, and
// builds small pieces of festivals for tests. It writes the tables of all
// others. Everything in it is invented.
package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/festival"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// The people as whom a visitor can enter the demo festival. They have no
// password: only the demo's own sign-in page lets anybody in.
const (
	DemoOrganizer = "darya.mirzaei@farsang.example"
	DemoJuror     = "roya.kamravan@farsang.example"
	DemoFilmmaker = "siavash.mehrabadi@farsang.example"
)

// Where the demo festival takes place.
const (
	city    = "Mahabar"
	zone    = "Asia/Tehran"
	country = "IR"
)

// luck is where chance begins: the same festival comes out every time.
const luck = 9

// Demo fills an empty database with the demo festival as it stands at now: a
// call that closes in 23 days, juries at work, closed and decided, and last
// year's line-up and awards. A database with an account is refused.
func Demo(ctx context.Context, pool *pgxpool.Pool, store blob.Store, now time.Time) (err error) {
	if err := mustBeEmpty(ctx, pool); err != nil {
		return err
	}
	pictures, err := receive(ctx, store)
	defer func() {
		if err != nil {
			err = errors.Join(err, pictures.discard(ctx, store))
		}
	}()
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if err := mustBeEmpty(ctx, tx); err != nil {
			return err
		}
		// Hundreds of films in one statement may take longer than a page is given.
		if _, err := tx.Exec(ctx, "set local statement_timeout = '2min'"); err != nil {
			return err
		}
		h, err := newHouse(ctx, tx, now, pictures)
		if err != nil {
			return err
		}
		if err := h.pastEdition(ctx); err != nil {
			return fmt.Errorf("seed the past edition: %w", err)
		}
		if err := h.presentEdition(ctx); err != nil {
			return fmt.Errorf("seed the present edition: %w", err)
		}
		if err := h.finalVotes(ctx); err != nil {
			return fmt.Errorf("seed the final ballots: %w", err)
		}
		return nil
	})
}

func mustBeEmpty(ctx context.Context, db pg.DB) error {
	some, err := account.Any(ctx, db)
	if err == nil && some {
		err = problem.New(problem.Conflict, "demo.not-empty",
			"The demo festival goes only into an empty database, and this one has accounts already.")
	}
	return err
}

// A house is the demo festival while it is being built.
type house struct {
	tx        pgx.Tx
	r         *rand.Rand
	now       time.Time
	today     time.Time // midnight in the festival's zone
	tongues   []tongue
	phrases   map[string][]string
	files     files
	festival  festival.ID
	organizer account.ID
	filmmaker account.ID      // of the demo
	taken     map[string]bool // titles, e-mail addresses
	told      map[string]int  // titles taken from each tongue
	own       map[string]bool // names of the festival's own people
	shown     int             // pictures given out
}

// newHouse makes the people whom all know, the festival and the files.
func newHouse(ctx context.Context, tx pgx.Tx, now time.Time, p pictures) (*house, error) {
	where, err := time.LoadLocation(zone)
	if err != nil {
		return nil, err
	}
	local := now.In(where)
	h := &house{
		tx: tx, now: now, r: rand.New(rand.NewPCG(luck, luck)),
		today:   time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, where),
		tongues: readTongues(), phrases: readPhrases(), taken: map[string]bool{}, told: map[string]int{},
		own: map[string]bool{"Darya Mirzaei": true, "Siavash Mehrabadi": true},
	}
	for _, jury := range [][]string{documentaryJury, animationJury, hybridJury, pastJury, grandJury} {
		for _, name := range jury {
			h.own[name] = true
		}
	}
	for _, k := range append(readKnown("9"), readKnown("8")...) {
		h.taken[k.title] = true
	}
	if h.filmmaker, err = h.person(ctx, "Siavash Mehrabadi", DemoFilmmaker, 520); err != nil {
		return nil, err
	}
	if h.files, err = p.keep(ctx, tx, int64(h.filmmaker)); err != nil {
		return nil, err
	}
	if h.organizer, err = h.person(ctx, "Darya Mirzaei", DemoOrganizer, 700); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `update accounts set admin = true where id = @id`, pg.Args{"id": h.organizer}); err != nil {
		return nil, err
	}
	h.festival, err = festival.Create(ctx, tx, h.organizer, festival.Festival{
		Slug: "farsang", Name: "Farsang", Contact: "office@farsang.example",
		About: "A festival of short film in Mahabar, every spring.",
	})
	return h, err
}

// person makes an account that is so many days old and has no password.
func (h *house) person(ctx context.Context, name, email string, days int) (account.ID, error) {
	id, err := pg.Value[account.ID](ctx, h.tx, `
		insert into accounts (code, email, name, zone, verified_at, created_at)
		values (@code, @email, @name, @zone, @at, @at)
		returning id`,
		pg.Args{"code": account.Code(), "email": email, "name": name, "zone": zone, "at": h.ago(days)})
	if err != nil {
		return 0, fmt.Errorf("make account: %w", err)
	}
	h.taken[email] = true
	return id, nil
}

// ago is so many days before now.
func (h *house) ago(days int) time.Time { return h.now.AddDate(0, 0, -days) }

// night is the last minute of the day so many days from today, on the
// festival's clock.
func (h *house) night(days int) time.Time {
	return h.today.AddDate(0, 0, days).Add(23*time.Hour + 59*time.Minute)
}

// day is the date so many days from today.
func (h *house) day(days int) time.Time {
	d := h.today.AddDate(0, 0, days)
	return festival.Day(d.Year(), d.Month(), d.Day())
}

// ids reserves n ids of a table.
func ids[T ~int64](ctx context.Context, tx pgx.Tx, table string, n int) ([]T, error) {
	list, err := pg.Values[T](ctx, tx, `
		select nextval(pg_get_serial_sequence(@table, 'id'))
		from generate_series(1, @n::int)`,
		pg.Args{"table": table, "n": n})
	if err != nil {
		return nil, fmt.Errorf("reserve ids of %s: %w", table, err)
	}
	return list, nil
}

// fill copies rows into a table.
func fill(ctx context.Context, tx pgx.Tx, table string, columns []string, rows [][]any) error {
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("fill %s: %w", table, err)
	}
	return nil
}

// files are the demo festival's pictures and its one film.
type files struct {
	hero     media.ID
	stills   []media.ID // by the order of pictures
	index    map[string]int
	screener media.ID
}
