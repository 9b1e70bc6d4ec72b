package seed

import (
	_ "embed" // the films
	"strconv"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/festival"
)

// A known film is one that people meet on the demo festival's first pages.
type known struct {
	category           string
	title, own, tongue string
	directors          []word
	countries          []string
	minutes            int
	still              string
	quality            float64
	logline            string
}

//go:embed films.txt
var filmsText string

// readKnown reads the known films of an edition out of films.txt.
func readKnown(edition string) []known {
	var list []known
	section := ""
	for line := range strings.Lines(filmsText) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
			continue
		}
		if parts := strings.Split(line, " | "); section == edition && len(parts) == 10 {
			list = append(list, knownOf(parts))
		}
	}
	return list
}

func knownOf(parts []string) known {
	k := known{
		category: parts[0], title: parts[1], own: parts[2], tongue: parts[3], directors: readWords(parts[4]),
		countries: strings.Fields(parts[5]), still: parts[7], logline: parts[9],
	}
	k.minutes, _ = strconv.Atoi(parts[6])
	k.quality, _ = strconv.ParseFloat(parts[8], 64)
	return k
}

// add makes submissions of known films whose category is among the given ones.
func (h *house) add(list []known, categories []festival.Category, since int) []*submission {
	var made []*submission
	for _, c := range categories {
		for _, k := range list {
			if k.category != c.Slug {
				continue
			}
			s := &submission{category: c, state: entry.Accepted, screener: true, known: true, quality: k.quality, film: h.film(c)}
			k.describe(&s.film, h.credits(h.tongueOf(k.tongue), c))
			h.further(&s.film)
			s.stills = []int{h.files.index[k.still], h.files.index[k.still+"-detail"]}
			h.when(s, since)
			made = append(made, s)
		}
	}
	return made
}

// describe says of a film what is known of it, made by a crew.
func (k known) describe(f *entry.Film, crew []entry.Credit) {
	f.Title, f.TitleOriginal, f.LanguageOriginal = k.title, k.own, k.tongue
	if k.own == "" {
		f.TitleOriginal = k.title
	}
	f.Countries, f.Languages, f.SubtitleTracks = k.countries, []string{k.tongue}, inEnglish()
	f.Runtime, f.Logline, f.Synopsis, f.Warnings = 60*k.minutes, k.logline, k.logline, ""
	f.Credits = nil
	for _, d := range k.directors {
		f.Credits = append(f.Credits, credit(entry.Director, d))
	}
	for _, c := range crew {
		if c.Role != entry.Director {
			f.Credits = append(f.Credits, c)
		}
	}
	f.StillsBy = f.Credits[len(f.Credits)-1].Latin()
}
