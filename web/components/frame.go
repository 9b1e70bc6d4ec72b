// Package components holds the parts that pages are built from. Each takes
// values; none asks the database or can fail.
package components

import (
	"context"
	"io"
	"maps"
	"regexp"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"laurel/web/static"
)

// A Frame is what surrounds a page: who reads it, where they are, and what a
// form needs.
type Frame struct {
	Title   string // of the page; the brand's name follows it
	Bad     bool   // a form came back with errors: the title says so
	Theme   string // dark, light or empty for the reader's own
	Chosen  string // what the reader chose; a juror's page is dark without a choice
	Brand   Brand
	Nav     []Link
	Rail    []Group // organizers' pages
	Back    *Link   // instead of the brand and nav: a way back (juror's desk)
	Aside   string  // short text at the end of the bar: "Film 13 of 34"
	Person  string  // name of the reader; empty: nobody signed in
	Account []Link  // the account menu
	Flash   string  // what the last act did
	Path    string  // this page, for forms that come back to it
	Token   string  // proves that a form is ours
	Search  string  // where the bar's search goes; empty: none
	Query   string  // what was searched
	Legal   []Link  // at the foot
	Bare    bool    // the page brings its own main element's class
	Wide    bool    // heroes: main without padding
	Preview bool    // the page is not public yet
	Summary string  // for link previews
	Picture string  // address of a picture for link previews
	NoIndex bool
	NewKey  func() string // makes a form's idempotency key
	Window  string        // title of the window where Title says too much; its icon is plain then, and no name follows
	Leave   bool          // there is a quick way out
	Player  bool          // a film is played on the page
	Session *Session      // nil: nobody is signed in
}

// A Session tells how long a reader stays signed in without another visit.
type Session struct {
	Left  int    // seconds
	Until string // on the reader's clock
	Place string // whose clock that is
}

// A Brand is the name at the start of the bar.
type Brand struct {
	Name string
	Sub  string
	URL  string
}

// A Link is a place to go.
type Link struct {
	URL     string
	Label   string
	Icon    string
	Count   string // beside the label; empty: none
	Current bool
	Post    bool // a button that acts, such as signing out
}

// A Group is a part of an organizer's rail.
type Group struct {
	Name  string
	Links []Link
}

// Key makes a fresh idempotency key; empty where a frame has none (tests).
func (f Frame) Key() string {
	if f.NewKey == nil {
		return ""
	}
	return f.NewKey()
}

// UploadTo is the address of an upload form. A file's form carries its proof
// in the address, so that the file itself can be read as a stream.
func (f Frame) UploadTo(path string) templ.SafeURL {
	return templ.SafeURL(path + "?_token=" + f.Token + "&_key=" + f.Key())
}

var (
	comment  = regexp.MustCompile(`(?s)<!--.*?-->`)
	inside   = regexp.MustCompile(`(?s)<svg.*?>(.*)</svg>`)
	drawings sync.Map // name of an icon -> its inner SVG
)

// flips are the icons that mean a direction and turn with the script.
var flips = map[string]bool{"arrow-right": true, "arrow-left": true, "chevron-right": true}

// Icon draws an icon of web/static/icons, hidden from readers.
func Icon(name string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		class := "ico"
		if flips[name] {
			class += " ico-flip"
		}
		_, err := io.WriteString(w, `<svg class="`+class+`" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">`+drawing(name)+`</svg>`)
		return err
	})
}

func drawing(name string) string {
	if d, ok := drawings.Load(name); ok {
		return d.(string)
	}
	body, err := static.Read("icons/" + name + ".svg")
	if err != nil {
		panic("components: no icon " + name) // a fault of ours, met by any test of the page
	}
	m := inside.FindSubmatch(comment.ReplaceAll(body, nil))
	d := strings.Join(strings.Fields(string(m[1])), " ")
	drawings.Store(name, d)
	return d
}

// Errors are the sentences beside the fields of a form, by the fields' names;
// the empty name is of the whole form.
type Errors map[string]string

// Any tells whether there is an error.
func (e Errors) Any() bool { return len(e) > 0 }

// At is the errors with that of a field under the id of its control, where the
// two differ: there the summary leads.
func (e Errors) At(name, id string) Errors {
	moved := maps.Clone(e)
	if sentence, ok := moved[name]; ok {
		delete(moved, name)
		moved[id] = sentence
	}
	return moved
}

// A Field is a labelled control.
type Field struct {
	Name         string
	ID           string // empty: the name
	Label        string
	Hint         string
	Value        string
	Error        string // sentence of what is wrong; empty: nothing
	Type         string // empty: text
	Class        string // w-s, w-m: narrower
	Dir          string // empty: auto; e-mail, addresses and passwords: ltr
	InputMode    string
	Autocomplete string
	Placeholder  string
	Max          int // letters; 0: no limit in the browser
	Rows         int // of a text area
	Optional     bool
	Required     bool
	Autofocus    bool
	Multiple     bool
	Accept       string // kinds of file
	ListID       string // of a datalist
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) kind() string {
	if f.Type != "" {
		return f.Type
	}
	return "text"
}

func (f Field) dir() string {
	switch {
	case f.Dir != "":
		return f.Dir
	case f.Type == "email" || f.Type == "url" || f.Type == "password" || f.Type == "datetime-local" || f.Type == "date":
		return "ltr"
	}
	return "auto"
}

func (f Field) describedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.id()+"-h")
	}
	if f.Error != "" {
		ids = append(ids, f.id()+"-e")
	}
	return strings.Join(ids, " ")
}

// Description points from a group of choices to what is said about all of them.
func (f Field) Description() templ.Attributes {
	if by := f.describedBy(); by != "" {
		return templ.Attributes{"aria-describedby": by}
	}
	return nil
}

func (f Field) attributes() templ.Attributes {
	a := templ.Attributes{}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("aria-describedby", f.describedBy())
	set("inputmode", f.InputMode)
	set("autocomplete", f.Autocomplete)
	set("placeholder", f.Placeholder)
	set("accept", f.Accept)
	set("list", f.ListID)
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if f.Max > 0 {
		a["maxlength"] = itoa(f.Max)
	}
	if f.Autofocus {
		a["autofocus"] = true
	}
	if f.Required {
		a["required"] = true
		if f.Error == "" {
			a["aria-invalid"] = "false" // else an empty one is read aloud as wrong before it was sent
		}
	}
	if f.Multiple {
		a["multiple"] = true
	}
	return a
}

// An Option is one of the values of a choice.
type Option struct {
	Value string
	Label string
	Hint  string
	Off   bool
}
