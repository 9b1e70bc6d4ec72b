package site

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/internal/upload"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) showOverview(w http.ResponseWriter, r *http.Request) error {
	return s.overviewPage(w, r, http.StatusOK, nil)
}

func (s *Site) overviewPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	lines, err := report.Overview(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	counts, err := report.EntryCounts(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	days, err := report.Arrivals(ctx, s.db, e.ID, e.Zone, 60)
	if err != nil {
		return err
	}
	categories, err := festival.Categories(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	v := overview(ctx, e, lines, counts, s.now())
	v.Days = arrivalBars(ctx, days, e.Location(), s.now())
	v.Errors = errs
	if p := problem.Of(e.MayOpen(categories, s.now())); p != nil && e.CallOpenedAt == nil {
		v.OpenRefusal = locale.Say(ctx, p.Say)
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "rail.overview", "Overview"), "overview")
	return s.page(w, r, status, pages.OverviewPage(f, v))
}

func overview(ctx context.Context, e festival.Edition, lines []report.CategoryLine, counts map[string]int, now time.Time) pages.Overview {
	v := pages.Overview{
		Desk: e.Desk(), Public: e.Path(), Name: e.Name, Phase: phaseWords(ctx, e.PhaseAt(now)),
		Draft: e.CallOpenedAt == nil, Drafts: counts["draft"], ToCheck: counts["submitted"],
	}
	for _, c := range lines {
		line := pages.OverviewCategory{
			Name: c.Name, URL: e.Desk() + "/categories/" + c.Slug, Entries: c.Entries, ToCheck: c.ToCheck,
			Given: c.Given, Done: c.Done, Decided: c.Decided, Told: c.Told,
		}
		v.Entries += c.Entries
		if c.ClosesAt != nil {
			line.Closes = locale.DateTime(ctx, *c.ClosesAt, e.Location(), "")
			if now.Before(*c.ClosesAt) {
				line.Left = locale.TimeLeft(ctx, c.ClosesAt.Sub(now))
			}
		}
		if c.Round != nil {
			line.Round, line.RoundURL = *c.RoundName, e.Desk()+"/rounds/"+*c.Round
		}
		v.Categories = append(v.Categories, line)
	}
	if e.LastDeadline != nil && now.Before(*e.LastDeadline) {
		v.Left = locale.TimeLeft(ctx, e.LastDeadline.Sub(now))
	}
	return v
}

// arrivalBars draws a bar a day; days without entries have an empty one.
func arrivalBars(ctx context.Context, days []report.Day, zone *time.Location, now time.Time) []pages.DayBar {
	if len(days) == 0 {
		return nil
	}
	most, at := 0, map[string]int{}
	for _, d := range days {
		most, at[d.Day.Format(time.DateOnly)] = max(most, d.Count), d.Count
	}
	var bars []pages.DayBar
	last := now.In(zone)
	for day := days[0].Day; day.Format(time.DateOnly) <= last.Format(time.DateOnly); day = day.AddDate(0, 0, 1) {
		n := at[day.Format(time.DateOnly)]
		bars = append(bars, pages.DayBar{Label: locale.ShortDate(ctx, day), Count: n, Share: float64(n) / float64(most)})
	}
	return bars
}

func (s *Site) openCall(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "edition.opened", "The call is open. Filmmakers can enter now.")
		return e.Desk(), festival.OpenCall(ctx, tx, actor(r).ID, e.ID, s.now())
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.overviewPage(w, r, status, errs)
	}
	return err
}

func (s *Site) showSettings(w http.ResponseWriter, r *http.Request) error {
	return s.settingsPage(w, r, http.StatusOK, nil)
}

// settingsPage shows the call's forms; change puts back what was typed into
// the one that was refused.
func (s *Site) settingsPage(w http.ResponseWriter, r *http.Request, status int, change func(*pages.Settings)) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	call, err := festival.CallOf(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	v := pages.Settings{Desk: e.Desk(), Public: e.Path(), Edition: editionWords(e), Open: e.CallOpenedAt != nil}
	if e.HeroCode != nil {
		v.Picture = "/files/" + *e.HeroCode + "/w960"
	}
	for _, st := range call.Stages {
		v.Stages = append(v.Stages, pages.StageRow{Name: st.Name, Body: st.Body, StartsOn: dayForInput(&st.StartsOn), EndsOn: dayForInput(&st.EndsOn)})
	}
	for _, n := range call.Of(festival.Before) {
		v.Before = append(v.Before, n.Title)
	}
	for _, n := range call.Of(festival.Question) {
		v.Questions = append(v.Questions, pages.QuestionRow{Title: n.Title, Body: n.Body})
	}
	if change != nil {
		change(&v)
	}
	v.Edition.Zones, v.Edition.Countries = locale.Zones(), countryOptions(ctx)
	f := s.organizerFrame(r, e, locale.T(ctx, "rail.settings", "The call"), "settings")
	f.Bad = v.Edition.Errors.Any() || v.CallErrors.Any() || v.PictureErrors.Any()
	return s.page(w, r, status, pages.SettingsPage(f, v))
}

func editionWords(e festival.Edition) pages.EditionForm {
	return pages.EditionForm{
		Name: e.Name, Tagline: e.Tagline, Intro: e.Intro, Regulations: e.Regulations, City: e.City, Zone: e.Zone, Country: e.Country,
		StartsOn: dayForInput(&e.StartsOn), EndsOn: dayForInput(&e.EndsOn), DecisionsOn: dayForInput(e.DecisionsOn),
	}
}

