package entry

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Submit sends a maker's entry to the festival as the work stands now: the
// film and its files are frozen into the entry, and a receipt is written. It
// does the same for an entry that was sent before and whose work has changed;
// sending what has been sent already does nothing.
//
// waited is how long ago the request reached us. What counts is that instant
// by the database's clock, read before any lock is waited for, and at most
// Grace ago: the entry is in time when it lies before the last deadline.
// Locks are taken in the order edition, category, work, entry.
func Submit(ctx context.Context, tx pgx.Tx, maker account.ID, code string, waited time.Duration) error {
	arrived, err := arrival(ctx, tx, waited)
	if err != nil {
		return err
	}
	e, err := lockToSubmit(ctx, tx, maker, code)
	if err != nil {
		return err
	}
	s := submission{Entry: e, arrived: arrived}
	if s.category, err = festival.CategoryOf(ctx, tx, e.CategoryID); err != nil {
		return err
	}
	if s.work, s.files, err = readWork(ctx, tx, e.WorkID); err != nil {
		return err
	}
	if s.asked, err = questionnaireOf(ctx, tx, e); err != nil {
		return err
	}
	if e.FilmVersion != nil && *e.FilmVersion == s.work.Version && e.State != Draft && e.State != Withdrawn {
		return nil
	}
	if err := s.may(ctx); err != nil {
		return err
	}
	return s.send(ctx, tx, maker)
}

// A submission is an entry on its way in, with all that decides about it.
type submission struct {
	Entry
	category festival.Category
	work     Work
	files    []File
	asked    Questionnaire
	arrived  time.Time
}

// may says why the entry cannot be submitted, or nil.
func (s submission) may(ctx context.Context) error {
	switch {
	case s.State == Withdrawn:
		return problem.New(problem.Denied, "entry.withdrawn", "This entry was withdrawn. It cannot be sent again.")
	case s.RungAt(s.category, s.arrived) == nil:
		return closed(s.category)
	}
	found := append(Check(ctx, s.work.Film, s.files, s.category), s.asked.Missing(ctx, s.arrived)...)
	if len(found) == 0 {
		return nil
	}
	p := problem.New(problem.Invalid, "entry.not-ready", "Some answers need another look before the entry can be sent.")
	p.Fields = map[string]problem.Say{}
	for _, f := range found {
		p.Fields[f.Field] = problem.Say{Key: "entry.finding", English: "{{.Sentence}}", Args: []any{"Sentence", f.Sentence}}
	}
	return p
}

func (s submission) send(ctx context.Context, tx pgx.Tx, maker account.ID) error {
	if err := s.askAgain(ctx, tx, maker); err != nil {
		return err
	}
	if err := s.freeze(ctx, tx); err != nil {
		return err
	}
	if err := setState(ctx, tx, s.Entry, Submitted); err != nil {
		return err
	}
	as := Submitted
	if s.State != Draft {
		as = Resubmitted
	} else if err := fixFee(ctx, tx, s.ID, *s.RungAt(s.category, s.arrived)); err != nil {
		return err
	}
	if err := note(ctx, tx, step{s.ID, string(as), "", maker, s.EditionID}); err != nil {
		return err
	}
	return s.writeReceipt(ctx, tx)
}

// freeze takes the snapshot: the film and its files.
func (s submission) freeze(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		update entries e
		set film = @film,
		    film_version = @version,
		    submitted_at = coalesce(e.submitted_at, @arrived),
		    deadline_id = coalesce(e.deadline_id, @deadline),
		    slug = coalesce(e.slug, case
		      when exists (select from entries o where o.edition_id = e.edition_id and o.slug = @slug)
		      then @slug || '-' || e.number
		      else @slug end)
		where e.id = @id`,
		pg.Args{"id": s.ID, "film": s.work.Film, "version": s.work.Version, "arrived": s.arrived,
			"deadline": s.RungAt(s.category, s.arrived).ID, "slug": slug(s.work.Film.MainTitle())})
	if err != nil {
		return fmt.Errorf("freeze entry %s: %w", s.Code, err)
	}
	if _, err := tx.Exec(ctx, `delete from entry_files where entry_id = @id`, pg.Args{"id": s.ID}); err != nil {
		return fmt.Errorf("clear files of entry %s: %w", s.Code, err)
	}
	_, err = tx.Exec(ctx, `
		insert into entry_files (entry_id, file_id, role, position)
		select @id, file_id, role, position
		from work_files
		where work_id = @work`,
		pg.Args{"id": s.ID, "work": s.WorkID})
	if err != nil {
		return fmt.Errorf("freeze files of entry %s: %w", s.Code, err)
	}
	if err := s.promise(ctx, tx); err != nil {
		return err
	}
	if err := s.tell(ctx, tx); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update entries
		set sent_hash = encode(sha256(convert_to(sent_document(id), 'UTF8')), 'hex')
		where id = @id`,
		pg.Args{"id": s.ID})
	if err != nil {
		return fmt.Errorf("sum up entry %s: %w", s.Code, err)
	}
	return nil
}

