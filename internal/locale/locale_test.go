package locale_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"laurel/internal/locale"
)

func TestSentences(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, c := range []struct{ got, want string }{
		{locale.T(ctx, "a", "For {{.Film}} by {{.Name}}", "Name", "B", "Film", "A"), "For A by B"},
		{locale.T(ctx, "a", "100 {{ %", "Name", "B"), "100 {{ %"},
		{locale.T(ctx, "a", "{{.Open", "Open", "B"), "{{.Open"},
		{locale.T(ctx, "a", "{{.A}}", "A", "{{.B}}", "B", "x"), "{{.B}}"},
		{locale.N(ctx, "b", 1, "{{.Count}} film", "{{.Count}} films"), "1 film"},
		{locale.N(ctx, "b", 0, "{{.Count}} film", "{{.Count}} films"), "0 films"},
		{locale.N(ctx, "b", 1240, "{{.Count}} film", "{{.Count}} films of {{.Who}}", "Who", "us"), "1,240 films of us"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, c := range []struct{ got, want string }{
		{locale.Number(ctx, 999), "999"},
		{locale.Number(ctx, 1240), "1,240"},
		{locale.Number(ctx, -15000), "-15,000"},
		{locale.Decimal(ctx, 7.4, 2), "7.40"},
		{locale.Percent(ctx, 0.62), "62 %"},
		{locale.Runtime(ctx, 40), "40 s"},
		{locale.Runtime(ctx, 60), "1 min"},
		{locale.Runtime(ctx, 27*60+29), "27 min"},
		{locale.Runtime(ctx, 81*60+5), "81 min"},
		{locale.Clock(ctx, 4865), "1:21:05"},
		{locale.Clock(ctx, 40), "0:40"},
		{locale.Size(ctx, 1_440_000_000), "1.4 GB"},
		{locale.Size(ctx, 320_000_000), "320 MB"},
		{locale.Size(ctx, 20_000_000_000), "20 GB"},
		{locale.Size(ctx, 1_960_000_000), "2 GB"},
		{locale.List(ctx, []string{"A", "B"}), "A, B"},
		{locale.ASCII("۱۲٫۵ and ٣"), "12.5 and 3"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	fa := locale.With(ctx, locale.Persian)
	if got := locale.Number(fa, 1240); got != "۱٬۲۴۰" {
		t.Errorf("got %q", got)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tehran, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 9, 30, 20, 29, 0, 0, time.UTC)
	on := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct{ got, want string }{
		{locale.Date(ctx, at), "30 September 2026"},
		{locale.DateTime(ctx, at, tehran, "Mahabar"), "Wed 30 September 2026, 23:59 in Mahabar"},
		{locale.DateTime(ctx, at, tehran, ""), "Wed 30 September 2026, 23:59"},
		{locale.Dates(ctx, on(9, 26), on(10, 3)), "26 September – 3 October 2026"},
		{locale.Dates(ctx, on(10, 3), on(10, 9)), "3–9 October 2026"},
		{locale.Dates(ctx, on(10, 3), on(10, 3)), "3 October 2026"},
		{locale.TimeLeft(ctx, 23*24*time.Hour+time.Hour), "23 days left"},
		{locale.TimeLeft(ctx, 24*time.Hour), "1 day left"},
		{locale.TimeLeft(ctx, 6*time.Hour+59*time.Minute), "6 hours left"},
		{locale.TimeLeft(ctx, 30*time.Second), "1 minute left"},
		{locale.TimeLeft(ctx, 0), "no time left"},
		{locale.Ago(ctx, 25*time.Minute), "25 minutes ago"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestCountryAndLanguageNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Russian Federation": "RU", "Palestine, State of": "PS", "USA": "US", "U.S.A.": "US", "UK": "GB",
		"South Korea": "KR", "Korea, Republic of": "KR", "Türkiye": "TR", "Turkey": "TR", "Kyrgyzstan": "KG",
		"Iran, Islamic Republic of": "IR", "iran": "IR", "ایران": "IR", "CÔTE D'IVOIRE": "CI", "Bosnia and Herzegovina": "BA",
		"Trinidad & Tobago": "TT", "fr": "FR", "Hong Kong": "HK", "": "", "Atlantis": "",
	} {
		if got, ok := locale.CountryCode(name); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", name, got, ok, want)
		}
	}
	for name, want := range map[string]string{
		"Farsi": "fa", "Persian": "fa", "English": "en", "No dialogue": "zxx", "None": "zxx", "Bengali": "bn",
		"British Sign Language": "bfi", "Mandarin": "zh", "kurdish": "ku", "Klingon": "",
	} {
		if got, ok := locale.LanguageCode(name); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", name, got, ok, want)
		}
	}
	ctx := t.Context()
	if got := locale.CountryNames(ctx, []string{"KW", "FR", "??"}); got != "Kuwait, France, ??" {
		t.Errorf("got %q", got)
	}
	if got := locale.Country(locale.With(ctx, locale.Persian), "IR"); got != "ایران" {
		t.Errorf("got %q", got)
	}
}

func TestEveryNameIsFoundAgain(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	countries, languages := locale.Countries(ctx), locale.Languages(ctx)
	if len(countries) != 250 || len(languages) < 200 {
		t.Errorf("got %d countries and %d languages", len(countries), len(languages))
	}
	for _, p := range countries {
		if got, _ := locale.CountryCode(p.Name); got != p.Code {
			t.Errorf("%s %s: got %q", p.Code, p.Name, got)
		}
	}
	for _, p := range languages {
		if got, _ := locale.LanguageCode(p.Name); got != p.Code {
			t.Errorf("%s %s: got %q", p.Code, p.Name, got)
		}
	}
	if got := countries[1].Name; got != "Åland Islands" {
		t.Errorf("the second country is %s", got)
	}
	at := func(code string) int {
		return slices.IndexFunc(languages, func(p locale.Place) bool { return p.Code == code })
	}
	if at("zu") > at("ase") || at("tsm") > at("sgn") || at("zxx") != len(languages)-1 {
		t.Error("languages: spoken, then signed, then none")
	}
}

func TestLocaleOfTheContext(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	if locale.Of(ctx) != locale.English || locale.Dir(ctx) != "ltr" {
		t.Error("the default is English")
	}
	rtl := locale.With(ctx, locale.RightToLeft)
	if locale.Dir(rtl) != "rtl" || locale.Lang(rtl) != "en" || locale.T(rtl, "a", "Words") != "Words" {
		t.Error("the pseudo-locale is mirrored English")
	}
	for header, want := range map[string]locale.Locale{
		"": "en", "de-DE,de;q=0.9": "en", "en-US,en": "en", "fa": "en", "*": "en", ";;": "en",
	} {
		if got := locale.Match(header); got != want {
			t.Errorf("%q: got %s", header, got)
		}
	}
}

func BenchmarkT(b *testing.B) {
	ctx := locale.With(context.Background(), locale.English)
	for b.Loop() {
		locale.T(ctx, "a", "Submit the entry")
	}
}

func BenchmarkTWithName(b *testing.B) {
	ctx := locale.With(context.Background(), locale.English)
	for b.Loop() {
		locale.T(ctx, "a", "Submit {{.Film}} now", "Film", "Salt")
	}
}
