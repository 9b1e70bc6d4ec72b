package site

import (
	"slices"

	"laurel/internal/deliberation"
	"laurel/internal/locale"
	"laurel/internal/tally/ballot"
	"laurel/web/pages"
)

// winners are the films that won or are tied for it, with the reason.
func (in reading) winners() []pages.BallotWinner {
	var list []pages.BallotWinner
	for _, key := range in.record.Winners {
		f := in.films[key]
		w := pages.BallotWinner{Title: in.title(key), Other: f.Other, Language: f.Language, By: f.By, Still: f.Still}
		w.Kind, w.Tag = in.tag()
		w.Sentence = in.why(key)
		list = append(list, w)
	}
	return list
}

func (in reading) tag() (kind, text string) {
	ctx, r := in.ctx, in.record
	switch {
	case r.Outcome == deliberation.Tied:
		return "warn", locale.T(ctx, "count.tag-tied", "Tied: a second ballot decides")
	case r.Outcome == deliberation.Shared:
		return "on", locale.T(ctx, "count.tag-shared", "Winner, ex aequo")
	case len(r.Settled.Steps) > 0:
		return "on", locale.T(ctx, "count.tag-after-tie", "Winner, after a tie")
	}
	return "on", locale.T(ctx, "count.tag-won", "Winner, no tie")
}

// why says in a sentence what puts a film in front.
func (in reading) why(key string) string {
	ctx, r := in.ctx, in.record
	switch {
	case r.Count == nil:
		return ""
	case len(r.Winners) > 1:
		return locale.T(ctx, "count.why-tied", "Nothing in the ballots puts one of the {{.Count}} films above the others.", "Count", locale.Number(ctx, len(r.Winners)))
	case len(r.Settled.Steps) > 0:
		return locale.T(ctx, "count.why-step", "Equal in the count, and in front after the steps below.")
	}
	closest, least, majority := "", 0, true
	for _, other := range r.Candidates {
		if other == key {
			continue
		}
		votes, against := in.votes(key, other), in.votes(other, key)
		if votes <= against {
			return in.whyNotEvery(key)
		}
		if closest == "" || votes-against < least {
			closest, least = other, votes-against
		}
		majority = majority && 2*votes > r.Cast
	}
	if closest == "" {
		return locale.T(ctx, "count.why-alone", "It was the only film left.")
	}
	args := []any{"For", locale.Number(ctx, in.votes(key, closest)), "Against", locale.Number(ctx, in.votes(closest, key)), "Film", in.title(closest)}
	if majority {
		return locale.T(ctx, "count.why-majority", "Preferred to every other finalist, one against one, by a majority of the jury. Its closest contest: {{.For}} to {{.Against}} against {{.Film}}.", args...)
	}
	return locale.T(ctx, "count.why-every", "Preferred to every other finalist, one against one. Its closest contest: {{.For}} to {{.Against}} against {{.Film}}.", args...)
}

// whyNotEvery is the reason of a winner that does not win every contest.
func (in reading) whyNotEvery(key string) string {
	ctx, r := in.ctx, in.record
	at := slices.Index(r.Candidates, key)
	switch r.Count.Method {
	case ballot.MethodBorda, ballot.MethodCopeland:
		return locale.T(ctx, "count.why-points", "It has the most points: {{.Points}}.", "Points", points(ctx, r.Count.Points[at]))
	case ballot.MethodRankedPairs:
		return locale.T(ctx, "count.why-pairs", "No film is preferred to every other. Taking the strongest wins first, nothing stands above this one.")
	case ballot.MethodSchulze, ballot.MethodIRV, ballot.MethodSTV:
	}
	return locale.T(ctx, "count.why-paths", "No film is preferred to every other. By the strongest chains of wins this one stands above all.")
}

// steps are the steps of the tie ladder, with their numbers.
func (in reading) steps() []pages.BallotStep {
	var list []pages.BallotStep
	for _, s := range in.record.Settled.Steps {
		step := pages.BallotStep{Outcome: in.parted(s)}
		step.Heading, step.Text, step.Lines = in.stepWords(s)
		list = append(list, step)
	}
	if in.record.Outcome == deliberation.Tied {
		list = append(list, pages.BallotStep{
			Heading: locale.T(in.ctx, "step.next", "A second ballot"),
			Text:    locale.T(in.ctx, "step.next-text", "The jury talks, and votes again on the tied films only."),
		})
	}
	return list
}

