package htmltest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A step is one compound selector: everything it says must hold.
type step struct {
	tag     string // "" is any
	id      string
	classes []string
	attrs   []condition
}

type condition struct {
	name, value string
	exact       bool // false: the attribute only has to be there
}

var (
	compound = regexp.MustCompile(`(?:\[[^\]]*\]|[^\s\[])+`)
	part     = regexp.MustCompile(`\[([\w-]+)(?:=("[^"]*"|[^\]]*))?\]|([#.]?)([\w-]+)|\*`)
)

// parse reads a selector; one it cannot read fails the test.
func parse(t testing.TB, selector string) []step {
	t.Helper()
	var steps []step
	for _, text := range compound.FindAllString(selector, -1) {
		if strings.Join(part.FindAllString(text, -1), "") != text {
			t.Fatalf("htmltest cannot read the selector %q", selector)
		}
		steps = append(steps, parseStep(text))
	}
	if len(steps) == 0 {
		t.Fatalf("htmltest: empty selector")
	}
	return steps
}

func parseStep(text string) step {
	var s step
	for _, m := range part.FindAllStringSubmatch(text, -1) {
		attr, value, sign, name := m[1], m[2], m[3], m[4]
		switch {
		case attr != "":
			exact := strings.Contains(m[0], "=")
			s.attrs = append(s.attrs, condition{attr, strings.Trim(value, `"`), exact})
		case sign == "#":
			s.id = name
		case sign == ".":
			s.classes = append(s.classes, name)
		default:
			s.tag = name
		}
	}
	return s
}

// matches reports whether n is the last step and stands, below top, inside
// elements that are the earlier ones.
func matches(n *html.Node, steps []step, top *html.Node) bool {
	last := len(steps) - 1
	if !steps[last].is(n) {
		return false
	}
	rest := last - 1
	for a := n.Parent; a != nil && a != top && rest >= 0; a = a.Parent {
		if a.Type == html.ElementNode && steps[rest].is(a) {
			rest--
		}
	}
	return rest < 0
}

func (s step) is(n *html.Node) bool {
	if s.tag != "" && s.tag != n.Data {
		return false
	}
	if id, _ := attribute(n, "id"); s.id != "" && s.id != id {
		return false
	}
	class, _ := attribute(n, "class")
	has := strings.Fields(class)
	for _, c := range s.classes {
		if !slices.Contains(has, c) {
			return false
		}
	}
	for _, c := range s.attrs {
		value, ok := attribute(n, c.name)
		if !ok || c.exact && value != c.value {
			return false
		}
	}
	return true
}
