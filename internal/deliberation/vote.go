package deliberation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Ballot is one version of a juror's order.
type Ballot struct {
	Version int // from 1; 0: nothing was saved yet
	SavedAt time.Time
	CastAt  *time.Time // nil: saved, and does not count
	Order   Order      `db:"-"`
}

// A StaleError says that the ballot was changed from another window meanwhile.
// Its problem is a Conflict.
type StaleError struct {
	Current Ballot
}

func (e *StaleError) Error() string { return fmt.Sprintf("ballot has version %d", e.Current.Version) }

func (e *StaleError) Unwrap() error {
	return problem.New(problem.Conflict, "ballot.stale",
		"You changed this ballot in another window meanwhile. Below is what was saved there; the last button you pressed here did nothing.")
}

// Refusal says why no ballot is taken in a phase, or nil.
func Refusal(p Phase) error {
	switch p {
	case Voting:
		return nil
	case Closed, Opened:
		return problem.New(problem.Denied, "ballot.closed",
			"The vote is closed. Your ballot stands as you last cast it; nothing can be changed now.")
	case Waiting:
		return problem.New(problem.Denied, "ballot.waiting", "The vote has not begun yet.")
	case Setup:
	}
	return problem.Missing()
}

// Press makes one move on a juror's ballot and saves the order as a new version,
// which does not count before it is cast. base is the version that the juror
// saw. Refusals: see Cast.
func Press(ctx context.Context, tx pgx.Tx, who account.ID, code string, base int, m Move, film string) error {
	h, err := hold(ctx, tx, who, code, base)
	if err != nil {
		return err
	}
	if !slices.Contains(Moves, m) || !slices.ContainsFunc(h.films, func(f Finalist) bool { return f.Code == film }) {
		return problem.Missing()
	}
	return h.save(ctx, tx, who, h.ballot.Order.After(m, film), false)
}

// Cast makes the juror's saved order count, in the place of what they cast
// before. When it was the last ballot that was waited for, all are opened and
// counted by the program called software, and opened is true. blank says that an
// order without any film is meant. Refusals: the vote is not open (Denied); the
// juror has no vote in it (NotFound); another version was saved since base
// (StaleError); nothing is ranked and blank is false (Invalid).
func Cast(ctx context.Context, tx pgx.Tx, who account.ID, code string, base int, blank bool, software string) (opened bool, err error) {
	h, err := hold(ctx, tx, who, code, base)
	if err != nil {
		return false, err
	}
	if len(h.ballot.Order) == 0 && !blank {
		return false, problem.New(problem.Invalid, "ballot.empty", "Rank at least one film before you cast your ballot.")
	}
	if err := h.save(ctx, tx, who, h.ballot.Order, true); err != nil {
		return false, err
	}
	if err := record(ctx, tx, nil, h.d, "ballot.cast"); err != nil {
		return false, err
	}
	return openWhenComplete(ctx, tx, h.d.ID, software)
}

// held is a final ballot whose vote is open and stays so for this transaction,
// with what one juror has before them.
type held struct {
	d      Deliberation
	films  []Finalist
	ballot Ballot
}

func hold(ctx context.Context, tx pgx.Tx, who account.ID, code string, base int) (held, error) {
	id, err := idFor(ctx, tx, who, code)
	if err != nil {
		return held{}, err
	}
	is, err := lock(ctx, tx, id)
	if err != nil {
		return held{}, err
	}
	if err := Refusal(is.Phase); err != nil {
		return held{}, err
	}
	d, err := of(ctx, tx, id)
	if err != nil {
		return held{}, err
	}
	films, err := filmsFor(ctx, tx, who, id)
	if err != nil {
		return held{}, err
	}
	b, err := newest(ctx, tx, who, id, films, false)
	if err != nil {
		return held{}, err
	}
	if b.Version != base {
		return held{}, &StaleError{b}
	}
	return held{d, films, b}, nil
}

