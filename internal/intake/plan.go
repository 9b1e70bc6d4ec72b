package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Kind is the system that a file comes from.
type Kind string

// The kinds of import.
const (
	FromFilmFreeway Kind = "filmfreeway"
	FromCSV         Kind = "csv"
)

// A Mapping says what is meant by the words of a file.
type Mapping struct {
	Columns    map[string]Field               `json:"columns,omitzero"`    // of FromCSV: by heading
	Categories map[string]festival.CategoryID `json:"categories,omitzero"` // by the file's name; 0 or absent: left out
	Category   festival.CategoryID            `json:"category,omitzero"`   // of rows that name none; 0: left out
	Publish    bool                           `json:"publish,omitzero"`    // the festival says that the makers agreed to everything being public
}

// A Target is where a file goes and who brings it.
type Target struct {
	Kind    Kind
	Edition festival.EditionID
	By      account.ID
}

// A Name is a category as the file calls it, and how many rows do.
type Name struct {
	Text string
	Rows int
}

// CategoryNames are the file's categories in the order of their first row.
func (s Sheet) CategoryNames() []Name {
	var names []Name
	for _, r := range s.Rows {
		for _, c := range r.Categories {
			i := slices.IndexFunc(names, func(n Name) bool { return n.Text == c })
			if i < 0 {
				i, names = len(names), append(names, Name{Text: c})
			}
			names[i].Rows++
		}
	}
	return names
}

// Suggest maps the file's categories to those of the edition that are called
// the same.
func Suggest(names []Name, categories []festival.Category) map[string]festival.CategoryID {
	mapping := map[string]festival.CategoryID{}
	for _, n := range names {
		for _, c := range categories {
			if fold(n.Text) == fold(c.Name) || fold(n.Text) == fold(c.Slug) {
				mapping[n.Text] = c.ID
			}
		}
	}
	return mapping
}

// A Report says what an import would do, or has done, in entries: a film that
// is sent to two categories counts twice.
type Report struct {
	Rows      int       `json:"rows"`
	New       int       `json:"new"`
	Updated   int       `json:"updated"`
	Unchanged int       `json:"unchanged"`
	Claimed   int       `json:"claimed"` // left to their makers, who have accounts here
	Skipped   int       `json:"skipped"` // rows that stay out
	Hosted    int       `json:"hosted"`  // films whose screener is on FilmFreeway alone
	Left      []string  `json:"left"`    // columns that are not taken over
	Problems  []Problem `json:"problems"`
	Outcomes  []Outcome `json:"outcomes"` // the first of them, in order
}

// An Outcome is what happens to one entry.
type Outcome struct {
	Row      int                 `json:"row"`
	Title    string              `json:"title"`
	Category festival.CategoryID `json:"category"`
	Effect   entry.Effect        `json:"effect"`
}

// maxOutcomes is how many outcomes a report lists.
const maxOutcomes = 50

// Plan says what Apply would do now, and writes nothing.
func Plan(ctx context.Context, db pg.DB, to Target, s Sheet, m Mapping) (Report, error) {
	p := draw(ctx, to, s, m)
	effects, err := entry.Effects(ctx, db, p.batch)
	if err != nil {
		return Report{}, fmt.Errorf("plan import: %w", err)
	}
	return p.report(effects), nil
}

// Apply imports the sheet, all of it or nothing, and says what it did. What is
// here already under the same names is changed, never doubled. What follows in
// the same transaction may take as long as an import may: hundreds of rows on a
// busy machine take longer than a page's few seconds.
func Apply(ctx context.Context, tx pgx.Tx, to Target, s Sheet, m Mapping) (Report, error) {
	if _, err := tx.Exec(ctx, "set local statement_timeout = '2min'"); err != nil {
		return Report{}, fmt.Errorf("allow time for an import: %w", err)
	}
	p := draw(ctx, to, s, m)
	effects, err := entry.Import(ctx, tx, p.batch)
	if err != nil {
		return Report{}, fmt.Errorf("import: %w", err)
	}
	return p.report(effects), nil
}

// A plan is a sheet turned into a batch of entries.
type plan struct {
	batch    entry.Batch
	rows     []int // line of each entry of the batch
	skipped  int
	hosted   int
	all      int
	left     []string
	problems []Problem
}

