package site

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/internal/score"
	"laurel/web/components"
	"laurel/web/pages"
)

// withPlayer is a page on which a film is played: its script may hand the
// browser the pieces of the film, which no other page may.
func withPlayer(w http.ResponseWriter, f components.Frame) components.Frame {
	f.Player = true
	w.Header().Set("Content-Security-Policy", contentPolicy+"; media-src 'self' blob:")
	return f
}

// filmPlayer is how the reader may watch a film of an entry. Where they may not,
// nothing is playable, and the second value says why.
func (s *Site) filmPlayer(r *http.Request, id entry.ID, code string) (pages.Player, report.Watching, error) {
	ctx := r.Context()
	how, err := report.WatchingOf(ctx, s.db, actor(r).ID, id, code)
	if err != nil || !how.Open {
		return pages.Player{}, how, err
	}
	base := filesAt + code + "/"
	p := pages.Player{Poster: base + "poster", Seconds: how.Seconds, At: how.At, Place: base + "place"}
	if how.Whole {
		p.Video = base + "video"
	}
	ladder, err := media.Ladder(ctx, s.db, code)
	if err != nil {
		return p, how, err
	}
	if len(ladder) > 0 {
		p.Ladder = base + "master.m3u8"
	}
	for _, rung := range ladder {
		p.Qualities = append(p.Qualities, components.Option{Value: string(rung.Name), Label: qualityName(ctx, rung)})
	}
	tracks, err := media.Tracks(ctx, s.db, how.Files)
	for _, t := range tracks {
		p.Subtitles = append(p.Subtitles, subtitlesView(ctx, t))
	}
	if i := slices.IndexFunc(tracks, func(t media.Track) bool { return t.Language == locale.Lang(ctx) }); i >= 0 {
		p.Subtitles[i].Shown = true
	}
	return p, how, err
}

func qualityName(ctx context.Context, r media.Rung) string {
	lines, rate := strconv.Itoa(r.Height), rateWords(ctx, r.Playlist.Average)
	switch {
	case r.Height <= 360:
		return locale.T(ctx, "quality.small", "Small: {{.Lines}}p, about {{.Rate}}", "Lines", lines, "Rate", rate)
	case r.Height <= 540:
		return locale.T(ctx, "quality.middle", "Middle: {{.Lines}}p, about {{.Rate}}", "Lines", lines, "Rate", rate)
	}
	return locale.T(ctx, "quality.large", "Large: {{.Lines}}p, about {{.Rate}}", "Lines", lines, "Rate", rate)
}

// rateWords is a rate of data, rounded to what people compare.
func rateWords(ctx context.Context, bits int) string {
	if bits < 950_000 {
		return locale.T(ctx, "rate.kilo", "{{.Number}} kbit/s", "Number", locale.Number(ctx, (bits+25_000)/50_000*50))
	}
	return locale.T(ctx, "rate.mega", "{{.Number}} Mbit/s", "Number", locale.Decimal(ctx, float64(bits)/1e6, 1))
}

func subtitlesView(ctx context.Context, t media.Track) pages.Subtitles {
	v := pages.Subtitles{URL: filesAt + t.Code + "/subtitles/" + strconv.Itoa(t.Number) + ".vtt", Language: t.Language}
	v.Label = locale.T(ctx, "player.subtitles-unnamed", "Language not said")
	if t.Language != "" {
		v.Label = locale.Language(ctx, t.Language)
	}
	return v
}

// savePlace keeps where a reader is in a film. The script asks while the film
// plays, and learns here that it is not open to them any more.
func (s *Site) savePlace(w http.ResponseWriter, r *http.Request) error {
	if err := s.maySee(r); err != nil {
		return err
	}
	seconds, err := strconv.Atoi(text(r, "seconds"))
	if err != nil {
		return problem.New(problem.Invalid, "form.unreadable", "The form could not be read. Open the page again and send it once more.")
	}
	if err := score.KeepPlace(r.Context(), s.db, actor(r).ID, r.PathValue("file"), seconds); err != nil {
		return err
	}
	return plain(w, "kept\n")
}