func (in reading) stepWords(s ballot.Step) (heading, text string, lines []string) {
	ctx := in.ctx
	name := func(place int) string { return in.title(in.record.Film(place)) }
	switch s.Kind {
	case ballot.StepBorda:
		heading = locale.T(ctx, "step.borda", "Points over all ballots (Borda)")
		text = locale.T(ctx, "step.borda-text", "On each ballot a film has a point for every film below it, and half a point for every film that is equal.")
		for i, p := range s.Points {
			lines = append(lines, locale.T(ctx, "step.points", "{{.Film}}: {{.Points}}", "Film", name(s.Tied[i]), "Points", points(ctx, p)))
		}
	case ballot.StepSecond:
		heading = locale.T(ctx, "step.second", "The second ballot")
		text = locale.T(ctx, "step.second-text", "On the tied films only, counted in the same way.")
		lines = in.contests(s)
	case ballot.StepCasting:
		heading = locale.T(ctx, "step.casting", "The president’s ballot")
		text = locale.T(ctx, "step.casting-text", "The order in which the president put the tied films. Films that were left out are last.")
	case ballot.StepCalibrated:
		heading = locale.T(ctx, "step.calibrated", "The calibrated score")
		text = locale.T(ctx, "step.calibrated-text", "Of the round before, as it stood when this ballot was set up.")
		for i, score := range s.Scores {
			lines = append(lines, locale.T(ctx, "step.points", "{{.Film}}: {{.Points}}", "Film", name(s.Tied[i]), "Points", locale.Decimal(ctx, score, 2)))
		}
	case ballot.StepShared:
		heading = locale.T(ctx, "step.shared", "They share the place")
		text = locale.T(ctx, "step.shared-text", "The rules say that films which are still equal share it.")
	case ballot.StepLot:
		heading = locale.T(ctx, "step.lot", "The lot")
		text = locale.T(ctx, "step.lot-text", "The SHA-256 of the seed followed by the film’s key. The first in order is in front.")
		for _, slip := range s.Lot {
			lines = append(lines, locale.T(ctx, "step.lot-line", "{{.Film}} ({{.Key}}): {{.Hash}}…", "Film", name(slip.Candidate), "Key", in.record.Film(slip.Candidate), "Hash", slip.Hash[:12]))
		}
	}
	return heading, text, lines
}

// contests are the tied films one against one in a second ballot.
func (in reading) contests(s ballot.Step) []string {
	var lines []string
	if s.Second == nil {
		return lines
	}
	at := func(place int) int { return slices.Index(in.record.Candidates, in.record.Film(place)) }
	for i, a := range s.Tied {
		for _, b := range s.Tied[i+1:] {
			lines = append(lines, locale.T(in.ctx, "step.contest", "{{.Film}} {{.For}}, {{.Other}} {{.Against}}",
				"Film", in.title(in.record.Film(a)), "For", locale.Number(in.ctx, int(s.Second.Pairwise[at(a)][at(b)])),
				"Other", in.title(in.record.Film(b)), "Against", locale.Number(in.ctx, int(s.Second.Pairwise[at(b)][at(a)]))))
		}
	}
	return lines
}

// parted says what a step left.
func (in reading) parted(s ballot.Step) string {
	var keys []string
	for _, place := range s.Order[0] {
		keys = append(keys, in.record.Film(place))
	}
	switch {
	case s.Kind == ballot.StepShared:
		return locale.T(in.ctx, "step.sharing", "Shared by {{.Films}}", "Films", in.list(keys))
	case len(keys) == 1:
		return locale.T(in.ctx, "step.parted", "In front: {{.Film}}", "Film", in.title(keys[0]))
	case len(keys) == len(s.Tied):
		return locale.T(in.ctx, "step.still", "Still equal.")
	}
	return locale.T(in.ctx, "step.fewer", "Still equal: {{.Films}}", "Films", in.list(keys))
}