func draw(ctx context.Context, to Target, s Sheet, m Mapping) plan {
	p := plan{all: len(s.Rows) + len(s.Problems), skipped: len(s.Problems), left: s.Left, problems: slices.Clone(s.Problems)}
	p.batch = entry.Batch{Edition: to.Edition, Source: string(to.Kind), By: to.By}
	if m.Publish {
		p.batch.Publish = entry.Items
	}
	seen := map[string]int{}         // line of a submission in a category
	films := map[string]entry.Film{} // of a submission: its first row's
	for _, r := range s.Rows {
		p.take(ctx, r, m, seen, films)
	}
	slices.SortStableFunc(p.problems, func(a, b Problem) int { return a.Row - b.Row })
	return p
}

// take puts one row's entries into the batch, or says why they stay out.
func (p *plan) take(ctx context.Context, r Row, m Mapping, seen map[string]int, films map[string]entry.Film) {
	categories := m.of(&r)
	p.problems = append(p.problems, r.Problems...)
	if r.skipped() || len(categories) == 0 {
		p.skipped++
		return
	}
	if _, known := films[r.SourceID]; !known {
		films[r.SourceID] = r.Film
	}
	if strings.Contains(r.Film.ScreenerLink, "filmfreeway.com/") {
		p.hosted++
	}
	for _, c := range categories {
		name := fmt.Sprintf("%s/%d", r.SourceID, c)
		if earlier, twice := seen[name]; twice {
			p.problems = append(p.problems, Problem{Row: r.Number, Skips: true, Say: problem.Say{Key: "intake.twice",
				English: "Line {{.Row}} is about the same film in the same category. This one was left out.", Args: []any{"Row", earlier}}})
			continue
		}
		seen[name] = r.Number
		p.batch.Entries, p.rows = append(p.batch.Entries, r.imported(ctx, c, films[r.SourceID])), append(p.rows, r.Number)
	}
}

// of finds the edition's categories of a row, each once; those that the
// mapping does not know are problems of the row.
func (m Mapping) of(r *Row) []festival.CategoryID {
	var all []festival.CategoryID
	if len(r.Categories) == 0 {
		if m.Category == 0 && !r.skipped() {
			r.skip("", "intake.no-category", "The row names no category. Choose one for such rows.")
		}
		return appendNew(all, m.Category)
	}
	before := len(r.Problems)
	for _, name := range r.Categories {
		id := m.Categories[name]
		if id == 0 && !r.skipped() {
			r.problem(r.categoryColumn, "intake.category-left", "“{{.Category}}” goes into no category of this edition; the entry was left out.", "Category", name)
		}
		all = appendNew(all, id)
	}
	for i := before; i < len(r.Problems) && len(all) == 0; i++ {
		r.Problems[i].Skips = true
	}
	return all
}

func appendNew(all []festival.CategoryID, id festival.CategoryID) []festival.CategoryID {
	if id == 0 || slices.Contains(all, id) {
		return all
	}
	return append(all, id)
}

func (r Row) imported(ctx context.Context, c festival.CategoryID, f entry.Film) entry.Imported {
	e := entry.Imported{
		SourceID: r.SourceID, Category: c, Film: f, Contact: r.Contact, Answers: r.Answers,
		State: r.State, SubmittedAt: r.SubmittedAt, Deadline: r.Deadline,
	}
	switch r.State {
	case entry.Ineligible:
		e.Reason = locale.T(ctx, "intake.reason-disqualified", "Disqualified before the import.")
	case entry.Withdrawn:
		e.Reason = locale.T(ctx, "intake.reason-withdrawn", "Withdrawn before the import.")
	}
	return e
}

func (p plan) report(effects []entry.Effect) Report {
	r := Report{Rows: p.all, Skipped: p.skipped, Hosted: p.hosted, Left: p.left, Problems: p.problems}
	for i, e := range effects {
		switch e {
		case entry.New:
			r.New++
		case entry.Updated:
			r.Updated++
		case entry.Unchanged:
			r.Unchanged++
		case entry.Claimed:
			r.Claimed++
		}
		if i < maxOutcomes {
			of := p.batch.Entries[i]
			r.Outcomes = append(r.Outcomes, Outcome{p.rows[i], of.Film.MainTitle(), of.Category, e})
		}
	}
	return r
}
