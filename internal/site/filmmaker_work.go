package site

import (
	"context"
	"net/http"
	"slices"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) workRoutes() []route {
	return []route{
		{"POST", "/my/works", signedIn, s.beginWork},
		{"GET", "/my/works/{work}", signedIn, s.showWork},
		{"GET", "/my/works/{work}/makers", signedIn, s.showMakers},
		{"POST", "/my/works/{work}/makers", signedIn, s.saveMakers},
		{"GET", "/my/works/{work}/versions", signedIn, s.showVersions},
		{"POST", "/my/works/{work}/versions", signedIn, s.restoreVersion},
		{"GET", "/join/{token}", public, s.showJoin},
		{"POST", "/join/{token}", signedIn, s.join},
	}
}

// work is the work of the path, if the reader makes it.
func (s *Site) work(r *http.Request) (entry.Work, error) {
	return entry.WorkBy(r.Context(), s.db, actor(r).ID, r.PathValue("work"))
}

// showWork is the overview of a work.
func (s *Site) showWork(w http.ResponseWriter, r *http.Request) error {
	work, err := s.work(r)
	if err != nil {
		return err
	}
	ctx, zone := r.Context(), actor(r).Zone
	files, err := entry.Expected(ctx, s.db, []entry.WorkID{work.ID})
	if err != nil {
		return err
	}
	entries, err := s.entriesOf(r, work)
	if err != nil {
		return err
	}
	calls, err := s.openCalls(ctx, actor(r).ID, "")
	if err != nil {
		return err
	}
	film := work.Film
	v := pages.FilmmakerWork{
		Code: work.Code, Title: film.MainTitle(), TitleIn: film.MainTitleIn(), Other: film.OtherTitle(), OtherIn: film.LanguageOriginal, May: mayWords(ctx, work.Level),
		Saved:   locale.T(ctx, "entry.saved", "Saved on {{.When}}", "When", stamp(ctx, work.UpdatedAt, zone)),
		Entries: entries, Enter: len(calls) > 0 && work.Level.May(entry.LevelSubmit), Sections: workSections(ctx, work, files[work.ID]),
	}
	for _, q := range entry.Questions(ctx, film, files[work.ID]) {
		v.Asked++
		if q.Answered {
			v.Answered++
		}
	}
	if v.Lines, err = s.workLines(r, work); err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, pages.FilmmakerWorkPage(s.workFrame(r, work), v))
}

// workFrame surrounds a page about one work.
func (s *Site) workFrame(r *http.Request, work entry.Work) components.Frame {
	title := work.Film.MainTitle()
	if title == "" {
		title = locale.T(r.Context(), "entries.untitled", "A film without a title")
	}
	return s.filmmakerFrame(r, title)
}

// entriesOf are the entries of one of the reader's works, the newest first.
func (s *Site) entriesOf(r *http.Request, work entry.Work) ([]pages.FilmmakerWorkEntry, error) {
	ctx := r.Context()
	all, err := entry.MineOf(ctx, s.db, actor(r).ID)
	if err != nil {
		return nil, err
	}
	var list []pages.FilmmakerWorkEntry
	for _, m := range all {
		if m.WorkID != work.ID {
			continue
		}
		one := pages.FilmmakerWorkEntry{
			Code: m.Code, Label: m.Label(), Category: m.Category.Name, Edition: joined(ctx, m.Edition.FestivalName, m.Edition.Name), Unsent: m.Unsent(),
		}
		one.Tag, one.State = stateTag(ctx, m, m.Check(ctx))
		list = append(list, one)
	}
	return list, nil
}

// workSections are the sections of a work, with what is missing in each
// whatever the category.
func workSections(ctx context.Context, work entry.Work, files []entry.File) []pages.Line {
	found := entry.Check(ctx, work.Film, files, festival.Category{})
	var list []pages.Line
	for _, part := range entry.FilmParts {
		l := pages.Line{Name: entry.PartName(ctx, part), URL: sectionURL(work, part)}
		missing := 0
		for _, f := range found {
			if f.Part == part {
				missing++
			}
		}
		switch {
		case missing > 0:
			l.Kind, l.Words = "warnc", locale.N(ctx, "entry.missing", missing, "{{.Count}} missing", "{{.Count}} missing")
		case answered(part, work.Film, files):
			l.Words = locale.T(ctx, "entry.complete", "complete")
		default:
			l.Words = locale.T(ctx, "work.empty", "nothing yet, and nothing has to be")
		}
		list = append(list, l)
	}
	return list
}

// answered says whether a section has any answer.
func answered(part entry.Part, f entry.Film, files []entry.File) bool {
	role := map[entry.Part]entry.FileRole{entry.Screener: entry.ScreenerFile, entry.Stills: entry.StillFile}[part]
	return part.Mark(f) != part.Mark(entry.Film{}) || role != "" && slices.ContainsFunc(files, func(f entry.File) bool { return f.Role == role })
}

// workLines are the ways on from the overview of a work.
func (s *Site) workLines(r *http.Request, work entry.Work) ([]pages.Line, error) {
	ctx, page := r.Context(), workURL(work)
	makers, err := entry.Makers(ctx, s.db, actor(r).ID, work.Code)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range makers {
		names = append(names, m.Name)
	}
	list := []pages.Line{
		{Name: locale.T(ctx, "makers.title", "Who makes this work"), Words: locale.List(ctx, names), URL: page + "/makers"},
		{Name: locale.T(ctx, "versions.title", "Versions"), Words: locale.T(ctx, "line.versions", "Every text that was saved, and by whom."), URL: page + "/versions"},
		{Name: locale.T(ctx, "passport.take", "Take it along"), Words: locale.T(ctx, "passport.take-words", "One document with everything written here, links and passwords too. It can be brought in elsewhere."), URL: page + "/passport"},
	}
	kept, err := entry.KeptWork(ctx, s.db, work)
	if err != nil {
		return nil, err
	}
	if kept.Data != nil {
		l := pages.Line{Name: locale.T(ctx, "line.kept", "How long it is kept"), URL: sectionURL(work, formParts[0]),
			Words: locale.T(ctx, "line.kept-work", "It is entered nowhere and will be deleted on {{.Day}}, unless you change something before.", "Day", stamp(ctx, *kept.Data, actor(r).Zone))}
		if kept.Idle {
			l.Kind = "warnc"
		}
		list = append(list, l)
	}
	if work.Level == entry.LevelOwner {
		list = append(list, pages.Line{Name: locale.T(ctx, "line.erase", "Erase this work"), Words: locale.T(ctx, "line.erase-words", "From here and from every festival, for good."), URL: page + "/erasure"})
	}
	return list, nil
}

// mayWords says what a collaborator may do; nothing for the owner.
func mayWords(ctx context.Context, l entry.Level) string {
	switch l {
	case entry.LevelView:
		return locale.T(ctx, "level.view", "May read it")
	case entry.LevelEdit:
		return locale.T(ctx, "level.edit", "May read and change it")
	case entry.LevelSubmit:
		return locale.T(ctx, "level.submit", "May read and change it, enter, send and withdraw it, and say what may be public")
	case entry.LevelOwner:
	}
	return ""
}
