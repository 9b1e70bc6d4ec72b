package site

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) newEntry(w http.ResponseWriter, r *http.Request) error {
	return s.startPage(w, r, http.StatusOK, pages.FilmmakerStart{Chosen: r.URL.Query().Get("category"), Work: r.URL.Query().Get("work"), Code: r.URL.Query().Get("code")})
}

func (s *Site) startPage(w http.ResponseWriter, r *http.Request, status int, v pages.FilmmakerStart) error {
	ctx := r.Context()
	if v.Code != "" && status == http.StatusOK {
		if err := s.slow(w, r, ""); err != nil {
			return err
		}
	}
	calls, err := s.openCalls(ctx, actor(r).ID, v.Code)
	if err != nil {
		return err
	}
	works, err := entry.Of(ctx, s.db, actor(r).ID)
	if err != nil {
		return err
	}
	for _, c := range calls {
		v.Calls = append(v.Calls, s.callWords(ctx, c, actor(r).Zone))
	}
	if len(calls) == 1 && len(v.Calls[0].Categories) == 1 && v.Chosen == "" {
		v.Chosen = v.Calls[0].Categories[0].Value
	}
	v.Works = []components.Option{{Label: locale.T(ctx, "start.new", "A new film")}}
	for _, one := range works {
		if !one.Level.May(entry.LevelSubmit) {
			continue
		}
		title := one.Film.MainTitle()
		if title == "" {
			title = locale.T(ctx, "entries.untitled", "A film without a title")
		}
		v.Works = append(v.Works, components.Option{Value: one.Code, Label: title, Hint: locale.T(ctx, "start.changed", "Last changed on {{.Day}}", "Day", locale.Date(ctx, one.UpdatedAt))})
	}
	f := s.filmmakerFrame(r, locale.T(ctx, "entry.new", "Enter a film"))
	f.Bad = v.Errors.Any() || v.Alone.Error != ""
	return s.page(w, r, status, pages.FilmmakerStartPage(f, v))
}

// A call is an edition that takes entries, and in which categories.
type call struct {
	edition    festival.Edition
	categories []festival.Category
	told       map[festival.CategoryID]time.Time // until when they take a film that the festival was told of
}

// openCalls are the editions that take entries now of this maker, with this code
// of a festival; an empty one is none.
func (s *Site) openCalls(ctx context.Context, maker account.ID, code string) ([]call, error) {
	late, err := entry.LateCategories(ctx, s.db, code)
	if err != nil {
		return nil, err
	}
	told, err := entry.Told(ctx, s.db, maker)
	if err != nil {
		return nil, err
	}
	editions, err := festival.PublicEditions(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var calls []call
	for _, e := range editions {
		if e.PhaseAt(s.now()) != festival.Open && len(late)+len(told) == 0 {
			continue
		}
		all, err := festival.Categories(ctx, s.db, e.ID)
		if err != nil {
			return nil, err
		}
		c := call{edition: e, told: told}
		for _, one := range all {
			_, called := told[one.ID]
			if one.RungAt(s.now()) != nil || one.Last() != nil && (called || slices.Contains(late, one.ID)) {
				c.categories = append(c.categories, one)
			}
		}
		if len(c.categories) > 0 {
			calls = append(calls, c)
		}
	}
	return calls, nil
}

func (s *Site) callWords(ctx context.Context, c call, zone string) pages.FilmmakerCall {
	v := pages.FilmmakerCall{Festival: c.edition.FestivalName, Edition: c.edition.Name, URL: c.edition.Path()}
	for _, one := range c.categories {
		var rules []string
		for _, rule := range one.Rules {
			rules = append(rules, entry.RuleWords(ctx, rule))
		}
		words := pages.FilmmakerCategory{
			Value: c.edition.FestivalSlug + "/" + c.edition.Slug + "/" + one.Slug, Name: one.Name, Description: one.Description,
			Due: due(ctx, c.edition, one, zone, s.now()),
		}
		if until, called := c.told[one.ID]; called && words.Due.Left == "" {
			words.Told = locale.T(ctx, "start.told", "closed; until {{.When}} it takes a film of yours whose fingerprint the festival noted in time", "When", locale.DateTime(ctx, until, c.edition.Location(), c.edition.City))
		}
		if len(rules) > 0 {
			words.Rules = locale.T(ctx, "start.rules", "For films: {{.Rules}}.", "Rules", strings.Join(rules, locale.T(ctx, "figure.semicolon", "; ")))
		}
		if fee := cmp.Or(one.RungAt(s.now()), one.Last()).Fee(); !fee.IsZero() {
			words.Fee = fee.Format(ctx)
		}
		v.Categories = append(v.Categories, words)
	}
	return v
}

// startEntry makes a draft, of a work that is there or of a new one.
func (s *Site) startEntry(w http.ResponseWriter, r *http.Request) error {
	v := pages.FilmmakerStart{Chosen: text(r, "category"), Work: text(r, "work"), Title: text(r, "title"), Code: text(r, "code")}
	if v.Code != "" {
		if err := s.slow(w, r, ""); err != nil {
			return err
		}
	}
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		category, err := categoryNamed(ctx, tx, v.Chosen)
		if err != nil {
			return "", err
		}
		work := v.Work
		if work == "" {
			made, err := entry.Create(ctx, tx, actor(r).ID, entry.Film{Title: v.Title})
			if err != nil {
				return "", err
			}
			work = made.Code
		}
		e, err := entry.StartWith(ctx, tx, actor(r).ID, work, category, v.Code)
		return "/my/entries/" + e.Code, err
	})
	if errs, status, ok := s.refused(r, err); ok {
		if sentence := errs[""]; sentence != "" {
			errs = components.Errors{"category": sentence}
		}
		v.Errors = errs
		return s.startPage(w, r, status, v)
	}
	return err
}

// beginWork makes a work that is entered nowhere yet.
func (s *Site) beginWork(w http.ResponseWriter, r *http.Request) error {
	title := text(r, "title")
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		work, err := entry.Create(ctx, tx, actor(r).ID, entry.Film{Title: title})
		return workURL(work), err
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.startPage(w, r, status, pages.FilmmakerStart{Alone: pages.FilmmakerFilm{Title: title, Error: cmp.Or(errs["title"], errs[""])}})
	}
	return err
}

// categoryNamed finds a category by the slugs of its address, as the form and
// the links of a call carry them.
func categoryNamed(ctx context.Context, tx pgx.Tx, name string) (festival.CategoryID, error) {
	slugs := strings.Split(name, "/")
	if len(slugs) != 3 {
		return 0, problem.Field("category", "start.no-category", "Choose a category.")
	}
	e, err := festival.EditionAt(ctx, tx, slugs[0], slugs[1])
	if err != nil {
		return 0, err
	}
	c, err := festival.CategoryAt(ctx, tx, e.ID, slugs[2])
	return c.ID, err
}
