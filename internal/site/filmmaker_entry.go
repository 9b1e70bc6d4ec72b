package site

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/web/components"
	"laurel/web/pages"
)

// mine is the entry of the path, if it is the reader's own.
func (s *Site) mine(r *http.Request) (entry.Mine, error) {
	return entry.MineBy(r.Context(), s.db, actor(r).ID, r.PathValue("entry"))
}

// changeable is mine, as long as it can be changed.
func (s *Site) changeable(r *http.Request) (entry.Mine, error) {
	m, err := s.mine(r)
	if err != nil {
		return entry.Mine{}, err
	}
	return m, m.MayChange()
}

// addRow gives the form one more empty row.
func addRow(f *pages.FilmForm, what string) {
	switch what {
	case "director":
		f.Credits = append(f.Credits, pages.CreditForm{Role: string(entry.Director)})
	case "person":
		f.Credits = append(f.Credits, pages.CreditForm{Role: string(entry.Writer)})
	case "country":
		f.Countries = append(f.Countries, "")
	case "screening":
		f.Screenings = append(f.Screenings, pages.ScreeningForm{})
	case "award":
		f.Awards = append(f.Awards, pages.PrizeForm{})
	}
}

// entryPage shows the form of an entry as it is saved, with the changes that
// the answer to a sent form makes to it.
func (s *Site) entryPage(w http.ResponseWriter, r *http.Request, status int, m entry.Mine, change func(*pages.FilmmakerEntry)) error {
	ctx := r.Context()
	v := entryForm(ctx, m, actor(r).Zone)
	change(&v)
	withFirstRows(&v.Film)
	v.Choices = technicalChoices(ctx, v.Film)
	f := s.makerFrame(r, m, pages.FilmmakerHeading(v, locale.T(ctx, "entry.new", "Enter a film")))
	f.Bare, f.Bad = true, v.Errors.Any()
	return s.page(w, r, status, pages.FilmmakerEntryPage(f, v))
}

// makerFrame surrounds a page about one entry with its festival's name.
func (s *Site) makerFrame(r *http.Request, m entry.Mine, title string) components.Frame {
	f := s.filmmakerFrame(r, title)
	f.Brand = components.Brand{Name: m.Edition.FestivalName, Sub: m.Edition.Name, URL: m.Edition.Path()}
	return f
}

// withFirstRows shows an empty row where a list has none and needs one.
func withFirstRows(f *pages.FilmForm) {
	if !slices.ContainsFunc(f.Credits, func(c pages.CreditForm) bool { return c.Role == string(entry.Director) }) {
		f.Credits = append([]pages.CreditForm{{Role: string(entry.Director)}}, f.Credits...)
	}
	if len(f.Countries) == 0 {
		f.Countries = []string{""}
	}
}

