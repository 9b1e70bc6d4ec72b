package entry

import (
	"context"
	"strings"

	"laurel/internal/locale"
)

// CountriesWords names the countries of production, with their shares where
// those are known: "France (60 %), Belgium (40 %)".
func CountriesWords(ctx context.Context, f Film) string {
	all := make([]string, len(f.Countries))
	for i, code := range f.Countries {
		all[i] = locale.Country(ctx, code)
		if percent := f.Shares[code]; percent > 0 {
			all[i] += " (" + locale.Number(ctx, percent) + " %)"
		}
	}
	return locale.List(ctx, all)
}

// SubtitlesWords says which subtitles a film has, and how they come with it.
func SubtitlesWords(ctx context.Context, f Film) string {
	all := make([]string, len(f.SubtitleTracks))
	for i, t := range f.SubtitleTracks {
		all[i] = locale.Language(ctx, t.Language)
		notes := present(SubtitleHowName(ctx, t.How))
		if t.SDH {
			notes = append(notes, locale.T(ctx, "subtitle.sdh", "for the deaf and hard of hearing"))
		}
		if len(notes) > 0 {
			all[i] += " (" + strings.ToLower(locale.List(ctx, notes)) + ")"
		}
	}
	return locale.List(ctx, all)
}

// ScreeningWords says a showing in a line.
func ScreeningWords(ctx context.Context, s Screening) string {
	kind := ScreeningKindName(ctx, s.Kind)
	if s.Kind == PublicScreening {
		kind = ""
	}
	var words []string
	for _, w := range []string{s.Event, s.City, locale.Country(ctx, s.Country), DateWords(ctx, s.Date), kind,
		locale.CountryNames(ctx, s.Territory), AnnouncedName(ctx, s.Premiere)} {
		words = append(words, present(w)...)
	}
	return locale.List(ctx, words)
}

// TitleNote says what stands after a title: its language and its spelling in
// Latin letters.
func TitleNote(ctx context.Context, t Title) string {
	notes := append(present(locale.Language(ctx, t.Language)), present(t.Transliteration)...)
	if len(notes) == 0 {
		return ""
	}
	return " (" + locale.List(ctx, notes) + ")"
}

// AIWords says what a declaration of AI says; empty while there is none.
func AIWords(ctx context.Context, a AI) string {
	switch a.Used {
	case "":
		return ""
	case "no":
		return locale.T(ctx, "ai.none", "None, as its makers say")
	}
	words := Names(ctx, a.Where, AIPartName)
	words = append(words, present(a.Tool)...)
	if len(words) == 0 {
		words = []string{locale.T(ctx, "ai.some", "Used, and not said where")}
	}
	sentence := locale.List(ctx, words)
	if consent := AIConsentName(ctx, a.Consent); consent != "" {
		sentence += ". " + locale.T(ctx, "ai.agreed", "Simulated people have agreed: {{.Answer}}", "Answer", strings.ToLower(consent))
	}
	if a.Told != "" {
		sentence += ". " + locale.T(ctx, "ai.told", "Audiences are told: {{.How}}", "How", a.Told)
	}
	return sentence
}
