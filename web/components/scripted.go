package components

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Scripted holds its children back until a script asks for the part of that
// name: they stand in the page as the text of a script that no browser runs.
// What is hidden or in a template would be read all the same by browsers that
// know neither, such as those that show text only. The children hold no script.
func Scripted(name string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		children := templ.GetChildren(ctx)
		if _, err := io.WriteString(w, `<script type="text/html" data-part="`+templ.EscapeString(name)+`">`); err != nil {
			return err
		}
		if err := children.Render(templ.ClearChildren(ctx), w); err != nil {
			return err
		}
		_, err := io.WriteString(w, `</script>`)
		return err
	})
}
