package components

import (
	"cmp"
	"context"

	"github.com/a-h/templ"

	"laurel/internal/locale"
	"laurel/web/static"
)

// icon is the window's: plain where its title says little.
func (f Frame) icon() string {
	if f.Window != "" {
		return static.URL("img/plain.svg")
	}
	return static.URL("img/favicon.svg")
}

func (f Frame) title(ctx context.Context) string {
	title := cmp.Or(f.Window, f.Title)
	if f.Window == "" && f.Brand.Name != "" && f.Brand.Name != f.Title {
		title += " · " + f.Brand.Name
	}
	if f.Bad {
		return locale.T(ctx, "frame.bad", "Error:") + " " + title
	}
	return title
}

func theme(f Frame) templ.Attributes {
	if f.Theme == "dark" || f.Theme == "light" {
		return templ.Attributes{"data-theme": f.Theme}
	}
	return templ.Attributes{}
}

func current(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "page"}
	}
	return templ.Attributes{}
}

func pressed(is bool) string {
	if is {
		return "true"
	}
	return "false"
}
