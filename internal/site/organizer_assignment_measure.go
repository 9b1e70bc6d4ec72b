package site

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// measures compares what stands with the draft, or looks at what stands.
func measures(ctx context.Context, b board) []pages.Measure {
	now, plan := b.before, b.after
	jurors := len(b.seen.Seats)
	pairs := jurors * (jurors - 1) / 2
	list := []pages.Measure{
		{Name: locale.N(ctx, "assign.full", b.how.Reviews, "Films with a viewer", "Films with {{.Count}} viewers"), Before: outOf(ctx, now.Full, now.Films), After: outOf(ctx, plan.Full, plan.Films),
			Better: plan.Full > now.Full, Means: fullMeans(ctx, plan)},
		{Name: locale.T(ctx, "assign.longest", "Longest and shortest list"), Before: longestShortest(ctx, now), After: longestShortest(ctx, plan),
			Better: plan.Longest.Films-plan.Shortest.Films < now.Longest.Films-now.Shortest.Films, Means: evenMeans(ctx, plan, b.drafted())},
		{Name: locale.T(ctx, "assign.conflicts", "Conflicts of interest"), Before: locale.Number(ctx, now.Apart), After: locale.Number(ctx, plan.Apart),
			Better: plan.Apart < now.Apart, Means: apartMeans(ctx, b)},
		{Name: heardName(ctx, b), Before: heardFigure(ctx, b, now), After: heardFigure(ctx, b, plan), Better: plan.Heard > now.Heard, Means: heardMeans(ctx, b)},
		{Name: locale.T(ctx, "assign.pairs", "Pairs of jurors who share a film"), Before: outOf(ctx, now.Pairs, pairs), After: outOf(ctx, plan.Pairs, pairs),
			Better: plan.Pairs > now.Pairs, Means: pairsMeans(ctx, plan)},
	}
	if b.drafted() {
		list = append(list, pages.Measure{Name: locale.T(ctx, "assign.moved", "Moved films already scored"), Before: "–", After: locale.Number(ctx, plan.Moved),
			Means: locale.T(ctx, "assign.moved-means", "Scores given so far all stay")})
	}
	return list
}

func outOf(ctx context.Context, n, all int) string {
	return locale.T(ctx, "queue.of", "{{.Done}} of {{.Total}}", "Done", locale.Number(ctx, n), "Total", locale.Number(ctx, all))
}

func longestShortest(ctx context.Context, q jury.Quality) string {
	return locale.T(ctx, "assign.and", "{{.Longest}} and {{.Shortest}}", "Longest", locale.Number(ctx, q.Longest.Films), "Shortest", locale.Number(ctx, q.Shortest.Films))
}

func fullMeans(ctx context.Context, q jury.Quality) string {
	if q.Full == q.Films {
		return locale.T(ctx, "assign.full-means", "Every film is watched by as many as wanted")
	}
	return locale.N(ctx, "assign.short-means", q.Films-q.Full, "One film has fewer viewers than wanted", "{{.Count}} films have fewer viewers than wanted")
}

// evenMeans says how even the lists are, by films and by hours. Only a draft is
// known to be as even as can be.
func evenMeans(ctx context.Context, q jury.Quality, drafted bool) string {
	apart := q.Longest.Films - q.Shortest.Films
	words := locale.N(ctx, "assign.spread-means", apart, "The longest has one film more than the shortest", "The longest has {{.Count}} films more than the shortest")
	switch {
	case drafted && apart > 1:
		words = locale.T(ctx, "assign.uneven-means", "As even as the conflicts, the limits and the scores given so far allow")
	case apart <= 1:
		words = locale.T(ctx, "assign.even-means", "Nobody watches more than one film more than another")
	}
	return locale.T(ctx, "assign.hours-means", "{{.Words}}; the longest takes {{.Longest}}, the shortest {{.Shortest}}",
		"Words", words, "Longest", hours(ctx, q.Longest.Seconds), "Shortest", hours(ctx, q.Shortest.Seconds))
}

func apartMeans(ctx context.Context, b board) string {
	known := len(b.conflicts) + len(b.seen.Found)
	switch {
	case known == 0:
		return locale.T(ctx, "assign.apart-none", "None declared, none found")
	case b.after.Apart == 0:
		return locale.N(ctx, "assign.apart-means", known, "One declared or found, not assigned", "{{.Count}} declared or found, none assigned")
	}
	return locale.N(ctx, "assign.apart-left", b.after.Apart, "One was begun before the conflict was known, or waits to be repaired", "{{.Count}} were begun before the conflict was known, or wait to be repaired")
}

func heardName(ctx context.Context, b board) string {
	if b.how.Reviews < 2 {
		return locale.T(ctx, "assign.heard-one", "Language understood by the viewer")
	}
	return locale.T(ctx, "assign.heard", "Language understood by two viewers")
}

// telling is how many jurors have said what they understand.
func telling(b board) int {
	n := 0
	for _, s := range b.seen.Seats {
		if len(s.Languages) > 0 {
			n++
		}
	}
	return n
}

func heardFigure(ctx context.Context, b board, q jury.Quality) string {
	if telling(b) == 0 {
		return "–"
	}
	return outOf(ctx, q.Heard, q.Films)
}

func heardMeans(ctx context.Context, b board) string {
	switch rest := b.after.Films - b.after.Heard; {
	case telling(b) == 0:
		return locale.T(ctx, "assign.heard-unknown", "No juror has said which languages they understand")
	case rest == 0:
		return locale.T(ctx, "assign.heard-all", "What is spoken is understood without subtitles")
	default:
		return locale.N(ctx, "assign.heard-rest", rest, "One film has one speaker at most; the others read its subtitles or have not said", "{{.Count}} films have one speaker at most; the others read the subtitles or have not said")
	}
}

