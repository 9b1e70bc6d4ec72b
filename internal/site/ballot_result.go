package site

import (
	"context"
	"slices"
	"strings"

	"laurel/internal/deliberation"
	"laurel/internal/locale"
	"laurel/internal/tally/ballot"
	"laurel/web/pages"
)

// A countedFilm is what a reader of a result may know of a film.
type countedFilm struct {
	Title    string
	Other    string
	Language string
	By       string
	Still    string
}

// A reading is a record with the films as its reader may know them, by key.
type reading struct {
	ctx    context.Context
	d      deliberation.Deliberation
	record deliberation.Record
	films  map[string]countedFilm
}

// title is the title of a film by its key; a film that the reader may not know
// is called by its number.
func (in reading) title(key string) string {
	if f, ok := in.films[key]; ok && f.Title != "" {
		return f.Title
	}
	return locale.T(in.ctx, "count.unnamed", "Film {{.Number}}, not public", "Number", strings.TrimPrefix(key, "film-"))
}

func (in reading) titles(keys []string) []string {
	list := make([]string, len(keys))
	for i, key := range keys {
		list[i] = in.title(key)
	}
	return list
}

func (in reading) list(keys []string) string { return quoted(in.ctx, in.titles(keys)) }

// quoted lists titles, which may have commas of their own.
func quoted(ctx context.Context, titles []string) string {
	list := make([]string, len(titles))
	for i, title := range titles {
		list[i] = locale.T(ctx, "count.quoted", "“{{.Title}}”", "Title", title)
	}
	return locale.List(ctx, list)
}

// order is the films in the order that came out, by key.
func (in reading) order() []string { return slices.Concat(in.record.Ranking()...) }

// view is the whole result.
func (in reading) view() pages.BallotResult {
	ctx, r := in.ctx, in.record
	v := pages.BallotResult{Quorum: in.quorum(), Facts: in.facts()}
	if r.Outcome == deliberation.NoQuorum {
		v.Withheld = locale.T(ctx, "count.no-quorum", "Too few ballots were cast. Nothing was counted, and what was cast stays sealed.")
		return v
	}
	for _, key := range in.order() {
		v.Films = append(v.Films, pages.BallotFilm{Title: in.title(key), Short: shortTitle(in.title(key), inHead)})
	}
	v.Winners, v.Ranking, v.Steps = in.winners(), in.ranking(), in.steps()
	switch r.Shown {
	case deliberation.OrderOnly:
		v.Withheld = locale.T(ctx, "count.order-only", "Fewer than three ballots were cast. Counts and ballots would tell who wrote what, so only the order is shown.")
		return v
	case deliberation.Figures:
		v.Withheld = locale.T(ctx, "count.figures", "The single ballots are not shown, because one of them could be told apart from the others. The figures are.")
	case deliberation.Everything:
		v.Papers, v.PapersH = in.papers(), locale.N(ctx, "count.papers", len(r.Ballots), "The ballot", "The {{.Count}} ballots")
		v.Recount = locale.T(ctx, "count.recount", "Anybody can count again: take the ballots as JSON, and run Laurel on them without any server.")
		v.Command = in.command()
	}
	v.Matrix, v.Others = in.matrix(), in.others()
	return v
}

// command is the recount on the command line.
func (in reading) command() string {
	c := "laurel count ballots.json --method " + string(in.d.Method)
	if in.d.Method == ballot.MethodSchulze || in.d.Method == ballot.MethodRankedPairs {
		c += " --strength " + string(in.d.Strength)
	}
	// A seed makes the command draw a lot straight after Borda: only where the
	// rules did the same would it end in the same way.
	if steps := in.record.Settled.Steps; len(steps) == 2 && steps[1].Kind == ballot.StepLot {
		c += " --seed " + in.record.Seed
	}
	return c
}

func (in reading) quorum() string {
	r := in.record
	args := []any{"Cast", locale.Number(in.ctx, r.Cast), "Voters", locale.Number(in.ctx, r.Voters), "Needed", locale.Number(in.ctx, r.Needed)}
	if r.Cast >= r.Needed {
		return locale.T(in.ctx, "count.quorum-met", "{{.Cast}} of {{.Voters}} jurors cast a ballot. The quorum of {{.Needed}} was met.", args...)
	}
	return locale.T(in.ctx, "count.quorum-missed", "{{.Cast}} of {{.Voters}} jurors cast a ballot. The quorum of {{.Needed}} was not met.", args...)
}

