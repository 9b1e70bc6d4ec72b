package entry

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// told says whether the entry is taken at now for nothing but that somebody
// told the festival of its film in time.
func (e Entry) told(c festival.Category, now time.Time) bool {
	return c.RungAt(now) == nil && !e.late(now) && e.ToldUntil != nil && now.Before(*e.ToldUntil)
}

// Until is when the entry can be sent for the last time, as things stand at
// now; nil: it cannot be any more.
func (e Entry) Until(c festival.Category, now time.Time) *time.Time {
	switch {
	case e.late(now) && (c.Last() == nil || e.LateUntil.After(c.Last().ClosesAt)):
		return e.LateUntil
	case c.RungAt(now) != nil:
		return &c.Last().ClosesAt
	case e.told(c, now):
		return e.ToldUntil
	}
	return nil
}

// tell writes down by which fingerprint an entry counts that is sent after its
// deadline. What counts is the film as it was frozen just now: one that took
// the other's place meanwhile is refused like any that nobody told of.
func (s submission) tell(ctx context.Context, tx pgx.Tx) error {
	if !s.told(s.category, s.arrived) {
		return nil
	}
	at, err := pg.Value[*time.Time](ctx, tx, `
		update entries e
		set told_at = told_of(e.edition_id, coalesce(
			(select p.sha256 from promises p where p.entry_id = e.id),
			(select f.sha256
			 from entry_files x
			 join files f on f.id = x.file_id
			 where x.entry_id = e.id and x.role = 'screener' and f.state <> 'refused'
			 limit 1)), @closes)
		where e.id = @id
		returning told_at`,
		pg.Args{"id": s.ID, "closes": s.closes()})
	if err != nil {
		return fmt.Errorf("note how entry %s counts: %w", s.Code, err)
	}
	if at == nil {
		return closed(s.category)
	}
	return nil
}

// FilmSum is the SHA-256 of the film that a work would be sent with: here, or on
// its way; nil: there is none.
func FilmSum(ctx context.Context, db pg.DB, work WorkID) ([]byte, error) {
	sum, err := pg.Value[[]byte](ctx, db, `select film_sum(@work)`, pg.Args{"work": work})
	if err != nil {
		return nil, fmt.Errorf("find sum of film: %w", err)
	}
	return sum, nil
}

// closes is the deadline that holds for the entry.
func (s submission) closes() time.Time {
	if last := s.category.Last().ClosesAt; s.LateUntil == nil || s.LateUntil.Before(last) {
		return last
	}
	return *s.LateUntil
}

// Told are the categories whose deadline has passed and that still take a film
// of the maker's, because somebody told the festival of it in time, each with
// until when.
func Told(ctx context.Context, db pg.DB, maker account.ID) (map[festival.CategoryID]time.Time, error) {
	list, err := pg.Rows[struct {
		ID    festival.CategoryID
		Until time.Time
	}](ctx, db, `
		select c.id, max(t.until) as until
		from works w`+asMaker+`
		cross join lateral (select film_sum(w.id) as sum offset 0) as film
		join fingerprints f on left(f.figures, 32) = left(encode(film.sum, 'hex'), 32)
		join editions ed on ed.id = f.edition_id and ed.call_opened_at is not null
		join categories c on c.edition_id = ed.id
		cross join lateral told_until(w.id, c.id, null) as t (until)
		where m.level = any(@levels)
		  and t.until > clock_timestamp()
		  and not exists (select from deadlines d where d.category_id = c.id and d.closes_at > clock_timestamp())
		group by c.id`,
		pg.Args{"maker": maker, "levels": []Level{LevelSubmit, LevelOwner}})
	if err != nil {
		return nil, fmt.Errorf("list categories that were told of films: %w", err)
	}
	by := map[festival.CategoryID]time.Time{}
	for _, c := range list {
		by[c.ID] = c.Until
	}
	return by, nil
}
