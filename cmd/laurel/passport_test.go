package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"

	"laurel/internal/entry"
)

// TestThePassportsFormatIsWhole: every key that a passport can hold is
// explained, on every level.
func TestThePassportsFormatIsWhole(t *testing.T) {
	t.Parallel()
	p := entry.Passport{Schema: entry.PassportSchema, Media: []entry.PassportMedia{{}}, Film: entry.Film{
		Titles: []entry.Title{{}}, Texts: []entry.Texts{{}}, SubtitleTracks: []entry.SubtitleTrack{{}}, Credits: []entry.Credit{{}},
		Companies: []entry.Company{{}}, Screenings: []entry.Screening{{}}, Awards: []entry.Prize{{}}, Links: []entry.Link{{}},
	}}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	keys := 0
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for key, x := range v {
				keys++
				if !regexp.MustCompile(`\b` + key + `\b`).MatchString(passportFormat) {
					t.Errorf("laurel help passports does not explain %s", key)
				}
				walk(x)
			}
		}
	}
	walk(document)
	if keys < 80 {
		t.Errorf("looked at %d keys only", keys)
	}
	var out bytes.Buffer
	if !printFormat(&out, "passports") || out.String() != passportFormat {
		t.Error("laurel help passports does not print it")
	}
}
