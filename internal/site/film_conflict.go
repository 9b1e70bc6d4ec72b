package site

import (
	"context"
	"net/http"
	"strings"

	"laurel/internal/entry"
	"laurel/web/pages"
)

// contested says a conflict field by field, in words.
func contested(ctx context.Context, c *entry.Conflict) pages.FilmConflict {
	var v pages.FilmConflict
	for _, field := range c.Fields {
		label, texts := fieldWords(ctx, c.Part, field, c.Theirs, c.Mine)
		v.Fields = append(v.Fields, pages.FilmContest{Name: field, Label: label, Theirs: texts[0], Mine: texts[1]})
	}
	return v
}

// keptTheirs are the fields of a conflict in which the reader chose the text
// that was saved meanwhile.
func keptTheirs(r *http.Request) []string {
	var fields []string
	for _, name := range sortedNames(r.PostForm) {
		if field, ok := strings.CutPrefix(name, "keep."); ok && r.PostForm.Get(name) == "theirs" {
			fields = append(fields, field)
		}
	}
	return fields
}

// fieldWords says one field of several films in words, with what the field is
// called. A field of several answers, such as the people, has one on a line.
func fieldWords(ctx context.Context, part entry.Part, field string, films ...entry.Film) (label string, texts []string) {
	label = entry.PartName(ctx, part)
	var said [][]pages.FilmFact
	names := map[string]bool{}
	for _, f := range films {
		list := facts(ctx, part, f.Only(field))
		for _, one := range list {
			names[one.Label] = true
			label = one.Label
		}
		said = append(said, list)
	}
	if len(names) > 1 {
		label = entry.PartName(ctx, part)
	}
	for _, list := range said {
		var lines []string
		for _, one := range list {
			text := one.Value
			if len(names) > 1 {
				text = one.Label + ": " + strings.ReplaceAll(text, "\n", ", ")
			}
			lines = append(lines, text)
		}
		texts = append(texts, strings.Join(lines, "\n"))
	}
	return label, texts
}
