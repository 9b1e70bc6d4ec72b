package thread

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Fault is a report that the film of an entry does not play as it should.
type Fault struct {
	EntryID entry.ID
	Code    string
	Reason  FaultReason
	Words   string    // of who reported it; may be empty
	Side    FaultSide // who reported it, as a role and never by name
	At      time.Time
}

// A FaultReason is what is wrong with a film.
type FaultReason string

// The reasons.
const (
	NoPicture   FaultReason = "picture"
	NoSound     FaultReason = "sound"
	Stops       FaultReason = "stops"
	NoSubtitles FaultReason = "subtitles"
	OtherFault  FaultReason = "other"
)

// FaultReasons in the order of the form.
var FaultReasons = []FaultReason{NoPicture, NoSound, Stops, NoSubtitles, OtherFault}

// A FaultSide is the role of who reports a fault.
type FaultSide string

// The sides of a report.
const (
	FromJuror    FaultSide = "juror"
	FromFestival FaultSide = "festival"
)

// Faults lists for each of the entries what does not play, the first first: of
// the film as it stands now, and not what an organizer called done.
func Faults(ctx context.Context, db pg.DB, entries []entry.ID) (map[entry.ID][]Fault, error) {
	list, err := pg.Rows[Fault](ctx, db, `
		select entry_id, code, reason, words, side, at
		from open_faults
		where entry_id = any(@entries)
		order by id`,
		pg.Args{"entries": numbers(entries)})
	if err != nil {
		return nil, fmt.Errorf("list faults: %w", err)
	}
	by := map[entry.ID][]Fault{}
	for _, f := range list {
		by[f.EntryID] = append(by[f.EntryID], f)
	}
	return by, nil
}

// FaultsOfWork are the Faults of all the entries of a work.
func FaultsOfWork(ctx context.Context, db pg.DB, work entry.WorkID) ([]Fault, error) {
	list, err := pg.Rows[Fault](ctx, db, `
		select f.entry_id, f.code, f.reason, f.words, f.side, f.at
		from open_faults f
		join entries e on e.id = f.entry_id
		where e.work_id = @work
		order by f.id`,
		pg.Args{"work": work})
	if err != nil {
		return nil, fmt.Errorf("list faults of work: %w", err)
	}
	return list, nil
}

// Report tells the makers and the festival that the film of an entry does not
// play. Nobody learns who reported it. What is reported already is not reported
// again, and nobody is written to twice about it.
func Report(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, f Fault) error {
	if err := hold(ctx, tx, e); err != nil {
		return err
	}
	if f.Reason == OtherFault && clean(f.Words) == "" {
		return problem.Field("fault-words", "fault.words-missing", "Say in a few words what happens.")
	}
	id, err := pg.Value[int64](ctx, tx, `
		insert into faults (code, entry_id, source, reason, words, side, reporter_id)
		select @code, e.id, s.source, @reason, @words, @side, @by::bigint
		from entries e
		cross join lateral (
			select coalesce((select f.code
			                 from entry_files x
			                 join files f on f.id = x.file_id
			                 where x.entry_id = e.id and x.role = 'screener'
			                 order by x.position
			                 limit 1), e.film ->> 'screenerLink') as source) s
		where e.id = @entry and s.source <> ''
		on conflict (entry_id, source, reason) where closed_at is null do nothing
		returning id`,
		pg.Args{"code": account.Code(), "entry": e.ID, "reason": string(f.Reason), "words": clean(f.Words), "side": string(f.Side), "by": by})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("report fault: %w", err)
	}
	if err := tellFault(ctx, tx, by, e, id); err != nil {
		return err
	}
	return record(ctx, tx, by, e, "fault.report", "entry", int64(e.ID))
}

// Mended notes that the festival calls a fault done.
func Mended(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, code string) error {
	_, err := pg.Value[int64](ctx, tx, `
		update faults
		set closed_at = coalesce(closed_at, clock_timestamp())
		where entry_id = @entry and code = @code
		returning id`,
		pg.Args{"entry": e.ID, "code": code})
	if err != nil {
		return fmt.Errorf("close fault: %w", err)
	}
	return record(ctx, tx, by, e, "fault.close", "entry", int64(e.ID))
}

// tellFault queues a letter to the makers and one to the festival. Those to
// organizers stand in no edition's outbox, where those who are kept apart look.
func tellFault(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, id int64) error {
	f, err := factsOf(ctx, tx, e)
	if err != nil {
		return err
	}
	letter := mail.Letter{Kind: mail.FilmFault, Edition: new(int64(e.EditionID)), Args: f.args(e)}
	letter.Args.Link = "/my/entries/" + e.Code
	makers, err := makersOf(ctx, tx, e)
	if err != nil {
		return fmt.Errorf("list the makers of entry %s: %w", e.Code, err)
	}
	if err := tell(ctx, tx, by, makers, letter, fmt.Sprintf("fault:%d", id)); err != nil {
		return err
	}
	letter.Edition, letter.Args.Link = nil, "/organize/"+f.FestivalSlug+"/"+f.EditionSlug+"/entries/"+e.Code
	office, err := organizersOf(ctx, tx, e)
	if err != nil {
		return fmt.Errorf("list the organizers of entry %s: %w", e.Code, err)
	}
	return tell(ctx, tx, by, office, letter, fmt.Sprintf("fault:%d:office", id))
}
