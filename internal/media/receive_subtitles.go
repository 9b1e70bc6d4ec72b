package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"laurel/internal/blob"
	"laurel/internal/locale"
	"laurel/internal/problem"
)

var languageShape = regexp.MustCompile(`^[a-z]{2,3}$`)

// ReceiveSubtitles takes a file of subtitles, SubRip or WebVTT, in a language
// (ISO 639) for a film that ends at within; 0 when that is not known yet. What
// cannot be taken is an Invalid problem at the field "file" or "language". No
// more than MaxSubtitles bytes are read.
func ReceiveSubtitles(ctx context.Context, store blob.Store, r io.Reader, language string, within time.Duration) (Arrival, error) {
	if !languageShape.MatchString(language) {
		return Arrival{}, problem.Field("language", "subtitles.no-language", "Choose the language of the subtitles.")
	}
	raw, err := io.ReadAll(io.LimitReader(r, MaxSubtitles+1))
	if err != nil {
		return Arrival{}, fmt.Errorf("receive subtitles: %w", err)
	}
	cues, err := readSubtitles(ctx, raw, language, within)
	if err != nil {
		return Arrival{}, err
	}
	a := Arrival{kind: Subtitle, mediaType: "application/x-subrip", key: blob.Key()}
	if strings.HasPrefix(strings.TrimPrefix(string(raw), "\ufeff"), "WEBVTT") {
		a.mediaType = "text/vtt"
	}
	if a.stored, err = store.Put(ctx, a.key, strings.NewReader(string(raw))); err != nil {
		return Arrival{}, fmt.Errorf("keep subtitles: %w", err)
	}
	t := Track{Number: 1, Language: language, Cues: len(cues), Seconds: lastSecond(cues), BlobKey: blob.Key()}
	clean, err := store.Put(ctx, t.BlobKey, strings.NewReader(webVTT(cues)))
	if err != nil {
		return Arrival{}, errors.Join(fmt.Errorf("keep subtitles: %w", err), a.Discard(ctx, store))
	}
	t.Size, t.sum = clean.Size, clean.SHA256
	a.tracks = []Track{t}
	return a, nil
}

func readSubtitles(ctx context.Context, raw []byte, language string, within time.Duration) ([]cue, error) {
	switch {
	case len(raw) == 0:
		return nil, empty()
	case len(raw) > MaxSubtitles:
		return nil, tooLarge(ctx, MaxSubtitles)
	}
	text, err := readLetters(raw, language)
	if err != nil {
		return nil, err
	}
	return readCues(text, within)
}

func empty() error {
	return problem.Field("file", "media.empty", "There is nothing in this file: it has 0 bytes. Choose another.")
}

func tooLarge(ctx context.Context, limit int64) error {
	return problem.Field("file", "media.too-large", "This file is larger than {{.Limit}}. Make it smaller and send it again.",
		"Limit", locale.Size(ctx, limit))
}
