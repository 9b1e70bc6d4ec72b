package site

import (
	"context"
	"time"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// steps are the way of an entry: what has happened, where it is, what comes.
func steps(ctx context.Context, m entry.Mine, zone string) []pages.FilmmakerStep {
	list := taken(ctx, m, zone)
	last := len(list) - 1
	if m.State == entry.Withdrawn {
		return list
	}
	if m.Decision != nil {
		return append(list, decidedSteps(ctx, m, zone)...)
	}
	if m.State == entry.Ineligible || m.State == entry.Draft && m.MayChange() != nil {
		list[last].State = "now"
		return list
	}
	coming := comingSteps(ctx, m)
	switch {
	case m.State == entry.Draft:
		list[last].State = "now"
	default:
		coming[0].State = "now"
	}
	return append(list, coming...)
}

// taken are the steps that are behind an entry, oldest first.
func taken(ctx context.Context, m entry.Mine, zone string) []pages.FilmmakerStep {
	var list []pages.FilmmakerStep
	opened := m.OpenedAt
	for _, moment := range m.Timeline {
		if opened != nil && opened.Before(moment.At) {
			list, opened = append(list, openedStep(ctx, *opened, zone)), nil
		}
		words := stamp(ctx, moment.At, zone)
		switch moment.State {
		case entry.Draft:
			if m.State != entry.Draft {
				continue
			}
			words = locale.T(ctx, "step.started", "Started on {{.Day}}", "Day", words)
		case entry.Submitted, entry.Resubmitted:
			words = locale.T(ctx, "step.receipt-written", "{{.When}}, receipt written", "When", words)
			if m.ToldAt != nil {
				words += ". " + toldWords(ctx, m.Edition, *m.ToldAt)
			}
		case entry.Accepted, entry.Ineligible, entry.Withdrawn, entry.Erased:
		}
		if moment.Reason != "" {
			words += " – " + moment.Reason
		}
		list = append(list, pages.FilmmakerStep{State: "done", Name: entry.StateName(ctx, moment.State), Words: words})
	}
	if opened != nil {
		list = append(list, openedStep(ctx, *opened, zone))
	}
	return list
}

// toldWords say why an entry counts that was sent after its deadline.
func toldWords(ctx context.Context, e festival.Edition, at time.Time) string {
	return locale.T(ctx, "step.told", "In time: the festival noted the fingerprint of the film on {{.When}}.", "When", locale.DateTime(ctx, at, e.Location(), e.City))
}

func openedStep(ctx context.Context, at time.Time, zone string) pages.FilmmakerStep {
	return pages.FilmmakerStep{State: "done", Name: locale.T(ctx, "step.opened", "Opened by the festival"), Words: stamp(ctx, at, zone)}
}

// decidedSteps are those of an entry whose makers know the decision.
func decidedSteps(ctx context.Context, m entry.Mine, zone string) []pages.FilmmakerStep {
	var list []pages.FilmmakerStep
	if m.Watchers > 0 {
		list = append(list, watchedStep(ctx, m))
	}
	_, words := decisionTag(ctx, entry.Decision{Outcome: m.Decision.Outcome})
	list = append(list, pages.FilmmakerStep{Name: words, Words: stamp(ctx, m.Decision.ReleasedAt, zone)})
	if len(m.Decision.Awards) > 0 {
		list = append(list, pages.FilmmakerStep{Name: locale.List(ctx, m.Decision.Awards), Words: stamp(ctx, *m.Edition.AwardsAt, zone)})
	}
	if m.Public {
		list = append(list, pages.FilmmakerStep{Name: locale.T(ctx, "step.published", "In the public line-up")})
	}
	for i := range list {
		list[i].State = "done"
	}
	list[len(list)-1].State = "now"
	return list
}

// watchedStep says how many jurors have finished with the film.
func watchedStep(ctx context.Context, m entry.Mine) pages.FilmmakerStep {
	s := pages.FilmmakerStep{Name: locale.T(ctx, "step.watched", "Watched by the jury")}
	if m.Watchers > 0 {
		s.Words = locale.N(ctx, "step.finished", m.Watchers, "{{.Done}} of {{.Count}} has finished", "{{.Done}} of {{.Count}} have finished", "Done", locale.Number(ctx, m.Watched))
	}
	return s
}

// comingSteps are those that an entry still has before it.
func comingSteps(ctx context.Context, m entry.Mine) []pages.FilmmakerStep {
	var list []pages.FilmmakerStep
	if m.State == entry.Draft {
		until := ""
		if last := m.Until(m.Category, m.Now); last != nil {
			until = locale.T(ctx, "step.by", "by {{.Day}}", "Day", locale.Date(ctx, last.In(m.Edition.Location())))
		}
		list = append(list, pages.FilmmakerStep{Name: entry.StateName(ctx, entry.Submitted), Words: until})
	}
	if m.State != entry.Accepted && m.Watchers == 0 {
		list = append(list, pages.FilmmakerStep{Name: locale.T(ctx, "step.checked", "Checked for eligibility")})
	}
	decided := pages.FilmmakerStep{Name: locale.T(ctx, "step.decision", "Decision")}
	if m.Edition.DecisionsOn != nil {
		decided.Words = locale.Date(ctx, *m.Edition.DecisionsOn)
	}
	return append(list, watchedStep(ctx, m), decided)
}
