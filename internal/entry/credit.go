package entry

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"laurel/internal/account"
)

// A Credit is a person in a role, with the name to print. Their order in the
// film is the order of the list.
type Credit struct {
	ID        string `json:"id"` // given when it is first saved, and kept; what a person agrees to hangs on it
	Role      Role   `json:"role"`
	Name      string `json:"name"`
	NameLatin string `json:"nameLatin"` // empty when Name is Latin already
	Note      string `json:"note"`      // the part played, or the job of an "other"
	As        As     `json:"as"`
	First     bool   `json:"first"` // of a director: this is their first film
}

// As is how a person is to be credited.
type As string

// The ways of a credit.
const (
	ByName     As = "" // in full
	ByInitials As = "initials"
	Unnamed    As = "none" // not at all
)

// CreditWays in the order in which people choose them.
var CreditWays = []As{ByName, ByInitials, Unnamed}

// Latin is the name in Latin letters if it was given so, else the name.
func (c Credit) Latin() string {
	if c.NameLatin != "" {
		return c.NameLatin
	}
	return c.Name
}

// Printed is the credit as its person wants it printed; false for one who is
// not to be named. The SQL function printed_credits does the same.
func (c Credit) Printed() (Credit, bool) {
	switch c.As {
	case ByName:
		return c, true
	case ByInitials:
		c.Name, c.NameLatin, c.As = Initials(c.Latin()), "", ByName
		return c, c.Name != ""
	}
	return Credit{}, false
}

// Initials are the first letters of a name's words: "S. M."
func Initials(name string) string {
	var letters []string
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' || r == '‐' || r == '‌' }) {
		first, _ := utf8.DecodeRuneInString(word)
		letters = append(letters, strings.ToUpper(string(first))+".")
	}
	return strings.Join(letters, " ")
}

// Credited lists the names in a role, in order, as they are to be printed, in
// Latin letters where there are such.
func (f Film) Credited(role Role) []string {
	var names []string
	for _, c := range f.Credits {
		if printed, named := c.Printed(); c.Role == role && named && printed.Name != "" {
			names = append(names, printed.Latin())
		}
	}
	return names
}

// directs says whether anybody is named as director, printed or not.
func (f Film) directs() bool {
	return slices.ContainsFunc(f.Credits, func(c Credit) bool { return c.Role == Director && c.Name != "" })
}

// Debut says whether the film is the first one of all its directors.
func (f Film) Debut() bool {
	return f.directs() && !slices.ContainsFunc(f.Credits, func(c Credit) bool { return c.Role == Director && !c.First })
}

// identify gives an id to every credit that has none, or another's.
func (f *Film) identify() {
	seen := map[string]bool{}
	for i := range f.Credits {
		c := &f.Credits[i]
		for c.ID == "" || seen[c.ID] {
			c.ID = account.Code()[:10]
		}
		seen[c.ID] = true
	}
}

// adopt gives credits without an id that of the same person in the same role
// in old: what was typed or imported again is no other credit.
func (f *Film) adopt(old Film) {
	seen := map[string]bool{}
	for _, c := range f.Credits {
		seen[c.ID] = true
	}
	for i := range f.Credits {
		c := &f.Credits[i]
		if c.ID != "" {
			continue
		}
		at := slices.IndexFunc(old.Credits, func(o Credit) bool { return o.Role == c.Role && o.Name == c.Name && !seen[o.ID] })
		if at >= 0 {
			c.ID = old.Credits[at].ID
			seen[c.ID] = true
		}
	}
}
