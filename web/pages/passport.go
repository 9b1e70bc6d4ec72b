package pages

import (
	"github.com/a-h/templ"

	"laurel/web/components"
)

// importAction is where the text of a work is sent: a plain form keeps its
// words when a session has ended; one with too much text for it goes as files go.
func importAction(f components.Frame, v WorkImport) templ.Attributes {
	const action = "/my/works/import"
	if v.Large {
		return templ.Attributes{"action": string(f.UploadTo(action)), "enctype": "multipart/form-data"}
	}
	return templ.Attributes{"action": action}
}
