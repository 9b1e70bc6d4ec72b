package components

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A LaurelView is what stands inside a laurel.
type LaurelView struct {
	Award string
	Title string // of the film; empty: the award's name alone
	Lang  string // of the title; empty: the page's
	Where string // "Farsang 2027"
}

// label says the laurel to those who do not see it.
func (v LaurelView) label() string {
	if v.Title == "" {
		return v.Award + ", " + v.Where
	}
	return v.Award + ": " + v.Title + ", " + v.Where
}

// A laurelLine is a line of a laurel's text, y from the top of the drawing.
type laurelLine struct {
	Text  string
	Y     string
	Size  string
	Small bool
}

func (l laurelLine) weight() string {
	if l.Small {
		return "400"
	}
	return "600"
}

// laurelSizes are the letters of a title in so many lines: size, the distance
// of the lines and how many letters fit between the branches.
var laurelSizes = []struct{ lines, size, step, letters int }{
	{2, 31, 32, 16}, {3, 26, 32, 19}, {4, 21, 26, 23}, {5, 18, 22, 27},
}

// lines sets the text of a laurel, as large as the title allows.
func (v LaurelView) lines() []laurelLine {
	name, title, fit := v.Award, []string(nil), laurelSizes[0]
	for _, fit = range laurelSizes {
		if title = broken(v.Title, fit.letters); len(title) <= fit.lines {
			break
		}
	}
	if len(title) > fit.lines {
		title = append(title[:fit.lines-1], title[fit.lines-1]+"…")
	}
	y := 148 - (30+38+len(title)*fit.step)/2
	list := []laurelLine{{name, strconv.Itoa(y), "17", true}}
	y += 46 - fit.step
	for _, t := range title {
		y += fit.step
		list = append(list, laurelLine{t, strconv.Itoa(y), strconv.Itoa(fit.size), false})
	}
	return append(list, laurelLine{v.Where, strconv.Itoa(y + 38), "16", true})
}

// broken breaks a text into lines of up to so many letters: as few as there
// can be, and those as even as they can be.
func broken(text string, letters int) []string {
	best := filled(text, letters)
	for wide := letters - 1; wide > 0; wide-- {
		lines := filled(text, wide)
		if len(lines) > len(best) {
			break
		}
		best = lines
	}
	return best
}

// filled puts into each line what goes into so many letters. A longer word has
// a line of its own.
func filled(text string, letters int) []string {
	var list []string
	for w := range strings.FieldsSeq(text) {
		last := len(list) - 1
		if last >= 0 && utf8.RuneCountInString(list[last])+1+utf8.RuneCountInString(w) <= letters {
			list[last] += " " + w
			continue
		}
		list = append(list, w)
	}
	return list
}

// The laurel: two branches of almond leaves along an arc, computed once.
const (
	laurelX, laurelY, laurelR = 200, 150, 132
	degree                    = math.Pi / 180
)

var (
	laurelLeaves = branch(80, -46) + branch(100, 226)
	laurelStems  = stem(84, -46) + stem(96, 226)
)

func tenth(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

// leaf is one leaf from x, y in the direction a, so long and wide.
func leaf(x, y, a, long, wide float64) string {
	c, s := math.Cos(a), math.Sin(a)
	at := func(u, v float64) string { return tenth(x+u*c-v*s) + " " + tenth(y+u*s+v*c) }
	return fmt.Sprintf("M%sC%s %s %sC%s %s %sZ", at(0, 0),
		at(long*.22, -wide*.95), at(long*.68, -wide*.8), at(long, 0),
		at(long*.7, wide*.55), at(long*.3, wide*.7), at(0, 0))
}

// branch is the leaves from one angle to another, smaller towards the tip.
func branch(from, to float64) string {
	const pairs, long, wide, spread = 11, 38, 9.5, .62
	turn := math.Pi / 2
	if to < from {
		turn = -turn
	}
	var b strings.Builder
	for i := range pairs {
		t := float64(i) / (pairs - 1)
		th := (from + (to-from)*t) * degree
		x, y := laurelX+laurelR*math.Cos(th), laurelY+laurelR*math.Sin(th)
		k := (.72 + .28*math.Sin(math.Pi*math.Min(1, t*1.05+.12))) * (1 - .18*t)
		b.WriteString(leaf(x, y, th+turn-spread, long*k, wide*k))
		b.WriteString(leaf(x, y, th+turn+spread*.92, long*k*.86, wide*k))
	}
	th := to * degree
	b.WriteString(leaf(laurelX+laurelR*math.Cos(th), laurelY+laurelR*math.Sin(th), th+turn, long*.7, wide*.7))
	return b.String()
}

func stem(from, to float64) string {
	sweep := 0
	if to > from {
		sweep = 1
	}
	point := func(a float64) string {
		return tenth(laurelX+laurelR*math.Cos(a*degree)) + " " + tenth(laurelY+laurelR*math.Sin(a*degree))
	}
	return fmt.Sprintf("M%sA%d %d 0 0 %d %s", point(from), laurelR, laurelR, sweep, point(to))
}
