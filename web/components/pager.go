package components

import "github.com/a-h/templ"

// A PagerView says which part of a list is shown.
type PagerView struct {
	From, To, Total int    // 1-based, inclusive
	Previous, Next  string // addresses; empty at the ends
}

func language(code string) templ.Attributes {
	if code == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"lang": code}
}
