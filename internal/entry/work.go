package entry

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// WorkID names a work inside the house.
type WorkID int64

// A Work is a film as its makers describe it, reused over entries.
type Work struct {
	ID        WorkID
	Code      string
	OwnerID   *account.ID // nil: imported, and nobody has claimed it
	Level     Level       // what the maker who asked may do; empty when nobody in particular asked
	Film      Film
	Version   int // raised by every change of the film or its files
	CreatedAt time.Time
	UpdatedAt time.Time
}

const workColumns = `w.id, w.code, w.owner_id, w.film, w.version, w.created_at, w.updated_at`

// asMaker joins the makers of works w that their makers have not shut; @maker
// is who asks.
const asMaker = `
	join makers m on m.work_id = w.id and m.account_id = @maker
	  and (w.frozen_until is null or w.frozen_until <= statement_timestamp())`

// Create makes a work of the owner's. What Vet refuses is a problem.
func Create(ctx context.Context, tx pgx.Tx, owner account.ID, f Film) (Work, error) {
	if err := vet(ctx, tx, f); err != nil {
		return Work{}, err
	}
	f.tidy()
	f.identify()
	w, err := pg.One[Work](ctx, tx, `
		insert into works as w (code, owner_id, film)
		values (@code, @owner, @film)
		returning 'owner' as level, `+workColumns,
		pg.Args{"code": account.Code(), "owner": owner, "film": f})
	if err != nil {
		return Work{}, fmt.Errorf("create work: %w", err)
	}
	if err := keep(ctx, tx, w.ID, owner); err != nil {
		return Work{}, err
	}
	return w, record(ctx, tx, owner, nil, "work.create", "work", int64(w.ID), nil)
}

// vet refuses what Vet finds wrong, by the database's clock.
func vet(ctx context.Context, tx pgx.Tx, f Film) error {
	now, err := pg.Value[time.Time](ctx, tx, `select clock_timestamp() as now`, pg.Args{})
	if err != nil {
		return fmt.Errorf("ask the clock: %w", err)
	}
	return refuse(Vet(f, now))
}

// refuse is an Invalid problem of all that is wrong, or nil.
func refuse(wrong map[string]problem.Say) error {
	if len(wrong) == 0 {
		return nil
	}
	p := problem.New(problem.Invalid, "work.refused", "Some answers need another look.")
	p.Fields = wrong
	return p
}

// Of lists the works that a person makes alone or with others, the newest
// change first.
func Of(ctx context.Context, db pg.DB, maker account.ID) ([]Work, error) {
	works, err := pg.Rows[Work](ctx, db, `
		select m.level, `+workColumns+`
		from works w`+asMaker+`
		order by w.updated_at desc, w.id desc`,
		pg.Args{"maker": maker})
	if err != nil {
		return nil, fmt.Errorf("list works: %w", err)
	}
	return works, nil
}

// WorkBy is the maker's work with that code; anybody else's does not exist.
func WorkBy(ctx context.Context, db pg.DB, maker account.ID, code string) (Work, error) {
	w, err := pg.One[Work](ctx, db, `
		select m.level, `+workColumns+`
		from works w`+asMaker+`
		where w.code = @code`,
		pg.Args{"code": code, "maker": maker})
	if err != nil {
		return Work{}, fmt.Errorf("find work %s: %w", code, err)
	}
	return w, nil
}

// lockWork is WorkBy, held until the transaction ends, for a maker who may do
// what need allows. Who the makers are is read once the lock is held: a maker
// removed meanwhile is none.
func lockWork(ctx context.Context, tx pgx.Tx, maker account.ID, code string, need Level) (Work, error) {
	if _, err := tx.Exec(ctx, `select from works where code = @code for update`, pg.Args{"code": code}); err != nil {
		return Work{}, fmt.Errorf("lock work %s: %w", code, err)
	}
	w, err := WorkBy(ctx, tx, maker, code)
	if err != nil {
		return Work{}, err
	}
	return w, w.Level.Refuse(need)
}

