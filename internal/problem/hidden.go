package problem

import (
	"fmt"
	"unicode"
)

// Hidden is what is wrong with a text that holds characters which nobody sees:
// such as turn the direction of writing, or control characters, of which only a
// text of several lines may have the ends of them and tabs. nil: it holds none.
func Hidden(field, text string, lines bool) *Problem {
	for _, r := range text {
		code := fmt.Sprintf("%04X", r)
		switch {
		case Turns(r):
			return Field(field, "text.direction",
				"There is a hidden character in this text that turns the direction of writing (U+{{.Code}}). Remove it: texts take their direction by themselves.",
				"Code", code)
		case r == '\n' && lines, r == '\t' && lines:
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return Field(field, "text.control",
				"There is a hidden control character in this text (U+{{.Code}}). Remove it, or write the text again.",
				"Code", code)
		}
	}
	return nil
}

// Turns is true for the characters that force a direction on the text after
// them: a file name, a title or a name can lie with them.
func Turns(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
