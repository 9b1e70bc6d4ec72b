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
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// A questionnaire is the category of the path, with what it asks.
type questionnaire struct {
	edition   festival.Edition
	category  festival.Category
	questions []festival.FormQuestion
}

func (s *Site) questionnaire(r *http.Request) (questionnaire, error) {
	e, err := s.edition(r)
	if err != nil {
		return questionnaire{}, err
	}
	c, err := festival.CategoryAt(r.Context(), s.db, e.ID, r.PathValue("category"))
	if err != nil {
		return questionnaire{}, err
	}
	all, err := festival.Questions(r.Context(), s.db, c.ID)
	return questionnaire{e, c, all}, err
}

// url is where the category's questions are kept.
func (n questionnaire) url() string {
	return n.edition.Desk() + "/categories/" + n.category.Slug + "/questions"
}

func (s *Site) listQuestions(w http.ResponseWriter, r *http.Request) error {
	n, err := s.questionnaire(r)
	if err != nil {
		return err
	}
	return s.questionListPage(w, r, http.StatusOK, n, "")
}

func (s *Site) questionListPage(w http.ResponseWriter, r *http.Request, status int, n questionnaire, wrong string) error {
	ctx := r.Context()
	counts, err := festival.Replied(ctx, s.db, n.category.ID)
	if err != nil {
		return err
	}
	v := pages.QuestionList{
		URL: n.url(), Category: n.category.Name, CategoryURL: n.edition.Desk() + "/categories/" + n.category.Slug, Wrong: wrong,
	}
	for _, q := range n.questions {
		line := pages.QuestionLine{
			Code: q.Code, Label: q.Label, Facts: questionFacts(ctx, n, q), Why: waitsFor(ctx, n.questions, q), Jury: q.ForJury,
			Replies: locale.N(ctx, "questions.replies", counts[q.ID], "{{.Count}} answer", "{{.Count}} answers"),
		}
		if q.ArchivedAt != nil {
			v.Archived = append(v.Archived, line)
			continue
		}
		v.Asked = append(v.Asked, line)
	}
	f := s.organizerFrame(r, n.edition, locale.T(ctx, "organizer-questions.title", "Questions: {{.Category}}", "Category", n.category.Name), "categories")
	f.Bad = wrong != ""
	return s.page(w, r, status, pages.QuestionListPage(f, v))
}

// questionFacts says in a line what sort of answer is asked for, and when.
func questionFacts(ctx context.Context, n questionnaire, q festival.FormQuestion) string {
	when := func(t time.Time) string { return locale.DateTime(ctx, t, n.edition.Location(), n.edition.City) }
	words := []string{kindName(ctx, q.Kind)}
	switch {
	case q.RequiredAfter != nil:
		words = append(words, locale.T(ctx, "organizer-questions.required-after", "required from {{.When}}", "When", when(*q.RequiredAfter)))
	case q.Required:
		words = append(words, locale.T(ctx, "organizer-questions.required", "required"))
	}
	if q.FrozenAfter != nil {
		words = append(words, locale.T(ctx, "organizer-questions.frozen-after", "fixed from {{.When}}", "When", when(*q.FrozenAfter)))
	}
	return strings.Join(words, " · ")
}

// kindName says in words what sort of answer a question takes.
func kindName(ctx context.Context, k festival.QuestionKind) string {
	switch k {
	case festival.AsksText:
		return locale.T(ctx, "question-kind.text", "One line of text")
	case festival.AsksLong:
		return locale.T(ctx, "question-kind.long", "Longer text")
	case festival.AsksNumber:
		return locale.T(ctx, "question-kind.number", "A number")
	case festival.AsksDate:
		return locale.T(ctx, "question-kind.date", "A day")
	case festival.AsksChoice:
		return locale.T(ctx, "question-kind.choice", "One of several options")
	case festival.AsksSeveral:
		return locale.T(ctx, "question-kind.several", "Any of several options")
	case festival.AsksLink:
		return locale.T(ctx, "question-kind.link", "A link")
	}
	return string(k)
}

