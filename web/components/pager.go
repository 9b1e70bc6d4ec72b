package components

import "github.com/a-h/templ"

// A PagerView says which part of a list is shown.
type PagerView struct {
	From, To, Total int    // 1-based, inclusive
	Previous, Next  string // addresses; empty at the ends
}

// Language marks a text in another language than the page's, so that it is read
// aloud as what it is; an empty code marks nothing.
func Language(code string) templ.Attributes {
	if code == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"lang": code}
}
