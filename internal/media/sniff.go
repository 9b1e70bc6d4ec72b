package media

import (
	"bytes"
	"slices"
)

// A format is a way of writing files that is taken.
type format struct {
	mediaType string
	film      bool
	demuxer   string // the one part of ffmpeg that may read it
}

var (
	jpegFile     = format{mediaType: "image/jpeg"}
	pngFile      = format{mediaType: "image/png"}
	webpFile     = format{mediaType: "image/webp"}
	movFile      = format{"video/mp4", true, "mov"}
	matroskaFile = format{"video/matroska", true, "matroska"}
)

// demuxers finds the demuxer of a screener by the type that was seen when it
// arrived.
var demuxers = map[string]string{
	movFile.mediaType:      movFile.demuxer,
	matroskaFile.mediaType: matroskaFile.demuxer,
}

// firstBoxes are the kinds of box that QuickTime and MP4 files begin with.
var firstBoxes = []string{"ftyp", "moov", "mdat", "wide", "free", "skip"}

// sniff says what a file is by its first bytes. Names and types that the
// sender gives are never asked.
func sniff(head []byte) (format, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return jpegFile, true
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return pngFile, true
	case len(head) > 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return webpFile, true
	case bytes.HasPrefix(head, []byte("\x1a\x45\xdf\xa3")):
		return matroskaFile, true
	case len(head) > 12 && slices.Contains(firstBoxes, string(head[4:8])):
		return movFile, true
	}
	return format{}, false
}
