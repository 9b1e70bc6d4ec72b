package entry

import (
	"context"
	"slices"
	"time"

	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/media"
)

// A Finding is something that keeps a film from being submitted to a category,
// in a sentence that says what to do.
type Finding struct {
	Part     Part
	Field    string // of the form
	Missing  bool   // an answer is not given yet; otherwise a rule of the category is broken
	Sentence string
}

// A Question is something that every entry has to answer.
type Question struct {
	Part     Part
	Field    string
	Answered bool
	sentence string
}

// Questions lists what every entry has to answer, in the order of the form.
func Questions(ctx context.Context, f Film, files []File) []Question {
	link := f.ScreenerLink != "" || holds(files, ScreenerFile)
	return []Question{
		{TheFilm, "title", f.Title != "", locale.T(ctx, "entry.need-title", "Write the English title of the film")},
		{TheFilm, "form", f.Form != "", locale.T(ctx, "entry.need-form", "Say what kind of film it is")},
		{TheFilm, "runtime", f.Runtime > 0, locale.T(ctx, "entry.need-runtime", "Write how long the film is")},
		{TheFilm, "completed", f.Completed != "", locale.T(ctx, "entry.need-completed", "Write when the film was completed")},
		{Words, "synopsis", f.Synopsis != "", locale.T(ctx, "entry.need-synopsis", "Write a synopsis")},
		{Tongues, "languages", len(f.Languages) > 0, locale.T(ctx, "entry.need-languages", "Write which languages are spoken")},
		{People, "credits", f.directs(), locale.T(ctx, "entry.need-director", "Name the director")},
		{Places, "countries", len(f.Countries) > 0, locale.T(ctx, "entry.need-country", "Name the country of production")},
		{Showings, "shown", f.Shown != NotAnswered, locale.T(ctx, "entry.need-shown", "Say whether the film has been shown")},
		{Screener, "screener", link, locale.T(ctx, "entry.need-screener", "Give a link to the film, or upload it")},
		{Stills, "stills", holds(files, StillFile), locale.T(ctx, "entry.need-still", "Add a still")},
	}
}

// holds says whether there is a file in the role that was not refused.
func holds(files []File, role FileRole) bool {
	return slices.ContainsFunc(files, func(f File) bool { return f.Role == role && f.State != media.Refused })
}

// Check says everything that keeps a film from being submitted to a category,
// in the order of the form: what is missing, and which rules it breaks. Rules
// about an answer that is missing are silent.
func Check(ctx context.Context, f Film, files []File, c festival.Category) []Finding {
	var found []Finding
	for _, q := range Questions(ctx, f, files) {
		if !q.Answered {
			found = append(found, Finding{q.Part, q.Field, true, q.sentence})
		}
	}
	if finding, late := notHere(ctx, files, c); late {
		found = append(found, finding)
	}
	for _, r := range c.Rules {
		if finding, broken := breaks(ctx, f, c.Name, r); broken {
			found = append(found, finding)
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		return slices.Index(Parts, a.Part) - slices.Index(Parts, b.Part)
	})
	return found
}

// Eligible says whether a film breaks none of the category's rules, missing
// answers aside.
func Eligible(ctx context.Context, f Film, c festival.Category) bool {
	return !slices.ContainsFunc(c.Rules, func(r festival.Rule) bool {
		_, broken := breaks(ctx, f, c.Name, r)
		return broken
	})
}

func breaks(ctx context.Context, f Film, category string, r festival.Rule) (Finding, bool) {
	switch r.Kind {
	case festival.RuntimeMin, festival.RuntimeMax:
		return breaksLength(ctx, f, category, r)
	case festival.CompletedAfter:
		return breaksCompletion(ctx, f, category, r)
	case festival.FromCountry:
		return breaksCountry(ctx, f, category, r)
	case festival.InLanguage, festival.WithSubtitles:
		return breaksLanguage(ctx, f, category, r)
	case festival.FirstFilm:
		return Finding{People, "credits", false, locale.T(ctx, "entry.not-first",
			"{{.Category}} is for first films. Mark at each director whether it is theirs", "Category", category)}, f.directs() && !f.Debut()
	case festival.StudentFilm:
		return Finding{Companies, "student", false, locale.T(ctx, "entry.not-student",
			"{{.Category}} is for films made at a school, and this is not marked as one", "Category", category)}, !f.Student
	}
	return Finding{}, false
}

func breaksLength(ctx context.Context, f Film, category string, r festival.Rule) (Finding, bool) {
	if f.Runtime == 0 || r.Seconds == nil {
		return Finding{}, false
	}
	limit, have := Length(ctx, *r.Seconds), Length(ctx, f.Runtime)
	if r.Kind == festival.RuntimeMax {
		return Finding{TheFilm, "runtime", false, locale.T(ctx, "entry.too-long",
			"{{.Category}} takes {{.Limit}} or less, and this says {{.Have}}",
			"Category", category, "Limit", limit, "Have", have)}, f.Runtime > *r.Seconds
	}
	return Finding{TheFilm, "runtime", false, locale.T(ctx, "entry.too-short",
		"{{.Category}} takes {{.Limit}} or more, and this says {{.Have}}",
		"Category", category, "Limit", limit, "Have", have)}, f.Runtime < *r.Seconds
}

