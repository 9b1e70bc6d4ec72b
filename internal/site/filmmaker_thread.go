package site

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/thread"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) showThread(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	return s.threadPage(w, r, http.StatusOK, m, "", nil)
}

func (s *Site) threadPage(w http.ResponseWriter, r *http.Request, status int, m entry.Mine, body string, errs components.Errors) error {
	ctx := r.Context()
	v, err := s.threadOf(ctx, m.Entry, thread.Makers, actor(r).Zone)
	if err != nil {
		return err
	}
	v.Action, v.Back, v.Label, v.Title = "/my/entries/"+m.Code, "/my/entries/"+m.Code, m.Label(), m.Work.Film.MainTitle()
	v.Other, v.Body, v.Errors = m.Edition.FestivalName, body, errs
	v.MayWrite = v.MayWrite && m.Level.May(entry.LevelEdit)
	f := s.makerFrame(r, m, locale.T(ctx, "inbox.title", "Messages"))
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.FilmmakerThreadPage(f, v))
}

// threadOf is what stands between makers and festival, as one side reads it.
func (s *Site) threadOf(ctx context.Context, e entry.Entry, reader thread.Side, zone string) (pages.Thread, error) {
	list, err := thread.Of(ctx, s.db, e.ID)
	if err != nil {
		return pages.Thread{}, err
	}
	tasks, err := thread.TasksOf(ctx, s.db, []entry.ID{e.ID})
	if err != nil {
		return pages.Thread{}, err
	}
	kept, err := thread.Kept(ctx, s.db, e.ID)
	if err != nil {
		return pages.Thread{}, err
	}
	v := pages.Thread{MayWrite: thread.MayWrite(e) == nil, Kept: keptWords(ctx, kept, s.now(), zone)}
	for _, m := range list {
		own := m.Side == reader
		v.Messages = append(v.Messages, pages.ThreadMessage{Own: own, Body: m.Body, When: stamp(ctx, m.At, zone), Read: m.ReadAt != nil})
		if !own && m.ReadAt == nil {
			v.Unread++
		}
	}
	for _, t := range tasks[e.ID] {
		v.Tasks = append(v.Tasks, taskWords(ctx, t))
		if t.Open() {
			v.Open++
		}
	}
	return v, nil
}

// keptWords says when the words about an entry go, and whether some are gone.
func keptWords(ctx context.Context, k thread.Keeping, now time.Time, zone string) string {
	var until, gone string
	switch {
	case k.Until == nil:
		until = locale.T(ctx, "thread.kept", "What is written here is deleted {{.Days}} days after the results are published.", "Days", entry.KeepWords)
	case now.Before(*k.Until):
		until = locale.T(ctx, "thread.goes", "What is written here will be deleted on {{.Day}}.", "Day", day(ctx, *k.Until, zone))
	default:
		until = locale.T(ctx, "thread.later", "What is written here is deleted after {{.Days}} days.", "Days", entry.KeepWords)
	}
	if k.Cleared != nil {
		gone = locale.T(ctx, "thread.gone", "Older messages were deleted on {{.Day}}, because their time was over.", "Day", day(ctx, *k.Cleared, zone))
	}
	return strings.TrimSpace(gone + " " + until)
}

func taskWords(ctx context.Context, t thread.Task) pages.ThreadTask {
	v := pages.ThreadTask{Code: t.Code, Body: t.Body, Day: locale.Date(ctx, t.DueOn), Done: t.DoneAt != nil, Confirmed: t.ConfirmedAt != nil}
	switch {
	case t.ConfirmedAt != nil:
		v.Kind, v.State = "on", locale.T(ctx, "task.confirmed", "Received by the festival")
	case t.DoneAt != nil:
		v.Kind, v.State = "", locale.T(ctx, "task.done", "Done, the festival has yet to look")
	case t.Late:
		v.Kind, v.State = "bad", locale.T(ctx, "task.late", "The day has passed")
	default:
		v.Kind, v.State = "warn", locale.T(ctx, "task.open", "To do")
	}
	return v
}

// writing finds an entry for a maker who may write for it.
func (s *Site) writing(ctx context.Context, tx pgx.Tx, r *http.Request) (entry.Entry, error) {
	return entry.ByMaker(ctx, tx, actor(r).ID, r.PathValue("entry"), entry.LevelEdit)
}

func (s *Site) writeToFestival(w http.ResponseWriter, r *http.Request) error {
	body := text(r, "body")
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		e, err := s.writing(ctx, tx, r)
		if err != nil {
			return "", err
		}
		s.flash(w, "thread.sent", "Sent. The answer appears here.")
		return "/my/entries/" + e.Code + "/messages", thread.Write(ctx, tx, actor(r).ID, e, thread.Makers, body)
	})
	if errs, status, ok := s.refused(r, err); ok {
		m, err := s.mine(r)
		if err != nil {
			return err
		}
		return s.threadPage(w, r, status, m, body, errs)
	}
	return err
}

func (s *Site) readFestival(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		e, err := s.writing(ctx, tx, r)
		if err != nil {
			return "", err
		}
		return "/my/entries/" + e.Code + "/messages", thread.Read(ctx, tx, e.ID, thread.Makers)
	})
}

func (s *Site) finishTask(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		e, err := s.writing(ctx, tx, r)
		if err != nil {
			return "", err
		}
		return "/my/entries/" + e.Code + "/messages", thread.Done(ctx, tx, actor(r).ID, e, text(r, "task"), r.PostForm.Get("undo") == "")
	})
}
