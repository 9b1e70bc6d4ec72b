package media

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"laurel/internal/problem"
)

// keepTexts makes clean subtitles of those that a film holds. One that cannot
// be read does no harm to the film: it is counted.
func (w *Work) keepTexts(ctx context.Context, r *Remake, tools ffmpeg, f film) error {
	r.Findings.Unread = f.Subtitles
	if len(f.texts) == 0 {
		return nil
	}
	err := tools.extract(ctx, f)
	if _, theirs := errors.AsType[refusal](err); theirs {
		return nil
	}
	if err != nil {
		return err
	}
	for i, t := range f.texts {
		if err := w.keepText(ctx, r, tools.textPath(i), t, f); err != nil {
			return err
		}
	}
	return nil
}

func (w *Work) keepText(ctx context.Context, r *Remake, name string, t text, f film) error {
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	cues, err := readSubtitles(ctx, raw, "", time.Duration(f.Seconds*float64(time.Second)))
	if problem.Of(err) != nil && problem.Of(err).Kind == problem.Invalid {
		return nil
	}
	if err != nil {
		return err
	}
	key, stored, err := w.put(ctx, strings.NewReader(webVTT(cues)))
	if err != nil {
		return err
	}
	r.tracks = append(r.tracks, Track{Number: len(r.tracks) + 1, Language: t.language, Cues: len(cues), Seconds: lastSecond(cues),
		Size: stored.Size, BlobKey: key, sum: stored.SHA256})
	r.Findings.Unread--
	return nil
}

func (t ffmpeg) textPath(i int) string { return filepath.Join(t.folder, fmt.Sprintf("text-%d.srt", i)) }

// extract writes the tracks of text as SubRip, none larger than a file of
// subtitles may be.
func (t ffmpeg) extract(ctx context.Context, f film) error {
	args := append([]string{"-nostdin", "-v", "error"}, t.fence()...)
	for i, track := range f.texts {
		args = append(args, "-map", fmt.Sprintf("0:%d", track.stream), "-map_metadata", "-1", "-c:s", "srt", "-f", "srt", "file:"+t.textPath(i))
	}
	_, err := t.run(ctx, call{limit: t.patience(f), tool: "ffmpeg", args: args, output: MaxSubtitles})
	return err
}
