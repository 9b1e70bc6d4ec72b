package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// An ID is an import's, inside the house.
type ID int64

// An Import is an uploaded file between its dry run and its import.
type Import struct {
	ID        ID
	Code      string
	EditionID festival.EditionID
	Kind      Kind
	Content   []byte // gone once applied
	Mapping   Mapping
	Report    *Report // nil until applied
	CreatedBy account.ID
	CreatedAt time.Time
	AppliedAt *time.Time
}

const importColumns = `id, code, edition_id, kind, content, mapping, report, created_by, created_at, applied_at`

// Upload keeps a file for its dry run. Its columns and categories are mapped
// as far as their names are known. A file that cannot be read at all is an
// Invalid problem at the field "file".
func Upload(ctx context.Context, tx pgx.Tx, to Target, content []byte) (Import, error) {
	table, err := ReadCSV(content)
	if err != nil {
		return Import{}, err
	}
	mapping := Mapping{}
	if to.Kind == FromCSV {
		mapping.Columns = Guess(table.Header)
	} else if _, err := FilmFreeway(Table{Header: table.Header}, time.UTC, time.Time{}); err != nil {
		return Import{}, err
	}
	i, err := pg.One[Import](ctx, tx, `
		insert into imports (code, edition_id, kind, content, mapping, created_by)
		values (@code, @edition, @kind, @content, @mapping, @by)
		returning `+importColumns,
		pg.Args{"code": account.Code(), "edition": to.Edition, "kind": string(to.Kind), "content": content, "mapping": mapping, "by": to.By})
	if err != nil {
		return Import{}, fmt.Errorf("keep file to import: %w", err)
	}
	return i, nil
}

// ByCode is an import of the edition; none is pgx.ErrNoRows.
func ByCode(ctx context.Context, db pg.DB, edition festival.EditionID, code string) (Import, error) {
	return find(ctx, db, edition, code, "")
}

func find(ctx context.Context, db pg.DB, edition festival.EditionID, code, lock string) (Import, error) {
	i, err := pg.One[Import](ctx, db, `
		select `+importColumns+`
		from imports
		where edition_id = @edition and code = @code
		`+lock,
		pg.Args{"edition": edition, "code": code})
	if err != nil {
		return Import{}, fmt.Errorf("find import: %w", err)
	}
	return i, nil
}

// A Past import is what the list of imports shows.
type Past struct {
	Code      string
	Kind      Kind
	Report    *Report // nil until applied
	CreatedAt time.Time
	AppliedAt *time.Time
}

// Imports lists the edition's imports, the newest first.
func Imports(ctx context.Context, db pg.DB, edition festival.EditionID) ([]Past, error) {
	all, err := pg.Rows[Past](ctx, db, `
		select code, kind, report, created_at, applied_at
		from imports
		where edition_id = @edition
		order by id desc`,
		pg.Args{"edition": edition})
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return all, nil
}

// Map changes what is meant by the words of a file that is not applied yet.
func Map(ctx context.Context, tx pgx.Tx, i Import, m Mapping) error {
	tag, err := tx.Exec(ctx, `
		update imports
		set mapping = @mapping
		where id = @id and applied_at is null`,
		pg.Args{"id": i.ID, "mapping": m})
	if err != nil {
		return fmt.Errorf("map import %s: %w", i.Code, err)
	}
	if tag.RowsAffected() == 0 {
		return applied()
	}
	return nil
}

func applied() error {
	return problem.New(problem.Conflict, "intake.applied", "This file has been imported already.")
}

// Discard forgets a file that is not applied.
func Discard(ctx context.Context, tx pgx.Tx, i Import) error {
	if _, err := tx.Exec(ctx, `delete from imports where id = @id and applied_at is null`, pg.Args{"id": i.ID}); err != nil {
		return fmt.Errorf("discard import %s: %w", i.Code, err)
	}
	return nil
}

// Sheet understands the file with its mapping as it stands.
func (i Import) Sheet(zone *time.Location, now time.Time) (Sheet, error) {
	return Read(i.Kind, i.Content, i.Mapping, zone, now)
}

// Header is the names of the file's columns.
func (i Import) Header() ([]string, error) {
	table, err := ReadCSV(i.Content)
	return table.Header, err
}

// Read understands a file of a kind: days are those of the zone.
func Read(k Kind, content []byte, m Mapping, zone *time.Location, now time.Time) (Sheet, error) {
	table, err := ReadCSV(content)
	if err != nil {
		return Sheet{}, err
	}
	if k == FromFilmFreeway {
		return FilmFreeway(table, zone, now)
	}
	return Generic(table, m.Columns, zone, now)
}

// ApplyImport imports an uploaded file, forgets its content and keeps the
// report. Applying it again gives the report and does nothing.
func ApplyImport(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, code string, zone *time.Location, now time.Time) (Report, error) {
	i, err := find(ctx, tx, edition, code, "for update")
	if err != nil {
		return Report{}, err
	}
	if i.Report != nil {
		return *i.Report, nil
	}
	sheet, err := i.Sheet(zone, now)
	if err != nil {
		return Report{}, err
	}
	r, err := Apply(ctx, tx, Target{i.Kind, edition, by}, sheet, i.Mapping)
	if err != nil {
		return Report{}, err
	}
	_, err = tx.Exec(ctx, `
		update imports
		set content = null, report = @report, applied_at = clock_timestamp()
		where id = @id`,
		pg.Args{"id": i.ID, "report": r})
	if err != nil {
		return Report{}, fmt.Errorf("note import %s: %w", code, err)
	}
	event := audit.Event{Verb: "import.apply", Kind: "import", Subject: int64(i.ID), Edition: new(int64(edition)), Actor: new(int64(by)),
		After: map[string]int{"new": r.New, "updated": r.Updated, "skipped": r.Skipped}}
	return r, audit.Record(ctx, tx, event)
}
