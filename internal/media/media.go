// Package media owns the files that people send: pictures and films as they
// arrived, and what is re-made of them to be shown. The bytes as they arrived
// are shown to nobody; what is shown carries no metadata.
package media

import (
	"context"
	"fmt"
	"time"

	"laurel/internal/pg"
)

// An ID is a file's, inside the house.
type ID int64

// A Kind is what a file is for.
type Kind string

// The kinds of file.
const (
	Screener Kind = "screener" // a film to be watched by the jury
	Still    Kind = "still"    // a picture of a film
	Hero     Kind = "hero"     // the picture of an edition
	Subtitle Kind = "subtitles"
)

// The greatest sizes that are taken, in bytes.
const (
	MaxScreener = 4 << 30
	MaxStill    = 25 << 20
)

// A State is how far a file has come.
type State string

// The states of a file.
const (
	Checking State = "checking" // what people are shown is being made
	Ready    State = "ready"
	Refused  State = "refused" // File.Refusal says why
)

// A File is something that was sent.
type File struct {
	ID        ID
	Code      string
	OwnerID   *int64 // account; nil: of the festival, or imported
	Kind      Kind
	State     State
	Refusal   string // key of a sentence, see Why; empty unless refused
	MediaType string // of the bytes as they arrived
	Size      int64  // bytes
	Width     *int   // pixels, as it is looked at; nil until ready
	Height    *int
	Seconds   *int // runtime of a screener; nil until ready
	Step      Step
	Progress  int       // per cent of Step
	Findings  *Findings // of a screener; nil until it is measured
	CreatedAt time.Time
}

// A Size is the name of a rendition.
type Size string

// The renditions: pictures of at most so many pixels across, and of a film its
// playable copy and a picture out of it.
const (
	W480   Size = "w480"
	W960   Size = "w960"
	W1920  Size = "w1920"
	Video  Size = "video"
	Poster Size = "poster"
	Glance Size = "glance" // the beginning, for its makers while the rest is being made

	WebP Size = "-webp" // follows a width

	HLS360 Size = "hls-360"
	HLS540 Size = "hls-540"
	HLS720 Size = "hls-720"
)

// Moving tells whether it is a film, not a picture.
func (s Size) Moving() bool {
	return s == Video || s == HLS360 || s == HLS540 || s == HLS720
}

// A Rendition is what people are shown of a file.
type Rendition struct {
	FileID    ID
	Name      Size
	MediaType string
	Size      int64
	BlobKey   string
	Width     *int
	Height    *int
	sum       []byte
	playlist  *Playlist
}

const fileColumns = `id, code, owner_id, kind, state, refusal, media_type, size, width, height, seconds, step, progress, nullif(findings, '{}') as findings, created_at`

// ByCode is one file; an unknown code is pgx.ErrNoRows.
func ByCode(ctx context.Context, db pg.DB, code string) (File, error) {
	f, err := pg.One[File](ctx, db, `
		select `+fileColumns+`
		from files
		where code = @code`,
		pg.Args{"code": code})
	if err != nil {
		return File{}, fmt.Errorf("find file: %w", err)
	}
	return f, nil
}
