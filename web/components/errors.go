package components

import (
	"maps"
	"slices"
)

// inOrder lists the names of the fields with errors: those of order first, in
// that order, then the rest by name.
func (e Errors) inOrder(order []string) []string {
	var names []string
	for _, name := range append([]string{""}, order...) {
		if _, ok := e[name]; ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
