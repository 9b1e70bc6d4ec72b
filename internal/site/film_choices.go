package site

import (
	"context"
	"slices"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/web/components"
	"laurel/web/pages"
)

// options are values to choose from, by name; first is what stands for none,
// and empty where one has to be chosen.
func options[T ~string](ctx context.Context, first string, values []T, name func(context.Context, T) string) []components.Option {
	var list []components.Option
	if first != "" {
		list = append(list, components.Option{Label: first})
	}
	for _, v := range values {
		list = append(list, components.Option{Value: string(v), Label: name(ctx, v)})
	}
	return list
}

// filmChoices are the lists of a section.
func filmChoices(ctx context.Context, part entry.Part, sheet pages.FilmSheet) map[string][]components.Option {
	unsaid := locale.T(ctx, "choice.not-said", "Not said")
	switch part {
	case entry.TheFilm:
		return map[string][]components.Option{
			"form":       options(ctx, locale.T(ctx, "choice.choose", "Choose"), entry.Forms, entry.FormName),
			"titleKind":  options(ctx, "", entry.TitleKinds, entry.TitleKindName),
			"genres":     options(ctx, "", entry.Genres, entry.GenreName),
			"techniques": options(ctx, "", entry.Techniques, entry.TechniqueName),
		}
	case entry.Tongues:
		return map[string][]components.Option{"how": options(ctx, unsaid, entry.SubtitleHows, entry.SubtitleHowName)}
	case entry.People:
		return map[string][]components.Option{
			"role": options(ctx, "", entry.Roles, entry.RoleName), "as": options(ctx, "", entry.CreditWays, entry.CreditWayName),
		}
	case entry.Companies:
		return map[string][]components.Option{"company": options(ctx, "", entry.CompanyRoles, entry.CompanyRoleName)}
	case entry.Technical:
		return technicalChoices(ctx, unsaid, sheet)
	case entry.Showings:
		return map[string][]components.Option{
			"shown": shownOptions(ctx), "screening": options(ctx, unsaid, entry.ScreeningKinds, entry.ScreeningKindName),
			"premiere": options(ctx, unsaid, entry.Premieres, entry.AnnouncedName),
		}
	case entry.Declarations:
		return map[string][]components.Option{
			"contentWarnings": options(ctx, "", entry.ContentWarnings, entry.WarningName),
			"ai.used":         {{Value: "no", Label: locale.T(ctx, "film.ai-no", "No")}, {Value: "yes", Label: locale.T(ctx, "film.yes", "Yes")}, {Label: unsaid}},
			"ai.where":        options(ctx, "", entry.AIParts, entry.AIPartName), "ai.consent": options(ctx, unsaid, entry.AIConsents, entry.AIConsentName),
		}
	case entry.Links:
		return map[string][]components.Option{"link": options(ctx, "", entry.LinkKinds, entry.LinkKindName)}
	case entry.Words, entry.Places, entry.Screener, entry.Stills, entry.CategoryPart, entry.Publication, entry.Review:
	}
	return nil
}

func shownOptions(ctx context.Context) []components.Option {
	hints := map[entry.Shown]string{
		entry.ShownInPublic: locale.T(ctx, "shown.public-hint", "Name them below."),
		entry.ShownOnline:   locale.T(ctx, "shown.online-hint", "Say where below, and since when."),
	}
	var list []components.Option
	for _, s := range []entry.Shown{entry.NotShown, entry.ShownInPublic, entry.ShownOnline} {
		list = append(list, components.Option{Value: string(s), Label: entry.ShownName(ctx, s), Hint: hints[s]})
	}
	return list
}

// technicalChoices are the usual answers, and the one that stands there.
func technicalChoices(ctx context.Context, unsaid string, sheet pages.FilmSheet) map[string][]components.Option {
	usual := map[string][]string{
		"aspectRatio": {"1.33 : 1", "1.37 : 1", "1.66 : 1", "1.78 : 1", "1.85 : 1", "2.00 : 1", "2.39 : 1"},
		"frameRate":   {"23.976", "24", "25", "29.97", "30", "48", "50", "60"},
		"sound":       {"Mono", "Stereo", "5.1", "7.1", "Atmos", "Silent"},
		"colour":      {"Colour", "Black and white", "Both"},
	}
	lists := map[string][]components.Option{
		"exhibition": options(ctx, "", entry.Exhibitions, entry.ExhibitionName),
	}
	for field, values := range usual {
		if now := sheet[field]; now != "" && !slices.Contains(values, now) {
			values = append(values, now)
		}
		lists[field] = []components.Option{{Label: unsaid}}
		for _, value := range values {
			lists[field] = append(lists[field], components.Option{Value: value, Label: value})
		}
	}
	return lists
}