// Save writes one part of a film over what the work has. mark is the part's
// Mark with which the form was drawn: what somebody else has saved since is kept
// where f still says what the form said, and f counts where the other did not
// change it. Fields that both changed make a *Conflict, and nothing is written,
// so that nobody overwrites what they have not seen. theirs are fields of an
// earlier Conflict in which the text that the form was drawn with is to stand;
// that of f is set aside among the versions. What Vet refuses is Invalid. Saving
// the same answers twice is one change.
func Save(ctx context.Context, tx pgx.Tx, maker account.ID, code string, part Part, mark string, f Film, theirs ...string) (Work, error) {
	if !part.Known() {
		return Work{}, problem.Missing()
	}
	f = part.Of(f)
	if err := vet(ctx, tx, f); err != nil {
		return Work{}, err
	}
	w, err := lockWork(ctx, tx, maker, code, LevelEdit)
	if err != nil {
		return Work{}, err
	}
	f.tidy()
	f.adopt(w.Film)
	film, err := join(ctx, tx, w, answers{part, mark, f, theirs, maker})
	if err != nil || part.Mark(film) == part.Mark(w.Film) {
		return w, err
	}
	w.Film = film
	if w.Version, err = write(ctx, tx, w, maker); err != nil {
		return Work{}, err
	}
	return w, record(ctx, tx, maker, nil, "work.save", "work", int64(w.ID), map[string]any{"part": part, "version": w.Version})
}

// answers are what a maker sent of one part.
type answers struct {
	part   Part
	mark   string
	film   Film
	theirs []string
	maker  account.ID
}

// join is the work's film with the answers of one part in it, or a *Conflict.
func join(ctx context.Context, tx pgx.Tx, w Work, a answers) (Film, error) {
	base, err := drawnWith(ctx, tx, w, a.part, a.mark)
	if err != nil {
		return Film{}, err
	}
	mine := whole(a.part, w.Film, a.film)
	if base != nil {
		drawn := whole(a.part, w.Film, *base)
		if given := mine; len(a.theirs) > 0 {
			mine.take(drawn, a.theirs)
			if len(Differing(given, mine)) > 0 {
				err = setAside(ctx, tx, w, given, a.maker)
			}
		}
		base = &drawn
	}
	if err != nil {
		return Film{}, err
	}
	merged, contested := merge(base, w.Film, mine)
	if len(contested) == 0 && len(Differing(merged, mine)) > 0 && vet(ctx, tx, a.part.Of(merged)) != nil {
		contested = Differing(w.Film, mine) // each is fine by itself, and both together are not
	}
	if len(contested) > 0 {
		c := &Conflict{Part: a.part, Theirs: w.Film, Mine: merged, Fields: contested}
		if base != nil {
			c.Base = *base
		}
		return Film{}, c
	}
	return merged, nil
}

// whole is a film with the answers of one part taken from another.
func whole(part Part, f, answers Film) Film {
	part.copy(&f, answers)
	f.tidy()
	return f
}

// write stores the film as a new version, whose number it returns.
func write(ctx context.Context, tx pgx.Tx, w Work, by account.ID) (int, error) {
	if err := keep(ctx, tx, w.ID, value(w.OwnerID)); err != nil {
		return 0, err
	}
	w.Film.identify()
	version, err := pg.Value[int](ctx, tx, `
		update works
		set film = @film, version = version + 1, updated_at = clock_timestamp()
		where id = @id
		returning version`,
		pg.Args{"id": w.ID, "film": w.Film})
	if err != nil {
		return 0, fmt.Errorf("save work %s: %w", w.Code, err)
	}
	if err := keep(ctx, tx, w.ID, by); err != nil {
		return 0, err
	}
	return version, forget(ctx, tx, w.ID)
}

func record(ctx context.Context, tx pgx.Tx, by account.ID, edition *int64, verb, kind string, subject int64, after any) error {
	event := audit.Event{Verb: verb, Kind: kind, Subject: subject, Edition: edition, After: after}
	if by != 0 {
		event.Actor = new(int64(by))
	}
	return audit.Record(ctx, tx, event)
}
