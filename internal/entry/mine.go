package entry

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Mine is an entry with everything that its own makers may know of it.
type Mine struct {
	Entry
	Level    Level // what the maker who asked may do
	Edition  festival.Edition
	Category festival.Category
	Work     Work
	Files    []File   // of the work as it stands now, with what is announced
	Sent     []File   // of the snapshot
	Promise  *Promise // the film it was sent with before it was here; nil: none
	Asked    Questionnaire
	Consents []Item
	Timeline []Moment
	Decision *Decision // nil until released
	Watched  int       // jurors who have finished, of Watchers
	Watchers int
	Public   bool   // it stands in the line-up that everybody reads
	SentHash string // SHA-256 of what was sent last, in hexadecimal; empty for a draft

	IdleSince *time.Time // when a draft was changed last; nil: it does not run out
	Now       time.Time  // by the database's clock, when this was read
}

// A Decision is what the festival decided, as far as it has been released.
type Decision struct {
	EntryID    ID
	Outcome    string // selected, not-selected
	Message    string
	ReleasedAt time.Time
	Comments   []string // of jurors, in no order that tells who wrote them
	Awards     []string // once the awards are public
}

// Selected says whether the festival took the film.
func (d Decision) Selected() bool { return d.Outcome == "selected" }

// MayChange says why the entry cannot be changed or sent any more, or nil.
func (m Mine) MayChange() error {
	switch {
	case m.State == Withdrawn:
		return problem.New(problem.Denied, "entry.withdrawn", "This entry was withdrawn. It cannot be sent again.")
	case m.RungAt(m.Category, m.Now) == nil:
		return closed(m.Category)
	}
	return nil
}

// Unsent says whether the work has changed since it was sent.
func (m Mine) Unsent() bool {
	return m.State != Draft && m.State != Withdrawn && m.FilmVersion != nil && *m.FilmVersion != m.Work.Version
}

// Check says what keeps the work as it stands now from being sent.
func (m Mine) Check(ctx context.Context) []Finding {
	return append(Check(ctx, m.Work.Film, m.Files, m.Category), m.Asked.Missing(ctx, m.Now)...)
}

// MineBy is one entry of the maker's; anybody else's does not exist.
func MineBy(ctx context.Context, db pg.DB, maker account.ID, code string) (Mine, error) {
	all, err := mine(ctx, db, maker, &code)
	switch {
	case err != nil:
		return Mine{}, err
	case len(all) == 0:
		return Mine{}, fmt.Errorf("find entry %s: %w", code, pgx.ErrNoRows)
	}
	return all[0], nil
}

// MineOf lists all entries of the works of a maker, the newest first, with equally many
// queries however many there are in an edition.
func MineOf(ctx context.Context, db pg.DB, maker account.ID) ([]Mine, error) {
	return mine(ctx, db, maker, nil)
}

func mine(ctx context.Context, db pg.DB, maker account.ID, code *string) ([]Mine, error) {
	type row struct {
		Entry
		WorkCode      string
		WorkFilm      Film
		WorkVersion   int
		WorkCreatedAt time.Time
		WorkUpdatedAt time.Time
		Level         Level
		Now           time.Time
		Watched       int
		Watchers      int
		Public        bool
		SentHash      string
		IdleSince     *time.Time
	}
	rows, err := pg.Rows[row](ctx, db, `
		select w.code as work_code, w.film as work_film, w.version as work_version,
		       w.created_at as work_created_at, w.updated_at as work_updated_at, m.level, clock_timestamp() as now,
		       (select count(*)::int from assignments a where a.entry_id = e.id and a.state = 'done') as watched,
		       (select count(*)::int from assignments a where a.entry_id = e.id and a.state <> 'recused') as watchers,
		       exists (select from public_films p where p.entry_id = e.id) as public,
		       coalesce(e.sent_hash, case when e.film is not null then encode(sha256(convert_to(sent_document(e.id), 'UTF8')), 'hex') end, '') as sent_hash,
		       (select d.since from idle_drafts d where d.entry_id = e.id) as idle_since,
		       `+entryColumns+asMaker+`
		where @code::text is null or e.code = @code
		order by e.id desc`,
		pg.Args{"maker": maker, "code": code})
	if err != nil {
		return nil, fmt.Errorf("list entries: %w", err)
	}
	all := make([]Mine, len(rows))
	for i, r := range rows {
		all[i] = Mine{Entry: r.Entry, Level: r.Level, Now: r.Now, Watched: r.Watched, Watchers: r.Watchers, Public: r.Public, SentHash: r.SentHash, IdleSince: r.IdleSince}
		all[i].Work = Work{r.WorkID, r.WorkCode, r.OwnerID, r.Level, r.WorkFilm, r.WorkVersion, r.WorkCreatedAt, r.WorkUpdatedAt}
	}
	return all, attach(ctx, db, all)
}

