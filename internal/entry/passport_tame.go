package entry

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxTamed bounds how much of a passport is taken out before it is given up.
const maxTamed = 500

// Tame is Mend, and takes out of a film what Vet still has something against,
// as little as it can: of a list of codes those that nobody knows, of a row
// first the field and then the whole row. Each is said as Vet says it. A film
// that Vet has nothing against stays as it is.
func Tame(f *Film, now time.Time) []Mended {
	notes := Mend(f, now)
	tried := map[string]bool{}
	for range maxTamed {
		wrong := Vet(*f, now)
		if len(wrong) == 0 {
			return notes
		}
		field := slices.Min(slices.Collect(maps.Keys(wrong)))
		notes = append(notes, Mended{field, wrong[field]})
		if !takeOut(f, field, tried[field], now) {
			return notes
		}
		if tried[field] {
			clear(tried) // the rows below have moved up
		} else {
			tried[field] = true
		}
	}
	return notes
}

// documentNames are the fields of a form whose name in the document is another.
var documentNames = map[string]string{"subtitles": "subtitleTracks"}

// takeOut removes from a film what stands at a field as Vet names it; again
// says that to empty the field was not enough. False means that there is
// nothing to remove.
func takeOut(f *Film, field string, again bool, now time.Time) bool {
	written, err := json.Marshal(stored(*f))
	if err != nil {
		return false
	}
	var document map[string]any
	if err := json.Unmarshal(written, &document); err != nil {
		return false
	}
	path := strings.Split(field, ".")
	if other, ok := documentNames[path[0]]; ok {
		path[0] = other
	}
	if path[0] == "countries" && len(f.Shares) > 0 {
		path = []string{"shares"}
	}
	switch value := document[path[0]].(type) {
	case nil:
		return false
	case []any:
		document[path[0]] = withoutItem(value, path, again, now)
	case map[string]any:
		if path[0] == "shares" || len(path) < 2 || again {
			document[path[0]] = nil
		} else {
			delete(value, path[1])
		}
	default:
		document[path[0]] = nil
	}
	return readInto(f, document)
}

// withoutItem is a list without what is wrong with it.
func withoutItem(list []any, path []string, again bool, now time.Time) any {
	if len(path) == 1 {
		kept := slices.DeleteFunc(slices.Clone(list), func(item any) bool {
			one := map[string]any{path[0]: []any{item}}
			var alone Film
			return !readInto(&alone, one) || isWrong(alone, path[0], now)
		})
		if len(kept) == len(list) {
			return nil
		}
		return kept
	}
	n, err := strconv.Atoi(path[1])
	if err != nil || n < 0 || n >= len(list) {
		return nil
	}
	item, isRow := list[n].(map[string]any)
	if len(path) > 2 && isRow && !again {
		delete(item, path[2])
		if path[2] == "role" {
			item["role"] = OtherRole // of people and of companies
		}
		return list
	}
	return slices.Delete(list, n, n+1)
}

func isWrong(f Film, field string, now time.Time) bool {
	_, wrong := Vet(f, now)[field]
	return wrong
}

// readInto makes the film that a document holds, whatever stands in f.
func readInto(f *Film, document map[string]any) bool {
	written, err := json.Marshal(document)
	if err != nil {
		return false
	}
	var fresh stored
	if err := json.Unmarshal(written, &fresh); err != nil {
		return false
	}
	*f = Film(fresh)
	f.tidy()
	return true
}
