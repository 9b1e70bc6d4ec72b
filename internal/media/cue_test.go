package media

import (
	"strings"
	"testing"
	"time"

	"laurel/internal/problem"
)

// Whatever comes is refused in words or becomes something that holds no styling,
// no note and no second header.
func FuzzSubtitles(f *testing.F) {
	f.Add("1\n00:00:01,000 --> 00:00:02,000\n<i>x</i>", "en")
	f.Add("WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000\n<<b>i>&lt;script&gt;", "fa")
	f.Add("00:01.000 --> 00:02.000\nx &#10;&#10;STYLE --&gt;", "fr")
	f.Add("\xff\xfe1\x00\n\x00", "ar")
	f.Fuzz(func(t *testing.T, content, language string) {
		cues, err := readSubtitles(t.Context(), []byte(content), language, time.Hour)
		if err != nil {
			if p := problem.Of(err); p.Kind != problem.Invalid {
				t.Errorf("got %v", err)
			}
			return
		}
		got := webVTT(cues)
		blocks := strings.Split(strings.TrimSuffix(got, "\n"), "\n\n")
		if blocks[0] != "WEBVTT" || len(blocks) != len(cues)+1 || strings.ContainsAny(got, "<\x00\r") {
			t.Errorf("got %q", got)
		}
		for _, block := range blocks[1:] {
			times, words, _ := strings.Cut(block, "\n")
			if !strings.Contains(times, " --> ") || strings.Contains(words, "-->") || strings.TrimSpace(words) == "" {
				t.Errorf("got %q", block)
			}
		}
	})
}
