// Package pages holds one file a page: the values it shows on top, the markup
// below. A page asks nothing and decides nothing.
package pages

// Typed is a field of a form that could not be taken, kept for its reader.
type Typed struct {
	Name  string
	Value string
}