// waitsFor says when a question is asked; empty when it always is.
func waitsFor(ctx context.Context, all []festival.FormQuestion, q festival.FormQuestion) string {
	for _, other := range all {
		if q.IfQuestionID != nil && other.ID == *q.IfQuestionID {
			return locale.T(ctx, "organizer-questions.waits", "Asked only when “{{.Question}}” is answered with “{{.Answer}}”.", "Question", other.Label, "Answer", q.IfAnswer)
		}
	}
	return ""
}

// moveQuestion orders, archives and brings back.
func (s *Site) moveQuestion(w http.ResponseWriter, r *http.Request) error {
	n, err := s.questionnaire(r)
	if err != nil {
		return err
	}
	move, code, _ := strings.Cut(text(r, "do"), ":")
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return n.url(), festival.MoveQuestion(ctx, tx, actor(r).ID, n.category.ID, code, festival.QuestionMove(move))
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.questionListPage(w, r, status, n, errs[""])
	}
	return err
}

func (s *Site) newQuestion(w http.ResponseWriter, r *http.Request) error {
	n, err := s.questionnaire(r)
	if err != nil {
		return err
	}
	return s.questionFormPage(w, r, http.StatusOK, n, pages.QuestionForm{New: true, Kind: string(festival.AsksText)})
}

func (s *Site) showQuestion(w http.ResponseWriter, r *http.Request) error {
	n, err := s.questionnaire(r)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(n.questions, func(q festival.FormQuestion) bool { return q.Code == r.PathValue("question") })
	if at < 0 {
		return problem.Missing()
	}
	return s.questionFormPage(w, r, http.StatusOK, n, questionWords(n, n.questions[at]))
}

// questionWords puts a question into its form.
func questionWords(n questionnaire, q festival.FormQuestion) pages.QuestionForm {
	zone := n.edition.Location()
	v := pages.QuestionForm{
		Kind: string(q.Kind), Label: q.Label, Help: q.Help, Options: strings.Join(q.Options, "\n"), Required: q.Required, ForJury: q.ForJury,
	}
	if q.RequiredAfter != nil {
		v.RequiredAfter = forInput(*q.RequiredAfter, zone)
	}
	if q.FrozenAfter != nil {
		v.FrozenAfter = forInput(*q.FrozenAfter, zone)
	}
	for _, other := range n.questions {
		if q.IfQuestionID != nil && other.ID == *q.IfQuestionID {
			v.Condition = other.Code + "=" + q.IfAnswer
		}
	}
	return v
}

func (s *Site) questionFormPage(w http.ResponseWriter, r *http.Request, status int, n questionnaire, v pages.QuestionForm) error {
	ctx := r.Context()
	v.URL, v.Action, v.City, v.Category = n.url(), r.URL.Path, n.edition.City, n.category.Name
	v.Title = locale.T(ctx, "question.new", "Add a question")
	if !v.New {
		v.Title = locale.T(ctx, "question.change", "Change a question")
	}
	for _, k := range festival.QuestionKinds {
		v.Kinds = append(v.Kinds, components.Option{Value: string(k), Label: kindName(ctx, k)})
	}
	v.Conditions = conditions(ctx, n, r.PathValue("question"))
	f := s.organizerFrame(r, n.edition, v.Title, "categories")
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.QuestionFormPage(f, v))
}

// conditions are the answers that a question can wait for: the options of
// those before it.
func conditions(ctx context.Context, n questionnaire, code string) []components.Option {
	list := []components.Option{{Label: locale.T(ctx, "question.always", "Always")}}
	for _, q := range n.questions {
		if q.Code == code {
			break
		}
		if q.ArchivedAt != nil {
			continue
		}
		for _, o := range q.Options {
			list = append(list, components.Option{Value: q.Code + "=" + o,
				Label: locale.T(ctx, "question.if", "When “{{.Question}}” is answered with “{{.Answer}}”", "Question", q.Label, "Answer", o)})
		}
	}
	return list
}

