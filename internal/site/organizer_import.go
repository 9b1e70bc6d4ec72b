package site

import (
	"context"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/festival"
	"laurel/internal/intake"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// maxImport is the largest spreadsheet, in bytes.
const maxImport = 64 << 20

func (s *Site) importRoutes() []route {
	const imports = "/organize/{festival}/{edition}/import"
	return []route{
		{"GET", imports, organizer, s.showImports},
		{"POST", imports, organizer, s.uploadImport},
		{"GET", imports + "/{import}", organizer, s.showImport},
		{"POST", imports + "/{import}", organizer, s.mapImport},
		{"POST", imports + "/{import}/entries", organizer, s.applyImport},
		{"POST", imports + "/{import}/removal", organizer, s.discardImport},
	}
}

func (s *Site) showImports(w http.ResponseWriter, r *http.Request) error {
	return s.importsPage(w, r, http.StatusOK, nil)
}

func (s *Site) importsPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	list, err := intake.Imports(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	v := pages.ImportList{URL: e.Desk() + "/import", Errors: errs}
	for _, i := range list {
		line := pages.ImportLine{URL: v.URL + "/" + i.Code, Kind: kindWords(ctx, i.Kind), When: locale.DateTime(ctx, i.CreatedAt, e.Location(), ""), Done: i.AppliedAt != nil}
		if i.Report != nil {
			line.New, line.Updated, line.Skipped = i.Report.New, i.Report.Updated, i.Report.Skipped
		}
		v.Imports = append(v.Imports, line)
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "import.title", "Import entries"), "import")
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.ImportListPage(f, v))
}

func kindWords(ctx context.Context, k intake.Kind) string {
	if k == intake.FromFilmFreeway {
		return locale.T(ctx, "import.filmfreeway", "FilmFreeway export")
	}
	return locale.T(ctx, "import.csv", "CSV file")
}

// uploadImport keeps a file for its dry run. Which of the two forms it came
// from stands in the address.
func (s *Site) uploadImport(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	kind := intake.FromCSV
	if r.URL.Query().Get("kind") == string(intake.FromFilmFreeway) {
		kind = intake.FromFilmFreeway
	}
	content, err := spreadsheet(r)
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			i, err := intake.Upload(ctx, tx, intake.Target{Kind: kind, Edition: e.ID, By: actor(r).ID}, content)
			if err != nil {
				return "", err
			}
			return e.Desk() + "/import/" + i.Code, s.suggest(ctx, tx, e, i)
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.importsPage(w, r, status, errs)
	}
	return err
}

func spreadsheet(r *http.Request) ([]byte, error) {
	part, err := filePart(r)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(part, maxImport+1))
	if err != nil {
		return nil, problem.Field("file", "upload.cut", "The connection was lost before the file had arrived. Send it again.")
	}
	if len(content) > maxImport {
		return nil, problem.Field("file", "import.too-large", "This file is larger than 64 MB. Split it, and import the parts one after the other.")
	}
	return content, nil
}

