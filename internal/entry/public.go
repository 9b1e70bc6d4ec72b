package entry

import (
	"context"
	"fmt"

	"laurel/internal/festival"
	"laurel/internal/pg"
)

// A Published film is a film of the line-up as everybody may know it: what its
// makers did not agree to publish is not in it.
type Published struct {
	EntryID      ID
	CategoryID   festival.CategoryID
	CategoryName string
	Slug         string // names it in addresses
	Film         Film
	Stills       []Picture // in order
}

// A Picture is a file that can be shown, and how many pixels it is wide.
type Picture struct {
	Code  string `json:"code"`
	Width int    `json:"width"`
}

const published = `
	select p.entry_id, p.category_id, c.name as category_name,
	       coalesce(p.slug, lower(ed.prefix) || '-' || lpad(e.number::text, 4, '0')) as slug,
	       p.film, coalesce(pictures.stills, '[]') as stills
	from public_films p
	join entries e on e.id = p.entry_id
	join editions ed on ed.id = p.edition_id
	join categories c on c.id = p.category_id
	left join lateral (
	  select jsonb_agg(jsonb_build_object('code', f.code, 'width', coalesce(f.width, 0)) order by x.position, f.id) as stills
	  from entry_files x
	  join files f on f.id = x.file_id
	  where p.stills and x.entry_id = p.entry_id and x.role = 'still' and f.state = 'ready') pictures on true`

// Lineup lists the films of an edition that are public, by category and title.
// Before the line-up is out there are none.
func Lineup(ctx context.Context, db pg.DB, edition festival.EditionID) ([]Published, error) {
	list, err := pg.Rows[Published](ctx, db, published+`
		where p.edition_id = @edition
		order by c.position, e.title, p.entry_id`,
		pg.Args{"edition": edition})
	if err != nil {
		return nil, fmt.Errorf("list the line-up: %w", err)
	}
	return list, nil
}

// Previewed is an entry as everybody would read it with what its makers agree to
// now, whatever else keeps it from being public: the film as it was sent, or as
// it stands while it is a draft. ok is false when nothing of it would be public.
// Whoever calls it knows that the reader may see the entry.
func Previewed(ctx context.Context, db pg.DB, id ID) (p Published, ok bool, err error) {
	p, err = pg.One[Published](ctx, db, `
		select e.id as entry_id, e.category_id, c.name as category_name,
		       coalesce(e.slug, lower(ed.prefix) || '-' || lpad(e.number::text, 4, '0')) as slug,
		       published_film(coalesce(e.film, w.film), said.items, said.people) as film,
		       coalesce(pictures.stills, '[]') as stills
		from entries e
		join works w on w.id = e.work_id
		join editions ed on ed.id = e.edition_id
		join categories c on c.id = e.category_id
		cross join lateral (
		  select coalesce(array_agg(c.item) filter (where c.subject = ''), '{}') as items,
		         coalesce(array_agg(c.subject) filter (where c.item = 'names'), '{}') as people
		  from consents c
		  where c.entry_id = e.id and c.decision = 'yes') said
		left join lateral (
		  select jsonb_agg(jsonb_build_object('code', f.code, 'width', coalesce(f.width, 0)) order by x.position, f.id) as stills
		  from (select file_id, position from entry_files where entry_id = e.id and role = 'still' and e.film is not null
		        union all
		        select file_id, position from work_files where work_id = w.id and role = 'still' and e.film is null) x
		  join files f on f.id = x.file_id
		  where 'stills' = any(said.items) and 'film' = any(said.items) and f.state = 'ready') pictures on true
		where e.id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return p, false, fmt.Errorf("preview the public film: %w", err)
	}
	return p, p.Film.MainTitle() != "", nil
}
