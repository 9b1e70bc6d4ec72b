package entry

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Typed answer is one that came with a form.
type Typed struct {
	Value []string // as typed
	Mark  string   // ReplyMark of what the form was drawn with
}

// SaveReplies writes what a maker who may edit answered, by the codes of the
// questions. All of it is written or nothing. An answer that somebody changed
// since the form was drawn is a Conflict at its field, so that nobody
// overwrites what they have not seen; one that was not touched in the form
// stays as it stands. waited is how long ago the request reached us: what
// counts is that instant by the database's clock.
func SaveReplies(ctx context.Context, tx pgx.Tx, maker account.ID, code string, typed map[string]Typed, waited time.Duration) error {
	arrived, err := arrival(ctx, tx, waited)
	if err != nil {
		return err
	}
	e, err := ByMaker(ctx, tx, maker, code, LevelEdit)
	if err != nil {
		return err
	}
	if e, err = lockEntry(ctx, tx, e.ID); err != nil {
		return err
	}
	// No question is removed while its answer is written.
	if _, err := tx.Exec(ctx, `select from questions where category_id = @id for key share`, pg.Args{"id": e.CategoryID}); err != nil {
		return fmt.Errorf("lock questions: %w", err)
	}
	c, err := festival.CategoryOf(ctx, tx, e.CategoryID)
	if err != nil {
		return err
	}
	n, err := questionnaireOf(ctx, tx, e)
	if err != nil {
		return err
	}
	a := answering{entry: e, category: c, at: arrived, Questionnaire: n, proposed: map[festival.QuestionID][]string{}}
	if err := a.read(typed); err != nil {
		return err
	}
	return a.write(ctx, tx, maker)
}

// answering is a form with answers on its way in.
type answering struct {
	Questionnaire
	entry    Entry
	category festival.Category
	at       time.Time
	proposed map[festival.QuestionID][]string // the answers that change; empty: taken away
}

// read decides which answers change, or says what is wrong with them.
func (a answering) read(typed map[string]Typed) error {
	wrong, stale := findings{}, findings{}
	for _, q := range a.Questions {
		t, sent := typed[q.Code]
		if !sent || archived(q) {
			continue
		}
		value, vetted := VetReply(q, t.Value)
		now := ReplyMark(a.Value(q.ID))
		switch mark := ReplyMark(value); {
		case vetted == nil && (mark == now || mark == t.Mark):
			continue
		case mayAnswer(a.entry, a.category, q, a.at) != nil:
			wrong.add(problem.Of(mayAnswer(a.entry, a.category, q, a.at)))
		case vetted != nil:
			wrong.add(problem.Of(vetted))
		case now != t.Mark:
			stale.add(problem.Field(q.Field(), "reply.stale",
				"This answer was changed from another window meanwhile. Both are shown here. Change yours as you like, and save again."))
		default:
			a.proposed[q.ID] = value
		}
	}
	a.forgive(wrong)
	if len(wrong) == 0 && len(stale) == 0 {
		return nil
	}
	p := problem.New(problem.Invalid, "reply.refused", "Some answers need another look.")
	if len(wrong) == 0 {
		p.Kind = problem.Conflict
	}
	p.Fields = wrong
	maps.Copy(p.Fields, stale)
	return p
}

// forgive drops what is wrong with questions that the other answers put away.
func (a answering) forgive(wrong findings) {
	asked := a.askedWith(func(id festival.QuestionID) []string {
		if value, changes := a.proposed[id]; changes {
			return value
		}
		return a.Value(id)
	})
	for _, q := range a.Questions {
		if !slices.ContainsFunc(asked, func(o festival.FormQuestion) bool { return o.ID == q.ID }) {
			delete(wrong, q.Field())
		}
	}
}

func (a answering) write(ctx context.Context, tx pgx.Tx, by account.ID) error {
	var changed []string
	for _, q := range a.Questions {
		value, changes := a.proposed[q.ID]
		if !changes {
			continue
		}
		if err := writeReply(ctx, tx, Reply{EntryID: a.entry.ID, QuestionID: q.ID, Value: value, AccountID: &by}); err != nil {
			return err
		}
		changed = append(changed, q.Code)
	}
	if len(changed) == 0 {
		return nil
	}
	return record(ctx, tx, by, new(int64(a.entry.EditionID)), "entry.answer", "entry", int64(a.entry.ID), map[string]any{"questions": changed})
}

func writeReply(ctx context.Context, tx pgx.Tx, r Reply) error {
	args := pg.Args{"entry": r.EntryID, "question": r.QuestionID}
	if len(r.Value) == 0 {
		if _, err := tx.Exec(ctx, `delete from replies where entry_id = @entry and question_id = @question`, args); err != nil {
			return fmt.Errorf("take answer away: %w", err)
		}
		return nil
	}
	args["value"], args["by"] = r.Value, r.AccountID
	_, err := tx.Exec(ctx, `
		insert into replies (entry_id, question_id, value, account_id)
		values (@entry, @question, @value, @by)
		on conflict on constraint replies_pkey
		do update set value = excluded.value, account_id = excluded.account_id, saved_at = clock_timestamp()`, args)
	if err != nil {
		return fmt.Errorf("save answer: %w", err)
	}
	return nil
}
