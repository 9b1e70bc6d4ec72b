package media

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
)

// A Track is clean WebVTT: a file of subtitles, or one of those that a screener
// holds.
type Track struct {
	FileID   ID
	Code     string // of the file
	Number   int    // from 1, in the file
	Language string // ISO 639; empty: the film does not say
	Cues     int
	Seconds  int // when the last line goes
	Size     int64
	BlobKey  string
	sum      []byte
}

// Tracks lists the subtitles that the files hold, in the files' order: give it
// the screener and the files of subtitles of one work or entry.
func Tracks(ctx context.Context, db pg.DB, files []ID) ([]Track, error) {
	tracks, err := pg.Rows[Track](ctx, db, `
		select s.file_id, f.code, s.number, s.language, s.cues, s.seconds, s.size, s.blob_key
		from subtitles s
		join files f on f.id = s.file_id
		where s.file_id = any(@files) and f.state = 'ready'
		order by array_position(@files::bigint[], s.file_id), s.number`,
		pg.Args{"files": files})
	if err != nil {
		return nil, fmt.Errorf("list subtitles: %w", err)
	}
	return tracks, nil
}

// TrackOf is one track of a file that is ready; anything else is pgx.ErrNoRows.
func TrackOf(ctx context.Context, db pg.DB, code string, number int) (Track, error) {
	t, err := pg.One[Track](ctx, db, `
		select s.file_id, f.code, s.number, s.language, s.cues, s.seconds, s.size, s.blob_key
		from subtitles s
		join files f on f.id = s.file_id
		where f.code = @code and f.state = 'ready' and s.number = @number`,
		pg.Args{"code": code, "number": number})
	if err != nil {
		return Track{}, fmt.Errorf("find subtitles: %w", err)
	}
	return t, nil
}

func keepTracks(ctx context.Context, tx pgx.Tx, id ID, tracks []Track) error {
	for _, t := range tracks {
		_, err := tx.Exec(ctx, `
			insert into subtitles (file_id, number, language, cues, seconds, size, sha256, blob_key)
			values (@file, @number, @language, @cues, @seconds, @size, @sum, @key)`,
			pg.Args{"file": id, "number": t.Number, "language": t.Language, "cues": t.Cues, "seconds": t.Seconds,
				"size": t.Size, "sum": t.sum, "key": t.BlobKey})
		if err != nil {
			return fmt.Errorf("keep subtitles %d of file %d: %w", t.Number, id, err)
		}
	}
	return nil
}
