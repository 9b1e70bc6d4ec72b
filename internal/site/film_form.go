package site

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) filmRoutes() []route {
	return []route{
		{"GET", "/my/works/{work}/form/{part}", signedIn, s.showPart},
		{"POST", "/my/works/{work}/form/{part}", signedIn, s.saveFilmPart},
		{"GET", "/my/works/{work}/files", signedIn, s.showFiles},
		{"GET", "/my/works/{work}/files/state", signedIn, s.showFilesState},
		{"POST", "/my/works/{work}/files", signedIn, s.changeFiles},
		{"POST", "/my/works/{work}/files/{role}", signedIn, s.uploadFile},
	}
}

// formParts are the sections that have a page of their own; the last step is
// the page of the files.
var formParts = entry.FilmParts[:slices.Index(entry.FilmParts, entry.Screener)]

// filmPartOf is the part of the path.
func filmPartOf(r *http.Request) (entry.Part, error) {
	part := entry.Part(r.PathValue("part"))
	if !part.Known() {
		return "", problem.Missing()
	}
	return part, nil
}

func (s *Site) showPart(w http.ResponseWriter, r *http.Request) error {
	part, err := filmPartOf(r)
	if err != nil {
		return err
	}
	work, err := s.work(r)
	if err != nil {
		return err
	}
	if !slices.Contains(formParts, part) {
		return to(w, r, workURL(work)+"/files")
	}
	return s.partPage(w, r, http.StatusOK, work, part, func(v *pages.FilmForm) {
		v.Just, v.Add = r.URL.Query().Get("saved") != "", r.URL.Query().Get("add")
	})
}

// saveFilmPart saves one section. A button of a row moves the row, takes it away
// or adds one, and saves too.
func (s *Site) saveFilmPart(w http.ResponseWriter, r *http.Request) error {
	part, err := filmPartOf(r)
	if err != nil {
		return err
	}
	work, err := s.work(r)
	if err != nil {
		return err
	}
	reader := filmReader{r.Context(), typedSheet(r), components.Errors{}}
	film, then := reader.read(part), nextStep(r, work, part, reader)
	if part == entry.Words {
		if _, err := tongueOf(r); err != nil {
			return err
		}
		film, then = reader.texts(r, work, then)
	}
	for field, say := range entry.Vet(film, s.now()) {
		reader.wrong(textField(r, film, field), &problem.Problem{Say: say})
	}
	if reader.errors.Any() {
		return s.partRefused(w, r, work, part, reader.sheet, reader.errors, http.StatusUnprocessableEntity, nil)
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		_, err := entry.Save(ctx, tx, actor(r).ID, work.Code, part, text(r, "mark"), film, keptTheirs(r)...)
		return then, err
	})
	if errs, status, ok := s.refused(r, err); ok {
		conflict, _ := errors.AsType[*entry.Conflict](err)
		return s.partRefused(w, r, work, part, reader.sheet, errs, status, conflict)
	}
	return err
}

// partRefused shows the section again with what was typed. After a conflict it
// also shows what stands there now, and carries the mark of that, so that
// saving again is a choice between two texts that have been seen.
func (s *Site) partRefused(w http.ResponseWriter, r *http.Request, work entry.Work, part entry.Part, sheet pages.FilmSheet, errs components.Errors, status int, conflict *entry.Conflict) error {
	change := func(v *pages.FilmForm) {
		v.Sheet, v.Errors, v.Mark = sheet, errs, text(r, "mark")
		if conflict == nil {
			return
		}
		v.Conflict, v.Mark = contested(r.Context(), conflict), conflict.Mark()
		mine := writtenSheet(r.Context(), conflict.Mine)
		if part == entry.Words {
			openLanguage(r.URL.Query().Get("in"), conflict.Mine, mine)
		}
		v.Sheet = mine
	}
	if !slices.Contains(formParts, part) {
		return s.filesPage(w, r, status, work, change)
	}
	return s.partPage(w, r, status, work, part, change)
}

