package site

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/thread"
	"laurel/web/pages"
)

// listUnanswered lists the entries whose makers wait for an answer.
func (s *Site) listUnanswered(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	list, err := thread.Unanswered(ctx, s.db, e.ID, actor(r).ID)
	if err != nil {
		return err
	}
	v := make([]pages.UnansweredLine, len(list))
	for i, one := range list {
		v[i] = pages.UnansweredLine{
			URL: e.Desk() + "/entries/" + one.Code + "/messages", Label: entry.Label(e.Prefix, one.Number), Title: one.Title,
			Since: locale.DateTime(ctx, one.Since, e.Location(), ""), Count: one.Count, Last: one.Last,
		}
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "inbox.title", "Messages"), "messages")
	return s.page(w, r, http.StatusOK, pages.UnansweredPage(f, v))
}

// atEntry finds the edition and the entry of the path, for an organizer who may
// read it.
func (s *Site) atEntry(r *http.Request) (festival.Edition, entry.Entry, error) {
	e, err := s.edition(r)
	if err != nil {
		return festival.Edition{}, entry.Entry{}, err
	}
	x, err := s.organizersEntry(r, e)
	return e, x, err
}

// threadNote is what the page of an entry says of its thread.
func (s *Site) threadNote(ctx context.Context, e festival.Edition, x entry.Entry) (pages.ThreadNote, error) {
	unread, err := thread.Unread(ctx, s.db, thread.Festival, []entry.ID{x.ID})
	if err != nil {
		return pages.ThreadNote{}, err
	}
	tasks, err := thread.TasksOf(ctx, s.db, []entry.ID{x.ID})
	if err != nil {
		return pages.ThreadNote{}, err
	}
	v := pages.ThreadNote{URL: e.Desk() + "/entries/" + x.Code + "/messages", Unread: unread[x.ID]}
	for _, t := range tasks[x.ID] {
		v.Tasks = append(v.Tasks, taskWords(ctx, t))
	}
	return v, nil
}

func (s *Site) showEntryThread(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.atEntry(r)
	if err != nil {
		return err
	}
	return s.entryThreadPage(w, r, http.StatusOK, e, x, pages.Thread{})
}

// entryThreadPage shows the thread with the fields of the form that came back.
func (s *Site) entryThreadPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, x entry.Entry, form pages.Thread) error {
	ctx := r.Context()
	v, err := s.threadOf(ctx, x, thread.Festival, e.Zone)
	if err != nil {
		return err
	}
	v.Action, v.Back, v.Label, v.Title = e.Desk()+"/entries/"+x.Code, e.Desk()+"/entries/"+x.Code, x.Label(), x.Film.MainTitle()
	v.Body, v.Needed, v.Due, v.Errors, v.Asking = form.Body, form.Needed, form.Due, form.Errors, form.Asking
	v.Other = locale.T(ctx, "thread.makers", "The filmmakers")
	f := s.organizerFrame(r, e, locale.T(ctx, "inbox.title", "Messages"), "entries")
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.OrganizerThreadPage(f, v))
}

// actOnThread does something about the entry of the path and comes back to its
// thread; what was typed in form stays when it is refused.
func (s *Site) actOnThread(w http.ResponseWriter, r *http.Request, form pages.Thread, act func(context.Context, pgx.Tx, entry.Entry) error) error {
	e, x, err := s.atEntry(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return e.Desk() + "/entries/" + x.Code + "/messages", act(ctx, tx, x)
	})
	if errs, status, ok := s.refused(r, err); ok {
		form.Errors = errs
		return s.entryThreadPage(w, r, status, e, x, form)
	}
	return err
}

func (s *Site) writeToMakers(w http.ResponseWriter, r *http.Request) error {
	body := text(r, "body")
	return s.actOnThread(w, r, pages.Thread{Body: body}, func(ctx context.Context, tx pgx.Tx, x entry.Entry) error {
		s.flash(w, "thread.sent", "Sent. The answer appears here.")
		return thread.Write(ctx, tx, actor(r).ID, x, thread.Festival, body)
	})
}

func (s *Site) readMakers(w http.ResponseWriter, r *http.Request) error {
	return s.actOnThread(w, r, pages.Thread{}, func(ctx context.Context, tx pgx.Tx, x entry.Entry) error {
		return thread.Read(ctx, tx, x.ID, thread.Festival)
	})
}

func (s *Site) askTask(w http.ResponseWriter, r *http.Request) error {
	form := pages.Thread{Asking: true, Needed: text(r, "body"), Due: text(r, "due")}
	return s.actOnThread(w, r, form, func(ctx context.Context, tx pgx.Tx, x entry.Entry) error {
		due, err := time.Parse(time.DateOnly, locale.ASCII(form.Due))
		if err != nil {
			return problem.Field("due", "task.due-missing", "Give the last day, such as 2026-03-03.")
		}
		s.flash(w, "thread.asked", "The filmmakers have been told.")
		return thread.Ask(ctx, tx, actor(r).ID, x, form.Needed, due)
	})
}

// changeTask confirms what came, or takes back what was asked.
func (s *Site) changeTask(w http.ResponseWriter, r *http.Request) error {
	change := thread.Confirm
	if r.PostForm.Get("act") == "drop" {
		change = thread.Drop
	}
	return s.actOnThread(w, r, pages.Thread{}, func(ctx context.Context, tx pgx.Tx, x entry.Entry) error {
		return change(ctx, tx, actor(r).ID, x, text(r, "task"))
	})
}
