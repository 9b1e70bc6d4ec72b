package entry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// made is a row that was written.
type made struct {
	ID   int64
	Code string
}

// add writes new entries, and works for those that have none yet.
func (b Batch) add(ctx context.Context, tx pgx.Tx, added []change) error {
	if len(added) == 0 {
		return nil
	}
	first, err := festival.TakeNumbers(ctx, tx, b.Edition, len(added))
	if err != nil {
		return err
	}
	names, err := b.slugs(ctx, tx)
	if err != nil {
		return err
	}
	works, at := map[string]WorkID{}, first
	for part := range slices.Chunk(added, portion) {
		if err := addWorks(ctx, tx, part, works); err != nil {
			return err
		}
		if err := b.addEntries(ctx, tx, part, at, names); err != nil {
			return err
		}
		at += len(part)
	}
	return nil
}

// slugs are the addresses of films that the edition has already.
func (b Batch) slugs(ctx context.Context, tx pgx.Tx) (map[string]bool, error) {
	rows, err := pg.Rows[struct{ Slug string }](ctx, tx, `
		select slug
		from entries
		where edition_id = @edition and slug is not null`,
		pg.Args{"edition": b.Edition})
	if err != nil {
		return nil, fmt.Errorf("list addresses: %w", err)
	}
	taken := make(map[string]bool, len(rows))
	for _, r := range rows {
		taken[r.Slug] = true
	}
	return taken, nil
}

// free takes the first address for a title that nobody has.
func free(taken map[string]bool, title string, number int) string {
	name := slug(title)
	for next := name; ; next = fmt.Sprintf("%s-%d", next, number) {
		if !taken[next] {
			taken[next] = true
			return next
		}
	}
}

// addWorks makes a work for each submission that has none, and notes in part
// and in works which it is.
func addWorks(ctx context.Context, tx pgx.Tx, part []change, works map[string]WorkID) error {
	var codes, films, bases []string
	for _, c := range part {
		if _, known := works[c.SourceID]; c.work == 0 && !known {
			works[c.SourceID] = 0
			c.Film.identify()
			codes, films, bases = append(codes, account.Code()), append(films, document(c.Film)), append(bases, c.SourceID)
		}
	}
	rows, err := pg.Rows[made](ctx, tx, `
		insert into works (code, film)
		select code, film::jsonb
		from unnest(@codes::text[], @films::text[]) as x (code, film)
		returning id, code`,
		pg.Args{"codes": codes, "films": films})
	if err != nil {
		return fmt.Errorf("write works: %w", err)
	}
	for _, r := range rows {
		works[bases[slices.Index(codes, r.Code)]] = WorkID(r.ID)
	}
	for i := range part {
		if part[i].work == 0 {
			part[i].work = works[part[i].SourceID]
		}
	}
	return nil
}

// columns are the values of many entries, one list for each column.
type columns struct {
	codes, states, contacts, answers, sources, slugs, deadlines []string
	categories, works                                           []int64
	numbers                                                     []int
	submitted                                                   []*time.Time
}

func (b Batch) addEntries(ctx context.Context, tx pgx.Tx, part []change, number int, taken map[string]bool) error {
	v := columns{}
	for i, c := range part {
		v.codes = append(v.codes, account.Code())
		v.states = append(v.states, string(c.State))
		v.contacts, v.answers = append(v.contacts, document(c.Contact)), append(v.answers, document(list(c.Answers)))
		v.sources, v.deadlines = append(v.sources, c.sourceID), append(v.deadlines, c.Deadline)
		v.slugs = append(v.slugs, free(taken, c.Film.MainTitle(), number+i))
		v.categories, v.works = append(v.categories, int64(c.Category)), append(v.works, int64(c.work))
		v.numbers, v.submitted = append(v.numbers, number+i), append(v.submitted, instant(c.SubmittedAt))
	}
	rows, err := pg.Rows[made](ctx, tx, `
		insert into entries (code, edition_id, category_id, work_id, number, state, film, film_version,
			contact, answers, source, source_id, slug, submitted_at, deadline_id)
		select x.code, @edition, x.category, x.work, x.number, x.state, w.film, w.version,
			x.contact::jsonb, x.answers::jsonb, @source, x.source, x.slug, coalesce(x.submitted, clock_timestamp()),
			(select d.id from deadlines d where d.category_id = x.category and lower(d.name) = lower(x.deadline) limit 1)
		from unnest(@codes::text[], @categories::bigint[], @works::bigint[], @numbers::integer[], @states::text[], @contacts::text[],
			@answers::text[], @sources::text[], @slugs::text[], @submitted::timestamptz[], @deadlines::text[])
			as x (code, category, work, number, state, contact, answers, source, slug, submitted, deadline)
		join works w on w.id = x.work
		returning id, code`,
		pg.Args{"edition": b.Edition, "source": b.Source, "codes": v.codes, "categories": v.categories, "works": v.works,
			"numbers": v.numbers, "states": v.states, "contacts": v.contacts, "answers": v.answers, "sources": v.sources,
			"slugs": v.slugs, "submitted": v.submitted, "deadlines": v.deadlines})
	if err != nil {
		return fmt.Errorf("write entries: %w", err)
	}
	ids := make(map[string]int64, len(rows))
	for _, r := range rows {
		ids[r.Code] = r.ID
	}
	added := make([]int64, len(part))
	for i, code := range v.codes {
		added[i] = ids[code]
	}
	return b.noteAdded(ctx, tx, part, added)
}