// attach reads what belongs to the entries, each kind with one query for all
// of an edition.
func attach(ctx context.Context, db pg.DB, all []Mine) error {
	ids, works, entries := make([]ID, len(all)), make([]WorkID, len(all)), make([]Entry, len(all))
	for i, m := range all {
		ids[i], works[i], entries[i] = m.ID, m.WorkID, m.Entry
	}
	asked, err := QuestionnairesOf(ctx, db, entries)
	if err != nil {
		return err
	}
	files, err := Expected(ctx, db, works)
	if err != nil {
		return err
	}
	promises, err := Promises(ctx, db, ids)
	if err != nil {
		return err
	}
	sent, err := FilesSent(ctx, db, ids)
	if err != nil {
		return err
	}
	consents, err := Consents(ctx, db, ids)
	if err != nil {
		return err
	}
	steps, err := timelines(ctx, db, ids)
	if err != nil {
		return err
	}
	decided, err := decisions(ctx, db, ids)
	if err != nil {
		return err
	}
	for i := range all {
		m := &all[i]
		m.Files, m.Sent, m.Asked, m.Consents = files[m.WorkID], sent[m.ID], asked[m.ID], consents[m.ID]
		m.Timeline, m.Decision = steps[m.ID], decided[m.ID]
		if p, ok := promises[m.ID]; ok {
			m.Promise = &p
		}
	}
	return attachEditions(ctx, db, all)
}

// attachEditions asks once for each edition, of which a maker has few.
func attachEditions(ctx context.Context, db pg.DB, all []Mine) error {
	editions := map[festival.EditionID]festival.Edition{}
	categories := map[festival.CategoryID]festival.Category{}
	for i := range all {
		m := &all[i]
		if _, known := editions[m.EditionID]; !known {
			e, err := festival.EditionOf(ctx, db, m.EditionID)
			if err != nil {
				return fmt.Errorf("find edition: %w", err)
			}
			list, err := festival.Categories(ctx, db, m.EditionID)
			if err != nil {
				return err
			}
			editions[m.EditionID] = e
			for _, c := range list {
				categories[c.ID] = c
			}
		}
		m.Edition, m.Category = editions[m.EditionID], categories[m.CategoryID]
	}
	return nil
}

// decisions are those that have been released, with the comments that jurors
// submitted for the makers in rounds that have ended.
func decisions(ctx context.Context, db pg.DB, ids []ID) (map[ID]*Decision, error) {
	list, err := pg.Rows[Decision](ctx, db, `
		select d.entry_id, d.outcome, d.message, d.released_at,
		       array(select s.feedback
		             from assignments a
		             join rounds r on r.id = a.round_id and r.feedback and (r.closed_at is not null or r.closes_at <= clock_timestamp())
		             join scores s on s.assignment_id = a.id and s.current and s.complete
		             where a.entry_id = d.entry_id and a.state = 'done' and s.feedback <> ''
		             order by md5(s.id::text)) as comments,
		       array(select w.name
		             from awards w
		             join editions ed on ed.id = w.edition_id and ed.awards_at is not null
		             where w.entry_id = d.entry_id
		             order by w.position, w.id) as awards
		from decisions d
		where d.entry_id = any(@ids) and d.released_at is not null`,
		pg.Args{"ids": numbers(ids)})
	if err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	by := map[ID]*Decision{}
	for i := range list {
		by[list[i].EntryID] = &list[i]
	}
	return by, nil
}
