package site

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/web/components"
	"laurel/web/pages"
)

// conflictsShown is how many conflicts are listed unless all are asked for.
const conflictsShown = 40

// conflictLines lists what keeps jurors and films apart: what waits for an
// answer first.
func conflictLines(ctx context.Context, r *http.Request, b board) pages.AssignmentConflicts {
	seats := map[account.ID]string{}
	for _, x := range b.seen.Seats {
		seats[x.AccountID] = x.Code
	}
	var v pages.AssignmentConflicts
	for _, f := range b.seen.Found {
		v.Found = append(v.Found, pages.FoundLine{
			Juror: f.AccountName, Film: f.Title, Reason: clueWords(ctx, f.Clues), Pair: f.EntryCode + ":" + seats[f.AccountID],
		})
	}
	for _, c := range b.conflicts {
		line := pages.ConflictLine{Juror: c.AccountName, Film: c.Title, Reason: cmp.Or(c.Note, reasonWords(ctx, c.Reason))}
		if c.Declared {
			line.SeatID, line.EntryID = seats[c.AccountID], c.EntryCode
		}
		v.Kept = append(v.Kept, line)
	}
	for _, d := range b.dismissed {
		v.Dismissed = append(v.Dismissed, pages.FoundLine{
			Juror: d.AccountName, Film: d.Title, Pair: d.EntryCode + ":" + seats[d.AccountID],
			Reason: locale.T(ctx, "assign.dismissed-by", "{{.Who}}, {{.When}}: {{.Evidence}}", "Who", d.ActorName, "When", locale.Date(ctx, d.At), "Evidence", evidenceWords(ctx, d.Evidence)),
		})
	}
	return shortened(r, b, v)
}

func shortened(r *http.Request, b board, v pages.AssignmentConflicts) pages.AssignmentConflicts {
	if r.URL.Query().Get("conflicts") == "all" {
		return v
	}
	all := len(v.Found) + len(v.Kept)
	v.Found = v.Found[:min(len(v.Found), conflictsShown)]
	v.Kept = v.Kept[:min(len(v.Kept), conflictsShown)]
	v.Beyond = all - len(v.Found) - len(v.Kept)
	q := askedAs(b.how)
	q.Set("conflicts", "all")
	v.All = roundURL(b.edition, b.desk.Round) + "/assignment?" + q.Encode() + "#conflicts"
	return v
}

// clueWords says what suggests a conflict.
func clueWords(ctx context.Context, clues []jury.Clue) string {
	words := make([]string, len(clues))
	for i, c := range clues {
		switch c.Evidence {
		case jury.SamePerson:
			words[i] = locale.T(ctx, "clue.person", "In the credits: {{.Name}}", "Name", c.Words)
		case jury.SameCompany:
			words[i] = locale.T(ctx, "clue.company", "Company {{.Name}}", "Name", c.Words)
		case jury.SameSchool:
			words[i] = locale.T(ctx, "clue.school", "School {{.Name}}", "Name", c.Words)
		case jury.SameSurname:
			words[i] = locale.T(ctx, "clue.surname", "Same surname in the crew: {{.Name}}", "Name", c.Words)
		case jury.SameDomain:
			words[i] = locale.T(ctx, "clue.domain", "Same e-mail domain: {{.Name}}", "Name", c.Words)
		}
	}
	return strings.Join(words, "; ")
}

// evidenceWords names kinds of evidence.
func evidenceWords(ctx context.Context, kinds []jury.Evidence) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		switch kind {
		case jury.SamePerson:
			words[i] = locale.T(ctx, "evidence.person", "same name in the credits")
		case jury.SameCompany:
			words[i] = locale.T(ctx, "evidence.company", "shared company")
		case jury.SameSchool:
			words[i] = locale.T(ctx, "evidence.school", "shared school")
		case jury.SameSurname:
			words[i] = locale.T(ctx, "evidence.surname", "same surname in the crew")
		case jury.SameDomain:
			words[i] = locale.T(ctx, "evidence.domain", "same e-mail domain")
		}
	}
	return locale.List(ctx, words)
}

// choices are the jurors and films of the forms.
func choices(b board) (jurors, films []components.Option) {
	for _, x := range b.seen.Seats {
		jurors = append(jurors, components.Option{Value: x.Code, Label: x.Name})
	}
	for _, f := range b.seen.Films {
		films = append(films, components.Option{Value: f.Code, Label: f.Title})
	}
	return jurors, films
}

func (s *Site) saveConflict(w http.ResponseWriter, r *http.Request) error {
	reason := jury.Reason(r.PostForm.Get("reason"))
	if !slices.Contains(jury.Reasons, reason) {
		reason = jury.Other
	}
	return s.onPair(w, r, r.PostForm.Get("film"), r.PostForm.Get("juror"), "#conflicts", func(ctx context.Context, tx pgx.Tx, b board, p jury.Pair) error {
		s.flash(w, "assign.declared", "They are kept apart from now on.")
		return jury.Declare(ctx, tx, actor(r).ID, b.edition.ID, p.Juror, p.Entry, reason, text(r, "note"))
	})
}

func (s *Site) withdrawConflict(w http.ResponseWriter, r *http.Request) error {
	return s.onPair(w, r, r.PostForm.Get("film"), r.PostForm.Get("juror"), "#conflicts", func(ctx context.Context, tx pgx.Tx, b board, p jury.Pair) error {
		s.flash(w, "assign.withdrawn", "The conflict is taken back.")
		return jury.Withdraw(ctx, tx, actor(r).ID, b.edition.ID, p.Juror, p.Entry)
	})
}

// answerConflict answers what was found: keep them apart with the evidence as
// the reason, no conflict, or ask again.
func (s *Site) answerConflict(w http.ResponseWriter, r *http.Request) error {
	what, film, seat := acted(r.PostForm.Get("answer"))
	return s.onPair(w, r, film, seat, "#conflicts", func(ctx context.Context, tx pgx.Tx, b board, p jury.Pair) error {
		switch what {
		case "apart":
			s.flash(w, "assign.declared", "They are kept apart from now on.")
			return jury.Confirm(ctx, tx, actor(r).ID, b.desk.Round, p, func(clues []jury.Clue) string { return clueWords(ctx, clues) })
		case "again":
			s.flash(w, "assign.reconsidered", "What was found asks again.")
			return jury.Reconsider(ctx, tx, actor(r).ID, b.edition.ID, p)
		}
		s.flash(w, "assign.dismissed-done", "No conflict. They can be given to each other from now on.")
		return jury.Dismiss(ctx, tx, actor(r).ID, b.desk.Round, p)
	})
}
