package entry

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/media"
	"laurel/internal/pg"
)

// Held finds, for each file that a passport speaks of, the one that the maker
// sent here before and that a work of theirs still has; 0 where there is none,
// and the file has to be uploaded again.
func Held(ctx context.Context, db pg.DB, maker account.ID, files []PassportMedia) ([]media.ID, error) {
	sums, kinds, sizes := make([][]byte, len(files)), make([]string, len(files)), make([]int64, len(files))
	for i, f := range files {
		sums[i], _ = hex.DecodeString(f.SHA256) // what is no sum is held by nobody
		kinds[i], sizes[i] = f.Kind, f.Size
	}
	held, err := pg.Values[media.ID](ctx, db, `
		select coalesce((
		  select min(f.id)
		  from files f
		  where f.sha256 = p.sum and f.size = p.size and f.kind = p.kind and f.owner_id = @maker and f.state <> 'refused'
		    and exists (select
		                from work_files x
		                join works w on w.id = x.work_id
		                where x.file_id = f.id and w.owner_id = @maker
		                  and (w.frozen_until is null or w.frozen_until <= statement_timestamp()))), 0) as id
		from unnest(@sums::bytea[], @kinds::text[], @sizes::bigint[]) with ordinality as p (sum, kind, size, n)
		order by p.n`,
		pg.Args{"sums": sums, "kinds": kinds, "sizes": sizes, "maker": maker})
	if err != nil {
		return nil, fmt.Errorf("look for files of passport: %w", err)
	}
	return held, nil
}

// CreateFrom makes a work of the maker's from a passport that ReadPassport
// gave, with those of its files that are held already.
func CreateFrom(ctx context.Context, tx pgx.Tx, maker account.ID, p Passport) (Work, error) {
	w, err := Create(ctx, tx, maker, p.Film)
	if err != nil {
		return Work{}, err
	}
	held, err := Held(ctx, tx, maker, p.Media)
	if err != nil {
		return Work{}, err
	}
	attached, stills := map[media.ID]bool{0: true}, 0
	for i, file := range held {
		role := FileRole(p.Media[i].Kind)
		if attached[file] || role == StillFile && stills == MaxStills {
			continue
		}
		if err := Attach(ctx, tx, maker, w.Code, role, file); err != nil {
			return Work{}, err
		}
		attached[file] = true
		if role == StillFile {
			stills++
		}
	}
	return w, nil
}