// facts are the rules, and the fingerprints with which they can be checked.
func (in reading) facts() []pages.Fact {
	ctx, r := in.ctx, in.record
	facts := []pages.Fact{
		{Label: locale.T(ctx, "ballot.fact-method", "Counted by"), Value: methodName(ctx, in.d.Method)},
		{Label: locale.T(ctx, "ballot.fact-ties", "A tie"), Value: tieWords(ctx, in.d)},
		{Label: locale.T(ctx, "ballot.fact-rules", "Fingerprint of the rules"), Value: r.RulesHash, Dir: "ltr"},
		{Label: locale.T(ctx, "count.fact-commitment", "Fingerprint of the seed, shown before the vote"), Value: r.Commitment, Dir: "ltr"},
		{Label: locale.T(ctx, "count.fact-seed", "The seed"), Value: r.Seed, Dir: "ltr"},
	}
	if r.BallotsHash != "" {
		facts = append(facts, pages.Fact{Label: locale.T(ctx, "count.fact-ballots", "Fingerprint of the ballots"), Value: r.BallotsHash, Dir: "ltr"})
	}
	if len(r.Withdrawn) > 0 {
		facts = append(facts, pages.Fact{Label: locale.T(ctx, "count.fact-withdrawn", "Withdrawn before the count"), Value: in.list(r.Withdrawn)})
	}
	return append(facts, pages.Fact{Label: locale.T(ctx, "count.fact-software", "Counted with"), Value: r.Software, Dir: "ltr"})
}

func (in reading) ranking() []pages.BallotPlace {
	var places []pages.BallotPlace
	place := 1
	for _, level := range in.record.Ranking() {
		places = append(places, pages.BallotPlace{Place: locale.Number(in.ctx, place), Films: in.titles(level)})
		place += len(level)
	}
	return places
}

// matrix is every film against every other, in the order that came out.
func (in reading) matrix() *pages.BallotMatrix {
	r := in.record
	keys := in.order()
	m := &pages.BallotMatrix{Note: locale.N(in.ctx, "count.matrix-note", r.Cast,
		"Read across: whether the one ballot put the film of the row above the film of the column.",
		"Read across: how many of the {{.Count}} ballots put the film of the row above the film of the column. Shaded: more than the other way round.")}
	for _, a := range keys {
		var row pages.BallotRow
		won := 0
		for _, b := range keys {
			votes, against := in.votes(a, b), in.votes(b, a)
			if votes > against {
				won++
			}
			row.Cells = append(row.Cells, pages.BallotCell{Votes: locale.Number(in.ctx, votes), Win: votes > against, Self: a == b})
		}
		row.Won = locale.T(in.ctx, "queue.of", "{{.Done}} of {{.Total}}", "Done", locale.Number(in.ctx, won), "Total", locale.Number(in.ctx, len(keys)-1))
		m.Rows = append(m.Rows, row)
	}
	return m
}

// votes is how many put film a above film b.
func (in reading) votes(a, b string) int {
	c := in.record.Candidates
	return int(in.record.Count.Pairwise[slices.Index(c, a)][slices.Index(c, b)])
}

func (in reading) papers() []pages.BallotPaper {
	var list []pages.BallotPaper
	for _, b := range in.record.Ballots {
		p := pages.BallotPaper{Name: b.Name}
		place := 1
		ranked := slices.Concat(b.Ranking...)
		for _, level := range b.Ranking {
			for i, key := range level {
				number := locale.Number(in.ctx, place)
				if i > 0 {
					number = "= " + number
				}
				p.Places = append(p.Places, pages.BallotRanked{Place: number, Title: shortTitle(in.title(key), inPaper), Won: slices.Contains(in.record.Winners, key)})
			}
			place += len(level)
		}
		var out []string
		for _, key := range in.record.Candidates {
			if !slices.Contains(ranked, key) && !slices.Contains(b.Recused, key) {
				out = append(out, key)
			}
		}
		p.Out, p.Apart = in.shortList(out), in.shortList(b.Recused)
		list = append(list, p)
	}
	return list
}

func (in reading) shortList(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	titles := in.titles(keys)
	for i := range titles {
		titles[i] = shortTitle(titles[i], inPaper)
	}
	return quoted(in.ctx, titles)
}

// others says what other ways of counting would have given.
func (in reading) others() []string {
	ctx, r := in.ctx, in.record
	allGive := func(winners []string) bool {
		return len(r.Others) > 0 && !slices.ContainsFunc(r.Others, func(o deliberation.Other) bool { return !slices.Equal(o.Winners, winners) })
	}
	var tied []string
	for _, place := range r.Count.Winners {
		tied = append(tied, r.Candidates[place])
	}
	switch {
	case len(r.Settled.Steps) > 0 && allGive(tied):
		return []string{locale.T(ctx, "count.others-tie", "The same tie, by every other method here.")}
	case allGive(r.Winners):
		return []string{locale.N(ctx, "count.others-same", len(r.Winners), "The same winner, by every other method here.", "The same films in front, by every other method here.")}
	}
	var lines []string
	for _, o := range r.Others {
		name := methodName(ctx, o.Method)
		if o.Method == ballot.MethodSchulze {
			name = locale.T(ctx, "count.other-strength", "{{.Method}}, by {{.Strength}}", "Method", name, "Strength", strengthName(ctx, o.Strength))
		}
		if len(o.Winners) == 1 {
			lines = append(lines, locale.T(ctx, "count.other-one", "{{.Method}}: {{.Film}}", "Method", name, "Film", in.title(o.Winners[0])))
		} else {
			lines = append(lines, locale.T(ctx, "count.other-tie", "{{.Method}}: a tie of {{.Films}}", "Method", name, "Films", in.list(o.Winners)))
		}
	}
	return lines
}
