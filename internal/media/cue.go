package media

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"laurel/internal/problem"
)

// The limits of one file of subtitles.
const (
	MaxSubtitles = 2 << 20 // bytes
	maxCues      = 20_000
	maxCueLetter = 1000
)

// A cue is a line that is shown for some time.
type cue struct {
	start, end time.Duration
	text       string
}

var (
	timing = regexp.MustCompile(`^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})(?:\s.*)?$`)
	// What styles a line, in SubRip, WebVTT and SubStation.
	styling = regexp.MustCompile(`</?[A-Za-z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}`)
	remark  = regexp.MustCompile(`^(WEBVTT|NOTE|STYLE|REGION|X-TIMESTAMP-MAP)\b`)
)

// readCues reads SubRip or WebVTT. What it cannot take is an Invalid problem at
// the field "file" that names the line. A film of within (0: not known) ends
// there.
func readCues(text string, within time.Duration) ([]cue, error) {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	var cues []cue
	for at := 0; at < len(lines); {
		first := at
		for at < len(lines) && strings.TrimSpace(lines[at]) != "" {
			at++
		}
		block := lines[first:at]
		at++
		if len(block) == 0 || remark.MatchString(block[0]) {
			continue
		}
		c, err := readCue(block, first+1)
		if err != nil {
			return nil, err
		}
		if err := c.fits(cues, within, first+1); err != nil {
			return nil, err
		}
		if within > 0 {
			c.end = min(c.end, within)
		}
		if c.text != "" {
			cues = append(cues, c)
		}
	}
	if len(cues) == 0 {
		return nil, problem.Field("file", "subtitles.none", "There are no subtitles in this file. Send an SRT or a WebVTT file.")
	}
	return cues, nil
}

// readCue reads what stands between two empty lines: a number or a name, when
// it is shown, and the words.
func readCue(block []string, line int) (cue, error) {
	at := 0
	if len(block) > 1 && !strings.Contains(block[0], "-->") {
		at = 1
	}
	m := timing.FindStringSubmatch(block[at])
	if m == nil {
		return cue{}, problem.Field("file", "subtitles.no-time",
			"Line {{.Line}}: a time is missing here, such as 00:01:02,500 --> 00:01:04,000.", "Line", line+at)
	}
	c := cue{start: instant(m[1:5]), end: instant(m[5:9]), text: words(block[at+1:])}
	if len(c.text) > maxCueLetter {
		return cue{}, problem.Field("file", "subtitles.too-long-line", "Line {{.Line}}: there are more than 1,000 letters to be read at once.", "Line", line+at)
	}
	return c, nil
}

// fits says whether a cue can follow those before it in a film of that length.
func (c cue) fits(before []cue, within time.Duration, line int) error {
	switch {
	case c.end <= c.start:
		return problem.Field("file", "subtitles.ends-early", "Line {{.Line}}: these words go before they come.", "Line", line)
	case len(before) > 0 && c.start < before[len(before)-1].start:
		return problem.Field("file", "subtitles.order", "Line {{.Line}}: these words come earlier than those above them.", "Line", line)
	case len(before) == maxCues:
		return problem.Field("file", "subtitles.too-many", "Line {{.Line}}: there are more than 20,000 subtitles.", "Line", line)
	case within > 0 && c.start >= within:
		return problem.Field("file", "subtitles.after-end", "Line {{.Line}}: these words come after the film has ended. Are they of another film?", "Line", line)
	}
	return nil
}

// instant reads hours, minutes, seconds and thousandths; a shorter fraction is
// meant as it is read aloud.
func instant(part []string) time.Duration {
	n := func(s string) time.Duration {
		v, _ := strconv.Atoi(s)
		return time.Duration(v)
	}
	thousandths := n((part[3] + "00")[:3])
	return n(part[0])*time.Hour + n(part[1])*time.Minute + n(part[2])*time.Second + thousandths*time.Millisecond
}

// words are lines without styling and without what cannot be seen, but for what
// scripts need to join and to turn.
func words(lines []string) string {
	var kept []string
	for _, line := range lines {
		line = html.UnescapeString(styling.ReplaceAllString(line, ""))
		line = strings.TrimSpace(strings.Map(func(r rune) rune {
			if r == '\t' || r == '\u00a0' {
				return ' '
			}
			if unicode.IsControl(r) || r == '\ufeff' || unicode.Is(unicode.Co, r) {
				return -1
			}
			return r
		}, line))
		if line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// webVTT writes cues and nothing else.
func webVTT(cues []cue) string {
	var b strings.Builder
	b.WriteString("WEBVTT\n")
	for _, c := range cues {
		fmt.Fprintf(&b, "\n%s --> %s\n%s\n", clock(c.start), clock(c.end), escaped.Replace(c.text))
	}
	return b.String()
}

func clock(d time.Duration) string {
	ms := d.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, ms%1000)
}

// lastSecond is when the last words go.
func lastSecond(cues []cue) int {
	var last time.Duration
	for _, c := range cues {
		last = max(last, c.end)
	}
	return int(math.Ceil(last.Seconds()))
}
