package main

import "io"

// plain writes tables for people: a control character in somebody's name
// becomes a question mark, so that no file can steer the terminal.
type plain struct{ out io.Writer }

// Write counts the bytes that it was given.
func (p plain) Write(text []byte) (int, error) {
	safe := make([]byte, len(text))
	for i, c := range text {
		safe[i] = c
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			safe[i] = '?'
		}
	}
	return p.out.Write(safe)
}
