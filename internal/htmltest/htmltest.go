// Package htmltest reads an answer as a browser would: it finds elements by
// simple selectors, and fills in and sends back forms.
//
// A selector is a compound such as `input#title.wide[type=text][required]`, or
// several of them with spaces between: the later inside the earlier.
package htmltest

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Node is an element of a parsed answer. Its methods fail the test when
// there is not exactly what they ask for.
type Node struct {
	t testing.TB
	n *html.Node
}

// Parse reads a whole document.
func Parse(t testing.TB, body string) *Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatalf("parse html: %v", err)
	}
	return &Node{t, n}
}

// All is every element inside x that selector matches, in document order.
func (x *Node) All(selector string) []*Node {
	x.t.Helper()
	steps := parse(x.t, selector)
	var found []*Node
	for n := range x.n.Descendants() {
		if n.Type == html.ElementNode && matches(n, steps, x.n) {
			found = append(found, &Node{x.t, n})
		}
	}
	return found
}

// One is the only element inside x that selector matches.
func (x *Node) One(selector string) *Node {
	x.t.Helper()
	found := x.All(selector)
	if len(found) != 1 {
		x.t.Fatalf("%s: found %d elements, want 1, in:\n%.2000s", selector, len(found), x.HTML())
	}
	return found[0]
}

// First is the first element inside x that selector matches.
func (x *Node) First(selector string) *Node {
	x.t.Helper()
	found := x.All(selector)
	if len(found) == 0 {
		x.t.Fatalf("%s: found nothing in:\n%.2000s", selector, x.HTML())
	}
	return found[0]
}

// Has reports whether selector matches anything inside x.
func (x *Node) Has(selector string) bool {
	x.t.Helper()
	return len(x.All(selector)) > 0
}

// Scripted is the part of that name that stands in x as text until a script
// brings it.
func (x *Node) Scripted(name string) *Node {
	x.t.Helper()
	return Parse(x.t, rawText(x.One("script[data-part="+name+"]").n))
}

// Texts is the Text of every element inside x that selector matches.
func (x *Node) Texts(selector string) []string {
	x.t.Helper()
	texts := []string{}
	for _, n := range x.All(selector) {
		texts = append(texts, n.Text())
	}
	return texts
}

// Text is what a person reads in x, white space folded to single spaces.
func (x *Node) Text() string {
	var b strings.Builder
	for n := range x.n.Descendants() {
		if n.Type == html.TextNode && !within(n, x.n, atom.Script, atom.Style, atom.Template) {
			b.WriteString(n.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Attr is the value of an attribute, "" when it is missing or empty.
func (x *Node) Attr(name string) string {
	value, _ := attribute(x.n, name)
	return value
}

// HasAttr reports whether the attribute is there.
func (x *Node) HasAttr(name string) bool {
	_, ok := attribute(x.n, name)
	return ok
}

// Tag is the element's name in lower case.
func (x *Node) Tag() string { return x.n.Data }

// HTML is the element as text, for messages.
func (x *Node) HTML() string {
	var b strings.Builder
	if err := html.Render(&b, x.n); err != nil {
		x.t.Fatalf("render html: %v", err)
	}
	return b.String()
}

// A Form is a form as it stands in the page: Set what a person would change,
// then send Values to Action.
type Form struct {
	*Node
	Action string
	Method string // upper case
	Values url.Values
}

// Form is the only form inside x that selector matches, with the values a
// browser would send for it untouched: no button's, no unchecked box's.
func (x *Node) Form(selector string) *Form {
	x.t.Helper()
	n := x.One(selector)
	if n.Tag() != "form" {
		x.t.Fatalf("%s is a <%s>, not a form", selector, n.Tag())
	}
	f := &Form{Node: n, Action: n.Attr("action"), Method: "GET", Values: url.Values{}}
	if m := n.Attr("method"); m != "" {
		f.Method = strings.ToUpper(m)
	}
	for _, c := range f.controls(x) {
		f.take(c)
	}
	return f
}

// Set changes fields by name; it fails the test when the form has no such
// control, as a browser could not either.
func (f *Form) Set(name string, values ...string) *Form {
	f.t.Helper()
	known := slices.ContainsFunc(f.controls(root(f.Node)), func(c *Node) bool { return c.Attr("name") == name })
	if !known {
		f.t.Fatalf("the form has no field %q:\n%.2000s", name, f.HTML())
	}
	f.Values[name] = values
	return f
}

// Press adds the name and value of the form's button with that text or value.
func (f *Form) Press(label string) *Form {
	f.t.Helper()
	for _, c := range f.controls(root(f.Node)) {
		isButton := c.Tag() == "button" || c.Attr("type") == "submit"
		if isButton && (c.Text() == label || c.Attr("value") == label) {
			if name := c.Attr("name"); name != "" {
				f.Values.Add(name, c.Attr("value"))
			}
			return f
		}
	}
	f.t.Fatalf("the form has no button %q:\n%.2000s", label, f.HTML())
	return f
}

// controls are the form's fields and buttons, those outside it too that name
// it in their form attribute.
func (f *Form) controls(page *Node) []*Node {
	id := f.Attr("id")
	var found []*Node
	for n := range page.n.Descendants() {
		switch n.DataAtom {
		case atom.Input, atom.Select, atom.Textarea, atom.Button:
			owner, named := attribute(n, "form")
			if named && owner == id || !named && inside(n, f.n) {
				found = append(found, &Node{f.t, n})
			}
		}
	}
	return found
}

// take adds what a browser would send for an untouched control.
func (f *Form) take(c *Node) {
	name := c.Attr("name")
	if name == "" || c.HasAttr("disabled") || inDisabledFieldset(c.n) {
		return
	}
	switch c.Tag() {
	case "textarea":
		f.Values.Add(name, rawText(c.n))
	case "select":
		f.takeSelect(c, name)
	case "input":
		switch c.Attr("type") {
		case "submit", "button", "reset", "image", "file":
		case "checkbox", "radio":
			if c.HasAttr("checked") {
				value, ok := attribute(c.n, "value")
				if !ok {
					value = "on"
				}
				f.Values.Add(name, value)
			}
		default:
			f.Values.Add(name, c.Attr("value"))
		}
	}
}

// takeSelect adds the selected options, or the first of a single choice.
func (f *Form) takeSelect(c *Node, name string) {
	options := c.All("option")
	chosen := slices.DeleteFunc(slices.Clone(options), func(o *Node) bool { return !o.HasAttr("selected") })
	if len(chosen) == 0 && !c.HasAttr("multiple") && len(options) > 0 {
		chosen = options[:1]
	}
	for _, o := range chosen {
		value, ok := attribute(o.n, "value")
		if !ok {
			value = o.Text()
		}
		f.Values.Add(name, value)
	}
}

func root(x *Node) *Node {
	n := x.n
	for n.Parent != nil {
		n = n.Parent
	}
	return &Node{x.t, n}
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func inside(n, outer *html.Node) bool {
	return slices.Contains(slices.Collect(n.Ancestors()), outer)
}

// within reports whether n stands in one of the named elements, at or below
// outer.
func within(n, outer *html.Node, names ...atom.Atom) bool {
	for a := range n.Ancestors() {
		if slices.Contains(names, a.DataAtom) {
			return true
		}
		if a == outer {
			return false
		}
	}
	return false
}

func inDisabledFieldset(n *html.Node) bool {
	for a := range n.Ancestors() {
		if _, off := attribute(a, "disabled"); off && a.DataAtom == atom.Fieldset {
			return true
		}
	}
	return false
}

// rawText is the text of n as it stands.
func rawText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