func (s *Site) saveQuestion(w http.ResponseWriter, r *http.Request) error {
	n, err := s.questionnaire(r)
	if err != nil {
		return err
	}
	code := r.PathValue("question")
	if code != "" && !slices.ContainsFunc(n.questions, func(q festival.FormQuestion) bool { return q.Code == code }) {
		return problem.Missing()
	}
	q, v, errs := readQuestion(r, n)
	q.Code, v.New = code, code == ""
	status := http.StatusUnprocessableEntity
	if !errs.Any() {
		err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "question.saved", "The question is saved.")
			_, err := festival.SaveQuestion(ctx, tx, actor(r).ID, q)
			return n.url(), err
		})
		refusal, code, ok := s.refused(r, err)
		if !ok {
			return err
		}
		errs, status = refusal, code
	}
	v.Errors = errs
	return s.questionFormPage(w, r, status, n, v)
}

// readQuestion reads the form of a question: its value, the form as typed, and
// what is wrong with it.
func readQuestion(r *http.Request, n questionnaire) (festival.FormQuestion, pages.QuestionForm, components.Errors) {
	in, zone := newReader(r), n.edition.Location()
	v := pages.QuestionForm{
		Kind: text(r, "kind"), Label: text(r, "label"), Help: text(r, "help"), Options: text(r, "options"), Condition: text(r, "condition"),
		Required: text(r, "required") != "", RequiredAfter: text(r, "required_after"), FrozenAfter: text(r, "frozen_after"), ForJury: text(r, "for_jury") != "",
	}
	q := festival.FormQuestion{
		CategoryID: n.category.ID, Kind: festival.QuestionKind(v.Kind), Label: v.Label, Help: v.Help, Required: v.Required, ForJury: v.ForJury,
	}
	for line := range strings.Lines(v.Options) {
		if line = strings.TrimSpace(line); line != "" {
			q.Options = append(q.Options, line)
		}
	}
	if len(q.Options) > 0 && !q.Kind.HasOptions() {
		in.wrong("options", problem.Field("options", "question.no-options", "Only a choice has options. Empty this, or choose another sort of answer."))
	}
	if v.RequiredAfter != "" {
		q.RequiredAfter = new(in.instant("required_after", zone))
	}
	if v.FrozenAfter != "" {
		q.FrozenAfter = new(in.instant("frozen_after", zone))
	}
	if first, answer, ok := strings.Cut(v.Condition, "="); ok {
		q.IfAnswer, q.IfQuestionID = answer, new(festival.QuestionID(0)) // 0: a question that is not there
		for _, other := range n.questions {
			if other.Code == first {
				q.IfQuestionID = &other.ID
			}
		}
	}
	for field, value := range map[string]string{"label": v.Label, "help": v.Help, "options": v.Options} {
		in.wrong(field, entry.VetPlain(field, value, field != "label"))
	}
	return q, v, in.errors
}

// previewQuestions shows the questions as filmmakers see them. The answers
// stand in the address alone: nothing is kept.
func (s *Site) previewQuestions(w http.ResponseWriter, r *http.Request) error {
	n, err := s.questionnaire(r)
	if err != nil {
		return err
	}
	ctx, tried := r.Context(), r.URL.Query()
	answers := map[festival.QuestionID][]string{}
	var active []festival.FormQuestion
	for _, q := range n.questions {
		if q.ArchivedAt == nil {
			active = append(active, q)
			answers[q.ID] = slices.DeleteFunc(tried[q.Field()], func(one string) bool { return one == "" })
		}
	}
	asked := festival.Asked(active, func(id festival.QuestionID) []string { return answers[id] })
	v := pages.QuestionPreview{URL: n.url(), Category: n.category.Name, Hidden: len(active) - len(asked)}
	for _, q := range asked {
		field := questionField(ctx, n.edition, active, q, answers[q.ID])
		field.When = questionDates(ctx, n.edition, q, s.now())
		v.Questions = append(v.Questions, field)
	}
	f := s.organizerFrame(r, n.edition, locale.T(ctx, "question.preview", "As filmmakers see it"), "categories")
	return s.page(w, r, http.StatusOK, pages.QuestionPreviewPage(f, v))
}
