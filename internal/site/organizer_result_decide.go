package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"

	decisions "laurel/internal/decision"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/internal/result"
)

// saveDecisions decides on one film, or on all films of the board.
func (s *Site) saveDecisions(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	act, code := r.PostForm.Get("act"), ""
	for _, name := range []string{"select", "decline", "clear", "message-for"} {
		if c := r.PostForm.Get(name); c != "" {
			act, code = name, c
		}
	}
	back := roundURL(e, x) + "/results"
	if from := r.PostForm.Get("from"); from != "" && from != "0" {
		back += "?from=" + url.QueryEscape(from)
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if act == "first" {
			return back, s.selectFirst(ctx, tx, w, r, e, x)
		}
		return back + "#f-" + code, decide(ctx, tx, r, e, act, code)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.resultsPage(w, r, status, errs)
	}
	return err
}

func decide(ctx context.Context, tx pgx.Tx, r *http.Request, e festival.Edition, act, code string) error {
	by := actor(r).ID
	switch act {
	case "select":
		return decisions.Set(ctx, tx, by, e.ID, code, decisions.Selected, "")
	case "decline":
		return decisions.Set(ctx, tx, by, e.ID, code, decisions.NotSelected, "")
	case "clear":
		return decisions.Clear(ctx, tx, by, e.ID, code)
	case "message-for":
		outcome := decisions.NotSelected
		if r.PostForm.Get("outcome") == string(decisions.Selected) {
			outcome = decisions.Selected
		}
		return decisions.Set(ctx, tx, by, e.ID, code, outcome, text(r, "message"))
	}
	return problem.Missing()
}

// selectFirst selects the films with the highest ranks of the list that counts
// and turns the others down, in one act. Films without a score are left
// undecided. It goes by the stored result, so one must have been read, and
// nothing may have changed since.
func (s *Site) selectFirst(ctx context.Context, tx pgx.Tx, w http.ResponseWriter, r *http.Request, e festival.Edition, x jury.Round) error {
	n, err := strconv.Atoi(locale.ASCII(text(r, "first")))
	if err != nil || n < 0 {
		return problem.Field("first", "form.number", "Write a whole number in figures.")
	}
	b, err := boardToDecide(ctx, tx, r, x)
	if err != nil {
		return err
	}
	if n > len(b.Rows) {
		return problem.Field("first", "results.first-many", "Write a number up to {{.Films}}: the list has no more films.", "Films", len(b.Rows))
	}
	above := b.Above(n)
	var selected, rest []entry.ID
	for i, row := range b.Rows {
		switch {
		case i < above:
			selected = append(selected, row.EntryID)
		case row.Rank > 0 && row.Rank > n:
			rest = append(rest, row.EntryID)
		}
	}
	if _, err := decisions.SetMany(ctx, tx, actor(r).ID, e.ID, selected, rest); err != nil {
		return err
	}
	if above < n && above < len(b.Rows) {
		s.flash(w, "results.decided-tied", "Decided, but for films that are tied across the line or have no score. Nobody is told before you release the decisions.")
	} else {
		s.flash(w, "results.decided", "Decided. Nobody is told before you release the decisions.")
	}
	return nil
}

// boardToDecide is the stored result that decisions on all films go by.
func boardToDecide(ctx context.Context, tx pgx.Tx, r *http.Request, x jury.Round) (report.Board, error) {
	in, err := result.Read(ctx, tx, actor(r).ID, x)
	if err != nil {
		return report.Board{}, err
	}
	stored, err := result.Shown(ctx, tx, in)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && len(stored.Body.Inputs.Changes(in)) > 0 {
		return report.Board{}, problem.New(problem.Conflict, "results.outdated",
			"Something has changed since these numbers were computed. Compute them again, then decide on all at once.")
	}
	if err != nil {
		return report.Board{}, err
	}
	b, err := report.Results(ctx, tx, actor(r).ID, x, stored)
	if err == nil && stored.Body.Parts > 1 && x.Binding == jury.Calibrated {
		err = problem.New(problem.Denied, "results.parts-apart", "These films fall into groups that no juror links, so one list cannot decide. Decide film by film.")
	}
	return b, err
}
