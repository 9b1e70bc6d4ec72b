package main

import (
	"encoding/json"
	"fmt"
	"io"
)

// A format is a file that people write for a command or bring in, with what it
// answers.
type format struct{ name, what, text string }

// formats are explained by `laurel help` and their name.
var formats = []format{
	{"scores", "Tables of marks, for laurel tally and laurel agree, and their JSON", scoresFormat},
	{"ballots", "Ranked ballots, for laurel count, and its JSON", ballotsFormat},
	{"instances", "Entries, jurors and possible pairs, for laurel assign, and its JSON", instancesFormat},
	{"passports", "Works as documents that their makers take along", passportFormat},
}

// printFormat explains a format, or lists them all, and says whether there is
// such a topic.
func printFormat(w io.Writer, topic string) bool {
	if topic == "formats" {
		for _, f := range formats {
			fmt.Fprintf(w, "laurel help %-10s %s\n", f.name, f.what)
		}
		return true
	}
	for _, f := range formats {
		if f.name == topic {
			fmt.Fprint(w, f.text)
			return true
		}
	}
	return false
}

// printJSON prints an answer.
func printJSON(w io.Writer, answer any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(answer); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}
