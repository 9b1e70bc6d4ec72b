package entry

import "time"

// How many days things are kept. They are told to the makers on every page that
// shows the thing, and kept by a daily job (erasure.Expire).
const (
	KeepFilms  = 30 // the screener of an entry, after its makers were told that it is out
	KeepData   = 90 // everything else of such an entry
	KeepDrafts = 60 // a draft, or a work that is entered nowhere, since its last change
	WarnDrafts = 30 // when makers are told that a draft is to go
	KeepNotes  = 30 // a juror's private notes, after the decision was released
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
		last := m.CreatedAt
		if m.Work.UpdatedAt.After(last) {
			last = m.Work.UpdatedAt
		}
		return Keeping{Data: new(last.AddDate(0, 0, KeepDrafts)), Idle: m.Now.After(last.AddDate(0, 0, WarnDrafts))}
	}
	if told := m.toldOut(); told != nil {
		return Keeping{Films: new(told.AddDate(0, 0, KeepFilms)), Data: new(told.AddDate(0, 0, KeepData))}
	}
	return Keeping{}
}

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
