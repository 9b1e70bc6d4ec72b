package entry

import (
	"reflect"
	"strings"

	"laurel/internal/problem"
)

// A Conflict says that two makers gave the same answers differently, each
// without having seen the other's. Nothing was written. The form is to be drawn
// again with Mine and Mark, not with what was typed: else what only the other
// maker changed would be taken back by the next save.
type Conflict struct {
	Part   Part
	Base   Film // what the form was drawn with; empty when that is not known any more
	Theirs Film // what the work has now
	Mine   Film // what was sent, with what nobody but the other maker changed
	Fields []string
}

// Error is the sentence of the problem that a Conflict is.
func (c *Conflict) Error() string { return c.Unwrap().Error() }

// Mark is that of the form which shows both texts.
func (c *Conflict) Mark() string { return c.Part.Mark(c.Theirs) }

// Unwrap is what people read.
func (c *Conflict) Unwrap() error {
	return problem.New(problem.Conflict, "work.stale",
		"Somebody else changed the same answers meanwhile. Both texts are shown here: choose one of each, or change yours, and save again.")
}

// merge joins two films that were both made from base, field by field: what one
// side changed is taken from that side. Where both changed the same field, and
// not to the same, the field is contested and the film has mine. A list is one
// field. Without a base every difference is contested.
func merge(base *Film, theirs, mine Film) (merged Film, contested []string) {
	merged = mine
	b, t, m := reflect.ValueOf(base), reflect.ValueOf(theirs), reflect.ValueOf(mine)
	for i := range m.NumField() {
		same := func(x, y reflect.Value) bool {
			return reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface())
		}
		switch {
		case same(t, m):
		case base != nil && same(b.Elem(), m):
			reflect.ValueOf(&merged).Elem().Field(i).Set(t.Field(i))
		case base != nil && same(b.Elem(), t):
		default:
			contested = append(contested, fieldName(i))
		}
	}
	return merged, contested
}

// Differing names the fields in which two films differ, as their documents
// name them, in the order of a film.
func Differing(a, b Film) []string {
	a.tidy()
	b.tidy()
	_, fields := merge(nil, a, b)
	return fields
}

// Only is f with nothing but one field.
func (f Film) Only(field string) Film {
	var only Film
	only.take(f, []string{field})
	return only
}

// take copies the named fields of src.
func (f *Film) take(src Film, fields []string) {
	to, from := reflect.ValueOf(f).Elem(), reflect.ValueOf(src)
	for _, name := range fields {
		for i := range from.NumField() {
			if fieldName(i) == name {
				to.Field(i).Set(from.Field(i))
			}
		}
	}
}

// fieldName is what a film's document calls its i-th field.
func fieldName(i int) string {
	name, _, _ := strings.Cut(reflect.TypeFor[Film]().Field(i).Tag.Get("json"), ",")
	return name
}
