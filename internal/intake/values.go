package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"laurel/internal/entry"
	"laurel/internal/locale"
)

// split takes a cell apart at its commas, semicolons and line ends, except
// inside quotes: `"Doe, Jane", Ali` is two names. Quotes around a whole part
// fall away, and so do parts that stand there already.
func split(cell string) []string {
	var parts []string
	var b strings.Builder
	quoted := false
	for _, r := range cell {
		switch r {
		case '"', '“', '”':
			quoted = r == '“' || r == '"' && !quoted
		case ',', ';', '\n', '،', '؛':
			if !quoted {
				parts = appendPart(parts, b.String())
				b.Reset()
				continue
			}
		}
		b.WriteRune(r)
	}
	return appendPart(parts, b.String())
}

// generations stand after a comma and belong to the name before it.
var generations = []string{"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md"}

func appendPart(parts []string, part string) []string {
	part = unquote(part)
	if n := len(parts); n > 0 && slices.Contains(generations, strings.ToLower(part)) {
		parts[n-1] += ", " + part
		return parts
	}
	if part == "" || slices.Contains(parts, part) {
		return parts
	}
	return append(parts, part)
}

// unquote takes the quotes off a text that is wholly in quotes, and gives
// every space one width.
func unquote(text string) string {
	text = strings.TrimSpace(text)
	for _, pair := range []string{`""`, "“”", "«»", "''"} {
		open, size := []rune(pair)[0], len(string([]rune(pair)[0]))
		shut := []rune(pair)[1]
		inner, ok := strings.CutSuffix(text, string(shut))
		if ok && len(inner) > size && strings.HasPrefix(inner, string(open)) && !strings.ContainsRune(inner[size:], shut) {
			text = inner[size:]
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// codes maps the names in a cell to codes. Names with a comma in them ("Korea,
// Republic of") are found before their parts. What is not known is given back.
func codes(cell string, code func(string) (string, bool)) (found, unknown []string) {
	parts := split(cell)
	for i := 0; i < len(parts); {
		c, n := longest(parts[i:], code)
		if n == 0 {
			unknown, n = append(unknown, parts[i]), 1
		} else if !slices.Contains(found, c) {
			found = append(found, c)
		}
		i += n
	}
	return found, unknown
}

// longest is the code of as many parts as make one name, and how many.
func longest(parts []string, code func(string) (string, bool)) (string, int) {
	for n := min(3, len(parts)); n > 0; n-- {
		if c, ok := code(strings.Join(parts[:n], ", ")); ok {
			return c, n
		}
	}
	return "", 0
}

var minutes = regexp.MustCompile(`^(\d{1,4})\s*(?:min|minutes|minute|m|'|′)?\.?$`)

// duration reads 00:27:30, 27:30 (minutes and seconds) or 27 (minutes).
func duration(cell string) (seconds int, ok bool) {
	cell = strings.TrimSpace(strings.ToLower(locale.ASCII(cell)))
	if m := minutes.FindStringSubmatch(cell); m != nil {
		n, _ := strconv.Atoi(m[1]) // at most four digits
		return n * 60, n > 0 && n*60 <= entry.MaxRuntime
	}
	parts := strings.Split(cell, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || i > 0 && n > 59 || n > 9999 {
			return 0, false
		}
		seconds = seconds*60 + n
	}
	return seconds, seconds > 0 && seconds <= entry.MaxRuntime
}

// genres are the words of a cell; mending sorts those that the house has from
// the others, which become tags.
func genres(cell string) []entry.Genre {
	var all []entry.Genre
	for _, word := range split(cell) {
		all = append(all, entry.Genre(word))
	}
	return all
}

func yes(cell string) bool {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "yes", "y", "true", "1", "x":
		return true
	}
	return false
}

// completion reads a date of which at least the year stands first.
func completion(cell string) string {
	cell = strings.TrimSpace(locale.ASCII(cell))
	if _, ok := entry.ParseDate(cell); ok {
		return entry.WriteDate(cell)
	}
	if len(cell) > 4 {
		if date, _, spaced := strings.Cut(cell, " "); spaced {
			if _, ok := entry.ParseDate(date); ok {
				return entry.WriteDate(date)
			}
		}
		if _, ok := entry.ParseDate(cell[:4]); ok {
			return cell[:4]
		}
	}
	return cell // as it is: mending says that it is not a date
}

var instants = []string{"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05", "2006-01-02 15:04",
	time.RFC3339, "2006-01-02", "January 2, 2006", "Jan 2, 2006", "2 January 2006"}

// instant reads when something was submitted, in the zone unless it names one.
// A day without an hour is its noon, which is that day nearly everywhere.
func instant(cell string, zone *time.Location) (time.Time, bool) {
	cell = strings.TrimSpace(locale.ASCII(cell))
	for _, layout := range instants {
		t, err := time.ParseInLocation(layout, cell, zone)
		if err != nil {
			continue
		}
		if !strings.Contains(layout, "15") {
			t = t.Add(12 * time.Hour)
		}
		return t.UTC(), true
	}
	return time.Time{}, false
}

// label is what people type before a list of names: "KEY CAST –", "Director:".
var label = regexp.MustCompile(`(?i)^\s*(?:key\s+|main\s+)?(?:cast|actors?|directors?|writers?|producers?|credits|crew)\s*[:–—-]\s*`)

// credited lists the names of a cell in one role.
func credited(cell string, role entry.Role) []entry.Credit {
	var all []entry.Credit
	for _, name := range split(label.ReplaceAllString(cell, "")) {
		all = append(all, entry.Credit{Role: role, Name: name})
	}
	return all
}

var (
	inQuotes   = regexp.MustCompile(`^(.+?)\s+["“](.+?)["”]$`)
	inBrackets = regexp.MustCompile(`^(.+?)\s*\((.+?)\)$`)
	withAs     = regexp.MustCompile(`^(.+?)\s+(?:as|…|\.\.\.)\s+(.+)$`)
)

// cast lists actors with the parts they play: `Jane Doe "Hana"`, `Jane Doe
// (Hana)`, `Jane Doe as Hana`.
func cast(cell string) []entry.Credit {
	all := credited(cell, entry.Cast)
	for i := range all {
		for _, shape := range []*regexp.Regexp{inQuotes, inBrackets, withAs} {
			if m := shape.FindStringSubmatch(all[i].Name); m != nil {
				all[i].Name, all[i].Note = m[1], m[2]
				break
			}
		}
	}
	return all
}

var withColon = regexp.MustCompile(`^([^:]{2,40}):\s*(.+)$`)

// jobs are words in the name of a job that say which role it is.
var jobs = []struct {
	words []string
	role  entry.Role
}{
	{[]string{"cinematograph", "photograph", "camera", "dop", "kamera"}, entry.Photography},
	{[]string{"editor", "editing", "montage"}, entry.Editing},
	{[]string{"sound", "foley"}, entry.SoundDesign},
	{[]string{"music", "composer", "score"}, entry.Music},
	{[]string{"animat"}, entry.AnimationRole},
	{[]string{"production design", "art direct", "costume", "set design"}, entry.Design},
	{[]string{"writer", "screenplay", "script"}, entry.Writer},
	{[]string{"produc"}, entry.Producer},
}

// others lists people with their jobs: "Ali (Editor)", "Music: Ali".
func others(cell string) []entry.Credit {
	var all []entry.Credit
	job := ""
	for _, part := range split(label.ReplaceAllString(cell, "")) {
		name := part
		if m := inBrackets.FindStringSubmatch(part); m != nil {
			name, job = m[1], m[2]
		} else if m := withColon.FindStringSubmatch(part); m != nil {
			job, name = m[1], m[2]
		}
		all = append(all, worked(name, job))
	}
	return all
}

// worked is the credit of a person in a job.
func worked(name, job string) entry.Credit {
	small := strings.ToLower(job)
	for _, j := range jobs {
		for _, word := range j.words {
			if strings.Contains(small, word) {
				return entry.Credit{Role: j.role, Name: name}
			}
		}
	}
	return entry.Credit{Role: entry.OtherRole, Name: name, Note: job}
}

var (
	day      = regexp.MustCompile(`^\d{4}(?:-\d{1,2}(?:-\d{1,2})?)?$`)
	premiere = regexp.MustCompile(`(?i)^(world|international|national|online|\w+)(?: \w+)* premiere$`)
)

// showings reads "Event, City, Country, 2026-03-14, World Premiere, Best
// Short", one on a line. What does not look so is an event as a whole.
func showings(cell string) (shown []entry.Screening, won []entry.Prize) {
	for line := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == '\n' || r == ';' }) {
		parts := split(line)
		at := slices.IndexFunc(parts, day.MatchString)
		if at < 1 {
			if event := unquote(line); event != "" {
				shown = append(shown, entry.Screening{Event: event})
			}
			continue
		}
		s := place(parts[:at])
		s.Date = entry.WriteDate(parts[at])
		for _, p := range parts[at+1:] {
			if m := premiere.FindStringSubmatch(p); m != nil {
				s.Kind, s.Premiere = premiereKind(m[1])
			} else {
				won = append(won, entry.Prize{Event: s.Event, Year: parts[at][:4], Name: p})
			}
		}
		shown = append(shown, s)
	}
	return shown, won
}

// place reads the event, and the city and country after it.
func place(parts []string) entry.Screening {
	s := entry.Screening{Event: parts[0]}
	rest := parts[1:]
	for i := range rest {
		if code, ok := locale.CountryCode(strings.Join(rest[i:], ", ")); ok {
			s.Country, rest = code, rest[:i]
			break
		}
	}
	s.City = strings.Join(rest, ", ")
	return s
}

// premiereKind reads what a showing was announced as; one online is a kind of
// showing and no rank.
func premiereKind(word string) (entry.ScreeningKind, string) {
	switch word = strings.ToLower(word); word {
	case "online":
		return entry.OnlineScreening, ""
	case "world", "international":
		return entry.PublicScreening, word
	}
	return entry.PublicScreening, "national"
}

// fold makes names of columns and categories comparable.
func fold(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}
