package htmltest

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Reading is what stands in the way of somebody who meets the page as text,
// from top to bottom: in a browser that shows text only, knows nothing newer
// than HTML 4 and runs no script, or read aloud. Empty: nothing does.
func (x *Node) Reading() []string {
	r := &reading{page: x, names: map[named]string{}}
	r.hidden()
	r.runOns()
	r.headings()
	r.repeats()
	r.controls()
	r.groups()
	r.acts()
	r.references()
	return r.faults
}

// named is something to press or follow, the heading over it and the row it
// stands in.
type named struct {
	row         *html.Node
	under, name string
}

// A reading collects what it stumbles over.
type reading struct {
	page   *Node
	names  map[named]string // what can be pressed or followed, with what it does
	faults []string
}

func (r *reading) fault(format string, values ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, values...))
}

// hidden: browsers of text read what others hide until a script shows it.
func (r *reading) hidden() {
	for _, selector := range []string{"[hidden]", "dialog", "template", "noscript"} {
		for _, n := range r.page.All(selector) {
			if words := strings.TrimSpace(rawText(n.n)); words != "" {
				r.fault("%s holds text: %.60q", selector, words)
			}
		}
	}
	for _, n := range r.page.All("button[type=button]") {
		r.fault("the button %q takes script", n.Text())
	}
}

// lines are the elements that begin a line in any browser.
var lines = []atom.Atom{
	atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd,
	atom.Table, atom.Caption, atom.Tr, atom.Td, atom.Th, atom.Form, atom.Fieldset, atom.Legend, atom.Br, atom.Hr,
	atom.Input, atom.Select, atom.Option, atom.Textarea, atom.Button, atom.Head, atom.Title, atom.Body,
}

// runOns: words of neighbours are not read as one. What a drawing says stands
// beside it too.
func (r *reading) runOns() {
	last, before := ' ', ""
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode && n.Data != "" {
			first, _ := utf8.DecodeRuneInString(n.Data)
			if word(first) && word(last) {
				r.fault("read as one: %q and %q", before, n.Data)
			}
			last, _ = utf8.DecodeLastRuneInString(n.Data)
			before = n.Data
			return
		}
		ends := slices.Contains(lines, n.DataAtom)
		if ends {
			last = ' '
		}
		if n.DataAtom == atom.Script || n.DataAtom == atom.Style || n.DataAtom == atom.Svg {
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if ends {
			last = ' '
		}
	}
	walk(r.page.n)
}

func word(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// headings: one of the first rank, and none leaves out a rank.
func (r *reading) headings() {
	rank := 0
	for n := range r.page.n.Descendants() {
		at := slices.Index([]atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6}, n.DataAtom) + 1
		if n.Type != html.ElementNode || at == 0 {
			continue
		}
		if at > rank+1 || at == 1 && rank > 0 {
			r.fault("<%s> %q follows a heading of rank %d", n.Data, (&Node{r.page.t, n}).Text(), rank)
		}
		rank = at
	}
	for _, table := range r.page.All("table") {
		if !table.Has("th[scope]") || !table.Has("caption") {
			r.fault("a table has no caption, or no heads: %.60q", table.Text())
		}
	}
}

// repeats: no way through the site is listed twice, and no group says its name
// twice. Of two lists a style sheet may hide one, but only from those who see it.
func (r *reading) repeats() {
	seen := map[string]bool{}
	for _, list := range append(r.page.All("ol"), r.page.All("ul")...) {
		var ways []string
		for _, a := range list.All("a[href]") {
			ways = append(ways, a.Attr("href"))
		}
		key := strings.Join(ways, " ")
		if len(ways) > 2 && seen[key] {
			r.fault("a list of %d links stands twice, from %s on", len(ways), ways[0])
		}
		seen[key] = true
	}
	for _, group := range r.page.All("fieldset") {
		for _, legend := range group.All("legend") {
			if words := legend.Text(); words != "" && strings.HasPrefix(group.Text(), words+" "+words) {
				r.fault("the group %q says its name twice", words)
			}
		}
	}
}

// groups: what is wrong with a group of choices is tied to it, since no single
// one of them is wrong.
func (r *reading) groups() {
	for _, wrong := range r.page.All("fieldset .error") {
		group := wrong.n.Parent
		if group.DataAtom != atom.Fieldset || wrong.Attr("id") == "" {
			continue
		}
		tied := slices.ContainsFunc(r.page.All("[aria-describedby]"), func(x *Node) bool {
			return slices.Contains(strings.Fields(x.Attr("aria-describedby")), wrong.Attr("id"))
		})
		if !tied {
			r.fault("nothing ties the group to what is wrong with it: %.60q", wrong.Text())
		}
	}
	for _, alert := range r.page.All("[role=alert]") {
		if strings.HasSuffix(strings.TrimSpace(alert.Text()), ":") {
			r.fault("%.60q announces something, and nothing follows", alert.Text())
		}
	}
}

