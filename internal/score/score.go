// Package score owns what jurors give their films: a value for each criterion,
// private notes and a comment for the filmmakers. Every version is kept.
package score

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Score is one version of what a juror gave an assignment.
type Score struct {
	Version  int  // from 1; 0: nothing was saved yet
	Complete bool // submitted; only then does it count
	Note     string
	Feedback string
	SavedAt  time.Time
	Marks    map[jury.CriterionID]int `db:"-"`
}

// A Sheet is what a juror sends.
type Sheet struct {
	Base     int // the version it was written on; 0: none
	Marks    map[jury.CriterionID]int
	Note     string // only the juror reads it
	Feedback string // goes to the filmmakers with the decision, without the juror's name
	Complete bool   // submit it; else it is kept as it is and does not count yet
}

// A StaleError says that the score was saved from another window meanwhile. Its
// problem is a Conflict.
type StaleError struct {
	Current Score
}

func (e *StaleError) Error() string { return fmt.Sprintf("score has version %d", e.Current.Version) }

func (e *StaleError) Unwrap() error {
	return problem.New(problem.Conflict, "score.stale",
		"You saved this score from another window meanwhile. Both versions are below; nothing was overwritten. Keep what is right, then save again.")
}

// Save writes a new version and makes it the current one. The round's row is
// locked for share first, so that closing waits for it, and the clock is read
// after that. Refusals: the round is not open (Denied); the assignment is not
// the juror's, recused, or kept apart (NotFound); another version has been saved
// since Base (StaleError); a value is off the scale or, when submitting, missing
// (Invalid, with the fields "c" and the criterion's id).
//
// A score that had been submitted stays submitted while everything required is
// there, whichever button saved it.
func Save(ctx context.Context, tx pgx.Tx, who account.ID, assignment string, s Sheet) (Score, error) {
	a, err := lockForSaving(ctx, tx, who, assignment)
	if err != nil {
		return Score{}, err
	}
	current, err := currentOf(ctx, tx, a.ID)
	if err != nil {
		return Score{}, err
	}
	if current.Version != s.Base {
		return Score{}, &StaleError{current}
	}
	rubric, err := jury.Rubric(ctx, tx, a.RoundID)
	if err != nil {
		return Score{}, err
	}
	missing, err := a.check(rubric, s)
	if err != nil {
		return Score{}, err
	}
	s.Complete = !missing && (s.Complete || current.Complete)
	return write(ctx, tx, who, a, s)
}

// held is an assignment whose round is open and stays so for this transaction.
type held struct {
	ID        jury.AssignmentID
	RoundID   jury.RoundID
	EditionID festival.EditionID
	ScaleMin  int
	ScaleMax  int
	Feedback  bool
}

func lockForSaving(ctx context.Context, tx pgx.Tx, who account.ID, assignment string) (held, error) {
	a, err := pg.One[held](ctx, tx, `
		select a.id, a.round_id, c.edition_id, r.scale_min, r.scale_max, r.feedback
		from assignments a
		join rounds r on r.id = a.round_id
		join categories c on c.id = r.category_id
		where a.code = @assignment and a.account_id = @who
		for share of r`,
		pg.Args{"assignment": assignment, "who": who})
	if err != nil {
		return held{}, fmt.Errorf("lock round for saving: %w", err)
	}
	if err := mayScore(ctx, tx, a); err != nil {
		return held{}, err
	}
	_, err = pg.Value[jury.AssignmentID](ctx, tx, `
		select a.id
		from assignments a
		join rounds r on r.id = a.round_id
		join seats s on s.panel_id = r.panel_id and s.account_id = a.account_id and s.left_at is null
		where a.id = @id and a.state <> 'recused'
		  and exists (select from juror_films j where j.assignment_id = a.id)
		for update of a`,
		pg.Args{"id": a.ID})
	if err != nil {
		return held{}, fmt.Errorf("lock assignment: %w", err)
	}
	return a, nil
}

// mayScore reads the clock of the database in a statement of its own: under the
// lock, so that what it says stays true until the transaction ends. In a round
// that was opened again, what was given before is closed.
func mayScore(ctx context.Context, tx pgx.Tx, a held) error {
	phase, err := pg.Value[jury.Phase](ctx, tx, `
		select case
		  when r.opened_at is null then 'setup'
		  when r.closed_at is not null or r.closes_at <= clock_timestamp() or a.created_at < r.extended_at then 'closed'
		  when r.opens_at > clock_timestamp() then 'waiting'
		  else 'open' end
		from assignments a
		join rounds r on r.id = a.round_id
		where a.id = @id`,
		pg.Args{"id": a.ID})
	if err != nil {
		return fmt.Errorf("read round: %w", err)
	}
	return Refusal(phase)
}

// Refusal says why no score is taken in a phase, or nil.
func Refusal(phase jury.Phase) error {
	switch phase {
	case jury.Open:
		return nil
	case jury.Closed:
		return problem.New(problem.Denied, "score.round-closed",
			"The round is closed. What you saved before stands; nothing can be changed now.")
	case jury.Waiting:
		return problem.New(problem.Denied, "score.round-waiting", "Scoring has not begun yet.")
	case jury.Setup:
	}
	return problem.Missing()
}

