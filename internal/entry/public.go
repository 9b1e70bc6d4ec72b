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
