package site

import (
	"cmp"
	"context"
	"math"
	"net/http"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/upload"
	"laurel/web/pages"
)

// sending lists the films that are on their way to a work, as far as the server
// knows: begun in this browser or another.
func (s *Site) sending(r *http.Request, work entry.Work) ([]pages.FilmSending, error) {
	ctx, zone := r.Context(), actor(r).Zone
	all, err := upload.Of(ctx, s.db, work.ID)
	if err != nil {
		return nil, err
	}
	var list []pages.FilmSending
	for _, u := range all {
		if u.State != upload.Open || u.Over || u.Role != entry.ScreenerFile || u.AtOnce && !u.Whole() {
			continue
		}
		v := pages.FilmSending{
			Code: u.Code, ByPieces: u.ByPieces, Sum: locale.Size(ctx, u.Durable),
			Words: locale.T(ctx, "sending.begun", "{{.Size}} have arrived, the last of it on {{.When}}.", "Size", locale.Size(ctx, u.Durable), "When", stamp(ctx, u.LastByteAt, zone)),
			Kept:  locale.T(ctx, "sending.kept", "What has arrived is safe. It is kept until {{.When}}.", "When", stamp(ctx, u.ExpiresAt, zone)),
		}
		if u.Size != nil {
			share := float64(u.Durable) / float64(*u.Size)
			v.Thousand = max(1, int(1000*share))
			v.Sum = locale.T(ctx, "sending.sum", "{{.Sent}} of {{.Total}}", "Sent", locale.Size(ctx, u.Durable), "Total", locale.Size(ctx, *u.Size))
			v.Words = locale.T(ctx, "sending.stands", "{{.Percent}} have arrived, the last of it on {{.When}}.", "Percent", locale.Percent(ctx, math.Floor(100*share)/100), "When", stamp(ctx, u.LastByteAt, zone))
		}
		if u.Durable == 0 {
			v.Words = locale.T(ctx, "sending.nothing", "Nothing of it has arrived yet. It was begun on {{.When}}.", "When", stamp(ctx, u.CreatedAt, zone))
		}
		list = append(list, v)
	}
	return list, nil
}

// screenerState is the film among files and what is done to it, or nil.
func screenerState(ctx context.Context, work entry.Work, files []entry.File) *pages.FilmScreener {
	for _, f := range files {
		if f.Role != entry.ScreenerFile {
			continue
		}
		v := pages.FilmScreener{
			Code: f.Code, Words: screenerWords(ctx, work, f), Refused: f.State == media.Refused,
			Going: f.State == media.Checking, Doing: stepWords(ctx, f.Step, f.Progress), Percent: f.Progress, Page: filesURL(work) + "#screener",
			Glance: f.Glance,
		}
		if f.Findings != nil && f.State != media.Refused {
			for _, w := range f.Findings.Warnings(ctx, work.Film.Runtime) {
				v.Warnings = append(v.Warnings, locale.Say(ctx, w))
			}
		}
		return &v
	}
	return nil
}

// screenerWords says what was found in a film, beside what its makers wrote.
func screenerWords(ctx context.Context, work entry.Work, f entry.File) string {
	found := f.Findings
	if found == nil || f.State == media.Refused {
		return fileWords(ctx, f)
	}
	sound := locale.T(ctx, "screener.sound", "sound present")
	if found.Audio == "" {
		sound = locale.T(ctx, "screener.no-sound", "no sound")
	}
	words := locale.T(ctx, "screener.found", "{{.Length}}, {{.Width}} × {{.Height}}, {{.Sound}}, {{.Size}}.",
		"Length", entry.Length(ctx, int(math.Round(found.Seconds))), "Width", locale.Number(ctx, found.Width), "Height", locale.Number(ctx, found.Height),
		"Sound", sound, "Size", locale.Size(ctx, f.Size))
	if stated := work.Film.Runtime; stated > 0 {
		words += " " + locale.T(ctx, "screener.stated", "You stated {{.Length}}.", "Length", entry.Length(ctx, stated))
	}
	return words
}

// stepWords says what is being done to a file, and how far it is.
func stepWords(ctx context.Context, step media.Step, done int) string {
	percent := locale.Percent(ctx, float64(done)/100)
	switch step {
	case media.Measuring:
		return locale.T(ctx, "step.measuring", "We look at picture and sound: {{.Percent}}.", "Percent", percent)
	case media.Making:
		return locale.T(ctx, "step.making", "We make the copies that jurors watch: {{.Percent}}.", "Percent", percent)
	case media.Keeping:
		return locale.T(ctx, "step.keeping", "We keep the copies that jurors watch: {{.Percent}}.", "Percent", percent)
	case media.Sealing:
		return locale.T(ctx, "step.sealing", "We lock the file away as it came: {{.Percent}}.", "Percent", percent)
	case media.Waiting, media.Idle:
	}
	return locale.T(ctx, "step.waiting", "It waits for its turn to be looked at.")
}

func trackName(ctx context.Context, t media.Track) string {
	if t.Language == "" {
		return locale.T(ctx, "subtitles.unnamed", "Language not said")
	}
	return cmp.Or(locale.Language(ctx, t.Language), t.Language)
}
