package site

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/web/components"
	"laurel/web/pages"
)

// subtitles lists those that were sent, then those that the film holds.
func subtitles(ctx context.Context, files []entry.File, tracks []media.Track) []pages.FilmSubtitles {
	var sent, inside []pages.FilmSubtitles
	for _, t := range tracks {
		v := pages.FilmSubtitles{Name: trackName(ctx, t), Words: locale.N(ctx, "subtitles.lines", t.Cues, "One line", "{{.Count}} lines")}
		own := slices.ContainsFunc(files, func(f entry.File) bool { return f.FileID == t.FileID && f.Role == entry.SubtitlesFile })
		if !own {
			v.Words = locale.T(ctx, "subtitles.inside", "{{.Lines}}, from the film's file", "Lines", v.Words)
			inside = append(inside, v)
			continue
		}
		v.Code = t.Code
		sent = append(sent, v)
	}
	return append(sent, inside...)
}

// noDialogue is no language of subtitles.
const noDialogue = "zxx"

// subtitleLanguages are the languages to choose from: first those that the
// film's makers named, then all.
func subtitleLanguages(ctx context.Context, f entry.Film) []components.Option {
	list := []components.Option{{Label: locale.T(ctx, "subtitles.choose", "Choose")}}
	likely := append(f.Subtitles(), "en")
	for _, code := range likely {
		if i := slices.IndexFunc(list, func(o components.Option) bool { return o.Value == code }); i < 0 && code != noDialogue {
			list = append(list, components.Option{Value: code, Label: locale.Language(ctx, code)})
		}
	}
	for _, l := range locale.Languages(ctx) {
		if l.Code != noDialogue && !slices.Contains(likely, l.Code) {
			list = append(list, components.Option{Value: l.Code, Label: l.Name})
		}
	}
	return list
}

// receiveSubtitles reads the form of a file of subtitles for a work: first their
// language, then the file.
func (s *Site) receiveSubtitles(r *http.Request, work entry.Work) (media.Arrival, error) {
	within, err := s.ending(r.Context(), work)
	if err != nil {
		return media.Arrival{}, err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return media.Arrival{}, noFile()
	}
	language := ""
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return media.Arrival{}, noFile()
		case err != nil:
			return media.Arrival{}, cutOff()
		case part.FormName() == "language":
			said, err := io.ReadAll(io.LimitReader(part, 8))
			if err != nil {
				return media.Arrival{}, cutOff()
			}
			language = strings.TrimSpace(string(said))
			r.PostForm = url.Values{"language": {language}} // for the page, should the file be refused
		case part.FormName() == "file" && part.FileName() != "":
			return media.ReceiveSubtitles(r.Context(), s.store, part, language, within)
		}
	}
}

// ending is when the film of a work ends; 0: nobody knows yet.
func (s *Site) ending(ctx context.Context, work entry.Work) (time.Duration, error) {
	files, err := entry.FilesOf(ctx, s.db, []entry.WorkID{work.ID})
	if err != nil {
		return 0, err
	}
	for _, f := range files[work.ID] {
		if f.Role == entry.ScreenerFile && f.Seconds != nil {
			return time.Duration(*f.Seconds) * time.Second, nil
		}
	}
	return 0, nil
}
