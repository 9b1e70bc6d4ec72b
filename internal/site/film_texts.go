package site

import (
	"net/http"
	"slices"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/pages"
)

// tongueOf is the language of the texts that the address names; empty: the
// main one. A code that is no language's is a page that does not exist.
func tongueOf(r *http.Request) (string, error) {
	code := r.URL.Query().Get("in")
	if known, _ := locale.LanguageCode(code); known != code {
		return "", problem.Missing()
	}
	return code, nil
}

// textsIn is where a film's texts in a language stand; -1: there are none.
func textsIn(f entry.Film, code string) int {
	return slices.IndexFunc(f.Texts, func(t entry.Texts) bool { return t.Language == code })
}

// openTexts shows the texts in the language of the address, and the way to
// those in others: on a page of its own each stays light and short.
func openTexts(r *http.Request, work entry.Work, v *pages.FilmForm) error {
	ctx, film := r.Context(), work.Film
	code, err := tongueOf(r)
	if err != nil {
		return err
	}
	v.In, v.InName = code, locale.Language(ctx, code)
	page := workURL(work) + "/form/" + string(entry.Words)
	main := film.TextLanguage
	if main == "" {
		main = "en"
	}
	v.Languages = []pages.FilmLanguage{{URL: page, Name: locale.Language(ctx, main), Current: code == ""}}
	for _, t := range film.Texts {
		v.Languages = append(v.Languages, pages.FilmLanguage{URL: page + "?in=" + t.Language, Name: locale.Language(ctx, t.Language), Current: t.Language == code})
	}
	if code != "" && textsIn(film, code) < 0 {
		v.Languages = append(v.Languages, pages.FilmLanguage{URL: page + "?in=" + code, Name: v.InName, Current: true})
	}
	openLanguage(code, film, v.Sheet)
	return nil
}

// openLanguage puts the texts in a further language where those of the main
// one stand.
func openLanguage(code string, f entry.Film, sheet pages.FilmSheet) {
	if code == "" {
		return
	}
	t := entry.Texts{}
	if at := textsIn(f, code); at >= 0 {
		t = f.Texts[at]
	}
	sheet["logline"], sheet["synopsisShort"], sheet["synopsis"], sheet["statement"], sheet["biography"] = t.Logline, t.SynopsisShort, t.Synopsis, t.Statement, t.Biography
}

// texts reads the texts of one language into all that the work has, and says
// where the reader goes on: to the language that was added, if one was.
func (d filmReader) texts(r *http.Request, work entry.Work, then string) (entry.Film, string) {
	typed, code := d.read(entry.Words), r.URL.Query().Get("in")
	f := entry.Words.Of(work.Film)
	f.Texts = slices.Clone(f.Texts)
	switch {
	case code == "":
		typed.Texts = f.Texts
		f = typed
	case text(r, "do") == "remove:texts":
		f.Texts = slices.DeleteFunc(f.Texts, func(t entry.Texts) bool { return t.Language == code })
	default:
		f.Texts = withTexts(f.Texts, entry.Texts{Language: code, Logline: typed.Logline, SynopsisShort: typed.SynopsisShort,
			Synopsis: typed.Synopsis, Statement: typed.Statement, Biography: typed.Biography})
	}
	page := workURL(work) + "/form/" + string(entry.Words)
	added := d.language("addLanguage", d.sheet["addLanguage"])
	switch {
	case added != "":
		then = page + "?saved=1&in=" + added
	case text(r, "do") == "remove:texts":
		then = page + "?saved=1"
	case code != "" && text(r, "do") != "next":
		then = page + "?saved=1&in=" + code
	}
	return f, then
}

// withTexts puts the texts of a language in their place in the list, or at its
// end; texts that are all empty are none.
func withTexts(all []entry.Texts, t entry.Texts) []entry.Texts {
	at := textsIn(entry.Film{Texts: all}, t.Language)
	switch empty := t == (entry.Texts{Language: t.Language}); {
	case at >= 0 && empty:
		return slices.Delete(all, at, at+1)
	case at >= 0:
		all[at] = t
	case !empty:
		all = append(all, t)
	}
	return all
}

// textField is what the open page calls a field of the texts in its language.
func textField(r *http.Request, f entry.Film, field string) string {
	if at := textsIn(f, r.URL.Query().Get("in")); at >= 0 {
		return strings.TrimPrefix(field, pages.RowName("texts", at, ""))
	}
	return field
}
