package festival

import (
	"context"
	"fmt"
	"slices"
	"time"

	"laurel/internal/pg"
)

// QuestionID names a question of a category inside the house.
type QuestionID int64

// A QuestionKind says what sort of answer a question takes.
type QuestionKind string

// The kinds of question.
const (
	AsksText    QuestionKind = "text"    // a line
	AsksLong    QuestionKind = "long"    // several lines
	AsksNumber  QuestionKind = "number"  // with a point, if it is no whole one
	AsksDate    QuestionKind = "date"    // a day
	AsksChoice  QuestionKind = "choice"  // one of Options
	AsksSeveral QuestionKind = "several" // any of Options
	AsksLink    QuestionKind = "link"    // an address on the web
)

// QuestionKinds in the order in which people choose them.
var QuestionKinds = []QuestionKind{AsksText, AsksLong, AsksNumber, AsksDate, AsksChoice, AsksSeveral, AsksLink}

// HasOptions says whether the answer is chosen from a list.
func (k QuestionKind) HasOptions() bool { return k == AsksChoice || k == AsksSeveral }

// A FormQuestion is something that a category asks besides the film itself.
type FormQuestion struct {
	ID            QuestionID
	Code          string
	CategoryID    CategoryID
	Position      int
	Kind          QuestionKind
	Label         string
	Help          string
	Options       []string
	Required      bool
	RequiredAfter *time.Time // nil: at once, if Required
	FrozenAfter   *time.Time // nil: from the category's last deadline on
	ForJury       bool       // jurors read the answer too, in blind rounds as well
	IfQuestionID  *QuestionID
	IfAnswer      string // asked only when the answer to IfQuestionID is, or holds, this option
	ArchivedAt    *time.Time
}

// Field is the name of the question in a form.
func (q FormQuestion) Field() string { return "q-" + q.Code }

// RequiredAt says whether an answer is needed at now.
func (q FormQuestion) RequiredAt(now time.Time) bool {
	return q.Required && (q.RequiredAfter == nil || !now.Before(*q.RequiredAfter))
}

// FrozenAt says whether the question's own date keeps the answer as it is.
func (q FormQuestion) FrozenAt(now time.Time) bool {
	return q.FrozenAfter != nil && !now.Before(*q.FrozenAfter)
}

// Asked are those of the questions that an entry is asked, in order: a
// question that waits for an answer to another is asked once that one is asked
// and so answered. answer gives what stands there for a question.
func Asked(questions []FormQuestion, answer func(QuestionID) []string) []FormQuestion {
	var list []FormQuestion
	asked := map[QuestionID]bool{}
	for _, q := range questions {
		if q.IfQuestionID != nil && (!asked[*q.IfQuestionID] || !slices.Contains(answer(*q.IfQuestionID), q.IfAnswer)) {
			continue
		}
		asked[q.ID] = true
		list = append(list, q)
	}
	return list
}

const questionColumns = `id, code, category_id, position, kind, label, help, options, required, required_after, frozen_after,
	for_jury, if_question_id, if_answer, archived_at`

// QuestionsOf lists what categories ask, in order, with one query; archived
// questions are among them.
func QuestionsOf(ctx context.Context, db pg.DB, categories []CategoryID) (map[CategoryID][]FormQuestion, error) {
	ids := make([]int64, len(categories))
	for i, id := range categories {
		ids[i] = int64(id)
	}
	list, err := pg.Rows[FormQuestion](ctx, db, `
		select `+questionColumns+`
		from questions
		where category_id = any(@ids)
		order by category_id, position`,
		pg.Args{"ids": ids})
	if err != nil {
		return nil, fmt.Errorf("list questions: %w", err)
	}
	by := map[CategoryID][]FormQuestion{}
	for _, q := range list {
		by[q.CategoryID] = append(by[q.CategoryID], q)
	}
	return by, nil
}

// Questions lists what one category asks, archived questions too.
func Questions(ctx context.Context, db pg.DB, category CategoryID) ([]FormQuestion, error) {
	by, err := QuestionsOf(ctx, db, []CategoryID{category})
	return by[category], err
}

// Replied counts the answers to each question of a category.
func Replied(ctx context.Context, db pg.DB, category CategoryID) (map[QuestionID]int, error) {
	type row struct {
		QuestionID QuestionID
		Count      int
	}
	list, err := pg.Rows[row](ctx, db, `
		select r.question_id, count(*)::int as count
		from replies r
		join questions q on q.id = r.question_id
		where q.category_id = @category
		group by r.question_id`,
		pg.Args{"category": category})
	if err != nil {
		return nil, fmt.Errorf("count answers: %w", err)
	}
	counts := map[QuestionID]int{}
	for _, r := range list {
		counts[r.QuestionID] = r.Count
	}
	return counts, nil
}
