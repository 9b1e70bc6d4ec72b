package entry

import (
	"encoding/json"
	"slices"
	"strings"
)

// stored is a Film without its ways to and from JSON.
type stored Film

// filmDocument is a film as JSON. Subtitles and FirstFilm repeat what tracks and
// credits say, for those who read the document as it lies in the database.
type filmDocument struct {
	stored
	Subtitles []string `json:"subtitles"`
	FirstFilm bool     `json:"firstFilm"`
}

// MarshalJSON writes the document of a film.
func (f Film) MarshalJSON() ([]byte, error) {
	return json.Marshal(filmDocument{stored(f), f.Subtitles(), f.Debut()})
}

// UnmarshalJSON reads a film's document, and one that was written when films
// had fewer fields: nothing that it says is lost.
func (f *Film) UnmarshalJSON(text []byte) error {
	var d filmDocument
	if err := json.Unmarshal(text, &d); err != nil {
		return err
	}
	*f = Film(d.stored)
	f.readSubtitles(d.Subtitles)
	f.readFirst(d.FirstFilm)
	f.sortGenres()
	for i := range f.Screenings {
		f.Screenings[i].read()
	}
	return nil
}

// readSubtitles: once, only the languages of subtitles were kept.
func (f *Film) readSubtitles(languages []string) {
	if len(f.SubtitleTracks) > 0 {
		return
	}
	for _, code := range languages {
		f.SubtitleTracks = append(f.SubtitleTracks, SubtitleTrack{Language: code})
	}
}

// readFirst: once, being a first film was said of the film and not of its
// directors.
func (f *Film) readFirst(first bool) {
	if !first || slices.ContainsFunc(f.Credits, func(c Credit) bool { return c.First }) {
		return
	}
	for i := range f.Credits {
		f.Credits[i].First = f.Credits[i].Role == Director
	}
}

// read: once, the kind of a screening was what it had been announced as.
func (s *Screening) read() {
	if slices.Contains(Premieres, string(s.Kind)) {
		s.Premiere, s.Kind = string(s.Kind), PublicScreening
	}
}

// sortGenres puts free words among the genres where they belong: what names one of
// Genres is that genre, and the rest are tags.
func (f *Film) sortGenres() {
	genres := []Genre{}
	for _, g := range f.Genres {
		code := Genre(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(string(g))), " ", "-"))
		if slices.Contains(Genres, code) {
			genres = addOnce(genres, code)
		} else {
			f.Tags = addOnce(f.Tags, string(g))
		}
	}
	f.Genres = genres
}

// addOnce adds a value that says something and that the list does not hold yet.
func addOnce[T ~string](list []T, value T) []T {
	if value == "" || slices.Contains(list, value) {
		return list
	}
	return append(list, value)
}
