package deliberation

import (
	"context"
	"fmt"
	"slices"

	"laurel/internal/pg"
	"laurel/internal/tally/ballot"
)

// settle counts, takes the tie ladder, and says how the ballot ended.
func (c counting) settle(ctx context.Context, db pg.DB, d Deliberation, r *Record) error {
	o := ballot.Options{Method: d.Method, Strength: d.Strength}
	main, err := ballot.Count(c.election, o)
	if err != nil {
		return fmt.Errorf("count ballots: %w", err)
	}
	r.Count = &main
	first, ranking, ladder := c.election, main.Ranking, ballot.Ladder{Places: 1, Options: o}
	if d.ParentCode != "" {
		if before, ok, err := c.before(ctx, db, d, o); err != nil {
			return err
		} else if ok {
			first, ranking, ladder.Second = before.election, before.count.Ranking, &c.election
			r.First = first.Candidates
		}
	}
	if r.Settled, err = c.climb(d, ladder, first, ranking, r.Seed); err != nil {
		return fmt.Errorf("settle ties: %w", err)
	}
	r.conclude()
	rest, err := ballot.Others(c.election, o)
	if err != nil {
		return fmt.Errorf("count by other methods: %w", err)
	}
	for _, other := range rest {
		r.Others = append(r.Others, Other{other.Method, other.Strength, c.all(other.Winners)})
	}
	return nil
}

// climb takes the rungs of d's ladder: those that every tie takes, and, unless a
// second ballot comes next, the festival's rule and the lot.
func (c counting) climb(d Deliberation, l ballot.Ladder, first ballot.Election, ranking [][]int, seed string) (ballot.Settled, error) {
	s, err := l.Settle(first, ranking)
	if err != nil || len(s.Open) == 0 || d.Again && l.Second == nil {
		return s, err
	}
	l.Seed = seed
	switch d.TieRule {
	case President:
		if c.decides(first, s.Open[0]) {
			l.Rule, l.Casting = ballot.RuleCasting, renamed(c.casting, c.election, first)
		}
	case Calibrated:
		l.Rule, l.Scores = ballot.RuleCalibrated, c.scoresOf(first)
	case ExAequo:
		l.Rule = ballot.RuleShared
	case Lot:
	}
	return l.Settle(first, ranking)
}

// decides says whether the president cast a ballot and may compare all the films
// that are tied: who is recused from one does not decide.
func (c counting) decides(first ballot.Election, tied []int) bool {
	return c.casting != nil && !slices.ContainsFunc(tied, func(t int) bool {
		return slices.Contains(c.recused, slices.Index(c.election.Candidates, first.Candidates[t]))
	})
}

// renamed is a ranking of one election's candidates by their places in another.
func renamed(ranking [][]int, from, to ballot.Election) [][]int {
	levels := make([][]int, len(ranking))
	for i, level := range ranking {
		for _, c := range level {
			levels[i] = append(levels[i], slices.Index(to.Candidates, from.Candidates[c]))
		}
	}
	return levels
}

// scoresOf are the calibrated scores of another election's candidates; those
// that are not in this one cannot be tied any more, and have none.
func (c counting) scoresOf(first ballot.Election) []float64 {
	scores := make([]float64, len(first.Candidates))
	for i, name := range first.Candidates {
		if at := slices.Index(c.election.Candidates, name); at >= 0 && at < len(c.scores) {
			scores[i] = c.scores[at]
		}
	}
	return scores
}

// earlier is the first of two ballots.
type earlier struct {
	election ballot.Election
	count    ballot.Record
}

// before is the ballot that this one takes further: one that ended in a tie of
// films that all stand in this one too. Otherwise this one stands for itself.
func (c counting) before(ctx context.Context, db pg.DB, d Deliberation, o ballot.Options) (earlier, bool, error) {
	parent, err := pg.Value[ID](ctx, db, `
		select id
		from deliberations
		where code = @code`,
		pg.Args{"code": d.ParentCode})
	if err != nil {
		return earlier{}, false, fmt.Errorf("find first ballot: %w", err)
	}
	r, err := recordOf(ctx, db, parent)
	if err != nil || r.Outcome != Tied {
		return earlier{}, false, err
	}
	for _, film := range r.Winners {
		if !slices.Contains(c.election.Candidates, film) {
			return earlier{}, false, nil
		}
	}
	e := r.election()
	count, err := ballot.Count(e, o)
	if err != nil {
		return earlier{}, false, fmt.Errorf("count first ballot: %w", err)
	}
	return earlier{e, count}, true, nil
}

// election is what was counted, made again from the record.
func (r Record) election() ballot.Election {
	e := ballot.Election{Candidates: r.Candidates}
	for _, sheet := range r.Ballots {
		b := ballot.Ballot{Weight: 1}
		for _, level := range sheet.Ranking {
			b.Ranking = append(b.Ranking, r.places(level))
		}
		b.Recused = r.places(sheet.Recused)
		e.Ballots = append(e.Ballots, b)
	}
	return e
}

func (r Record) places(films []string) []int {
	places := make([]int, len(films))
	for i, film := range films {
		places[i] = slices.Index(r.Candidates, film)
	}
	return places
}

// conclude names the winners and the outcome.
func (r *Record) conclude() {
	r.Winners = nil
	for _, w := range r.Settled.Winners {
		r.Winners = append(r.Winners, r.Film(w))
	}
	switch {
	case len(r.Winners) == 1:
		r.Outcome = Won
	case len(r.Settled.Open) > 0:
		r.Outcome = Tied
	default:
		r.Outcome = Shared
	}
}

// Ranking is the films of this ballot in the order that came out, the best
// first; films on one level are equal.
func (r Record) Ranking() [][]string {
	var levels [][]string
	for _, level := range r.Settled.Ranking {
		var films []string
		for _, place := range level {
			if film := r.Film(place); slices.Contains(r.Candidates, film) {
				films = append(films, film)
			}
		}
		if len(films) > 0 {
			levels = append(levels, films)
		}
	}
	return levels
}