// nextStep is where the reader goes on after saving: where a row was added, to
// that row; else to the next section, or back to this one.
func nextStep(r *http.Request, work entry.Work, part entry.Part, reader filmReader) string {
	page := workURL(work) + "/form/" + string(part)
	if !slices.Contains(formParts, part) {
		return workURL(work) + "/files?saved=" + string(part)
	}
	list, add := strings.CutPrefix(text(r, "do"), "add:")
	switch {
	case add && filmLists[list] != nil:
		return page + "?saved=1&add=" + list + "#" + pages.RowName(list, reader.sheet.Rows(list), filmLists[list][0])
	case text(r, "do") == "next":
		return nextURL(work, part)
	}
	return page + "?saved=1"
}

// nextURL is the address of the section after a part.
func nextURL(work entry.Work, part entry.Part) string {
	if at := slices.Index(formParts, part) + 1; at < len(formParts) {
		return workURL(work) + "/form/" + string(formParts[at])
	}
	return workURL(work) + "/files"
}

// partPage shows a section as it is saved, with the changes that the answer to
// a sent form makes to it.
func (s *Site) partPage(w http.ResponseWriter, r *http.Request, status int, work entry.Work, part entry.Part, change func(*pages.FilmForm)) error {
	ctx := r.Context()
	v, err := s.formOf(r, work, part)
	if err != nil {
		return err
	}
	v.Mark = part.Mark(work.Film)
	switch part {
	case entry.Words:
		if err := openTexts(r, work, &v); err != nil {
			return err
		}
	case entry.Showings:
		if v.Premieres, err = s.premieres(r, work); err != nil {
			return err
		}
	case entry.TheFilm:
		v.Length = entry.ClassName(ctx, work.Film.Class())
	}
	change(&v)
	fillNames(ctx, part, &v)
	v.Choices = filmChoices(ctx, part, v.Sheet)
	f := s.filmmakerFrame(r, v.Heading)
	f.Bare, f.Bad = true, v.Errors.Any()
	return s.page(w, r, status, pages.FilmFormPage(f, v))
}

// fillNames gives a section the names to choose from, where it asks for any.
func fillNames(ctx context.Context, part entry.Part, v *pages.FilmForm) {
	switch part {
	case entry.TheFilm, entry.Words, entry.Tongues:
		for _, one := range locale.Languages(ctx) {
			v.Tongues = append(v.Tongues, one.Name)
		}
	case entry.Companies, entry.Places, entry.Showings:
		for _, one := range locale.Countries(ctx) {
			v.Places = append(v.Places, one.Name)
		}
	}
}

// formOf is what every section shows of a work.
func (s *Site) formOf(r *http.Request, work entry.Work, part entry.Part) (pages.FilmForm, error) {
	ctx, film := r.Context(), work.Film
	files, err := entry.Expected(ctx, s.db, []entry.WorkID{work.ID})
	if err != nil {
		return pages.FilmForm{}, err
	}
	found, err := s.findings(r, work, files[work.ID])
	if err != nil {
		return pages.FilmForm{}, err
	}
	v := pages.FilmForm{
		Work: workURL(work), Heading: film.MainTitle(), HeadingIn: film.MainTitleIn(), Other: film.OtherTitle(), OtherIn: film.LanguageOriginal,
		Part: string(part), Name: entry.PartName(ctx, part), Lede: partLede(ctx, part), Steps: len(formParts) + 1,
		Step: min(slices.Index(entry.FilmParts, part), len(formParts)) + 1, Sheet: writtenSheet(ctx, film), Next: nextURL(work, part),
		Saved:  locale.T(ctx, "entry.saved", "Saved on {{.When}}", "When", stamp(ctx, work.UpdatedAt, actor(r).Zone)),
		Broken: broken(found), Sections: filmSections(ctx, work, files[work.ID], found, part),
	}
	if v.Heading == "" {
		v.Heading = locale.T(ctx, "entries.untitled", "A film without a title")
	}
	if err := work.Level.Refuse(entry.LevelEdit); err != nil {
		v.Locked = locale.Say(ctx, problem.Of(err).Say)
	}
	return v, nil
}

