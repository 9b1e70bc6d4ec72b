package pages

import "github.com/a-h/templ"

// tab marks the view that is shown.
func tab(current bool) templ.Attributes {
	if current {
		return templ.Attributes{"aria-current": "true"}
	}
	return templ.Attributes{}
}

// langOf says in which language a text is, where that is known.
func langOf(code string) templ.Attributes {
	if code == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"lang": code}
}

// sorted says which way a column is ordered, if the list is by it.
func sorted(v EntryList, name string) templ.Attributes {
	switch {
	case v.Sort != name && (v.Sort != "" || name != "title"):
		return templ.Attributes{}
	case v.Down:
		return templ.Attributes{"aria-sort": "descending"}
	}
	return templ.Attributes{"aria-sort": "ascending"}
}
