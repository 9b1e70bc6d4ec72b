package pages

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"laurel/web/components"
)

// facts lists what the juror may know of the film in short.
func (v JurorScore) facts(ctx context.Context) []Fact {
	list := v.First
	for _, x := range filmFacts(ctx, v.Film) {
		list = append(list, Fact{Label: x[0], Value: x[1]})
	}
	return list
}

func (f Fact) dir() string {
	if f.Dir != "" {
		return f.Dir
	}
	return "auto"
}

// poster is the picture of a film that is not playing yet, if there is one and
// its reader wants pictures.
func poster(ctx context.Context, url string) templ.Attributes {
	if url == "" || components.Lean(ctx) {
		return templ.Attributes{}
	}
	return templ.Attributes{"poster": url}
}

// described ties a criterion's question, its error and what the ends of the
// scale mean to its group of values.
func (c JurorCriterion) described() templ.Attributes {
	var ids []string
	if c.Hint != "" {
		ids = append(ids, c.Field+"-h")
	}
	if c.Error != "" {
		ids = append(ids, c.Field+"-e")
	}
	if c.Low != "" || c.High != "" {
		ids = append(ids, c.Field+"-s")
	}
	if len(ids) == 0 {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-describedby": strings.Join(ids, " ")}
}
