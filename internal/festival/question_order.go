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

// A QuestionMove is what an organizer does with a question in the list.
type QuestionMove string

// The moves.
const (
	QuestionUp      QuestionMove = "up"
	QuestionDown    QuestionMove = "down"
	QuestionArchive QuestionMove = "archive" // asked no more; removed when nobody has answered
	QuestionRestore QuestionMove = "restore"
)

// MoveQuestion does a move. A question cannot come to stand before the one
// whose answer it waits for, and one that others wait for is not archived. An
// unknown question is missing.
func MoveQuestion(ctx context.Context, tx pgx.Tx, by account.ID, category CategoryID, code string, move QuestionMove) error {
	c, err := CategoryOf(ctx, tx, category)
	if err != nil {
		return err
	}
	all, err := lockQuestions(ctx, tx, category)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(q FormQuestion) bool { return q.Code == code })
	if at < 0 {
		return problem.Missing()
	}
	switch move {
	case QuestionUp, QuestionDown:
		err = swap(ctx, tx, all, at, move)
	case QuestionArchive:
		err = archive(ctx, tx, all, all[at])
	case QuestionRestore:
		err = restore(ctx, tx, all, all[at])
	default:
		return problem.Missing()
	}
	if err != nil {
		return err
	}
	return record(ctx, tx, by, c.EditionID, string(move), "question", int64(all[at].ID), nil)
}

// swap lets a question change places with the next one that is asked.
func swap(ctx context.Context, tx pgx.Tx, all []FormQuestion, at int, move QuestionMove) error {
	step := 1
	if move == QuestionUp {
		step = -1
	}
	other := at + step
	for other >= 0 && other < len(all) && all[other].ArchivedAt != nil {
		other += step
	}
	if other < 0 || other >= len(all) {
		return nil
	}
	first, second := all[min(at, other)], all[max(at, other)]
	if second.IfQuestionID != nil && *second.IfQuestionID == first.ID {
		return problem.New(problem.Invalid, "question.order-waits",
			"“{{.Second}}” waits for the answer to “{{.First}}” and stays behind it.", "Second", second.Label, "First", first.Label)
	}
	_, err := tx.Exec(ctx, `
		update questions
		set position = case id when @one then @second::integer else @first::integer end
		where id in (@one, @two)`,
		pg.Args{"one": first.ID, "two": second.ID, "first": first.Position, "second": second.Position})
	if err != nil {
		return fmt.Errorf("order questions: %w", err)
	}
	return nil
}

func archive(ctx context.Context, tx pgx.Tx, all []FormQuestion, q FormQuestion) error {
	for _, o := range all {
		if o.ArchivedAt == nil && o.IfQuestionID != nil && *o.IfQuestionID == q.ID {
			return problem.New(problem.Invalid, "question.archive-awaited",
				"“{{.Other}}” waits for the answer to this question. Change or archive that one first.", "Other", o.Label)
		}
	}
	_, err := tx.Exec(ctx, `
		delete from questions q
		where q.id = @id
		  and not exists (select from replies r where r.question_id = q.id)
		  and not exists (select from questions o where o.if_question_id = q.id)`,
		pg.Args{"id": q.ID})
	if err != nil {
		return fmt.Errorf("remove question: %w", err)
	}
	if _, err := tx.Exec(ctx, `update questions set archived_at = clock_timestamp() where id = @id`, pg.Args{"id": q.ID}); err != nil {
		return fmt.Errorf("archive question: %w", err)
	}
	return nil
}

// restore asks a question again, behind all others: so it stands behind the
// one that it may wait for.
func restore(ctx context.Context, tx pgx.Tx, all []FormQuestion, q FormQuestion) error {
	if len(asking(all)) >= MaxQuestions {
		return problem.New(problem.Invalid, "question.too-many", "A category asks up to {{.Max}} questions. Archive one first.", "Max", MaxQuestions)
	}
	for _, o := range all {
		if q.IfQuestionID != nil && o.ID == *q.IfQuestionID && o.ArchivedAt != nil {
			return problem.New(problem.Invalid, "question.restore-first", "It waits for the answer to “{{.Other}}”. Bring that question back first.", "Other", o.Label)
		}
	}
	_, err := tx.Exec(ctx, `
		update questions
		set archived_at = null, position = (select max(position) + 1 from questions where category_id = @category)
		where id = @id`,
		pg.Args{"id": q.ID, "category": q.CategoryID})
	if err != nil {
		return fmt.Errorf("restore question: %w", err)
	}
	return nil
}