// breaksCompletion: a date that is written less precisely than the rule needs
// is a question, not a refusal.
func breaksCompletion(ctx context.Context, f Film, category string, r festival.Rule) (Finding, bool) {
	done, ok := ParseDate(f.Completed)
	if !ok || r.Day == nil || !done.First.Before(*r.Day) {
		return Finding{}, false
	}
	day := locale.Date(ctx, *r.Day)
	if !done.Last.Before(*r.Day) {
		return Finding{TheFilm, "completed", true, locale.T(ctx, "entry.completed-precise",
			"{{.Category}} takes films completed on {{.Day}} or later. Write the month and the day too",
			"Category", category, "Day", day)}, true
	}
	return Finding{TheFilm, "completed", false, locale.T(ctx, "entry.completed-before",
		"{{.Category}} takes films completed on {{.Day}} or later, and this says {{.Have}}",
		"Category", category, "Day", day, "Have", DateWords(ctx, f.Completed))}, true
}

func breaksCountry(ctx context.Context, f Film, category string, r festival.Rule) (Finding, bool) {
	if len(f.Countries) == 0 || shares(f.Countries, r.Codes) {
		return Finding{}, false
	}
	return Finding{Places, "countries", false, locale.T(ctx, "entry.other-country",
		"{{.Category}} takes films produced in {{.Countries}}, and this says {{.Have}}",
		"Category", category, "Countries", either(ctx, r.Codes, locale.Country), "Have", locale.CountryNames(ctx, f.Countries))}, true
}

func breaksLanguage(ctx context.Context, f Film, category string, r festival.Rule) (Finding, bool) {
	if len(f.Languages) == 0 {
		return Finding{}, false
	}
	wanted := either(ctx, r.Codes, locale.Language)
	if r.Kind == festival.InLanguage {
		return Finding{Tongues, "languages", false, locale.T(ctx, "entry.other-language",
			"{{.Category}} takes films in {{.Languages}}, and this says {{.Have}}",
			"Category", category, "Languages", wanted, "Have", locale.LanguageNames(ctx, f.Languages))}, !shares(f.Languages, r.Codes)
	}
	return Finding{Tongues, "subtitles", false, locale.T(ctx, "entry.no-subtitles",
		"{{.Category}} needs subtitles in {{.Languages}} unless nothing else is spoken in the film",
		"Category", category, "Languages", wanted)}, !understood(f, r.Codes)
}

// understood says whether somebody who reads one of the languages can follow
// the film: by its subtitles, or because nothing else is spoken in it.
func understood(f Film, codes []string) bool {
	return shares(f.Subtitles(), codes) || !slices.ContainsFunc(f.Languages, func(spoken string) bool {
		return spoken != NoDialogue && !slices.Contains(codes, spoken)
	})
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// either names codes as alternatives: "Iran, Iraq or Kuwait".
func either(ctx context.Context, codes []string, name func(context.Context, string) string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = name(ctx, code)
	}
	if len(names) < 2 {
		return locale.List(ctx, names)
	}
	last := len(names) - 1
	return locale.T(ctx, "entry.either", "{{.Others}} or {{.Last}}", "Others", locale.List(ctx, names[:last]), "Last", names[last])
}

// Length writes exactly how long a film is: "31 min 12 s", "30 minutes".
func Length(ctx context.Context, seconds int) string {
	m, s := seconds/60, seconds%60
	switch {
	case s == 0:
		return locale.N(ctx, "entry.minutes", m, "{{.Count}} minute", "{{.Count}} minutes")
	case m == 0:
		return locale.N(ctx, "entry.seconds", s, "{{.Count}} second", "{{.Count}} seconds")
	}
	return locale.T(ctx, "entry.length", "{{.Minutes}} min {{.Seconds}} s",
		"Minutes", locale.Number(ctx, m), "Seconds", locale.Number(ctx, s))
}

// DateWords writes a date as precisely as it is known: "14 March 2026",
// "March 2026", "2026".
func DateWords(ctx context.Context, written string) string {
	d, ok := ParseDate(written)
	switch {
	case !ok:
		return written
	case d.First.Equal(d.Last):
		return locale.Date(ctx, d.First)
	case d.Last.Sub(d.First) < 32*24*time.Hour:
		return d.First.Format("January 2006")
	}
	return d.First.Format("2006")
}

// RuleWords says a rule of a category in words, for those who choose one:
// "30 minutes or less".
func RuleWords(ctx context.Context, r festival.Rule) string {
	switch r.Kind {
	case festival.RuntimeMin:
		return locale.T(ctx, "rule.runtime-min", "{{.Length}} or more", "Length", Length(ctx, value(r.Seconds)))
	case festival.RuntimeMax:
		return locale.T(ctx, "rule.runtime-max", "{{.Length}} or less", "Length", Length(ctx, value(r.Seconds)))
	case festival.CompletedAfter:
		return locale.T(ctx, "rule.completed-after", "completed on {{.Day}} or later", "Day", locale.Date(ctx, value(r.Day)))
	case festival.FromCountry:
		return locale.T(ctx, "rule.country", "produced in {{.Countries}}", "Countries", either(ctx, r.Codes, locale.Country))
	case festival.InLanguage:
		return locale.T(ctx, "rule.language", "spoken in {{.Languages}}", "Languages", either(ctx, r.Codes, locale.Language))
	case festival.WithSubtitles:
		return locale.T(ctx, "rule.subtitles", "with subtitles in {{.Languages}} if another language is spoken in it", "Languages", either(ctx, r.Codes, locale.Language))
	case festival.FirstFilm:
		return locale.T(ctx, "rule.first-film", "its director’s first film")
	case festival.StudentFilm:
		return locale.T(ctx, "rule.student", "made at a school")
	}
	return ""
}

// value is what p points to, or nothing.
func value[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}
