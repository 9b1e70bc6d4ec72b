package site

import (
	"context"

	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/report"
	"laurel/internal/result"
)

func resultsLede(ctx context.Context, e festival.Edition, b report.Board) string {
	lede := locale.T(ctx, "results.lede", "{{.Films}}, {{.Jurors}}, {{.Scores}}. Closed {{.When}}.",
		"Films", locale.N(ctx, "round.n-films", len(b.Rows), "One film", "{{.Count}} films"),
		"Jurors", locale.N(ctx, "panel.seats", len(b.Jurors), "one juror", "{{.Count}} jurors"),
		"Scores", locale.N(ctx, "results.n-scores", b.Scores(), "one score", "{{.Count}} scores"),
		"When", locale.DateTime(ctx, b.Round.EndedAt(), e.Location(), e.City))
	if b.Round.Places == nil {
		return lede + " " + locale.T(ctx, "results.no-line", "The category has no fixed number of places, so there is no line and no chance to be in.")
	}
	places := *b.Round.Places
	lede += " " + locale.N(ctx, "results.places", places, "There is one place.", "There are {{.Count}} places.")
	if b.Result.Body.Line != nil {
		return lede + " " + clearWords(ctx, b)
	}
	if above := b.Above(places); above < places && above < len(b.Rows) && b.Rows[above].Rank > 0 {
		lede += " " + locale.N(ctx, "results.tie", places-above, "Films are tied for the last one: talk about them.", "Films are tied for the last {{.Count}}: talk about them.")
	}
	return lede
}

// clearWords says how many places are clear, and how many films are not.
func clearWords(ctx context.Context, b report.Board) string {
	certain := 0
	for _, r := range b.Rows {
		if r.Out.Known && r.Out.Selected >= 0.95 {
			certain++
		}
	}
	near := len(b.Close())
	if near == 0 {
		return locale.T(ctx, "results.all-clear", "All of them are clear.")
	}
	return locale.T(ctx, "results.clear", "{{.Clear}}, and {{.Close}}.",
		"Clear", locale.N(ctx, "results.n-clear", certain, "One is clear", "{{.Count}} are clear"),
		"Close", locale.N(ctx, "results.n-close", near, "one film lies too close to the line for the numbers alone", "{{.Count}} films lie too close to the line for the numbers alone"))
}

func cutWords(ctx context.Context, places, above int) string {
	if above < places {
		return locale.N(ctx, "results.cut-tied", above, "One film is clear. The next share a rank across the line.", "{{.Count}} films are clear. The next share a rank across the line.")
	}
	return locale.N(ctx, "results.cut", places, "The place ends here", "The {{.Count}} places end here")
}

// stampWords says when, with what and from what a result was computed.
func stampWords(ctx context.Context, e festival.Edition, x result.Result) string {
	return locale.T(ctx, "results.stamp", "Computed {{.When}} by Laurel {{.Version}}, first read by {{.Who}}. Inputs {{.Inputs}}, chance drawn from seed {{.Seed}}, which comes from the inputs: nobody could choose it. These numbers never change.",
		"When", locale.DateTime(ctx, x.ComputedAt, e.Location(), e.City), "Version", x.Version, "Who", x.By, "Inputs", x.InputsHash[:12], "Seed", x.Seed)
}

func inputChanges(ctx context.Context, changes []result.Change) []string {
	var list []string
	for _, c := range changes {
		switch c.Kind {
		case result.ScoresGone:
			list = append(list, locale.N(ctx, "results.scores-gone", c.Count, "One score counts no more: its juror has been recused.", "{{.Count}} scores count no more: their jurors have been recused."))
		case result.ScoresCame:
			list = append(list, locale.N(ctx, "results.scores-came", c.Count, "One score counts that did not.", "{{.Count}} scores count that did not."))
		case result.EntriesGone:
			list = append(list, locale.N(ctx, "results.entries-gone", c.Count, "One film is not under consideration any more.", "{{.Count}} films are not under consideration any more."))
		case result.EntriesCame:
			list = append(list, locale.N(ctx, "results.entries-came", c.Count, "One film is under consideration that was not.", "{{.Count}} films are under consideration that were not."))
		case result.PlacesMoved:
			list = append(list, placesMoved(ctx, c.Count))
		case result.RubricEdited:
			list = append(list, locale.T(ctx, "results.rubric-edited", "The rubric is another one."))
		}
	}
	return list
}

func placesMoved(ctx context.Context, places int) string {
	if places == 0 {
		return locale.T(ctx, "results.places-open", "The category has no fixed number of places any more.")
	}
	return locale.N(ctx, "results.places-moved", places, "The category has one place now.", "The category has {{.Count}} places now.")
}

// resultNotes are what a reader has to know of how a result came about.
func resultNotes(ctx context.Context, b report.Board) []string {
	var notes []string
	for _, c := range b.Result.Body.Cautions {
		if words := cautionWords(ctx, c); words != "" {
			notes = append(notes, words)
		}
	}
	if words := shakyNote(ctx, b); words != "" {
		notes = append(notes, words)
	}
	if places := b.Round.Places; places != nil && b.Result.Body.Line == nil && b.Result.Body.Basis != result.RawOnly && b.Result.Body.Parts == 1 {
		notes = append(notes, locale.T(ctx, "results.enough-places", "There is a place for every film that has a score, so there is no line."))
	}
	return notes
}

func cautionWords(ctx context.Context, c result.Caution) string {
	switch c.Kind {
	case "no-scores":
		return locale.T(ctx, "caution.no-scores", "No score counts yet, so there is nothing to compare.")
	case "one-juror":
		return locale.T(ctx, "caution.one-juror", "One juror gave all scores: how strict they are cannot be told from how good the films are. Both lists are the scores as they were given, and nothing tells how certain they are.")
	case "all-equal":
		return locale.T(ctx, "caution.all-equal", "All scores are equal: they tell nothing about the films.")
	case "too-few":
		return locale.T(ctx, "caution.too-few", "There are too few scores to correct anything: both lists are the scores as they were given.")
	case "single-scores":
		return locale.T(ctx, "caution.single-scores", "Every film has one score. How far scores can be trusted is taken from what is usual, not from this round.")
	case "no-severity":
		return locale.T(ctx, "caution.no-severity", "These scores do not tell how strict a juror is, so nothing is corrected for it.")
	case "no-difference":
		return locale.T(ctx, "caution.no-difference", "The scores differ no more between films than they would by chance. Nobody should be turned down by these numbers.")
	case "no-juror-effect":
		return locale.T(ctx, "caution.no-juror-effect", "Jurors differ in how strict they are no more than they would by chance, so hardly anything is corrected.")
	case "exact-fit":
		return locale.T(ctx, "caution.exact-fit", "Films and jurors explain every score to the last digit, which is rare. The ranges are narrower than they should be.")
	case "provisional":
		return locale.T(ctx, "caution.provisional", "Provisional: there are few films or few jurors, so how far scores can be trusted is itself a guess.")
	case "disconnected":
		return locale.N(ctx, "caution.disconnected", c.N, "The films cannot be compared.", "The films fall into {{.Count}} groups that no juror links. Numbers compare films within a group only, so there is one ranking for each and no line.")
	case "large":
		return locale.T(ctx, "caution.large", "The round is large: what single jurors and unusual scores weigh was not worked out.")
	case "without-scores":
		return locale.N(ctx, "caution.without-scores", c.N, "One film has no score.", "{{.Count}} films have no score.")
	}
	return ""
}