// idFor finds a final ballot, to which the jury was called, by its code and for
// one of its voters; none is pgx.ErrNoRows.
func idFor(ctx context.Context, db pg.DB, who account.ID, code string) (ID, error) {
	id, err := pg.Value[ID](ctx, db, `
		select d.id
		from deliberations d
		join voters v on v.deliberation_id = d.id and v.account_id = @who
		where d.code = @code and d.called_at is not null`,
		pg.Args{"code": code, "who": who})
	if err != nil {
		return 0, fmt.Errorf("find final ballot of a juror: %w", err)
	}
	return id, nil
}

// save writes a new version of the ballot, with all films that the juror may
// rank: those that are left out stand at place 0, so that a film which is not
// there at all is one that the juror was kept apart from.
func (h held) save(ctx context.Context, tx pgx.Tx, who account.ID, o Order, cast bool) error {
	films, places := []int64{}, []int{}
	add := func(f Finalist, place int) {
		films, places = append(films, int64(f.EntryID)), append(places, place)
	}
	for level, codes := range o {
		for _, code := range codes {
			add(h.films[slices.IndexFunc(h.films, func(f Finalist) bool { return f.Code == code })], level+1)
		}
	}
	for _, f := range h.films {
		if o.Level(f.Code) < 0 {
			add(f, 0)
		}
	}
	_, err := tx.Exec(ctx, `
		insert into ballots (code, deliberation_id, account_id, version, cast_at, films, places)
		values (@code, @id, @who, @version, case when @cast then clock_timestamp() end, @films, @places)`,
		pg.Args{"code": account.Code(), "id": h.d.ID, "who": who, "version": h.ballot.Version + 1, "cast": cast, "films": films, "places": places})
	if err != nil {
		return fmt.Errorf("save ballot: %w", err)
	}
	return nil
}

// newest is the newest version of a juror's ballot, or the newest that was cast;
// the zero Ballot when there is none. Films that the juror may no longer rank
// are not in its order.
func newest(ctx context.Context, db pg.DB, who account.ID, id ID, films []Finalist, cast bool) (Ballot, error) {
	type row struct {
		Ballot
		Films  []entry.ID
		Places []int
	}
	r, err := pg.One[row](ctx, db, `
		select version, saved_at, cast_at, films, places
		from ballots
		where deliberation_id = @id and account_id = @who and (cast_at is not null or not @cast)
		order by version desc
		limit 1`,
		pg.Args{"id": id, "who": who, "cast": cast})
	if errors.Is(err, pgx.ErrNoRows) {
		return Ballot{}, nil
	}
	if err != nil {
		return Ballot{}, fmt.Errorf("read ballot: %w", err)
	}
	codes := map[entry.ID]string{}
	for _, f := range films {
		codes[f.EntryID] = f.Code
	}
	var last int
	for i, film := range r.Films {
		code, may := codes[film]
		switch {
		case !may || r.Places[i] == 0:
			continue
		case r.Places[i] == last:
			r.Order[len(r.Order)-1] = append(r.Order[len(r.Order)-1], code)
		default:
			r.Order = append(r.Order, []string{code})
		}
		last = r.Places[i]
	}
	return r.Ballot, nil
}

// Recuse is a juror's own declaration of a conflict with a film of a vote that
// is not closed. The film leaves their ballot and is compared with no other by
// it. Another's ballot, or a film that is not on it, is Missing.
func Recuse(ctx context.Context, tx pgx.Tx, who account.ID, code, film string, reason jury.Reason, note, software string) error {
	id, err := idFor(ctx, tx, who, code)
	if err != nil {
		return err
	}
	is, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if is.Phase == Closed || is.Phase == Opened {
		return problem.New(problem.Denied, "ballot.recuse-closed",
			"The vote is closed. Write to the festival if you should not have voted on this film.")
	}
	d, err := of(ctx, tx, id)
	if err != nil {
		return err
	}
	films, err := filmsFor(ctx, tx, who, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(films, func(f Finalist) bool { return f.Code == film })
	if i < 0 {
		return problem.Missing()
	}
	if err := jury.Declare(ctx, tx, who, d.EditionID, who, films[i].EntryID, reason, note); err != nil {
		return err
	}
	_, err = openWhenComplete(ctx, tx, id, software)
	return err
}
