package site

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/money"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) listCategories(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	list, err := festival.Categories(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	v := pages.CategoryList{Desk: e.Desk()}
	for _, c := range list {
		line := pages.CategoryLine{Name: c.Name, URL: e.Desk() + "/categories/" + c.Slug, Rules: ruleWords(ctx, c)}
		if last := c.Last(); last != nil {
			line.Closes = locale.DateTime(ctx, last.ClosesAt, e.Location(), e.City)
		}
		v.Categories = append(v.Categories, line)
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "rail.categories", "Categories"), "categories")
	return s.page(w, r, http.StatusOK, pages.CategoryListPage(f, v))
}

// ruleWords says a category's rules in short sentences.
func ruleWords(ctx context.Context, c festival.Category) []string {
	var words []string
	for _, kind := range festival.RuleKinds {
		if r, ok := c.Rule(kind); ok {
			words = append(words, entry.RuleWords(ctx, r))
		}
	}
	return words
}

func (s *Site) newCategory(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	v := pages.CategoryForm{New: true, BytesHours: strconv.Itoa(festival.UsualBytesHours), Ladder: []pages.RungRow{{}}}
	if list, err := festival.Categories(r.Context(), s.db, e.ID); err == nil && len(list) > 0 {
		v.Ladder = ladderRows(list[len(list)-1], e.Location())
	}
	return s.categoryPage(w, r, http.StatusOK, e, v)
}

func (s *Site) categoryPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, v pages.CategoryForm) error {
	ctx := r.Context()
	title := locale.T(ctx, "category.new", "Add a category")
	if !v.New {
		title = v.Name
	}
	v.Title, v.Desk, v.City, v.Action = title, e.Desk(), e.City, r.URL.Path
	f := s.organizerFrame(r, e, title, "categories")
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.CategoryFormPage(f, v))
}

func (s *Site) showCategory(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	c, err := festival.CategoryAt(r.Context(), s.db, e.ID, r.PathValue("category"))
	if err != nil {
		return err
	}
	return s.categoryPage(w, r, http.StatusOK, e, categoryWords(r.Context(), c, e.Location()))
}

// categoryWords puts a category into its form.
func categoryWords(ctx context.Context, c festival.Category, zone *time.Location) pages.CategoryForm {
	v := pages.CategoryForm{Name: c.Name, Slug: c.Slug, Description: c.Description, BytesHours: strconv.Itoa(c.BytesHours), Ladder: ladderRows(c, zone)}
	if c.Places != nil {
		v.Places = strconv.Itoa(*c.Places)
	}
	for _, r := range c.Rules {
		switch r.Kind {
		case festival.RuntimeMin:
			v.RuntimeMin = minutes(*r.Seconds)
		case festival.RuntimeMax:
			v.RuntimeMax = minutes(*r.Seconds)
		case festival.CompletedAfter:
			v.CompletedAfter = dayForInput(r.Day)
		case festival.FromCountry:
			v.Countries = locale.CountryNames(ctx, r.Codes)
		case festival.InLanguage:
			v.Languages = locale.LanguageNames(ctx, r.Codes)
		case festival.WithSubtitles:
			v.Subtitles = locale.LanguageNames(ctx, r.Codes)
		case festival.FirstFilm:
			v.FirstFilm = true
		case festival.StudentFilm:
			v.Student = true
		}
	}
	return v
}

// minutes writes seconds as minutes, with the seconds when there are some.
func minutes(seconds int) string {
	if seconds%60 == 0 {
		return strconv.Itoa(seconds / 60)
	}
	return strconv.Itoa(seconds/60) + ":" + strconv.Itoa(seconds%60/10) + strconv.Itoa(seconds%10)
}

func ladderRows(c festival.Category, zone *time.Location) []pages.RungRow {
	var rows []pages.RungRow
	for _, d := range c.Deadlines {
		rows = append(rows, pages.RungRow{Name: d.Name, ClosesAt: forInput(d.ClosesAt, zone), Fee: d.Fee().Plain(), Currency: d.FeeCurrency})
	}
	return rows
}

func (s *Site) createCategory(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.storeCategory(w, r, e, festival.Category{EditionID: e.ID}, true)
}

func (s *Site) saveCategory(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	old, err := festival.CategoryAt(r.Context(), s.db, e.ID, r.PathValue("category"))
	if err != nil {
		return err
	}
	return s.storeCategory(w, r, e, old, false)
}

func (s *Site) storeCategory(w http.ResponseWriter, r *http.Request, e festival.Edition, old festival.Category, create bool) error {
	c, v, errs := categoryForm(r, e.Location())
	c.ID, c.EditionID = old.ID, e.ID
	v.New = create
	if r.PostForm.Get("add") != "" {
		v.Ladder = append(v.Ladder, pages.RungRow{Currency: "EUR"})
		return s.categoryPage(w, r, http.StatusOK, e, v)
	}
	status := http.StatusUnprocessableEntity
	if !errs.Any() {
		err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "category.saved", "The category is saved.")
			if create {
				_, err := festival.CreateCategory(ctx, tx, actor(r).ID, c)
				return e.Desk() + "/categories", err
			}
			return e.Desk() + "/categories", festival.SaveCategory(ctx, tx, actor(r).ID, c)
		})
		refusal, code, ok := s.refused(r, err)
		if !ok {
			return err
		}
		errs, status = refusal, code
	}
	v.Errors = errs
	return s.categoryPage(w, r, status, e, v)
}

