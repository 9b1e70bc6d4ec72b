package entry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// CategoryPart is where findings about the category's own questions stand. It
// is no part of the film's form: its answers belong to the entry.
const CategoryPart Part = "questions"

// A Reply is what the makers of an entry answered to a question of its category.
type Reply struct {
	EntryID    ID
	QuestionID festival.QuestionID
	Value      []string // one text; of a question of kind several the chosen options
	AccountID  *account.ID
	SavedAt    time.Time
}

// A Questionnaire is what a category asks of an entry besides its film, with
// what its makers answered. It is no part of the snapshot: what is saved is
// what the festival reads from then on.
type Questionnaire struct {
	Questions []festival.FormQuestion // of the category, in order; archived ones too
	Replies   map[festival.QuestionID]Reply
}

// QuestionnairesOf reads what is asked of entries, with two queries however
// many there are. Of an entry it needs the ID and the CategoryID.
func QuestionnairesOf(ctx context.Context, db pg.DB, entries []Entry) (map[ID]Questionnaire, error) {
	ids := make([]ID, len(entries))
	var categories []festival.CategoryID
	for i, e := range entries {
		ids[i] = e.ID
		if !slices.Contains(categories, e.CategoryID) {
			categories = append(categories, e.CategoryID)
		}
	}
	questions, err := festival.QuestionsOf(ctx, db, categories)
	if err != nil {
		return nil, err
	}
	replies, err := pg.Rows[Reply](ctx, db, `
		select entry_id, question_id, value, account_id, saved_at
		from replies
		where entry_id = any(@ids)`,
		pg.Args{"ids": numbers(ids)})
	if err != nil {
		return nil, fmt.Errorf("list answers of entries: %w", err)
	}
	by := make(map[ID]Questionnaire, len(entries))
	for _, e := range entries {
		by[e.ID] = Questionnaire{questions[e.CategoryID], map[festival.QuestionID]Reply{}}
	}
	for _, r := range replies {
		by[r.EntryID].Replies[r.QuestionID] = r
	}
	return by, nil
}

// questionnaireOf is QuestionnairesOf for one entry.
func questionnaireOf(ctx context.Context, db pg.DB, e Entry) (Questionnaire, error) {
	by, err := QuestionnairesOf(ctx, db, []Entry{e})
	return by[e.ID], err
}

// Value is the answer to a question; none is nil.
func (n Questionnaire) Value(id festival.QuestionID) []string { return n.Replies[id].Value }

// Asked are the questions that the makers are asked now, in order.
func (n Questionnaire) Asked() []festival.FormQuestion { return n.askedWith(n.Value) }

func (n Questionnaire) askedWith(value func(festival.QuestionID) []string) []festival.FormQuestion {
	return festival.Asked(slices.DeleteFunc(slices.Clone(n.Questions), archived), value)
}

func archived(q festival.FormQuestion) bool { return q.ArchivedAt != nil }

// Waiting are the questions that are not asked because another one is not
// answered so.
func (n Questionnaire) Waiting() []festival.FormQuestion {
	asked := n.Asked()
	return slices.DeleteFunc(slices.Clone(n.Questions), func(q festival.FormQuestion) bool {
		return archived(q) || slices.ContainsFunc(asked, func(a festival.FormQuestion) bool { return a.ID == q.ID })
	})
}

// An Answered question stands with its answer.
type Answered struct {
	festival.FormQuestion
	Value []string // never empty
}

// Answered are the questions with an answer that counts, in order: those that
// are asked now, and archived ones.
func (n Questionnaire) Answered() []Answered {
	var list []Answered
	for _, q := range festival.Asked(n.Questions, n.Value) {
		if value := n.Value(q.ID); len(value) > 0 {
			list = append(list, Answered{q, value})
		}
	}
	return list
}

// ForJury are those of Answered that jurors read.
func (n Questionnaire) ForJury() []Answered {
	return slices.DeleteFunc(n.Answered(), func(a Answered) bool { return !a.ForJury || archived(a.FormQuestion) })
}

// Missing says which answers keep an entry from being sent at now.
func (n Questionnaire) Missing(ctx context.Context, now time.Time) []Finding {
	var found []Finding
	for _, q := range n.Asked() {
		switch {
		case !q.RequiredAt(now) || len(n.Value(q.ID)) > 0:
		case q.FrozenAt(now):
			found = append(found, Finding{CategoryPart, q.Field(), false, locale.T(ctx, "reply.too-late",
				"“{{.Question}}” was to be answered before its date, which has passed. Ask the festival", "Question", q.Label)})
		default:
			found = append(found, Finding{CategoryPart, q.Field(), true, locale.T(ctx, "reply.missing",
				"Answer the question “{{.Question}}”", "Question", q.Label)})
		}
	}
	return found
}

// Later are the questions without an answer that need one from a date on which
// is still to come. They do not keep an entry from being sent.
func (n Questionnaire) Later(now time.Time) []festival.FormQuestion {
	return slices.DeleteFunc(n.Asked(), func(q festival.FormQuestion) bool {
		return !q.Required || q.RequiredAt(now) || len(n.Value(q.ID)) > 0
	})
}

// ReplyMark is a short fingerprint of an answer. A form carries the mark of
// what it was drawn with, so that a save can tell whether somebody else has
// changed the answer meanwhile.
func ReplyMark(value []string) string {
	if len(value) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(value, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// mayAnswer says why an entry's answer to a question cannot be changed at an
// instant, or nil.
func mayAnswer(e Entry, c festival.Category, q festival.FormQuestion, at time.Time) error {
	switch {
	case !slices.Contains([]State{Draft, Submitted, Accepted, Ineligible}, e.State):
		return problem.Field(q.Field(), "reply.withdrawn", "This entry was withdrawn. Its answers stay as they are.")
	case q.FrozenAt(at):
		return problem.Field(q.Field(), "reply.frozen",
			"The date until which this could be answered has passed. The festival keeps what stands here; your text was not taken.")
	case e.RungAt(c, at) == nil && (q.FrozenAfter == nil || e.State == Draft):
		return problem.Field(q.Field(), "reply.closed",
			"The call has closed, and with it the answer to this question. The festival keeps what stands here; your text was not taken.")
	}
	return nil
}

// MayAnswer says why the answer to a question cannot be changed any more, or nil.
func (m Mine) MayAnswer(q festival.FormQuestion) error {
	return mayAnswer(m.Entry, m.Category, q, m.Now)
}
