package site

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/score"
	"laurel/internal/tally"
	"laurel/internal/thread"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) showScore(w http.ResponseWriter, r *http.Request) error {
	watch, err := score.Open(r.Context(), s.db, actor(r).ID, r.PathValue("assignment"))
	if err != nil {
		return err
	}
	v, err := s.scoreView(r, watch, sheetOf(watch.Score))
	if err != nil {
		return err
	}
	return s.scorePage(w, r, http.StatusOK, watch, v)
}

func (s *Site) scorePage(w http.ResponseWriter, r *http.Request, status int, watch score.Watch, v pages.JurorScore) error {
	ctx := r.Context()
	f := s.jurorFrame(r, locale.T(ctx, "score.title", "Score: {{.Film}}", "Film", v.Title))
	f.Bare, f.Bad = true, v.Errors.Any() || v.Player.Fault.Errors.Any()
	f.Back = &components.Link{URL: "/jury", Label: locale.T(ctx, "nav.queue", "My queue")}
	f.Aside = locale.T(ctx, "score.place", "Film {{.Place}} of {{.Of}}", "Place", locale.Number(ctx, watch.Place), "Of", locale.Number(ctx, watch.Of))
	return s.page(w, r, status, pages.JurorScorePage(withPlayer(w, f), v))
}

// sheetOf is a saved score as a form that is drawn from it.
func sheetOf(saved score.Score) score.Sheet {
	return score.Sheet{Base: saved.Version, Marks: saved.Marks, Note: saved.Note, Feedback: saved.Feedback}
}

// saveScore keeps what the juror sent. Nothing typed is lost: what cannot be
// taken comes back in the form, also after the round has closed.
func (s *Site) saveScore(w http.ResponseWriter, r *http.Request) error {
	ctx, code := r.Context(), r.PathValue("assignment")
	watch, err := score.Open(ctx, s.db, actor(r).ID, code)
	if err != nil {
		return err
	}
	sheet, unread := readSheet(r, watch)
	err = unread
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			saved, err := score.Save(ctx, tx, actor(r).ID, code, sheet)
			if err != nil {
				return "", err
			}
			return s.afterScore(ctx, tx, w, r, sheet, saved)
		})
	}
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	v, broken := s.scoreView(r, watch, sheet)
	if broken != nil {
		return broken
	}
	v.Errors, v.Unsaved = errs, true
	if stale, is := errors.AsType[*score.StaleError](err); is {
		v.Base, v.Stored = stale.Current.Version, storedVersion(ctx, watch, stale.Current)
	} else if status == http.StatusForbidden {
		v.Locked = errs[""]
	}
	for i := range v.Criteria {
		v.Criteria[i].Error = errs[v.Criteria[i].Field]
	}
	return s.scorePage(w, r, status, watch, v)
}

// afterScore leads on: a submitted score to the next film, a saved one back to
// its page.
func (s *Site) afterScore(ctx context.Context, tx pgx.Tx, w http.ResponseWriter, r *http.Request, sheet score.Sheet, saved score.Score) (string, error) {
	code := r.PathValue("assignment")
	if !sheet.Complete {
		if saved.Complete {
			s.flash(w, "score.saved-counts", "Saved. Your score counts as it stands.")
		} else {
			s.flash(w, "score.saved", "Saved. It counts once you submit it.")
		}
		return "/jury/" + code, nil
	}
	next, err := score.Next(ctx, tx, actor(r).ID, code)
	if err != nil {
		return "", err
	}
	if next == "" {
		s.flash(w, "score.last", "Submitted. That was the last one: every film of yours is scored. You can change your scores until the round closes.")
		return "/jury", nil
	}
	s.flash(w, "score.submitted", "Submitted. Here is the next film.")
	return "/jury/" + next, nil
}

