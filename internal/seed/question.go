package seed

import (
	"context"
	"fmt"
	"strconv"

	"laurel/internal/entry"
	"laurel/internal/festival"
)

// What two categories of the present edition ask besides the film.
const (
	coming   = "Would somebody of the team like to come to Mahabar?"
	howMany  = "How many people, about?"
	context9 = "What should the jury know that the film does not say?"
	copyDay  = "From which day can a copy for the cinema be here?"
)

// ask lets two categories ask questions of their own.
func (h *house) ask(ctx context.Context, categories []festival.Category) error {
	needed := h.night(70)
	for _, c := range categories {
		if c.Slug != "short-fiction" && c.Slug != "documentary" {
			continue
		}
		first, err := festival.SaveQuestion(ctx, h.tx, h.organizer, festival.FormQuestion{
			CategoryID: c.ID, Kind: festival.AsksChoice, Label: coming, Options: []string{"Yes", "No", "Not known yet"},
			Help: "It plays no part in the selection. No names are needed.",
		})
		if err != nil {
			return fmt.Errorf("ask a question: %w", err)
		}
		for _, q := range []festival.FormQuestion{
			{Kind: festival.AsksNumber, Label: howMany, IfQuestionID: &first.ID, IfAnswer: "Yes"},
			{Kind: festival.AsksLong, Label: context9, Help: "A few sentences. Leave out who made it: the first round is judged blind.", ForJury: true},
			{Kind: festival.AsksDate, Label: copyDay, Help: "For selected films alone.", Required: true, RequiredAfter: &needed, FrozenAfter: new(h.night(84))},
		} {
			q.CategoryID = c.ID
			if _, err := festival.SaveQuestion(ctx, h.tx, h.organizer, q); err != nil {
				return fmt.Errorf("ask a question: %w", err)
			}
		}
	}
	return nil
}

// remarks are answers to context9.
var remarks = []string{
	"The songs are older than the border. None of them was recorded before.",
	"Nobody in it is an actor. The dialogue was found in four afternoons of talking.",
	"It was shot in nine days, on the one road that was open that winter.",
	"The house burnt down after the last day of shooting; what you see is all that is left of it.",
}

// reply lets most of those who sent a film answer.
func (h *house) reply(ctx context.Context, list []*submission) error {
	asked := map[festival.CategoryID][]festival.FormQuestion{}
	var rows [][]any
	for _, s := range list {
		questions, known := asked[s.category.ID]
		if !known {
			var err error
			if questions, err = festival.Questions(ctx, h.tx, s.category.ID); err != nil {
				return err
			}
			asked[s.category.ID] = questions
		}
		if s.state == entry.Draft || s.number%5 == 0 {
			continue
		}
		for _, q := range questions {
			if value := given(q, s.number); value != "" {
				rows = append(rows, []any{int64(s.id), int64(q.ID), []string{value}, int64(s.owner), s.submitted})
			}
		}
	}
	return fill(ctx, h.tx, "replies", []string{"entry_id", "question_id", "value", "account_id", "saved_at"}, rows)
}

// given is what the makers of the n-th entry answer; empty: nothing.
func given(q festival.FormQuestion, n int) string {
	switch {
	case q.Label == coming:
		return q.Options[n%len(q.Options)]
	case q.Label == howMany && n%3 == 0:
		return strconv.Itoa(1 + n%4)
	case q.Label == context9 && n%2 == 0:
		return remarks[n/2%len(remarks)]
	}
	return ""
}
