package media

import (
	"bytes"
	"context"
	"regexp"
	"strconv"
)

// What counts as silence: at least so many seconds under so many dB.
const (
	silenceSeconds = "2"
	silenceUnder   = "-60dB"
)

var (
	peakLine    = regexp.MustCompile(`max_volume: (-?[0-9.]+) dB`)
	silenceLine = regexp.MustCompile(`silence_duration: ([0-9.]+)`)
)

// listen measures the sound of the copy: how loud it gets, and how long it is
// silent.
func (t ffmpeg) listen(ctx context.Context, f *film) error {
	if f.Audio == "" {
		return nil
	}
	var said bytes.Buffer
	_, err := t.run(ctx, call{limit: t.patience(*f), tool: "ffmpeg", said: &said, args: []string{"-nostdin", "-nostats", "-v", "info", "-f", "mov",
		"-protocol_whitelist", "file", "-i", "file:" + t.copyPath(), "-map", "0:a:0", "-af",
		"volumedetect,silencedetect=noise=" + silenceUnder + ":duration=" + silenceSeconds, "-f", "null", "-"}})
	if err != nil {
		return err
	}
	if m := peakLine.FindSubmatch(said.Bytes()); m != nil {
		if peak, err := strconv.ParseFloat(string(m[1]), 64); err == nil {
			f.Peak = &peak
		}
	}
	for _, m := range silenceLine.FindAllSubmatch(said.Bytes(), -1) {
		if seconds, err := strconv.ParseFloat(string(m[1]), 64); err == nil {
			f.Silence += seconds
		}
	}
	return nil
}
