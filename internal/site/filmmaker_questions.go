package site

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) questionRoutes() []route {
	const (
		mine = "/my/entries/{entry}/questions"
		desk = "/organize/{festival}/{edition}/categories/{category}/questions"
	)
	return []route{
		{"GET", mine, signedIn, s.showQuestions},
		{"POST", mine, signedIn, s.saveReplies},
		{"GET", desk, organizer, s.listQuestions},
		{"GET", desk + "/preview", organizer, s.previewQuestions},
		{"POST", desk + "/order", organizer, s.moveQuestion},
		{"GET", desk + "/new", organizer, s.newQuestion},
		{"POST", desk + "/new", organizer, s.saveQuestion},
		{"GET", desk + "/{question}", organizer, s.showQuestion},
		{"POST", desk + "/{question}", organizer, s.saveQuestion},
	}
}

func (s *Site) showQuestions(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	return s.questionsPage(w, r, http.StatusOK, m, nil, nil)
}

// questionsPage shows the questions as they are answered, or as a sent form
// answers them.
func (s *Site) questionsPage(w http.ResponseWriter, r *http.Request, status int, m entry.Mine, typed map[string]entry.Typed, errs components.Errors) error {
	ctx := r.Context()
	v := pages.FilmmakerQuestions{
		Action: "/my/entries/" + m.Code + "/questions", Back: "/my/entries/" + m.Code,
		Label: m.Label(), Category: m.Category.Name, Standing: questionsStanding(ctx, m), Errors: errs,
	}
	if n := len(m.Asked.Waiting()); n > 0 {
		v.Waiting = locale.N(ctx, "questions.waiting", n,
			"{{.Count}} more question is asked only after certain answers. It appears here once you have saved one.",
			"{{.Count}} more questions are asked only after certain answers. They appear here once you have saved one.")
	}
	v.Reader = locale.T(ctx, "questions.reader-draft", "The festival reads your answers once the entry is sent. They never stand on public pages.")
	if m.State != entry.Draft {
		v.Reader = locale.T(ctx, "questions.reader-sent", "The entry is sent: what you save here, the festival reads from then on. It never stands on public pages.")
	}
	asked := m.Asked.Asked()
	for _, q := range m.Asked.Questions {
		t, sent := typed[q.Code]
		if q.ArchivedAt != nil || !sent && !slices.ContainsFunc(asked, func(a festival.FormQuestion) bool { return a.ID == q.ID }) {
			continue
		}
		field := makersQuestion(ctx, m, q)
		if sent {
			typedOver(&field, t, errs[q.Field()])
		}
		v.Open = v.Open || !field.Fixed
		v.Questions = append(v.Questions, field)
	}
	f := s.makerFrame(r, m, locale.T(ctx, "questions.title", "Questions of this category"))
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.FilmmakerQuestionsPage(f, v))
}

// questionsStanding is the first sentence of the page.
func questionsStanding(ctx context.Context, m entry.Mine) string {
	asked := m.Asked.Asked()
	if len(asked) == 0 {
		return locale.T(ctx, "questions.none", "{{.Category}} asks nothing besides the film.", "Category", m.Category.Name)
	}
	answered := 0
	for _, q := range asked {
		if len(m.Asked.Value(q.ID)) > 0 {
			answered++
		}
	}
	var standing strings.Builder
	standing.WriteString(locale.N(ctx, "questions.answered", len(asked), "{{.Done}} of {{.Count}} question is answered.", "{{.Done}} of {{.Count}} questions are answered.",
		"Done", locale.Number(ctx, answered)))
	missing := len(m.Asked.Missing(ctx, m.Now))
	switch {
	case missing > 0 && m.State == entry.Draft:
		standing.WriteString(" " + locale.N(ctx, "questions.needed", missing,
			"{{.Count}} answer is needed before the entry can be sent.", "{{.Count}} answers are needed before the entry can be sent."))
	case missing > 0:
		standing.WriteString(" " + locale.N(ctx, "questions.awaited", missing, "The festival waits for {{.Count}} answer.", "The festival waits for {{.Count}} answers."))
	}
	for _, q := range m.Asked.Later(m.Now) {
		standing.WriteString(" " + locale.T(ctx, "questions.later-one", "“{{.Question}}” is needed from {{.Day}} on.",
			"Question", q.Label, "Day", locale.Date(ctx, q.RequiredAfter.In(m.Edition.Location()))))
	}
	return standing.String()
}

// makersQuestion is a question as it stands for one of the entry's makers.
func makersQuestion(ctx context.Context, m entry.Mine, q festival.FormQuestion) pages.QuestionField {
	value := m.Asked.Value(q.ID)
	field := questionField(ctx, m.Edition, m.Asked.Questions, q, value)
	field.Answer = answerWords(ctx, q, value)
	field.Fixed = m.MayAnswer(q) != nil || !m.Level.May(entry.LevelEdit)
	field.When = questionDates(ctx, m.Edition, q, m.Now)
	return field
}