func (s *Site) saveSettings(w http.ResponseWriter, r *http.Request) error {
	old, err := s.edition(r)
	if err != nil {
		return err
	}
	e, v, errs := editionForm(r)
	e.ID = old.ID
	status := http.StatusUnprocessableEntity
	if !errs.Any() {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "edition.saved", "The edition is saved.")
			return old.Desk() + "/settings", festival.SaveEdition(ctx, tx, actor(r).ID, e)
		})
		refusal, code, ok := s.refused(r, err)
		if !ok {
			return err
		}
		errs, status = refusal, code
	}
	v.Errors = errs
	return s.settingsPage(w, r, status, func(p *pages.Settings) { p.Edition = v })
}

// saveCall saves the stages, the list of things to have ready and the
// questions. Buttons that add a row send the form back with one more.
func (s *Site) saveCall(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	stages, notes, v, errs := callForm(r)
	if r.PostForm.Get("add") != "" {
		return s.settingsPage(w, r, http.StatusOK, func(p *pages.Settings) { v.put(p); addCallRow(p, r.PostForm.Get("add")) })
	}
	status := http.StatusUnprocessableEntity
	if !errs.Any() {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "call.saved", "The call is saved.")
			return e.Desk() + "/settings", festival.SaveCall(ctx, tx, actor(r).ID, e.ID, stages, notes)
		})
		refusal, code, ok := s.refused(r, err)
		if !ok {
			return err
		}
		errs, status = refusal, code
	}
	return s.settingsPage(w, r, status, func(p *pages.Settings) { v.put(p); p.CallErrors = errs })
}

type callRows struct {
	stages    []pages.StageRow
	before    []string
	questions []pages.QuestionRow
}

func (c callRows) put(p *pages.Settings) {
	p.Stages, p.Before, p.Questions = c.stages, c.before, c.questions
}

func addCallRow(p *pages.Settings, what string) {
	switch what {
	case "stage":
		p.Stages = append(p.Stages, pages.StageRow{})
	case "before":
		p.Before = append(p.Before, "")
	case "question":
		p.Questions = append(p.Questions, pages.QuestionRow{})
	}
}

// callForm reads the rows; a row without a name is left out.
func callForm(r *http.Request) ([]festival.Stage, []festival.Note, callRows, components.Errors) {
	in := newReader(r)
	var stages []festival.Stage
	var notes []festival.Note
	var rows callRows
	for i, name := range r.PostForm["stage_name"] {
		row := pages.StageRow{Name: strings.TrimSpace(name), Body: at(r, "stage_body", i), StartsOn: at(r, "stage_starts", i), EndsOn: at(r, "stage_ends", i)}
		rows.stages = append(rows.stages, row)
		if row.Name == "" {
			continue
		}
		starts, err1 := time.Parse(time.DateOnly, locale.ASCII(row.StartsOn))
		ends, err2 := time.Parse(time.DateOnly, locale.ASCII(row.EndsOn))
		if err1 != nil || err2 != nil {
			in.wrong("stage_starts", problem.Field("stage_starts", "form.stage-days", "Give each stage a first and a last day."))
		}
		stages = append(stages, festival.Stage{Name: row.Name, Body: row.Body, StartsOn: starts, EndsOn: ends})
	}
	for _, title := range r.PostForm["before"] {
		title = strings.TrimSpace(title)
		rows.before = append(rows.before, title)
		if title != "" {
			notes = append(notes, festival.Note{Kind: festival.Before, Title: title})
		}
	}
	for i, title := range r.PostForm["question"] {
		row := pages.QuestionRow{Title: strings.TrimSpace(title), Body: at(r, "answer", i)}
		rows.questions = append(rows.questions, row)
		if row.Title != "" {
			notes = append(notes, festival.Note{Kind: festival.Question, Title: row.Title, Body: row.Body})
		}
	}
	return stages, notes, rows, in.errors
}

// at is the i-th value of a field that stands in rows, or empty.
func at(r *http.Request, name string, i int) string {
	if values := r.PostForm[name]; i < len(values) {
		return strings.TrimSpace(values[i])
	}
	return ""
}

// maxPicture is the largest picture of a call, in bytes.
const maxPicture = 30 << 20

func (s *Site) savePicture(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	arrival, err := s.receivePicture(r)
	if err == nil {
		err = s.keepPicture(w, r, e, arrival)
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.settingsPage(w, r, status, func(p *pages.Settings) { p.PictureErrors = errs })
	}
	return err
}

func (s *Site) receivePicture(r *http.Request) (media.Arrival, error) {
	if err := s.roomFor(r.Context(), 0, min(likely(r), maxPicture)); err != nil {
		drain(r)
		return media.Arrival{}, err
	}
	arrival, err := s.receive(r, media.Hero, maxPicture)
	return arrival, upload.OrFull(err)
}

func (s *Site) keepPicture(w http.ResponseWriter, r *http.Request, e festival.Edition, arrival media.Arrival) error {
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if err := upload.Room(ctx, tx, s.parts, s.room, 0, arrival.Size()); err != nil {
			return "", err
		}
		owner := int64(actor(r).ID)
		file, err := arrival.Keep(ctx, tx, &owner)
		if err != nil {
			return "", err
		}
		return e.Desk() + "/settings#s-picture", festival.SetHero(ctx, tx, actor(r).ID, e.ID, int64(file.ID))
	})
	if err != nil {
		arrival.Discard(r.Context(), s.store)
	}
	return err
}