func pairsMeans(ctx context.Context, q jury.Quality) string {
	switch {
	case q.Parts > 1:
		return locale.N(ctx, "assign.pairs-apart", q.Parts, "Nobody shares a film", "The jury falls into {{.Count}} parts whose scores cannot be compared")
	case q.Parts == 0:
		return locale.T(ctx, "assign.pairs-none", "Nobody has a film yet")
	case q.Bridges > 0:
		return locale.N(ctx, "assign.pairs-bridge", q.Bridges, "All lists can be compared, but that hangs on one single viewing", "All lists can be compared, but that hangs on {{.Count}} single viewings")
	case len(q.Weakest) == 2:
		return locale.T(ctx, "assign.pairs-means", "So that severity can be compared fairly; the hardest to compare are {{.One}} and {{.Other}}", "One", q.Weakest[0], "Other", q.Weakest[1])
	}
	return locale.T(ctx, "assign.pairs-alone", "So that severity can be compared fairly")
}

// proofView says how good the draft is and how that is known; nil when nothing
// was computed. Its figures are of all films, so who is kept apart from one does
// not see them.
func proofView(ctx context.Context, b board) *pages.Proof {
	p := b.plan.Proof
	if p == nil {
		return nil
	}
	v := &pages.Proof{Words: proofWords(ctx, *p), Seed: strconv.FormatUint(b.how.Seed, 10)}
	if len(b.hidden) > 0 {
		return v
	}
	for _, l := range p.Levels {
		v.Levels = append(v.Levels, pages.ProofLevel{Name: aimWords(ctx, l.Aim), Value: exact(l.Value), Bound: exact(l.Bound)})
	}
	return v
}

func proofWords(ctx context.Context, p jury.Proof) string {
	var words []string
	switch {
	case p.Optimal:
		words = append(words, locale.T(ctx, "assign.proved", "No other plan does better: a second calculation proves it."))
	case p.Thinned:
		words = append(words, locale.T(ctx, "assign.thinned", "There are so many possible pairs that some, drawn by lot, were left aside. Nobody can do better with the others."))
	default:
		words = append(words, locale.T(ctx, "assign.not-proved", "This is close to the best that can be; how close stands below."))
	}
	switch {
	case p.Joined > 0 && p.Components == 1:
		words = append(words, locale.T(ctx, "assign.joined", "The jury fell into {{.Parts}} parts; films were exchanged so that all lists can be compared.", "Parts", locale.Number(ctx, p.Joined)))
	case p.Components > 1:
		words = append(words, locale.T(ctx, "assign.parted", "No exchange of films lets all lists be compared."))
	}
	return strings.Join(words, " ")
}

// aimWords names an aim of the assignment.
func aimWords(ctx context.Context, aim string) string {
	switch aim {
	case "missing":
		return locale.T(ctx, "aim.missing", "Missing viewings; a film’s second counts twice")
	case "changes":
		return locale.T(ctx, "aim.changes", "Viewings that are new")
	case "load":
		return locale.T(ctx, "aim.load", "Unevenness of the lists: their squares added up")
	case "weak":
		return locale.T(ctx, "aim.weak", "Viewers who read the subtitles; a film’s second counts twice")
	case "preference":
		return locale.T(ctx, "aim.preference", "Viewers who read the subtitles")
	case "ties":
		return locale.T(ctx, "aim.ties", "Lots between equals")
	}
	return aim
}

// exact is a figure for checking, in the same digits everywhere.
func exact(n int64) string { return fmt.Sprint(n) }

// shortages explains missing viewings, as far as the reader may know of the
// films.
func shortages(ctx context.Context, b board) []pages.Shortage {
	if b.plan.Proof == nil {
		return nil
	}
	titles, names := map[entry.ID]string{}, map[account.ID]string{}
	for _, f := range b.seen.Films {
		titles[f.ID] = f.Title
	}
	for _, s := range b.seen.Seats {
		names[s.AccountID] = s.Name
	}
	var list []pages.Shortage
	for _, g := range b.plan.Proof.Gaps {
		var films, jurors []string
		for _, id := range g.Films {
			if title := titles[id]; title != "" {
				films = append(films, title)
			}
		}
		for _, id := range g.Jurors {
			jurors = append(jurors, names[id])
		}
		if len(films) > 0 && len(films) == len(g.Films) {
			list = append(list, pages.Shortage{Words: shortageWords(ctx, g, jurors), Films: someOf(ctx, films)})
		}
	}
	return list
}

func shortageWords(ctx context.Context, g jury.Gap, jurors []string) string {
	films := locale.N(ctx, "assign.short-films", len(g.Films), "This film has", "These {{.Count}} films have")
	who := locale.T(ctx, "assign.short-nobody", "no possible juror")
	if len(jurors) > 0 {
		who = locale.N(ctx, "assign.short-jurors", len(jurors), "only one possible juror, {{.Names}}", "only {{.Count}} possible jurors, {{.Names}}", "Names", someOf(ctx, jurors))
	}
	return locale.T(ctx, "assign.short", "{{.Films}} {{.Jurors}}: {{.Demand}} viewings are wanted, {{.Supply}} are possible.",
		"Films", films, "Jurors", who, "Demand", locale.Number(ctx, g.Demand), "Supply", locale.Number(ctx, g.Supply))
}

// namesShown is how many titles or names are listed before the rest is counted.
const namesShown = 6

func someOf(ctx context.Context, names []string) string {
	if len(names) <= namesShown {
		return locale.List(ctx, names)
	}
	return locale.N(ctx, "assign.and-more", len(names)-namesShown, "{{.Names}} and one more", "{{.Names}} and {{.Count}} more", "Names", strings.Join(names[:namesShown], ", "))
}