// categoryForm reads the form of a category: its values, the form as typed,
// and what is wrong with it.
func categoryForm(r *http.Request, zone *time.Location) (festival.Category, pages.CategoryForm, components.Errors) {
	in := newReader(r)
	v := pages.CategoryForm{
		Name: text(r, "name"), Slug: strings.ToLower(text(r, "slug")), Description: text(r, "description"), Places: text(r, "places"), BytesHours: text(r, "bytes_hours"),
		RuntimeMin: text(r, "runtime_min"), RuntimeMax: text(r, "runtime_max"), CompletedAfter: text(r, "completed_after"),
		Countries: text(r, "countries"), Languages: text(r, "languages"), Subtitles: text(r, "subtitles"),
		FirstFilm: text(r, "first_film") != "", Student: text(r, "student") != "",
	}
	c := festival.Category{Slug: v.Slug, Name: v.Name, Description: v.Description}
	if v.Slug == "new" {
		in.wrong("slug", checkSlug("new"))
	}
	if v.Places != "" {
		c.Places = new(in.number("places"))
	}
	c.BytesHours = in.number("bytes_hours")
	c.Rules = in.rules(v)
	c.Deadlines, v.Ladder = in.ladder(zone)
	return c, v, in.errors
}

// rules reads the eligibility rules; an empty field is no rule.
func (in *reader) rules(v pages.CategoryForm) []festival.Rule {
	var list []festival.Rule
	add := func(r festival.Rule) { list = append(list, r) }
	if v.RuntimeMin != "" {
		add(festival.Rule{Kind: festival.RuntimeMin, Seconds: new(in.length("runtime_min"))})
	}
	if v.RuntimeMax != "" {
		add(festival.Rule{Kind: festival.RuntimeMax, Seconds: new(in.length("runtime_max"))})
	}
	if v.CompletedAfter != "" {
		add(festival.Rule{Kind: festival.CompletedAfter, Day: new(in.day("completed_after"))})
	}
	for _, x := range []struct {
		kind  festival.RuleKind
		field string
		words string
		code  func(string) (string, bool)
	}{
		{festival.FromCountry, "countries", v.Countries, locale.CountryCode},
		{festival.InLanguage, "languages", v.Languages, locale.LanguageCode},
		{festival.WithSubtitles, "subtitles", v.Subtitles, locale.LanguageCode},
	} {
		if x.words != "" {
			add(festival.Rule{Kind: x.kind, Codes: in.codes(x.field, x.words, x.code)})
		}
	}
	if v.FirstFilm {
		add(festival.Rule{Kind: festival.FirstFilm})
	}
	if v.Student {
		add(festival.Rule{Kind: festival.StudentFilm})
	}
	return list
}

// length reads minutes, or minutes and seconds as 12:30.
func (in *reader) length(name string) int {
	whole, part, _ := strings.Cut(in.figure(name), ":")
	seconds := in.numberOf(name, whole) * 60
	if part != "" {
		seconds += in.numberOf(name, part)
	}
	if seconds < 1 || seconds > 24*60*60 {
		in.wrong(name, problem.Field(name, "form.length", "Write a length between 1 second and 24 hours, in minutes."))
	}
	return seconds
}

// codes reads names of countries or languages with commas between them.
func (in *reader) codes(name, words string, code func(string) (string, bool)) []string {
	var codes []string
	for word := range strings.SplitSeq(words, ",") {
		word = strings.TrimSpace(word)
		if word == "" {
			continue
		}
		c, ok := code(word)
		if !ok {
			in.wrong(name, problem.Field(name, "form.unknown-place", "Laurel does not know “{{.Word}}”. Check the spelling.", "Word", word))
		}
		codes = append(codes, c)
	}
	return codes
}

// ladder reads the rungs; a row without a name and an instant is left out.
func (in *reader) ladder(zone *time.Location) ([]festival.Deadline, []pages.RungRow) {
	var list []festival.Deadline
	var rows []pages.RungRow
	for i, name := range in.r.PostForm["rung"] {
		row := pages.RungRow{
			Name: strings.TrimSpace(name), ClosesAt: at(in.r, "closes_at", i), Fee: at(in.r, "fee", i),
			Currency: strings.ToUpper(at(in.r, "currency", i)),
		}
		rows = append(rows, row)
		if row.Name == "" && row.ClosesAt == "" {
			continue
		}
		if row.Currency == "" {
			row.Currency = "EUR"
		}
		if row.Fee == "" {
			row.Fee = "0"
		}
		fee, err := money.Parse(locale.ASCII(row.Fee), row.Currency)
		in.wrong("fee", err)
		list = append(list, festival.Deadline{
			Name: row.Name, ClosesAt: in.instantOf("closes_at", row.ClosesAt, zone), FeeMinor: fee.Minor, FeeCurrency: row.Currency,
		})
	}
	return list, rows
}