// findings are what a film lacks whatever the category, what breaks a rule of
// a category that it is entered in and may still be changed for, and what does
// not agree with itself. Each sentence is said once.
func (s *Site) findings(r *http.Request, work entry.Work, files []entry.File) ([]entry.Finding, error) {
	ctx := r.Context()
	all, err := entry.MineOf(ctx, s.db, actor(r).ID)
	if err != nil {
		return nil, err
	}
	var found []entry.Finding
	for _, m := range all {
		if m.WorkID == work.ID && m.MayChange() == nil {
			found = append(found, entry.Check(ctx, work.Film, files, m.Category)...)
		}
	}
	if len(found) == 0 {
		for _, q := range entry.Questions(ctx, work.Film, files) {
			if !q.Answered {
				found = append(found, entry.Finding{Part: q.Part, Field: q.Field, Missing: true})
			}
		}
	}
	found = append(found, entry.Notices(ctx, work.Film, files)...)
	slices.SortStableFunc(found, func(a, b entry.Finding) int { return strings.Compare(a.Field+a.Sentence, b.Field+b.Sentence) })
	return slices.CompactFunc(found, func(a, b entry.Finding) bool {
		return a.Field == b.Field && (a.Sentence == b.Sentence || a.Missing && b.Missing)
	}), nil
}

// broken are the rules that saved answers break, by field.
func broken(found []entry.Finding) components.Errors {
	errs := components.Errors{}
	for _, f := range found {
		if !f.Missing {
			errs[f.Field] = f.Sentence
		}
	}
	return errs
}

// filmSections says of each section what is missing or wrong in it. Screener
// and stills are one: they have one page.
func filmSections(ctx context.Context, work entry.Work, files []entry.File, found []entry.Finding, current entry.Part) []pages.FilmSection {
	var list []pages.FilmSection
	for i := range len(formParts) + 1 {
		parts, name, page := []entry.Part{entry.Screener, entry.Stills}, locale.T(ctx, "part.files", "Screener and stills"), workURL(work)+"/files"
		if i < len(formParts) {
			parts, name, page = formParts[i:i+1], entry.PartName(ctx, formParts[i]), workURL(work)+"/form/"+string(formParts[i])
		}
		missing, wrong, given := 0, 0, false
		for _, f := range found {
			switch {
			case !slices.Contains(parts, f.Part):
			case f.Missing:
				missing++
			default:
				wrong++
			}
		}
		for _, part := range parts {
			given = given || answered(part, work.Film, files)
		}
		one := pages.FilmSection{URL: page, Name: name, Current: slices.Contains(parts, current)}
		one.State, one.Words = sectionState(ctx, missing, wrong, given)
		list = append(list, one)
	}
	return list
}

func sectionState(ctx context.Context, missing, wrong int, given bool) (state, words string) {
	switch {
	case wrong > 0:
		return "bad", locale.N(ctx, "entry.to-fix", wrong, "{{.Count}} to fix", "{{.Count}} to fix")
	case missing > 0:
		return "part", locale.N(ctx, "entry.missing", missing, "{{.Count}} missing", "{{.Count}} missing")
	case given:
		return "done", locale.T(ctx, "entry.complete", "complete")
	}
	return "", ""
}

// premieres says what a showing at each festival that the film is entered in
// would be, or at any while there is none.
func (s *Site) premieres(r *http.Request, work entry.Work) ([]pages.Fact, error) {
	ctx := r.Context()
	all, err := entry.MineOf(ctx, s.db, actor(r).ID)
	if err != nil {
		return nil, err
	}
	var list []pages.Fact
	for _, m := range all {
		if m.WorkID == work.ID {
			_, why := entry.PremiereIn(ctx, work.Film, m.Edition.Country)
			list = append(list, pages.Fact{Label: m.Edition.FestivalName, Value: why})
		}
	}
	if len(list) == 0 {
		_, why := entry.PremiereIn(ctx, work.Film, "")
		list = []pages.Fact{{Value: why}}
	}
	slices.SortFunc(list, func(a, b pages.Fact) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	return slices.Compact(list), nil
}

// partLede says what a section is for, where its name does not.
func partLede(ctx context.Context, part entry.Part) string {
	switch part {
	case entry.People:
		return locale.T(ctx, "people.lede-form", "Name every director: all of them appear as equals. For each person you say how to be credited, and a working name is as good as any.")
	case entry.Places:
		return locale.T(ctx, "countries.lede", "All countries whose producers share the film, the one with the largest part first.")
	case entry.Showings:
		return locale.T(ctx, "showings.lede-form", "What a showing at a festival would be, such as a world premiere, follows from this list. Showings for the press and at markets do not count.")
	case entry.Tongues:
		return locale.T(ctx, "languages.lede", "What is spoken or signed in the film, and what can be read.")
	}
	return ""
}
