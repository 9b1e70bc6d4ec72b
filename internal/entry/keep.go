package entry

import (
	"context"
	"fmt"
	"time"

	"laurel/internal/pg"
)

// How many days things are kept. They are told to the makers on every page that
// shows the thing, and kept by a daily job (erasure.Expire).
const (
	KeepFilms  = 30 // the screener of an entry, after its makers were told that it is out
	KeepData   = 90 // everything else of such an entry
	KeepDrafts = 60 // a draft, or a work that is entered nowhere, since its last change
	WarnDrafts = 30 // when makers are told that a draft is to go
	KeepTold   = 60 // the fingerprints that festivals were told of films, after an edition's last deadline
	KeepNotes  = 30 // a juror's private notes, after the decision was released
	KeepWords  = 30 // what makers and festival wrote to each other, after the results are out and it was written
)

// A Keeping says until when something is kept; nil: as long as its makers want.
type Keeping struct {
	Films *time.Time // the screener
	Data  *time.Time // the entry, or the draft with its work
	Idle  bool       // it goes because nobody has changed it for long
}

// Kept says until when the entry is kept. A film that was selected is kept
// until its makers erase it.
func Kept(m Mine) Keeping {
	if m.State == Draft {
		return keptIdle(m.IdleSince, m.Now)
	}
	if told := m.toldOut(); told != nil {
		return Keeping{Films: new(told.AddDate(0, 0, KeepFilms)), Data: new(told.AddDate(0, 0, KeepData))}
	}
	return Keeping{}
}

// KeptWork says until when a work is kept that is entered nowhere, by the
// database's clock. One that is entered is kept as long as an entry of it.
func KeptWork(ctx context.Context, db pg.DB, w Work) (Keeping, error) {
	idle, err := pg.Rows[struct{ Since, Now time.Time }](ctx, db, `
		select since, clock_timestamp() as now
		from idle_works
		where work_id = @work`,
		pg.Args{"work": w.ID})
	if err != nil {
		return Keeping{}, fmt.Errorf("see how long work %s is kept: %w", w.Code, err)
	}
	if len(idle) == 0 {
		return Keeping{}, nil
	}
	return keptIdle(&idle[0].Since, idle[0].Now), nil
}

// keptIdle is until when something is kept that nobody has changed since then;
// nil: it does not run out.
func keptIdle(since *time.Time, now time.Time) Keeping {
	if since == nil {
		return Keeping{}
	}
	return Keeping{Data: new(IdleEnds(*since)), Idle: now.After(since.AddDate(0, 0, WarnDrafts))}
}

// IdleEnds is when something is deleted that nobody has changed since then.
func IdleEnds(since time.Time) time.Time { return since.AddDate(0, 0, KeepDrafts) }

// toldOut is when the makers learned that the entry is out; nil: it is not. The
// view entry_ends does the same.
func (m Mine) toldOut() *time.Time {
	if m.Decision != nil && !m.Decision.Selected() {
		return &m.Decision.ReleasedAt
	}
	if m.State != Withdrawn && m.State != Ineligible {
		return nil
	}
	for i := len(m.Timeline) - 1; i >= 0; i-- {
		if m.Timeline[i].State == m.State {
			return &m.Timeline[i].At
		}
	}
	return nil
}
