package entry

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"laurel/internal/locale"
	"laurel/internal/pg"
)

// Asks are the questions of an entry's consent form, in the reader's language:
// about the film as it was sent, or as it stands while it is a draft. What the
// makers left empty is not asked about. Whoever calls it knows that the reader
// may see the entry.
func Asks(ctx context.Context, db pg.DB, id ID) ([]Asked, error) {
	type row struct {
		Film      Film
		Stills    int
		Screeners int
	}
	r, err := pg.One[row](ctx, db, `
		select coalesce(e.film, w.film) as film,
		       case when e.film is null
		            then (select count(*)::int from work_files f where f.work_id = w.id and f.role = 'still')
		            else (select count(*)::int from entry_files f where f.entry_id = e.id and f.role = 'still') end as stills,
		       case when e.film is null
		            then (select count(*)::int from work_files f where f.work_id = w.id and f.role = 'screener')
		            else (select count(*)::int from entry_files f where f.entry_id = e.id and f.role = 'screener') end as screeners
		from entries e
		join works w on w.id = e.work_id
		where e.id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("find what consent is asked for: %w", err)
	}
	asked := questionsOf(ctx, r.Film, r.Stills)
	if r.Screeners > 0 {
		asked = append(asked, Asked{Item: ShowOriginal, Name: ItemName(ctx, ShowOriginal), Shown: locale.T(ctx, "consent.original-shown",
			"If the film is selected, the festival may download the file as you sent it, to show it on a screen. It holds everything that is in your file, also what does not show: names of programs, people and places. You read of every download on the page of who looked.")})
	}
	return asked, readAnswers(ctx, db, id, asked)
}

// readAnswers says of each question what was last answered.
func readAnswers(ctx context.Context, db pg.DB, id ID, asked []Asked) error {
	type row struct {
		Item     Item
		Subject  string
		Decision Permission
		At       time.Time
		Hash     string
	}
	rows, err := pg.Rows[row](ctx, db, `
		select distinct on (item, subject) item, subject, decision, at, shown_hash as hash
		from consent_acts
		where entry_id = @id
		order by item, subject, id desc`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("list answers of consent: %w", err)
	}
	for _, r := range rows {
		i := slices.IndexFunc(asked, func(a Asked) bool { return a.Item == r.Item && a.Subject == r.Subject })
		if i < 0 {
			continue
		}
		a := &asked[i]
		a.Answer, a.Answered = r.Decision, &r.At
		a.Changed = r.Hash != "" && r.Hash != a.Hash()
	}
	return nil
}

// questionsOf lists what a film has to be asked about, in the order of the form.
func questionsOf(ctx context.Context, f Film, stills int) []Asked {
	asked := []Asked{{Item: PublishFilm, Shown: factsShown(ctx, f)}}
	add := func(item Item, paragraphs ...string) {
		if shown := joinLines(paragraphs...); shown != "" {
			asked = append(asked, Asked{Item: item, Shown: shown})
		}
	}
	asked = append(asked, namesAsked(ctx, f)...)
	add(PublishCountries, locale.CountryNames(ctx, f.Countries))
	add(PublishSynopsis, textsShown(f, func(t Texts) []string { return []string{t.Logline, t.SynopsisShort, t.Synopsis} })...)
	add(PublishStatement, textsShown(f, func(t Texts) []string { return []string{t.Statement, t.Biography} })...)
	if stills > 0 {
		add(PublishStills, locale.N(ctx, "consent.stills-shown", stills, "One still, on this site and in print. Look for faces and places before you agree.",
			"{{.Count}} stills, on this site and in print. Look for faces and places before you agree."))
	}
	add(PublishTrailer, f.Trailer)
	links := []string{f.Website}
	for _, l := range f.Links {
		links = append(links, l.URL)
	}
	add(PublishLinks, inOneLine(links...))
	add(TellPress, locale.T(ctx, "consent.press-shown", "When a journalist asks, the festival may say how to reach you: by the name and the way you gave it."))
	add(TellPartners, locale.T(ctx, "consent.partners-shown", "When another festival or a distributor asks, the festival may say how to reach you: by the name and the way you gave it."))
	for i := range asked {
		if asked[i].Name == "" {
			asked[i].Name = ItemName(ctx, asked[i].Item)
		}
	}
	return asked
}

// factsShown are the titles and facts of a film.
func factsShown(ctx context.Context, f Film) string {
	lines := []string{f.MainTitle(), f.OtherTitle(), f.Transliteration}
	for _, t := range f.Titles {
		lines = append(lines, joinWords(ctx, t.Text, t.Transliteration))
	}
	length := ""
	if f.Runtime > 0 {
		length = Length(ctx, f.Runtime)
	}
	lines = append(lines, joinWords(ctx, FormName(ctx, f.Form), length, f.Year()),
		locale.LanguageNames(ctx, f.Languages), locale.LanguageNames(ctx, f.Subtitles()), f.Warnings)
	return inOneLine(lines...)
}

// namesAsked asks about every name that would be printed, as it would be.
func namesAsked(ctx context.Context, f Film) []Asked {
	var asked []Asked
	for _, c := range f.Credits {
		printed, named := c.Printed()
		if !named || printed.Name == "" {
			continue
		}
		role := RoleName(ctx, c.Role)
		if printed.Note != "" && c.As == ByName {
			role = joinWords(ctx, role, printed.Note)
		}
		asked = append(asked, Asked{Item: PublishNames, Subject: c.ID, Name: role, Shown: inOneLine(printed.Name, printed.NameLatin)})
	}
	if f.StillsBy != "" {
		asked = append(asked, Asked{Item: PublishNames, Subject: StillsBySubject, Name: locale.T(ctx, "stills.by", "Photographs by"), Shown: f.StillsBy})
	}
	return asked
}

// textsShown are the texts that pick chooses, in every language.
func textsShown(f Film, pick func(Texts) []string) []string {
	all := pick(Texts{Logline: f.Logline, SynopsisShort: f.SynopsisShort, Synopsis: f.Synopsis, Statement: f.Statement, Biography: f.Biography})
	for _, t := range f.Texts {
		all = append(all, pick(t)...)
	}
	return all
}

// joinLines sets what is not empty one under the other, each once.
func joinLines(lines ...string) string { return joinOnce("\n", lines) }

// inOneLine sets what is not empty in one line, each once.
func inOneLine(words ...string) string { return joinOnce(" · ", words) }

func joinOnce(between string, lines []string) string {
	var said []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(said, line) {
			said = append(said, line)
		}
	}
	return strings.Join(said, between)
}

// joinWords lists what is not empty.
func joinWords(ctx context.Context, words ...string) string {
	return locale.List(ctx, slices.DeleteFunc(words, func(w string) bool { return w == "" }))
}
