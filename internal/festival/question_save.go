package festival

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// MaxQuestions is how many questions a category asks at most.
const MaxQuestions = 40

// SaveQuestion adds a question at the end of its category's, or changes the
// one with q's code. A question that somebody has answered keeps its kind, and
// the options that were chosen stay among its options.
func SaveQuestion(ctx context.Context, tx pgx.Tx, by account.ID, q FormQuestion) (FormQuestion, error) {
	all, err := lockQuestions(ctx, tx, q.CategoryID)
	if err != nil {
		return q, err
	}
	c, err := CategoryOf(ctx, tx, q.CategoryID)
	if err != nil {
		return q, err
	}
	at := slices.IndexFunc(all, func(o FormQuestion) bool { return o.Code == q.Code })
	if err := errOfQuestion(c, q, all, at); err != nil {
		return q, err
	}
	if q.Options == nil {
		q.Options = []string{}
	}
	if at < 0 {
		return addQuestion(ctx, tx, by, c, q, all)
	}
	q.ID, q.Position = all[at].ID, all[at].Position
	if err := keepsAnswers(ctx, tx, q, all[at]); err != nil {
		return q, err
	}
	return q, changeQuestion(ctx, tx, by, c, q)
}

// lockQuestions lists a category's questions; nobody else changes them until
// the transaction ends.
func lockQuestions(ctx context.Context, tx pgx.Tx, category CategoryID) ([]FormQuestion, error) {
	if _, err := tx.Exec(ctx, `select from categories where id = @id for no key update`, pg.Args{"id": category}); err != nil {
		return nil, fmt.Errorf("lock category: %w", err)
	}
	return Questions(ctx, tx, category)
}

func addQuestion(ctx context.Context, tx pgx.Tx, by account.ID, c Category, q FormQuestion, all []FormQuestion) (FormQuestion, error) {
	if len(asking(all)) >= MaxQuestions {
		return q, problem.New(problem.Invalid, "question.too-many", "A category asks up to {{.Max}} questions. Archive one first.", "Max", MaxQuestions)
	}
	q.Code = account.Code()
	id, err := pg.Value[QuestionID](ctx, tx, `
		insert into questions (code, category_id, position, kind, label, help, options, required, required_after, frozen_after,
		                       for_jury, if_question_id, if_answer)
		values (@code, @category, (select coalesce(max(position), 0) + 1 from questions where category_id = @category),
		        @kind, @label, @help, @options, @required, @requiredAfter, @frozenAfter, @forJury, @if, @ifAnswer)
		returning id`, questionArgs(q))
	if err != nil {
		return q, fmt.Errorf("add question: %w", err)
	}
	q.ID = id
	return q, record(ctx, tx, by, c.EditionID, "created", "question", int64(id), q)
}

func changeQuestion(ctx context.Context, tx pgx.Tx, by account.ID, c Category, q FormQuestion) error {
	_, err := tx.Exec(ctx, `
		update questions
		set kind = @kind, label = @label, help = @help, options = @options, required = @required, required_after = @requiredAfter,
		    frozen_after = @frozenAfter, for_jury = @forJury, if_question_id = @if, if_answer = @ifAnswer
		where code = @code and category_id = @category`, questionArgs(q))
	if err != nil {
		return fmt.Errorf("save question: %w", err)
	}
	return record(ctx, tx, by, c.EditionID, "changed", "question", int64(q.ID), q)
}

func questionArgs(q FormQuestion) pg.Args {
	return pg.Args{"code": q.Code, "category": q.CategoryID, "kind": q.Kind, "label": q.Label, "help": q.Help, "options": q.Options,
		"required": q.Required, "requiredAfter": q.RequiredAfter, "frozenAfter": q.FrozenAfter, "forJury": q.ForJury,
		"if": q.IfQuestionID, "ifAnswer": q.IfAnswer}
}

// asking are the questions that are not archived.
func asking(all []FormQuestion) []FormQuestion {
	return slices.DeleteFunc(slices.Clone(all), func(q FormQuestion) bool { return q.ArchivedAt != nil })
}

// errOfQuestion says what the category cannot ask; at is where the question
// stands among all of its questions, -1 for a new one.
func errOfQuestion(c Category, q FormQuestion, all []FormQuestion, at int) error {
	if !slices.Contains(QuestionKinds, q.Kind) {
		return problem.Field("kind", "question.kind", "Choose what sort of answer it takes.")
	}
	if last := c.Last(); q.Required && q.RequiredAfter == nil && q.FrozenAfter != nil && last != nil && q.FrozenAfter.Before(last.ClosesAt) {
		return problem.Field("frozen_after", "question.frozen-early",
			"Films can be sent after this date, and could no longer answer. Choose a date from the last deadline on, or do not require the answer.")
	}
	seen := map[string]bool{}
	for _, option := range q.Options {
		if len([]rune(option)) > 120 {
			return problem.Field("options", "question.option-long", "Shorten each option to 120 letters.")
		}
		if seen[option] {
			return problem.Field("options", "question.option-twice", "“{{.Option}}” stands here twice. Remove one.", "Option", option)
		}
		seen[option] = true
	}
	if err := waitsForEarlier(q, all, at); err != nil {
		return err
	}
	return keepsWaiting(q, all, at)
}

// waitsForEarlier: a question waits only for one that stands before it, so
// that no two wait for each other.
func waitsForEarlier(q FormQuestion, all []FormQuestion, at int) error {
	if q.IfQuestionID == nil {
		return nil
	}
	first := slices.IndexFunc(all, func(o FormQuestion) bool { return o.ID == *q.IfQuestionID })
	if first < 0 || all[first].ArchivedAt != nil || at >= 0 && first >= at {
		return problem.Field("condition", "question.condition-later", "A question can wait only for the answer to one that stands before it.")
	}
	if !slices.Contains(all[first].Options, q.IfAnswer) {
		return problem.Field("condition", "question.condition-answer", "Choose one of the options of the question that this one waits for.")
	}
	return nil
}

// keepsWaiting: the options that other questions wait for stay.
func keepsWaiting(q FormQuestion, all []FormQuestion, at int) error {
	if at < 0 {
		return nil
	}
	for _, o := range all {
		if o.IfQuestionID != nil && *o.IfQuestionID == all[at].ID && o.ArchivedAt == nil && !slices.Contains(q.Options, o.IfAnswer) {
			return problem.Field("options", "question.awaited",
				"The question “{{.Question}}” waits for the answer “{{.Answer}}”. Change that question first.",
				"Question", o.Label, "Answer", o.IfAnswer)
		}
	}
	return nil
}

// keepsAnswers: what makers have answered stays an answer to the question.
func keepsAnswers(ctx context.Context, tx pgx.Tx, q, old FormQuestion) error {
	given, err := pg.Values[string](ctx, tx, `
		select distinct unnest(value) as given
		from replies
		where question_id = @id
		order by given`,
		pg.Args{"id": q.ID})
	if err != nil {
		return fmt.Errorf("list answers: %w", err)
	}
	if len(given) > 0 && q.Kind != old.Kind {
		return problem.Field("kind", "question.kind-answered", "Somebody has answered this already. Archive the question, and add a new one.")
	}
	for _, answer := range given {
		if q.Kind.HasOptions() && !slices.Contains(q.Options, answer) {
			return problem.Field("options", "question.option-chosen", "Somebody has chosen “{{.Option}}”. Keep it, or archive the question and add a new one.", "Option", answer)
		}
	}
	return nil
}
