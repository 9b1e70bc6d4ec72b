package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/intake"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// importCmd brings in submissions from elsewhere.
type importCmd struct {
	FilmFreeway importFilmFreeway `cmd:"" name:"filmfreeway" help:"Bring in a FilmFreeway submissions export (CSV). Importing it again changes what has changed and doubles nothing."`
}

// importFilmFreeway reads an export that FilmFreeway made.
type importFilmFreeway struct {
	File     string            `arg:"" type:"existingfile" help:"The export."`
	Festival string            `placeholder:"NAME" help:"The festival, as in the address of its pages. Needed when there is more than one."`
	Edition  string            `placeholder:"NAME" help:"The edition, as in the address of its pages. Needed when there is more than one."`
	As       string            `placeholder:"EMAIL" help:"The organizer who brings it. Needed when the festival has more than one."`
	Category map[string]string `placeholder:"NAME=CATEGORY" help:"The edition's category, by its address, for one that the file calls otherwise; may be repeated. Without it, categories of the same name are found."`
	DryRun   bool              `help:"Say what would happen, and change nothing."`
}

// Run imports the file, all of it or nothing, and prints the report.
func (c *importFilmFreeway) Run(ctx context.Context, common *common, s streams) (err error) {
	content, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read export: %w", err)
	}
	h, err := openHouse(ctx, common, common.logger(s.err), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	report, err := c.apply(ctx, h, content)
	if err != nil {
		return inWords(ctx, err)
	}
	return printReport(ctx, s.out, report)
}

func (c *importFilmFreeway) apply(ctx context.Context, h *house, content []byte) (intake.Report, error) {
	edition, err := c.edition(ctx, h.pool)
	if err != nil {
		return intake.Report{}, err
	}
	by, err := c.organizer(ctx, h.pool, edition)
	if err != nil {
		return intake.Report{}, err
	}
	zone, err := time.LoadLocation(edition.Zone)
	if err != nil {
		return intake.Report{}, fmt.Errorf("read the edition's zone: %w", err)
	}
	sheet, err := intake.Read(intake.FromFilmFreeway, content, intake.Mapping{}, zone, time.Now())
	if err != nil {
		return intake.Report{}, err
	}
	mapping, err := c.mapping(ctx, h.pool, edition.ID, sheet)
	if err != nil {
		return intake.Report{}, err
	}
	to := intake.Target{Kind: intake.FromFilmFreeway, Edition: edition.ID, By: by}
	if c.DryRun {
		return intake.Plan(ctx, h.pool, to, sheet, mapping)
	}
	var report intake.Report
	err = pgx.BeginFunc(ctx, h.pool, func(tx pgx.Tx) (err error) {
		report, err = intake.Apply(ctx, tx, to, sheet, mapping)
		return err
	})
	return report, err
}

// edition is the only one that fits what was named.
func (c *importFilmFreeway) edition(ctx context.Context, db pg.DB) (festival.Edition, error) {
	type names struct{ Festival, Edition string }
	fit, err := pg.Rows[names](ctx, db, `
		select f.slug as festival, e.slug as edition
		from editions e
		join festivals f on f.id = e.festival_id
		where @festival::text in ('', f.slug) and @edition::text in ('', e.slug)
		order by f.slug, e.starts_on desc`,
		pg.Args{"festival": c.Festival, "edition": c.Edition})
	if err != nil {
		return festival.Edition{}, fmt.Errorf("list editions: %w", err)
	}
	if len(fit) == 1 {
		return festival.EditionAt(ctx, db, fit[0].Festival, fit[0].Edition)
	}
	if len(fit) == 0 {
		return festival.Edition{}, &usageError{"there is no such edition: --festival and --edition are written as in the address of its pages"}
	}
	var choice []string
	for _, n := range fit {
		choice = append(choice, "--festival "+n.Festival+" --edition "+n.Edition)
	}
	return festival.Edition{}, &usageError{"say which edition it goes to: " + strings.Join(choice, ", ")}
}

// organizer is the account that was named, or the festival's only organizer.
func (c *importFilmFreeway) organizer(ctx context.Context, db pg.DB, e festival.Edition) (account.ID, error) {
	members, err := account.Members(ctx, db, int64(e.FestivalID))
	if err != nil {
		return 0, fmt.Errorf("list organizers: %w", err)
	}
	for _, m := range members {
		if strings.EqualFold(m.Email, c.As) || c.As == "" && len(members) == 1 {
			a, err := account.ByEmail(ctx, db, m.Email)
			return a.ID, err
		}
	}
	return 0, &usageError{"--as must be the e-mail address of one of the festival's organizers"}
}

// mapping finds a category for each one that the file names.
func (c *importFilmFreeway) mapping(ctx context.Context, db pg.DB, edition festival.EditionID, s intake.Sheet) (intake.Mapping, error) {
	categories, err := festival.Categories(ctx, db, edition)
	if err != nil {
		return intake.Mapping{}, err
	}
	names := s.CategoryNames()
	m := intake.Mapping{Categories: intake.Suggest(names, categories)}
	bySlug := map[string]festival.CategoryID{}
	for _, known := range categories {
		bySlug[known.Slug] = known.ID
	}
	for name, slug := range c.Category {
		id, ok := bySlug[slug]
		if !ok {
			return m, &usageError{fmt.Sprintf("the edition has no category %q", slug)}
		}
		m.Categories[name] = id
	}
	var lost []string
	for _, n := range names {
		if m.Categories[n.Text] == 0 {
			lost = append(lost, fmt.Sprintf("%q", n.Text))
		}
	}
	if len(lost) > 0 && !c.DryRun {
		return m, &usageError{"say with --category where these go: " + strings.Join(lost, ", ")}
	}
	return m, nil
}

// inWords turns a problem into its sentence.
func inWords(ctx context.Context, err error) error {
	if p, ok := errors.AsType[*problem.Problem](err); ok && p.Kind != problem.Internal {
		return errors.New(locale.Say(ctx, p.Say))
	}
	return err
}

// printReport says what was done, or would be.
func printReport(ctx context.Context, w io.Writer, r intake.Report) error {
	for _, p := range r.Problems {
		where := fmt.Sprintf("line %d", p.Row)
		if p.Column != "" {
			where += ", " + p.Column
		}
		fmt.Fprintf(w, "%s: %s\n", where, locale.Say(ctx, p.Say))
	}
	if len(r.Left) > 0 {
		fmt.Fprintf(w, "columns that are not taken over: %s\n", strings.Join(r.Left, ", "))
	}
	_, err := fmt.Fprintf(w, "%d rows: %d entries new, %d changed, %d unchanged, %d left to their makers; %d rows left out\n",
		r.Rows, r.New, r.Updated, r.Unchanged, r.Claimed, r.Skipped)
	return err
}