// suggest maps the categories that are called the same here and in the file,
// as far as nobody has said otherwise, and keeps the mapping. A file whose
// columns are not understood yet has no categories to map.
func (s *Site) suggest(ctx context.Context, tx pgx.Tx, e festival.Edition, i intake.Import) error {
	sheet, err := i.Sheet(e.Location(), s.now())
	if p := problem.Of(err); p != nil && p.Kind == problem.Invalid {
		return intake.Map(ctx, tx, i, i.Mapping)
	}
	if err != nil {
		return err
	}
	categories, err := festival.Categories(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	said := i.Mapping.Categories
	i.Mapping.Categories = intake.Suggest(sheet.CategoryNames(), categories)
	maps.Copy(i.Mapping.Categories, said)
	return intake.Map(ctx, tx, i, i.Mapping)
}

func (s *Site) showImport(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	i, err := intake.ByCode(ctx, s.db, e.ID, r.PathValue("import"))
	if err != nil {
		return err
	}
	categories, err := festival.Categories(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	v := pages.Import{URL: e.Desk() + "/import/" + i.Code, List: e.Desk() + "/import", Entries: e.Desk() + "/entries", Kind: kindWords(ctx, i.Kind), Publish: i.Mapping.Publish}
	if i.Report != nil {
		v.Done, v.Report = true, reportView(ctx, *i.Report, categories)
	} else if err := s.previewImport(r, e, i, categories, &v); err != nil {
		return err
	}
	f := s.organizerFrame(r, e, v.Kind, "import")
	return s.page(w, r, http.StatusOK, pages.ImportPage(f, v))
}

// previewImport says what the import would do, as far as the columns are
// understood, and offers the mapping.
func (s *Site) previewImport(r *http.Request, e festival.Edition, i intake.Import, categories []festival.Category, v *pages.Import) error {
	ctx := r.Context()
	if i.Kind == intake.FromCSV {
		header, err := i.Header()
		if err != nil {
			return err
		}
		v.Columns = columnChoices(header, i.Mapping)
	}
	v.Categories = categoryOptions(ctx, categories)
	v.Rest = strconv.FormatInt(int64(i.Mapping.Category), 10)
	sheet, err := i.Sheet(e.Location(), s.now())
	if errs, _, ok := s.refused(r, err); ok {
		v.Errors = errs
		return nil
	}
	if err != nil {
		return err
	}
	for _, n := range sheet.CategoryNames() {
		v.Names = append(v.Names, pages.ImportName{Text: n.Text, Rows: n.Rows, Category: strconv.FormatInt(int64(i.Mapping.Categories[n.Text]), 10)})
	}
	report, err := intake.Plan(ctx, s.db, intake.Target{Kind: i.Kind, Edition: e.ID, By: actor(r).ID}, sheet, i.Mapping)
	if err != nil {
		return err
	}
	v.Report, v.Ready = reportView(ctx, report, categories), true
	return nil
}

func categoryOptions(ctx context.Context, categories []festival.Category) []components.Option {
	options := []components.Option{{Value: "0", Label: locale.T(ctx, "import.leave-out", "Leave out")}}
	for _, c := range categories {
		options = append(options, components.Option{Value: strconv.FormatInt(int64(c.ID), 10), Label: c.Name})
	}
	return options
}

func columnChoices(header []string, m intake.Mapping) []pages.ImportColumn {
	var list []pages.ImportColumn
	for _, h := range header {
		list = append(list, pages.ImportColumn{Name: h, Field: string(m.Columns[h])})
	}
	return list
}

func reportView(ctx context.Context, r intake.Report, categories []festival.Category) pages.ImportReport {
	names := map[festival.CategoryID]string{}
	for _, c := range categories {
		names[c.ID] = c.Name
	}
	v := pages.ImportReport{Rows: r.Rows, New: r.New, Updated: r.Updated, Unchanged: r.Unchanged, Claimed: r.Claimed, Skipped: r.Skipped, Hosted: r.Hosted, Left: r.Left}
	v.Count, v.Problems = len(r.Problems), groupProblems(ctx, r.Problems)
	for _, o := range r.Outcomes {
		v.Outcomes = append(v.Outcomes, pages.ImportOutcome{Row: o.Row, Title: o.Title, Category: names[o.Category], Effect: string(o.Effect)})
	}
	return v
}

// groupProblems puts the rows that have the same problem in the same column on
// one line, in the order in which each problem is met first.
func groupProblems(ctx context.Context, problems []intake.Problem) []pages.ImportProblem {
	type kind struct {
		column, sentence string
		skips            bool
	}
	rows := map[kind][]int{}
	var met []kind
	for _, p := range problems {
		k := kind{p.Column, locale.Say(ctx, p.Say), p.Skips}
		if rows[k] == nil {
			met = append(met, k)
		}
		rows[k] = append(rows[k], p.Row)
	}
	list := make([]pages.ImportProblem, len(met))
	for i, k := range met {
		list[i] = pages.ImportProblem{Rows: spans(rows[k]), Column: k.column, Sentence: k.sentence, Skips: k.skips}
	}
	return list
}

// spans writes rows in order as 2–5, 9, 12–14.
func spans(rows []int) string {
	var b strings.Builder
	for i := 0; i < len(rows); i++ {
		first := i
		for i+1 < len(rows) && rows[i+1] <= rows[i]+1 {
			i++
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(rows[first]))
		if rows[i] > rows[first] {
			b.WriteString("–" + strconv.Itoa(rows[i]))
		}
	}
	return b.String()
}

// mapImport takes what the organizer says about columns and categories.
func (s *Site) mapImport(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	i, err := intake.ByCode(r.Context(), s.db, e.ID, r.PathValue("import"))
	if err != nil {
		return err
	}
	m := intake.Mapping{Categories: map[string]festival.CategoryID{}, Publish: r.PostForm.Get("publish") != ""}
	if i.Kind == intake.FromCSV {
		m.Columns = map[string]intake.Field{}
		for n, column := range r.PostForm["column"] {
			m.Columns[column] = intake.Field(at(r, "field", n))
		}
	}
	for n, name := range r.PostForm["name"] {
		m.Categories[name] = categoryID(at(r, "category", n))
	}
	m.Category = categoryID(r.PostForm.Get("rest"))
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		i.Mapping = m
		return e.Desk() + "/import/" + i.Code, s.suggest(ctx, tx, e, i)
	})
}

func categoryID(typed string) festival.CategoryID {
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil {
		return 0
	}
	return festival.CategoryID(id)
}

func (s *Site) applyImport(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	code := r.PathValue("import")
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "import.done", "The entries are here.")
		_, err := intake.ApplyImport(ctx, tx, actor(r).ID, e.ID, code, e.Location(), s.now())
		return e.Desk() + "/import/" + code, err
	})
}

func (s *Site) discardImport(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	i, err := intake.ByCode(r.Context(), s.db, e.ID, r.PathValue("import"))
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return e.Desk() + "/import", intake.Discard(ctx, tx, i)
	})
}