// check looks at the sheet against the rubric and the scale; missing says that
// something required was not answered, which is an error only when submitting.
func (a held) check(rubric []jury.Criterion, s Sheet) (missing bool, err error) {
	wrong := &problem.Problem{Kind: problem.Invalid, Fields: map[string]problem.Say{}, Say: problem.Say{
		Key: "score.incomplete", English: "Score every criterion that is required, then submit."}}
	known := map[jury.CriterionID]bool{}
	for _, c := range rubric {
		known[c.ID] = true
		value, answered := s.Marks[c.ID]
		switch {
		case answered && (value < a.ScaleMin || value > a.ScaleMax):
			wrong.Fields[FieldOf(c.ID)] = problem.Say{Key: "score.off-scale",
				English: "Choose a value from {{.Low}} to {{.High}}.", Args: []any{"Low", a.ScaleMin, "High", a.ScaleMax}}
		case !answered && c.Required:
			missing = true
			if s.Complete {
				wrong.Fields[FieldOf(c.ID)] = problem.Say{Key: "score.required",
					English: "Score {{.Criterion}}.", Args: []any{"Criterion", c.Name}}
			}
		}
	}
	for id := range s.Marks {
		if !known[id] {
			return false, problem.Missing()
		}
	}
	if len(wrong.Fields) > 0 {
		return missing, wrong
	}
	return missing, nil
}

// FieldOf is the name of a criterion in forms.
func FieldOf(id jury.CriterionID) string { return fmt.Sprintf("c%d", id) }

func write(ctx context.Context, tx pgx.Tx, who account.ID, a held, s Sheet) (Score, error) {
	if !a.Feedback {
		s.Feedback = ""
	}
	_, err := tx.Exec(ctx, `
		update scores
		set current = false
		where assignment_id = @assignment and current`,
		pg.Args{"assignment": a.ID})
	if err != nil {
		return Score{}, fmt.Errorf("retire version %d: %w", s.Base, err)
	}
	type row struct {
		ID      int64
		SavedAt time.Time
	}
	saved, err := pg.One[row](ctx, tx, `
		insert into scores (assignment_id, version, complete, note, feedback)
		values (@assignment, @version, @complete, @note, @feedback)
		returning id, saved_at`,
		pg.Args{"assignment": a.ID, "version": s.Base + 1, "complete": s.Complete, "note": s.Note, "feedback": s.Feedback})
	if err != nil {
		return Score{}, fmt.Errorf("save score: %w", err)
	}
	if err := writeMarks(ctx, tx, saved.ID, s.Marks); err != nil {
		return Score{}, err
	}
	if err := jury.Progressed(ctx, tx, a.ID, s.Complete); err != nil {
		return Score{}, err
	}
	score := Score{s.Base + 1, s.Complete, s.Note, s.Feedback, saved.SavedAt, s.Marks}
	return score, audit.Record(ctx, tx, audit.Event{
		Actor: new(int64(who)), Edition: new(int64(a.EditionID)), Verb: "score.save", Kind: "assignment", Subject: int64(a.ID),
		After: map[string]any{"version": score.Version, "complete": score.Complete},
	})
}

func writeMarks(ctx context.Context, tx pgx.Tx, score int64, marks map[jury.CriterionID]int) error {
	criteria, values := make([]int64, 0, len(marks)), make([]int, 0, len(marks))
	for id, v := range marks {
		criteria, values = append(criteria, int64(id)), append(values, v)
	}
	_, err := tx.Exec(ctx, `
		insert into marks (score_id, criterion_id, value)
		select @score, criterion, value
		from unnest(@criteria::bigint[], @values::integer[]) as m (criterion, value)`,
		pg.Args{"score": score, "criteria": criteria, "values": values})
	if err != nil {
		return fmt.Errorf("save marks: %w", err)
	}
	return nil
}

// currentOf is the version that counts, or the zero Score.
func currentOf(ctx context.Context, db pg.DB, assignment jury.AssignmentID) (Score, error) {
	s, err := pg.One[Score](ctx, db, `
		select version, complete, note, feedback, saved_at
		from scores
		where assignment_id = @assignment and current`,
		pg.Args{"assignment": assignment})
	if errors.Is(err, pgx.ErrNoRows) {
		return Score{Marks: map[jury.CriterionID]int{}}, nil
	}
	if err != nil {
		return Score{}, fmt.Errorf("read score: %w", err)
	}
	type mark struct {
		CriterionID jury.CriterionID
		Value       int
	}
	marks, err := pg.Rows[mark](ctx, db, `
		select m.criterion_id, m.value
		from marks m
		join scores s on s.id = m.score_id
		where s.assignment_id = @assignment and s.version = @version`,
		pg.Args{"assignment": assignment, "version": s.Version})
	if err != nil {
		return Score{}, fmt.Errorf("read marks: %w", err)
	}
	s.Marks = map[jury.CriterionID]int{}
	for _, m := range marks {
		s.Marks[m.CriterionID] = m.Value
	}
	return s, nil
}