// list is never nil, so that its JSON is an array.
func list(answers []Answer) []Answer {
	if answers == nil {
		return []Answer{}
	}
	return answers
}

// instant is nil for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// noteAdded writes timelines, consents and the record of acts for new entries.
func (b Batch) noteAdded(ctx context.Context, tx pgx.Tx, part []change, ids []int64) error {
	states := make([]string, len(part))
	reasons := make([]string, len(part))
	events := make([]audit.Event, len(part))
	for i, c := range part {
		states[i], reasons[i] = string(c.State), c.Reason
		events[i] = b.event("entry.import", ids[i], map[string]string{"state": string(c.State), "source": b.Source})
	}
	_, err := tx.Exec(ctx, `
		insert into entry_states (entry_id, state, reason, actor_id, at)
		select e.id, s.state, s.reason, nullif(@by::bigint, 0), s.at
		from unnest(@ids::bigint[], @states::text[], @reasons::text[]) with ordinality as x (id, state, reason, n)
		join entries e on e.id = x.id
		cross join lateral (
			select 'submitted', '', e.submitted_at
			union all
			select x.state, x.reason, clock_timestamp() where x.state <> 'submitted') as s (state, reason, at)
		order by x.n, s.at`,
		pg.Args{"by": b.By, "ids": ids, "states": states, "reasons": reasons})
	if err != nil {
		return fmt.Errorf("write timelines: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into consent_acts (entry_id, edition_id, item, subject, decision)
		select e.id, e.edition_id, item, subject, 'yes'
		from entries e
		cross join unnest(@items::text[]) with ordinality as i (item, n)
		cross join lateral consent_subjects(e.film, item) as subject
		where e.id = any(@ids::bigint[])
		order by e.id, n`,
		pg.Args{"ids": ids, "items": words(b.Publish)})
	if err != nil {
		return fmt.Errorf("write consents: %w", err)
	}
	return audit.RecordAll(ctx, tx, events)
}

func (b Batch) event(verb string, entry int64, after any) audit.Event {
	e := audit.Event{Verb: verb, Kind: "entry", Subject: entry, Edition: new(int64(b.Edition)), After: after}
	if b.By != 0 {
		e.Actor = new(int64(b.By))
	}
	return e
}

// update writes over entries that came before.
func (b Batch) update(ctx context.Context, tx pgx.Tx, updated []change) error {
	for part := range slices.Chunk(updated, portion) {
		if err := updateWorks(ctx, tx, part); err != nil {
			return err
		}
		if err := b.updateEntries(ctx, tx, part); err != nil {
			return err
		}
	}
	for _, c := range updated {
		if to := c.move(*c.was); to != "" {
			if err := Move(ctx, tx, c.was.ID, to, c.Reason, b.By); err != nil {
				return err
			}
		}
	}
	return nil
}

func updateWorks(ctx context.Context, tx pgx.Tx, part []change) error {
	films := map[WorkID]string{}
	for _, c := range part {
		c.Film.identify()
		films[c.was.WorkID] = document(c.Film)
	}
	var ids []int64
	var texts []string
	for id, film := range films {
		ids, texts = append(ids, int64(id)), append(texts, film)
	}
	_, err := tx.Exec(ctx, `
		update works w
		set film = x.film::jsonb, version = w.version + 1, updated_at = clock_timestamp()
		from unnest(@ids::bigint[], @films::text[]) as x (id, film)
		where w.id = x.id`,
		pg.Args{"ids": ids, "films": texts})
	if err != nil {
		return fmt.Errorf("write over works: %w", err)
	}
	return nil
}

func (b Batch) updateEntries(ctx context.Context, tx pgx.Tx, part []change) error {
	v, ids := columns{}, make([]int64, len(part))
	events := make([]audit.Event, len(part))
	for i, c := range part {
		ids[i] = int64(c.was.ID)
		v.categories = append(v.categories, int64(c.Category))
		v.contacts, v.answers = append(v.contacts, document(c.Contact)), append(v.answers, document(list(c.Answers)))
		events[i] = b.event("entry.import", ids[i], map[string]string{"source": b.Source})
	}
	_, err := tx.Exec(ctx, `
		update entries e
		set category_id = x.category, film = w.film, film_version = w.version, contact = x.contact::jsonb, answers = x.answers::jsonb
		from unnest(@ids::bigint[], @categories::bigint[], @contacts::text[], @answers::text[]) as x (id, category, contact, answers),
			entries old
		join works w on w.id = old.work_id
		where e.id = x.id and old.id = x.id`,
		pg.Args{"ids": ids, "categories": v.categories, "contacts": v.contacts, "answers": v.answers})
	if err != nil {
		return fmt.Errorf("write over entries: %w", err)
	}
	return audit.RecordAll(ctx, tx, events)
}
