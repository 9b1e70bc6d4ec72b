package jury

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
	"laurel/internal/tally"
)

// CriterionID names a criterion inside the house and in the forms of its round.
type CriterionID int64

// A Criterion is a line of a round's rubric.
type Criterion struct {
	ID        CriterionID
	Name      string
	Hint      string  // a question for the juror; may be empty
	Weight    float64 // two decimals; only proportions matter
	Required  bool    // a score is submitted only with it
	Counted   bool    // false: shown to the jury, never in the score
	LowLabel  string  // of the lowest value; may be empty
	HighLabel string  // of the highest value; may be empty
}

// Rubric lists a round's criteria in order.
func Rubric(ctx context.Context, db pg.DB, round RoundID) ([]Criterion, error) {
	list, err := pg.Rows[Criterion](ctx, db, `
		select id, name, hint, weight::float8 as weight, required, counted, low_label, high_label
		from criteria
		where round_id = @round
		order by position`,
		pg.Args{"round": round})
	if err != nil {
		return nil, fmt.Errorf("list criteria: %w", err)
	}
	return list, nil
}

// Weights is the rubric as the arithmetic wants it.
func Weights(rubric []Criterion) []tally.Criterion {
	weights := make([]tally.Criterion, len(rubric))
	for i, c := range rubric {
		weights[i] = tally.Criterion{ID: int64(c.ID), Weight: c.Weight, Counted: c.Counted}
	}
	return weights
}

// Share is the criterion's part of the score when all are answered, between 0
// and 1.
func Share(rubric []Criterion, id CriterionID) float64 {
	var own, all float64
	for _, c := range rubric {
		if !c.Counted {
			continue
		}
		all += c.Weight
		if c.ID == id {
			own = c.Weight
		}
	}
	if all == 0 {
		return 0
	}
	return own / all
}

// writeRubric replaces a rubric that nobody has scored with yet.
func writeRubric(ctx context.Context, tx pgx.Tx, round RoundID, rubric []Criterion) error {
	if _, err := tx.Exec(ctx, `delete from criteria where round_id = @round`, pg.Args{"round": round}); err != nil {
		return fmt.Errorf("clear rubric: %w", err)
	}
	for i, c := range rubric {
		_, err := tx.Exec(ctx, `
			insert into criteria (round_id, position, name, hint, weight, required, counted, low_label, high_label)
			values (@round, @position, @name, @hint, @weight, @required, @counted, @low, @high)`,
			pg.Args{
				"round": round, "position": i + 1, "name": strings.TrimSpace(c.Name), "hint": strings.TrimSpace(c.Hint),
				"weight": c.Weight, "required": c.Required, "counted": c.Counted,
				"low": strings.TrimSpace(c.LowLabel), "high": strings.TrimSpace(c.HighLabel),
			})
		if err != nil {
			return fmt.Errorf("write criterion %d: %w", i+1, err)
		}
	}
	return nil
}
