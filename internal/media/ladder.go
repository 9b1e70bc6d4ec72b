package media

import (
	"context"
	"fmt"

	"laurel/internal/pg"
)

// A Playlist says where the pieces of a rendition lie in its one blob, a
// fragmented MP4: first what a player needs to begin, then the segments, each
// of which begins with a whole picture.
type Playlist struct {
	Codecs    string    `json:"codecs"`    // RFC 6381: "avc1.64001f,mp4a.40.2"
	Bandwidth int       `json:"bandwidth"` // bits a second, at most
	Average   int       `json:"average"`   // bits a second
	Init      Range     `json:"init"`
	Segments  []Segment `json:"segments"`
}

// A Range is a part of a blob, in bytes.
type Range struct {
	Offset int64 `json:"o"`
	Length int64 `json:"l"`
}

// A Segment is a part of a film that plays for some seconds.
type Segment struct {
	Range
	Seconds float64 `json:"s"`
}

// A Rung is a rendition of a film that is played in pieces.
type Rung struct {
	Name     Size
	BlobKey  string
	Size     int64
	Width    int
	Height   int
	Playlist Playlist
}

// Ladder lists the rungs of a screener that is ready, the lightest first. It is
// empty for one that is not, or that was made before there were any: such a
// film is played whole.
func Ladder(ctx context.Context, db pg.DB, code string) ([]Rung, error) {
	rungs, err := pg.Rows[Rung](ctx, db, `
		select r.name, r.blob_key, r.size, r.width, r.height, r.playlist
		from renditions r
		join files f on f.id = r.file_id
		where f.code = @code and f.state = 'ready' and r.playlist is not null
		order by (r.playlist ->> 'bandwidth')::integer, r.name`,
		pg.Args{"code": code})
	if err != nil {
		return nil, fmt.Errorf("list rungs: %w", err)
	}
	return rungs, nil
}

// RungOf is one rung of a screener that is ready; anything else is
// pgx.ErrNoRows.
func RungOf(ctx context.Context, db pg.DB, code string, name Size) (Rung, error) {
	r, err := pg.One[Rung](ctx, db, `
		select r.name, r.blob_key, r.size, r.width, r.height, r.playlist
		from renditions r
		join files f on f.id = r.file_id
		where f.code = @code and f.state = 'ready' and r.name = @name and r.playlist is not null`,
		pg.Args{"code": code, "name": string(name)})
	if err != nil {
		return Rung{}, fmt.Errorf("find rung: %w", err)
	}
	return r, nil
}
