package entry

import (
	"context"

	"laurel/internal/locale"
)

// Notices are what a maker should look at again, and what keeps no film from
// being sent: answers that do not agree with each other or with the file.
func Notices(ctx context.Context, f Film, files []File) []Finding {
	var found []Finding
	if measured, differs := measured(f, files); differs {
		found = append(found, Finding{TheFilm, "runtime", false, locale.T(ctx, "entry.runtime-measured",
			"The film that you uploaded is {{.Measured}} long, and this says {{.Said}}",
			"Measured", Length(ctx, measured), "Said", Length(ctx, f.Runtime))})
	}
	if seen := counted(f.Screenings); f.Shown == NotShown && len(seen) > 0 {
		found = append(found, Finding{Showings, "shown", false, locale.T(ctx, "entry.shown-and-not",
			"This says that the film has not been shown, and names “{{.Event}}”", "Event", seen[0].Event)})
	}
	if f.AI.Used == "no" && len(f.AI.Where) > 0 {
		found = append(found, Finding{Declarations, "ai.used", false, locale.T(ctx, "entry.ai-and-not",
			"This says that no AI was used, and names {{.Where}}", "Where", locale.List(ctx, Names(ctx, f.AI.Where, AIPartName)))})
	}
	return found
}

// measured is the length of the uploaded film in seconds, and whether what its
// makers say is more than 2 per cent or more than 5 seconds off.
func measured(f Film, files []File) (seconds int, differs bool) {
	for _, file := range files {
		if file.Role != ScreenerFile || file.Seconds == nil || f.Runtime == 0 {
			continue
		}
		off := max(f.Runtime-*file.Seconds, *file.Seconds-f.Runtime)
		return *file.Seconds, off > 5 || off*50 > *file.Seconds
	}
	return 0, false
}
