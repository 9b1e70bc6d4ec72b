package seed

import (
	_ "embed" // the texts
	"fmt"
	"math/rand/v2"
	"strings"
)

//go:embed tongues.txt
var tonguesText string

//go:embed phrases.txt
var phrasesText string

// A word is something in its own script and in English or Latin letters; the
// two are the same where a language is written in Latin letters.
type word struct{ own, latin string }

// A tongue is a language of films, with the names of its people and the titles
// that they give.
type tongue struct {
	code        string   // ISO 639
	countries   []string // of production, ISO 3166
	first, last []word
	titles      []word // whole
	heads       []word
	tails       []word // %s is a head
}

// title is the n-th title of a tongue; ok is false when there are no more. The
// whole ones come first, then heads with tails, so that a word comes back late.
func (t tongue) title(n int) (word, bool) {
	if n < len(t.titles) {
		return t.titles[n], true
	}
	n -= len(t.titles)
	if n >= len(t.heads)*len(t.tails) {
		return word{}, false
	}
	head := t.heads[n%len(t.heads)]
	tail := t.tails[(n/len(t.heads)+n%len(t.heads))%len(t.tails)]
	english := fmt.Sprintf(tail.latin, head.latin)
	if strings.ContainsRune("AEIOU", rune(head.latin[0])) {
		english = strings.Replace(english, "A "+head.latin, "An "+head.latin, 1)
	}
	if tail.own == tail.latin {
		return word{english, english}, true
	}
	return word{fmt.Sprintf(tail.own, head.own), english}, true
}

// person is a name out of a tongue.
func (t tongue) person(r *rand.Rand) word {
	first, last := pick(r, t.first), pick(r, t.last)
	if t.code == "ko" || t.code == "ja" {
		return word{last.own + " " + first.own, first.latin + " " + last.latin}
	}
	return word{first.own + " " + last.own, first.latin + " " + last.latin}
}

// readTongues reads tongues.txt.
func readTongues() []tongue {
	var list []tongue
	for line := range strings.Lines(tonguesText) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			code, countries, _ := strings.Cut(line[1:], "]")
			list = append(list, tongue{code: code, countries: strings.Fields(countries)})
			continue
		}
		kind, words, found := strings.Cut(line, ": ")
		if !found || len(list) == 0 {
			continue
		}
		t := &list[len(list)-1]
		switch kind {
		case "first":
			t.first = readWords(words)
		case "last":
			t.last = readWords(words)
		case "title":
			t.titles = readWords(words)
		case "head":
			t.heads = readWords(words)
		case "tail":
			t.tails = readWords(words)
		}
	}
	return list
}

func readWords(line string) []word {
	var list []word
	for item := range strings.SplitSeq(line, "; ") {
		own, latin, found := strings.Cut(item, " = ")
		if !found {
			latin = own
		}
		list = append(list, word{strings.TrimSpace(own), strings.TrimSpace(latin)})
	}
	return list
}

// readPhrases reads phrases.txt: lists of lines by name.
func readPhrases() map[string][]string {
	phrases, name := map[string][]string{}, ""
	for line := range strings.Lines(phrasesText) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			name = strings.Trim(line, "[]")
		default:
			phrases[name] = append(phrases[name], line)
		}
	}
	return phrases
}

// pick is one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// chance is true so often out of a hundred times.
func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

var plain = strings.NewReplacer(
	"’", "", "é", "e", "è", "e", "ë", "e", "É", "e", "á", "a", "ã", "a", "ä", "a", "à", "a", "ç", "c", "Ç", "c", "í", "i", "ı", "i", "İ", "i",
	"ñ", "n", "ń", "n", "ó", "o", "ö", "o", "ø", "o", "Ö", "o", "ú", "u", "ü", "u", "ş", "s", "Ş", "s", "ğ", "g", "ó", "o", "ł", "l", "ō", "o")

// slug is a title as it stands in an address.
func slug(title string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(plain.Replace(title)) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