// readSheet reads the form; a value that is no number was not sent by our form.
func readSheet(r *http.Request, watch score.Watch) (score.Sheet, error) {
	sheet := score.Sheet{
		Marks: map[jury.CriterionID]int{}, Complete: r.PostForm.Get("act") == "submit",
		Note: strings.TrimSpace(r.PostForm.Get("note")), Feedback: strings.TrimSpace(r.PostForm.Get("feedback")),
	}
	var err error
	if sheet.Base, err = strconv.Atoi(r.PostForm.Get("base")); err != nil {
		return sheet, problem.New(problem.Invalid, "form.unreadable", "The form could not be read. Open the page again and send it once more.")
	}
	for _, c := range watch.Rubric {
		value := r.PostForm.Get(score.FieldOf(c.ID))
		if value == "" {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil || !slices.Contains(watch.Scale(), n) {
			return sheet, problem.Field(score.FieldOf(c.ID), "score.off-scale", "Choose a value from {{.Low}} to {{.High}}.",
				"Low", watch.ScaleMin, "High", watch.ScaleMax)
		}
		sheet.Marks[c.ID] = n
	}
	return sheet, nil
}

// scoreView is the juror's page of a film with what a sheet says.
func (s *Site) scoreView(r *http.Request, watch score.Watch, sheet score.Sheet) (pages.JurorScore, error) {
	player, err := s.jurorPlayer(r, watch)
	if err != nil {
		return pages.JurorScore{}, err
	}
	if code := r.PathValue("assignment"); code != "" && player.Watchable() {
		known, err := thread.Faults(r.Context(), s.db, []entry.ID{watch.EntryID})
		if err != nil {
			return pages.JurorScore{}, err
		}
		player.Fault = faultForm(r.Context(), "/jury/"+code+"/fault", known[watch.EntryID])
	}
	return scoreWords(r, watch, sheet, player), nil
}

func scoreWords(r *http.Request, watch score.Watch, sheet score.Sheet, player pages.JurorPlayer) pages.JurorScore {
	ctx, code := r.Context(), r.PathValue("assignment")
	film := watch.Film
	v := pages.JurorScore{
		Action: "/jury/" + code + "/score", Recusal: "/jury/" + code + "/recusal",
		Title: film.MainTitle(), TitleIn: film.MainTitleIn(), Other: film.OtherTitle(), Language: film.LanguageOriginal,
		Player: player, Texts: filmTexts(ctx, film), Warnings: entry.WarningsOf(ctx, film), Blind: watch.Blind,
		Decided: pages.DecidedWords(ctx, string(watch.Binding), watch.ReviewsMost),
		First:   firstFacts(ctx, watch), Film: film, Base: sheet.Base, Scale: watch.Scale(), Note: sheet.Note,
		Counts: watch.Score.Complete, Reasons: reasonOptions(ctx),
	}
	v.Film.Warnings, v.Film.ContentWarnings = "", nil
	v.Replies = replyWords(ctx, watch.Replies)
	for _, c := range watch.Rubric {
		value, given := sheet.Marks[c.ID]
		v.Criteria = append(v.Criteria, pages.JurorCriterion{
			Field: score.FieldOf(c.ID), Name: c.Name, Share: shareWords(ctx, watch.Rubric, c), Hint: c.Hint,
			Low: c.LowLabel, High: c.HighLabel, Given: given, Value: value, Optional: !c.Required,
		})
		v.Order = append(v.Order, score.FieldOf(c.ID))
	}
	v.Order = append(v.Order, "note", "feedback")
	if watch.Feedback {
		v.Feedback = &pages.JurorFeedback{Text: sheet.Feedback, Hint: feedbackHint(ctx, watch.DecisionsOn)}
	}
	if watch.Score.Version > 0 {
		v.Saved = savedWords(ctx, watch)
	}
	if watch.Phase == jury.Closed {
		v.Locked = locale.T(ctx, "score.closed-on", "The round closed on {{.When}}. This is what you had saved; nothing can be changed now.",
			"When", locale.DateTime(ctx, watch.EndsAt, zoneOf(watch.Zone), watch.City))
	}
	v.Total, v.SoFar = totalWords(ctx, watch, sheet)
	return v
}

func savedWords(ctx context.Context, watch score.Watch) string {
	at := locale.Time(ctx, watch.Score.SavedAt.In(zoneOf(watch.Zone)))
	day := locale.ShortDate(ctx, watch.Score.SavedAt.In(zoneOf(watch.Zone)))
	if watch.Score.Complete {
		return locale.T(ctx, "score.submitted-at", "Submitted {{.Day}}, {{.Time}}", "Day", day, "Time", at)
	}
	return locale.T(ctx, "score.saved-at", "Saved {{.Day}}, {{.Time}}", "Day", day, "Time", at)
}

func shareWords(ctx context.Context, rubric []jury.Criterion, c jury.Criterion) string {
	if !c.Counted {
		return locale.T(ctx, "score.not-counted", "not counted")
	}
	return locale.Percent(ctx, jury.Share(rubric, c.ID))
}

func feedbackHint(ctx context.Context, decisions *time.Time) string {
	if decisions == nil {
		return locale.T(ctx, "score.feedback-hint", "Sent with the decision, without your name.")
	}
	return locale.T(ctx, "score.feedback-hint-on", "Sent with the decision on {{.Day}}, without your name.", "Day", locale.Date(ctx, *decisions))
}

// totalWords is the score so far and how much of the rubric it rests on.
func totalWords(ctx context.Context, watch score.Watch, sheet score.Sheet) (total, soFar string) {
	marks := make(map[int64]int, len(sheet.Marks))
	for id, v := range sheet.Marks {
		marks[int64(id)] = v
	}
	if value, ok := tally.Score(jury.Weights(watch.Rubric), marks); ok {
		total = locale.Decimal(ctx, value, 1)
	}
	if watch.Score.Complete && len(sheet.Marks) == len(watch.Rubric) {
		return total, locale.T(ctx, "score.total", "your score")
	}
	return total, locale.T(ctx, "score.so-far", "so far, {{.Given}} of {{.All}}", "Given", locale.Number(ctx, len(sheet.Marks)), "All", locale.Number(ctx, len(watch.Rubric)))
}

func filmTexts(ctx context.Context, film entry.Film) []pages.JurorText {
	var texts []pages.JurorText
	if film.Synopsis == "" && film.Logline != "" {
		texts = append(texts, pages.JurorText{Body: film.Logline})
	}
	for _, t := range []pages.JurorText{
		{Body: film.Synopsis},
		{Heading: locale.T(ctx, "score.statement", "Director’s statement"), Body: film.Statement},
	} {
		if t.Body != "" {
			texts = append(texts, t)
		}
	}
	for _, t := range film.Texts {
		if t.Synopsis != "" {
			texts = append(texts, pages.JurorText{Heading: locale.T(ctx, "score.synopsis-in", "Synopsis in {{.Language}}", "Language", locale.Language(ctx, t.Language)), Body: t.Synopsis})
		}
	}
	return texts
}

func firstFacts(ctx context.Context, watch score.Watch) []pages.Fact {
	var list []pages.Fact
	if names := watch.Film.Credited(entry.Director); len(names) > 0 {
		list = append(list, pages.Fact{Label: entry.RoleName(ctx, entry.Director), Value: locale.List(ctx, names)})
	}
	return append(list, pages.Fact{Label: locale.T(ctx, "score.category", "Category"), Value: watch.CategoryName})
}

// storedVersion shows what another window saved, beside what this one holds.
func storedVersion(ctx context.Context, watch score.Watch, other score.Score) *pages.JurorVersion {
	at := other.SavedAt.In(zoneOf(watch.Zone))
	v := &pages.JurorVersion{
		When: locale.T(ctx, "score.other-window", "Saved from the other window on {{.Day}}, {{.Time}}:", "Day", locale.ShortDate(ctx, at), "Time", locale.Time(ctx, at)),
		Note: other.Note, Feedback: other.Feedback,
	}
	for _, c := range watch.Rubric {
		value := "–"
		if n, given := other.Marks[c.ID]; given {
			value = locale.Number(ctx, n)
		}
		v.Marks = append(v.Marks, pages.Fact{Label: c.Name, Value: value})
	}
	return v
}

func reasonOptions(ctx context.Context) []components.Option {
	options := make([]components.Option, len(jury.Reasons))
	for i, reason := range jury.Reasons {
		options[i] = components.Option{Value: string(reason), Label: reasonWords(ctx, reason)}
	}
	return options
}

func reasonWords(ctx context.Context, reason jury.Reason) string {
	switch reason {
	case jury.Maker:
		return locale.T(ctx, "conflict.maker", "Made or sent the film")
	case jury.Worked:
		return locale.T(ctx, "conflict.worked", "Worked on the film")
	case jury.Knows:
		return locale.T(ctx, "conflict.knows", "Knows one of the makers well")
	case jury.Other:
		return locale.T(ctx, "conflict.other", "Another reason")
	}
	return ""
}

func (s *Site) saveRecusal(w http.ResponseWriter, r *http.Request) error {
	reason := jury.Reason(r.PostForm.Get("reason"))
	if !slices.Contains(jury.Reasons, reason) {
		reason = jury.Other
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "score.recused", "You are recused from that film. Here is your queue.")
		return "/jury", jury.Recuse(ctx, tx, actor(r).ID, r.PathValue("assignment"), reason, text(r, "note"))
	})
}