func entryForm(ctx context.Context, m entry.Mine, zone string) pages.FilmmakerEntry {
	film := m.Work.Film
	v := pages.FilmmakerEntry{
		Code: m.Code, Label: m.Label(), Category: m.Category.Name, Title: film.MainTitle(), Other: film.OtherTitle(), OtherIn: film.LanguageOriginal,
		Due: due(ctx, m.Edition, m.Category, zone, m.Now), Sent: m.State != entry.Draft,
		Saved: locale.T(ctx, "entry.saved", "Saved on {{.When}}", "When", stamp(ctx, m.Work.UpdatedAt, zone)),
		Film:  written(ctx, film), Marks: map[string]string{},
		Forms: formOptions(ctx), Roles: roleOptions(ctx), Shown: shownOptions(ctx), Kinds: premiereOptions(ctx),
		Stills: stills(ctx, m.Files), Screener: screener(ctx, m.Files),
		MaxFilm: locale.Size(ctx, media.MaxScreener), MaxStill: locale.Size(ctx, media.MaxStill),
	}
	for _, part := range entry.FilmParts {
		v.Marks[string(part)] = part.Mark(film)
	}
	for _, place := range locale.Countries(ctx) {
		v.Places = append(v.Places, place.Name)
	}
	found := m.Check(ctx)
	v.Broken = broken(found)
	v.Sections = sections(ctx, m, found)
	for _, q := range entry.Questions(ctx, film, m.Files) {
		v.Asked++
		if q.Answered {
			v.Answered++
		}
	}
	if n := len(v.Broken); n > 0 {
		v.ToFix = locale.N(ctx, "entry.to-fix", n, "{{.Count}} to fix", "{{.Count}} to fix")
	}
	return v
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

// sections says of each section what is missing or wrong in it.
func sections(ctx context.Context, m entry.Mine, found []entry.Finding) []pages.FilmmakerSection {
	var list []pages.FilmmakerSection
	for _, part := range entry.Parts {
		missing, wrong := 0, 0
		for _, f := range found {
			switch {
			case f.Part != part:
			case f.Missing:
				missing++
			default:
				wrong++
			}
		}
		s := pages.FilmmakerSection{ID: string(part), Name: entry.PartName(ctx, part)}
		switch {
		case wrong > 0:
			s.State, s.Words = "bad", locale.N(ctx, "entry.to-fix", wrong, "{{.Count}} to fix", "{{.Count}} to fix")
		case missing > 0:
			s.State, s.Words = "part", locale.N(ctx, "entry.missing", missing, "{{.Count}} missing", "{{.Count}} missing")
		case begun(part, m):
			s.State, s.Words = "done", locale.T(ctx, "entry.complete", "complete")
		}
		list = append(list, s)
	}
	return list
}

// begun says whether a section in which nothing is missing has an answer.
func begun(part entry.Part, m entry.Mine) bool {
	switch part {
	case entry.Publication:
		return len(m.Consents) > 0
	case entry.Technical:
		return part.Mark(m.Work.Film) != part.Mark(entry.Film{})
	case entry.TheFilm, entry.People, entry.Places, entry.Showings, entry.Screener, entry.Stills:
	}
	return true
}

func countWords(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return locale.N(ctx, "stills.count", n, "{{.Count}} still", "{{.Count}} stills")
}

func consentWords(ctx context.Context, items []entry.Item) string {
	var names []string
	for _, item := range entry.Items {
		if slices.Contains(items, item) {
			names = append(names, entry.ItemName(ctx, item))
		}
	}
	if len(names) == 0 {
		return locale.T(ctx, "receipt.no-consent", "Nothing")
	}
	return locale.List(ctx, names)
}

func consents(ctx context.Context, given []entry.Item) []pages.FilmmakerConsent {
	hints := map[entry.Item]string{
		entry.PublishFilm:      locale.T(ctx, "consent.film-hint", "Its titles, length, year and languages. Without this tick nothing of the film is public."),
		entry.PublishNames:     locale.T(ctx, "consent.names-hint", "Directors and everybody else. Without it the page says “Name withheld at the filmmakers’ request”."),
		entry.PublishCountries: locale.T(ctx, "consent.countries-hint", "Where the producers are, never where you filmed."),
		entry.PublishSynopsis:  locale.T(ctx, "consent.synopsis-hint", "And the sentence about the film."),
		entry.PublishStills:    locale.T(ctx, "consent.stills-hint", "On this site and for printing."),
	}
	var list []pages.FilmmakerConsent
	for _, item := range entry.Items {
		list = append(list, pages.FilmmakerConsent{
			Item: string(item), Label: entry.ItemName(ctx, item), Hint: hints[item], On: slices.Contains(given, item),
		})
	}
	return list
}

// stills are the pictures among files, in order.
func stills(ctx context.Context, files []entry.File) []pages.FilmmakerFile {
	var list []pages.FilmmakerFile
	for _, f := range files {
		if f.Role != entry.StillFile {
			continue
		}
		one := pages.FilmmakerFile{
			Code: f.Code, State: string(f.State), First: len(list) == 0,
			Name: locale.T(ctx, "stills.n", "Still {{.N}}", "N", locale.Number(ctx, len(list)+1)), Words: fileWords(ctx, f),
		}
		list = append(list, one)
	}
	return list
}

// screener is the film among files, or nil.
func screener(ctx context.Context, files []entry.File) *pages.FilmmakerFile {
	for _, f := range files {
		if f.Role == entry.ScreenerFile {
			return &pages.FilmmakerFile{Code: f.Code, State: string(f.State), Words: fileWords(ctx, f), Playable: f.State == media.Ready}
		}
	}
	return nil
}

// fileWords says what a file is, or what is the matter with it.
func fileWords(ctx context.Context, f entry.File) string {
	switch {
	case f.State == media.Refused:
		return locale.Say(ctx, media.Why(f.Refusal))
	case f.Role == entry.StillFile && f.Width != nil && f.Height != nil:
		return strconv.Itoa(*f.Width) + " × " + strconv.Itoa(*f.Height)
	case f.State == media.Checking:
		return locale.T(ctx, "file.checking", "{{.Size}}. We make the copy that jurors watch. You can go on meanwhile.", "Size", locale.Size(ctx, f.Size))
	case f.Seconds != nil:
		return locale.T(ctx, "file.ready", "{{.Length}}, {{.Size}}", "Length", entry.Length(ctx, *f.Seconds), "Size", locale.Size(ctx, f.Size))
	}
	return locale.Size(ctx, f.Size)
}

func formOptions(ctx context.Context) []components.Option {
	list := []components.Option{{Label: locale.T(ctx, "choice.choose", "Choose")}}
	for _, f := range entry.Forms {
		list = append(list, components.Option{Value: string(f), Label: entry.FormName(ctx, f)})
	}
	return list
}

func roleOptions(ctx context.Context) []components.Option {
	var list []components.Option
	for _, r := range entry.Roles {
		if r != entry.Director {
			list = append(list, components.Option{Value: string(r), Label: entry.RoleName(ctx, r)})
		}
	}
	return list
}

func shownOptions(ctx context.Context) []components.Option {
	hints := map[entry.Shown]string{
		entry.ShownInPublic: locale.T(ctx, "shown.public-hint", "Name them below."),
		entry.ShownOnline:   locale.T(ctx, "shown.online-hint", "Say where below, and since when."),
	}
	var list []components.Option
	for _, s := range []entry.Shown{entry.NotShown, entry.ShownInPublic, entry.ShownOnline} {
		list = append(list, components.Option{Value: string(s), Label: entry.ShownName(ctx, s), Hint: hints[s]})
	}
	return list
}

func premiereOptions(ctx context.Context) []components.Option {
	list := []components.Option{{Label: locale.T(ctx, "choice.not-said", "Not said")}}
	for _, kind := range entry.Premieres {
		list = append(list, components.Option{Value: kind, Label: entry.AnnouncedName(ctx, kind)})
	}
	return list
}

// technicalChoices are the usual answers, and the one that stands there.
func technicalChoices(ctx context.Context, f pages.FilmForm) map[string][]components.Option {
	usual := func(now string, values ...string) []components.Option {
		list := []components.Option{{Label: locale.T(ctx, "choice.not-said", "Not said")}}
		if now != "" && !slices.Contains(values, now) {
			values = append(values, now)
		}
		for _, value := range values {
			list = append(list, components.Option{Value: value, Label: value})
		}
		return list
	}
	return map[string][]components.Option{
		"aspectRatio": usual(f.AspectRatio, "1.33 : 1", "1.37 : 1", "1.66 : 1", "1.78 : 1", "1.85 : 1", "2.00 : 1", "2.39 : 1"),
		"frameRate":   usual(f.FrameRate, "23.976", "24", "25", "29.97", "30", "48", "50", "60"),
		"sound":       usual(f.Sound, "Mono", "Stereo", "5.1", "7.1", "Atmos", "Silent"),
		"colour":      usual(f.Colour, "Colour", "Black and white", "Both"),
	}
}