// controls: each stands behind words that say what it is for.
func (r *reading) controls() {
	var before []*html.Node
	for n := range r.page.n.Descendants() {
		before = append(before, n)
		x := &Node{r.page.t, n}
		if n.DataAtom != atom.Input && n.DataAtom != atom.Select && n.DataAtom != atom.Textarea || x.Attr("type") == "hidden" {
			continue
		}
		if x.HasAttr("form") {
			r.fault("the field %q stands outside its form", x.Attr("name"))
		}
		if !r.labelled(x, before) {
			r.fault("no words stand before the field %q", x.Attr("name"))
		}
		if x.Attr("aria-invalid") == "true" && x.Attr("aria-describedby") == "" {
			r.fault("nothing ties the field %q to what is wrong with it", x.Attr("name"))
		}
	}
}

func (r *reading) labelled(x *Node, before []*html.Node) bool {
	for a := range x.n.Ancestors() {
		if a.DataAtom == atom.Label && (&Node{r.page.t, a}).Text() != "" {
			return true
		}
	}
	return slices.ContainsFunc(before, func(n *html.Node) bool {
		l := &Node{r.page.t, n}
		return n.DataAtom == atom.Label && x.Attr("id") != "" && l.Attr("for") == x.Attr("id") && l.Text() != ""
	})
}

// acts: what can be pressed or followed says in words what it does, and nothing
// else under the same heading says the same.
func (r *reading) acts() {
	under := ""
	for n := range r.page.n.Descendants() {
		x := &Node{r.page.t, n}
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.Legend, atom.Summary:
			under = x.Text()
		case atom.A:
			if x.HasAttr("href") {
				r.act(under, x, "leads to "+x.Attr("href"))
			}
		case atom.Button:
			r.act(under, x, fmt.Sprintf("sends %s=%s to %s", x.Attr("name"), x.Attr("value"), r.form(x)))
		case atom.Form:
			if (&Form{Node: x}).stuck(r.page) {
				r.fault("the form to %s cannot be sent", x.Attr("action"))
			}
		}
	}
}

// stuck reports whether the form can be filled in, but not sent.
func (f *Form) stuck(page *Node) bool {
	open := false
	for _, c := range f.controls(page) {
		if c.Tag() == "button" || c.Attr("type") == "submit" {
			return false
		}
		open = open || c.Attr("type") != "hidden" && !c.HasAttr("disabled") && !c.HasAttr("readonly") && !inDisabledFieldset(c.n)
	}
	return open
}

func (r *reading) form(x *Node) string {
	for a := range x.n.Ancestors() {
		if a.DataAtom == atom.Form {
			action, _ := attribute(a, "action")
			path, _, _ := strings.Cut(action, "?")
			return path
		}
	}
	return x.Attr("form")
}

// vague are names that say nothing without what stands around them.
var vague = []string{"", "here", "click here", "more", "read more", "link", "this", "ok", "go"}

func (r *reading) act(under string, x *Node, does string) {
	name := x.Text()
	for _, picture := range x.All("img") {
		name = strings.TrimSpace(name + " " + picture.Attr("alt"))
	}
	if slices.Contains(vague, strings.ToLower(name)) {
		r.fault("%q %s", name, does)
		return
	}
	key := named{row(x.n), under, name}
	if other, taken := r.names[key]; taken && other != does {
		r.fault("%q under %q %s, and %s", name, under, other, does)
	}
	r.names[key] = does
}

// row is the part of a list or table that n stands in.
func row(n *html.Node) *html.Node {
	for a := range n.Ancestors() {
		if slices.Contains([]atom.Atom{atom.Li, atom.Tr, atom.Article}, a.DataAtom) {
			return a
		}
	}
	return nil
}

// references: what an element names is there, once.
func (r *reading) references() {
	seen := map[string]int{}
	for _, n := range r.page.All("[id]") {
		seen[n.Attr("id")]++
		if seen[n.Attr("id")] == 2 {
			r.fault("the id %q is given twice", n.Attr("id"))
		}
	}
	for _, name := range []string{"for", "aria-labelledby", "aria-describedby", "aria-controls"} {
		for _, n := range r.page.All("[" + name + "]") {
			for id := range strings.FieldsSeq(n.Attr(name)) {
				if seen[id]+seen[n.Attr(name)] == 0 {
					r.fault("%s of <%s> names %q, which is not there", name, n.Tag(), id)
				}
			}
		}
	}
	for _, n := range r.page.All("a[href]") {
		if id, ok := strings.CutPrefix(n.Attr("href"), "#"); ok && seen[id] == 0 {
			r.fault("the link %q leads to %q, which is not there", n.Text(), id)
		}
	}
	for _, n := range r.page.All("img") {
		if !n.HasAttr("alt") {
			r.fault("the picture %q has no words", n.Attr("src"))
		}
	}
}