// questionField is a question with an answer in its form.
func questionField(ctx context.Context, e festival.Edition, all []festival.FormQuestion, q festival.FormQuestion, value []string) pages.QuestionField {
	field := pages.QuestionField{
		Field:   components.Field{Name: q.Field(), Label: q.Label, Hint: q.Help, Optional: !q.Required},
		Kind:    string(q.Kind),
		Options: q.Options, Chosen: value, MarkName: "m-" + q.Code, Mark: entry.ReplyMark(value), Why: whyAsked(ctx, all, q),
	}
	if len(value) > 0 {
		field.Value = value[0]
	}
	switch q.Kind {
	case festival.AsksText:
		field.Max = entry.MaxShortReply
	case festival.AsksLong:
		field.Max, field.Rows = entry.MaxLongReply, 6
	case festival.AsksNumber:
		field.InputMode, field.Class, field.Dir = "decimal", "w-s", "ltr"
	case festival.AsksDate:
		field.Type, field.Class = "date", "w-m"
	case festival.AsksLink:
		field.Type = "url"
	case festival.AsksChoice, festival.AsksSeveral:
	}
	return field
}

// typedOver puts what came with a form over the saved answer.
func typedOver(field *pages.QuestionField, t entry.Typed, wrong string) {
	field.Error = wrong
	if field.Fixed {
		if entry.ReplyMark(t.Value) != field.Mark {
			field.Refused = t.Value
		}
		return
	}
	field.Meanwhile = t.Mark != field.Mark && entry.ReplyMark(t.Value) != t.Mark
	if t.Mark != field.Mark && !field.Meanwhile {
		return // untouched in this form: what somebody else has saved stands
	}
	field.Value, field.Chosen = "", t.Value
	if len(t.Value) > 0 {
		field.Value = t.Value[0]
	}
	if wrong != "" && field.Type == "date" {
		field.Type = "text" // a browser's field for days would drop what is no day
	}
}

// whyAsked says from which answer a question follows; empty when it is always asked.
func whyAsked(ctx context.Context, all []festival.FormQuestion, q festival.FormQuestion) string {
	for _, other := range all {
		if q.IfQuestionID != nil && other.ID == *q.IfQuestionID {
			return locale.T(ctx, "questions.why", "Asked because the answer to “{{.Question}}” is “{{.Answer}}”.", "Question", other.Label, "Answer", q.IfAnswer)
		}
	}
	return ""
}

// questionDates says from when an answer is needed and until when it can be
// changed, as far as the question has dates of its own.
func questionDates(ctx context.Context, e festival.Edition, q festival.FormQuestion, now time.Time) string {
	when := func(t time.Time) string { return locale.DateTime(ctx, t, e.Location(), e.City) }
	words := ""
	if q.Required && !q.RequiredAt(now) {
		words = locale.T(ctx, "questions.later", "Needed by {{.When}}; it can stay empty before that.", "When", when(*q.RequiredAfter))
	}
	switch {
	case q.FrozenAfter == nil:
		return words
	case words != "":
		words += " "
	}
	if q.FrozenAt(now) {
		return words + locale.T(ctx, "questions.frozen", "It could be changed until {{.When}}.", "When", when(*q.FrozenAfter))
	}
	return words + locale.T(ctx, "questions.freezes", "It can be changed until {{.When}}.", "When", when(*q.FrozenAfter))
}

// answerWords says an answer to those who read it.
func answerWords(ctx context.Context, q festival.FormQuestion, value []string) []string {
	if q.Kind == festival.AsksDate && len(value) == 1 {
		return []string{entry.DateWords(ctx, value[0])}
	}
	return value
}

// replyWords are questions with their answers, for those who read them.
func replyWords(ctx context.Context, list []entry.Answered) []pages.ReplyWords {
	words := make([]pages.ReplyWords, len(list))
	for i, a := range list {
		words[i] = pages.ReplyWords{Question: a.Label, Answer: answerWords(ctx, a.FormQuestion, a.Value)}
		if a.ArchivedAt != nil {
			words[i].Note = locale.T(ctx, "questions.archived", "The festival asks this no more.")
		}
	}
	return words
}

func (s *Site) saveReplies(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	typed := map[string]entry.Typed{}
	for _, q := range m.Asked.Questions {
		if mark, drawn := r.PostForm["m-"+q.Code]; drawn {
			typed[q.Code] = entry.Typed{Value: typedAnswer(r, q), Mark: mark[0]}
		}
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if err := entry.SaveReplies(ctx, tx, actor(r).ID, m.Code, typed, s.waited(r)); err != nil {
			return "", err
		}
		after, err := entry.QuestionnairesOf(ctx, tx, []entry.Entry{m.Entry})
		if err != nil {
			return "", err
		}
		return s.afterReplies(w, m, after[m.ID]), nil
	})
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	if m, err = s.mine(r); err != nil { // as it stands now, for the other half of a conflict
		return err
	}
	return s.questionsPage(w, r, status, m, typed, errs)
}

// typedAnswer is what was sent for a question; an empty field is no answer.
func typedAnswer(r *http.Request, q festival.FormQuestion) []string {
	return slices.DeleteFunc(slices.Clone(r.PostForm[q.Field()]), func(one string) bool { return one == "" })
}

// afterReplies leads to the first question that follows from the new answers,
// or back to the form.
func (s *Site) afterReplies(w http.ResponseWriter, before entry.Mine, after entry.Questionnaire) string {
	was, page := before.Asked.Asked(), "/my/entries/"+before.Code+"/questions"
	for _, q := range after.Asked() {
		if !slices.ContainsFunc(was, func(o festival.FormQuestion) bool { return o.ID == q.ID }) {
			s.flash(w, "questions.saved-more", "Saved. Something more is asked because of your answer; it stands below.")
			return page + "#" + q.Field()
		}
	}
	s.flash(w, "questions.saved", "Your answers are saved.")
	return page
}
