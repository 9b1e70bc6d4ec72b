package site

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"laurel/web/pages"
)

// filmLists are the lists of a film's form, with those fields of a row that
// say something: a row in which none is filled in is no row.
var filmLists = map[string][]string{
	"titles":     {"text", "transliteration"},
	"subtitles":  {"language"},
	"credits":    {"name", "nameLatin", "note"},
	"companies":  {"name", "country"},
	"countries":  {"name"},
	"screenings": {"event", "city", "country", "date", "territory"},
	"awards":     {"name", "event", "year"},
	"links":      {"url"},
}

var rowField = regexp.MustCompile(`^([a-z]+)\.([0-9]{1,3})\.([A-Za-z]+)$`)

// typedSheet is what was typed into a form. Rows stand in the order in which
// the reader left them, numbered anew: a button of a row has moved it or taken
// it away. Boxes of one name are one field, their values with spaces between.
func typedSheet(r *http.Request) pages.FilmSheet {
	sheet := pages.FilmSheet{}
	for name, values := range r.PostForm {
		m := rowField.FindStringSubmatch(name)
		if m == nil || filmLists[m[1]] == nil {
			sheet[name] = strings.TrimSpace(strings.Join(values, " "))
		}
	}
	for list, telling := range filmLists {
		n := 0
		for _, row := range rows(r, list) {
			if fields := typedRow(r, list, row); tells(fields, telling) {
				for field, value := range fields {
					sheet[pages.RowName(list, n, field)] = value
				}
				n++
			}
		}
	}
	return sheet
}

func typedRow(r *http.Request, list string, row int) map[string]string {
	fields := map[string]string{}
	for name := range r.PostForm {
		if m := rowField.FindStringSubmatch(name); m != nil && m[1] == list && m[2] == strconv.Itoa(row) {
			fields[m[3]] = text(r, name)
		}
	}
	return fields
}

func tells(fields map[string]string, telling []string) bool {
	return slices.ContainsFunc(telling, func(name string) bool { return fields[name] != "" })
}

// rows are the numbers of a list's rows in a sent form, in the order in which
// the reader left them.
func rows(r *http.Request, list string) []int {
	seen := map[int]bool{}
	for name := range r.PostForm {
		if m := rowField.FindStringSubmatch(name); m != nil && m[1] == list {
			n, _ := strconv.Atoi(m[2])
			seen[n] = true
		}
	}
	order := slices.Sorted(maps.Keys(seen))
	verb, rest, _ := strings.Cut(text(r, "do"), ":")
	in, number, _ := strings.Cut(rest, ":")
	n, err := strconv.Atoi(number)
	at := slices.Index(order, n)
	switch {
	case in != list || err != nil || at < 0:
	case verb == "remove":
		return slices.Delete(order, at, at+1)
	case verb == "up" && at > 0:
		order[at-1], order[at] = order[at], order[at-1]
	}
	return order
}
