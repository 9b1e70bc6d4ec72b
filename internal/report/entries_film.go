package report

import (
	"context"
	"fmt"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/pg"
)

// Films are the films of a list of entries, as they were sent, and the country
// of the festival.
type Films struct {
	by      map[entry.ID]entry.Film
	country string
}

// FilmsOf reads the films of a list.
func FilmsOf(ctx context.Context, db pg.DB, list []Entry, country string) (Films, error) {
	type row struct {
		ID   entry.ID
		Film entry.Film
	}
	ids := make([]int64, len(list))
	for i, x := range list {
		ids[i] = int64(x.ID)
	}
	rows, err := pg.Rows[row](ctx, db, `
		select id, film
		from entries
		where id = any(@ids) and film is not null`,
		pg.Args{"ids": ids})
	if err != nil {
		return Films{}, fmt.Errorf("read films of a list: %w", err)
	}
	films := Films{map[entry.ID]entry.Film{}, country}
	for _, r := range rows {
		films.by[r.ID] = r.Film
	}
	return films, nil
}

// filmColumns are the headings of what a film says besides what the list of
// entries has. Where it was made, budgets and passwords do not leave the house.
var filmColumns = []string{"Form", "Length class", "Completed", "Genres", "Techniques", "Languages", "Subtitles", "Shares", "Companies", "School", "First film",
	"Premiere", "Screenings", "Awards", "Content", "AI", "Picture", "Frames per second", "Sound", "Colour", "Shot on", "Formats", "Logline", "Short synopsis", "Synopsis"}

// cells are the columns of one entry.
func (f Films) cells(ctx context.Context, id entry.ID) []string {
	film := f.by[id]
	premiere, _ := entry.PremiereIn(ctx, film, f.country)
	return []string{
		entry.FormName(ctx, film.Form), string(film.Class()), film.Completed, locale.List(ctx, entry.GenresOf(ctx, film)),
		locale.List(ctx, entry.Names(ctx, film.Techniques, entry.TechniqueName)), locale.LanguageNames(ctx, film.Languages), entry.SubtitlesWords(ctx, film),
		shares(film), companies(ctx, film), film.School, yes(film.Debut()), string(premiere),
		rows(film.Screenings, func(s entry.Screening) string { return entry.ScreeningWords(ctx, s) }),
		rows(film.Awards, func(p entry.Prize) string { return strings.TrimSpace(p.Name + " " + p.Event + " " + p.Year) }),
		entry.WarningsOf(ctx, film), entry.AIWords(ctx, film.AI), film.AspectRatio, film.FrameRate, film.Sound, film.Colour, film.ShootingFormat,
		locale.List(ctx, entry.Names(ctx, film.Exhibition, entry.ExhibitionName)), film.Logline, film.SynopsisShort, film.Synopsis,
	}
}

func rows[T any](list []T, words func(T) string) string {
	all := make([]string, len(list))
	for i, one := range list {
		all[i] = words(one)
	}
	return strings.Join(all, "; ")
}

func shares(f entry.Film) string {
	var all []string
	for _, code := range f.Countries {
		if f.Shares[code] > 0 {
			all = append(all, fmt.Sprintf("%s %d", code, f.Shares[code]))
		}
	}
	return strings.Join(all, "; ")
}

func companies(ctx context.Context, f entry.Film) string {
	return rows(f.Companies, func(c entry.Company) string { return c.Name + " (" + entry.CompanyRoleName(ctx, c.Role) + ")" })
}

func yes(said bool) string {
	if said {
		return "yes"
	}
	return ""
}