// slug makes a title part of an address: small Latin letters, figures and
// hyphens, at most 60. A title in another script is just "film".
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !unicode.IsMark(r) && r != '\'' && r != '’' && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "film"
}

// lockToSubmit finds the maker's entry and locks all that decides about it; who
// is no maker any more once the locks are held finds nothing.
func lockToSubmit(ctx context.Context, tx pgx.Tx, maker account.ID, code string) (Entry, error) {
	e, err := ByMaker(ctx, tx, maker, code, LevelSubmit)
	if err != nil {
		return Entry{}, err
	}
	for _, sql := range []string{
		`select from editions where id = (select edition_id from entries where id = @id) for no key update`,
		`select from categories where id = (select category_id from entries where id = @id) for share`,
		`select from works where id = (select work_id from entries where id = @id) for update`,
	} {
		if _, err := tx.Exec(ctx, sql, pg.Args{"id": e.ID}); err != nil {
			return Entry{}, fmt.Errorf("lock for entry %s: %w", code, err)
		}
	}
	if _, err := ByMaker(ctx, tx, maker, code, LevelSubmit); err != nil {
		return Entry{}, err
	}
	return lockEntry(ctx, tx, e.ID)
}

func readWork(ctx context.Context, tx pgx.Tx, id WorkID) (Work, []File, error) {
	w, err := pg.One[Work](ctx, tx, `
		select '' as level, `+workColumns+`
		from works w
		where w.id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Work{}, nil, fmt.Errorf("read work: %w", err)
	}
	files, err := Expected(ctx, tx, []WorkID{id})
	return w, files[id], err
}

// writeReceipt queues the letter that says that the entry has arrived; one for
// each version that was sent.
func (s submission) writeReceipt(ctx context.Context, tx pgx.Tx) error {
	return writeLetter(ctx, tx, s.Entry, mail.EntryReceived, fmt.Sprintf("entry-received:%d:%d", s.ID, s.work.Version), func(a *mail.Args) {
		a.Link = "/my/entries/" + s.Code + "/receipt"
		a.Until = s.category.Last().ClosesAt
	})
}

func writeWithdrawn(ctx context.Context, tx pgx.Tx, e Entry) error {
	return writeLetter(ctx, tx, e, mail.EntryWithdrawn, fmt.Sprintf("entry-withdrawn:%d", e.ID), func(a *mail.Args) {
		a.Link = "/my/entries/" + e.Code
	})
}

// writeLetter queues a letter to the owner of an entry; one that nobody owns
// gets none.
func writeLetter(ctx context.Context, tx pgx.Tx, e Entry, kind mail.Kind, event string, more func(*mail.Args)) error {
	if e.OwnerID == nil {
		return nil
	}
	type facts struct{ Festival, Edition, Category, Zone, City, Locale string }
	f, err := pg.One[facts](ctx, tx, `
		select f.name as festival, ed.name as edition, c.name as category, ed.zone, ed.city, a.locale
		from entries e
		join editions ed on ed.id = e.edition_id
		join festivals f on f.id = ed.festival_id
		join categories c on c.id = e.category_id
		join works w on w.id = e.work_id
		join accounts a on a.id = w.owner_id
		where e.id = @id`,
		pg.Args{"id": e.ID})
	if err != nil {
		return fmt.Errorf("read facts of entry %s: %w", e.Code, err)
	}
	args := mail.Args{Festival: f.Festival, Edition: f.Edition, Category: f.Category, Number: e.Label(), Zone: f.Zone, City: f.City}
	more(&args)
	_, err = mail.Queue(ctx, tx, mail.Letter{
		Kind: kind, Account: new(int64(*e.OwnerID)), Edition: new(int64(e.EditionID)),
		Locale: locale.Locale(f.Locale), EventKey: event, Args: args,
	})
	return err
}
