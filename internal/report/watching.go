package report

import (
	"context"
	"fmt"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/media"
	"laurel/internal/pg"
)

// A Watching is how somebody may watch the film of an entry now.
type Watching struct {
	Open    bool // it may be watched at all
	Whole   bool // also in one piece
	Seconds int  // how long it plays; 0: not known
	At      int  // where its reader stopped last, in seconds
	Limits  []entry.ScreenerLimit
	Files   []media.ID // the film, then its files of subtitles
}

// WatchingOf says how the viewer may watch a film of an entry, by the file's
// code; entry 0: as it stands in its work.
func WatchingOf(ctx context.Context, db pg.DB, viewer account.ID, id entry.ID, file string) (Watching, error) {
	w, err := pg.One[Watching](ctx, db, ways+`
	select f.state = 'ready' and exists (select from way) as open,
	       exists (select from way where way.whole) as whole,
	       coalesce(f.seconds, 0) as seconds,
	       coalesce(v.seconds, 0) as at,
	       coalesce(w.screener_limits, '{}') as limits,
	       f.id || array(
	         select x.file_id
	         from (select file_id, position from entry_files where entry_id = e.id and role = 'subtitles' and e.film is not null
	               union all
	               select s.file_id, s.position from work_files s join work_files y on y.work_id = s.work_id and y.file_id = f.id
	               where s.role = 'subtitles' and e.film is null) x
	         order by x.position, x.file_id) as files
	from files f
	left join entries e on e.id = @entry
	left join works w on w.id = e.work_id
	left join viewings v on v.file_id = f.id and v.account_id = @viewer
	where f.code = @file`,
		pg.Args{"file": file, "viewer": viewer, "entry": id})
	if err != nil {
		return Watching{}, fmt.Errorf("find how a film may be watched: %w", err)
	}
	return w, nil
}
