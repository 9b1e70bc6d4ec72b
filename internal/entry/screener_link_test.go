package entry_test

import (
	"testing"
	"time"

	"laurel/internal/entry"
)

// Links to screeners lead to the public web, or are refused with a sentence.
func TestScreenerLinks(t *testing.T) {
	t.Parallel()
	for link, fits := range map[string]bool{
		"https://vimeo.com/123456789/abcdef":         true,
		"https://films.example.org/watch?v=salt#t=4": true,
		"https://xn--fiqs8s.example.org/a":           true,
		"https://screeners.example.org:8443/a":       true,
		"http://vimeo.com/1":                         false,
		"https://mana:secret@vimeo.com/1":            false,
		"https://mana@vimeo.com/1":                   false,
		"https://localhost/film":                     false,
		"https://intranet/film":                      false,
		"https://printer.local/film":                 false,
		"https://films.internal/":                    false,
		"https://127.0.0.1/film":                     false,
		"https://10.0.0.7/film":                      false,
		"https://192.168.1.1:8080/film":              false,
		"https://169.254.169.254/latest/meta-data":   false,
		"https://[::1]/film":                         false,
		"https://[fd00::7]/film":                     false,
		"https://2130706433/film":                    false,
		"https://0x7f.1/film":                        false,
		"https://127.1/film":                         false,
		"https://93.184.216.34/film":                 false,
		"https://vimeo.com\\@evil.example/":          false,
		"https://vimeo.com/\u202e4pm.film":           false,
		"https://vimeo.com/a b":                      false,
		"https://vimeo.com/a\nb":                     false,
		"https://vimeo.com/\x01":                     false,
		"https:vimeo.com/1":                          false,
		"https:///film":                              false,
		"javascript:alert(1)":                        false,
		"data:text/html,film":                        false,
		"ftp://films.example.org/film":               false,
		"//vimeo.com/1":                              false,
		"vimeo.com/1":                                false,
		"https://аpple.com/film":                     false,
	} {
		wrong := entry.Vet(entry.Film{Title: "Salt", ScreenerLink: link}, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
		if _, refused := wrong["screenerLink"]; refused == fits {
			t.Errorf("%q fits: %v", link, !refused)
		}
	}
}
