package media

import (
	"context"
	"math"

	"laurel/internal/locale"
	"laurel/internal/problem"
)

// The reasons why a file is refused after it has arrived.
var (
	unreadable    = problem.Say{Key: "media.unreadable", English: "We could not read this file to its end. It may be damaged or cut short: send it again."}
	noPicture     = problem.Say{Key: "media.no-picture", English: "There is no moving picture in this file. Export the film again and send it."}
	tooLong       = problem.Say{Key: "media.too-long", English: "This file plays for more than 24 hours. Send the film alone."}
	tooShort      = problem.Say{Key: "media.too-short", English: "This file plays for less than a second. Send the whole film."}
	tooDetailed   = problem.Say{Key: "media.too-detailed", English: "The picture of this film is larger than 8K. Export it in 4K or less and send it again."}
	tooSlow       = problem.Say{Key: "media.too-slow", English: "This file took too long to read. Export the film as H.264 in an MP4 file and send it again."}
	tooHeavy      = problem.Say{Key: "media.too-heavy", English: "This file needs more memory to be read than there is. Export the film as H.264 in an MP4 file, in 4K or less, and send it again."}
	tooManyPixels = problem.Say{Key: "media.too-many-pixels", English: "This picture has more than 60 million pixels. Make it smaller: 1,920 pixels across are enough."}
)

// Why is the sentence of a File.Refusal.
func Why(refusal string) problem.Say {
	for _, s := range []problem.Say{unreadable, noPicture, tooLong, tooShort, tooDetailed, tooSlow, tooHeavy, tooManyPixels} {
		if s.Key == refusal {
			return s
		}
	}
	return unreadable
}

// quietest is the loudest sound of a film in which nothing can be heard, in dB.
const quietest = -60

// Warnings say what of a film that plays may not be as its maker thinks, each
// with what to do. The maker stated a runtime in seconds; 0: none.
func (f Findings) Warnings(ctx context.Context, stated int) []problem.Say {
	var all []problem.Say
	add := func(key, english string, args ...any) {
		all = append(all, problem.Say{Key: key, English: english, Args: args})
	}
	runs := int(math.Round(f.Seconds))
	if stated > 0 && math.Abs(f.Seconds-float64(stated)) > max(0.02*float64(stated), 2) {
		add("media.warn.runtime", "The file plays for {{.File}}, and you wrote {{.Stated}}. Correct the runtime, or send the right file.",
			"File", locale.Clock(ctx, runs), "Stated", locale.Clock(ctx, stated))
	}
	switch {
	case f.Audio == "":
		add("media.warn.no-sound", "There is no sound in this file. If the film has sound, export it again with it and send it.")
	case f.Peak != nil && *f.Peak <= quietest:
		add("media.warn.silent", "There is sound in this file, and nothing can be heard in it. If the film is not silent, export it again and send it.")
	case f.Silence > 60 && f.Silence > f.Seconds/2:
		add("media.warn.silence", "Nothing can be heard for {{.Silence}} of {{.File}}. If this is not meant so, export the film again and send it.",
			"Silence", locale.Clock(ctx, int(math.Round(f.Silence))), "File", locale.Clock(ctx, runs))
	}
	if f.Tracks > 1 {
		add("media.warn.tracks", "There are {{.Count}} sound tracks in this file. Jurors hear the first.", "Count", locale.Number(ctx, f.Tracks))
	}
	if f.Interlaced {
		add("media.warn.interlaced", "The picture of this film is interlaced. Jurors see it made progressive; exporting it progressive yourself looks better.")
	}
	if f.HDR {
		add("media.warn.hdr", "The colours of this film are HDR. Jurors see them paler; send a version in SDR (Rec. 709) if you have one.")
	}
	if f.Height > 0 && max(f.Width, f.Height) < 960 {
		add("media.warn.small", "The picture of this film is small: {{.Width}} × {{.Height}} pixels. Send a larger one if you have it.",
			"Width", locale.Number(ctx, f.Width), "Height", locale.Number(ctx, f.Height))
	}
	if f.Unread > 0 {
		add("media.warn.subtitles", "{{.Count}} of the subtitle tracks in this file cannot be shown. Send them as SRT or WebVTT files.", "Count", locale.Number(ctx, f.Unread))
	}
	return all
}
