package site

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/web/components"
	"laurel/web/pages"
)

// judgingRoutes are the organizers' pages about juries, rounds, results,
// decisions and awards.
func (s *Site) judgingRoutes() []route {
	const edition = "/organize/{festival}/{edition}"
	const panel, round, award = edition + "/juries/{panel}", edition + "/rounds/{round}", edition + "/awards/{award}"
	return []route{
		{"GET", edition + "/juries", organizer, s.listJuries},
		{"POST", edition + "/juries", organizer, s.createPanel},
		{"GET", panel, organizer, s.showPanel},
		{"POST", panel, organizer, s.renamePanel},
		{"POST", panel + "/invitations", organizer, s.inviteJuror},
		{"POST", panel + "/invitations/withdrawal", organizer, s.withdrawJurorInvitation},
		{"POST", panel + "/president", organizer, s.savePresident},
		{"POST", panel + "/removal", organizer, s.removeJuror},
		{"GET", edition + "/rounds/new", organizer, s.newRound},
		{"POST", edition + "/rounds/new", organizer, s.createRound},
		{"GET", round, organizer, s.showRound},
		{"GET", round + "/settings", organizer, s.showRoundSettings},
		{"POST", round + "/settings", organizer, s.saveRoundSettings},
		{"POST", round + "/opening", organizer, s.openRound},
		{"POST", round + "/closing", organizer, s.closeRound},
		{"GET", round + "/assignment", organizer, s.showAssignment},
		{"POST", round + "/assignment", organizer, s.applyAssignment},
		{"POST", round + "/assignment/undo", organizer, s.undoAssignment},
		{"POST", round + "/loads", organizer, s.saveLoad},
		{"POST", round + "/viewing", organizer, s.saveViewing},
		{"POST", round + "/conflicts", organizer, s.saveConflict},
		{"POST", round + "/conflicts/answer", organizer, s.answerConflict},
		{"POST", round + "/conflicts/withdrawal", organizer, s.withdrawConflict},
		{"GET", round + "/results", organizer, s.showResults},
		{"POST", round + "/results", organizer, s.computeAgain},
		{"GET", round + "/results.csv", organizer, s.exportResults},
		{"POST", round + "/extension", organizer, s.saveExtension},
		{"POST", round + "/decisions", organizer, s.saveDecisions},
		{"GET", edition + "/results", organizer, s.listResults},
		{"GET", edition + "/line-up", organizer, s.showRelease},
		{"POST", edition + "/line-up/release", organizer, s.releaseDecisions},
		{"POST", edition + "/line-up/publication", organizer, s.publishLineup},
		{"GET", edition + "/awards", organizer, s.listAwards},
		{"POST", edition + "/awards", organizer, s.createAward},
		{"POST", edition + "/awards/publication", organizer, s.publishAwards},
		{"GET", award, organizer, s.showAward},
		{"POST", award, organizer, s.saveAward},
		{"POST", award + "/removal", organizer, s.removeAward},
		{"POST", award + "/place", organizer, s.moveAward},
	}
}

func (s *Site) listJuries(w http.ResponseWriter, r *http.Request) error {
	return s.juriesPage(w, r, http.StatusOK, nil)
}

func (s *Site) juriesPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	panels, err := jury.Panels(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	v := pages.Juries{Desk: e.Desk(), Name: text(r, "name"), Errors: errs}
	for _, p := range panels {
		v.Panels = append(v.Panels, pages.JuryLine{URL: e.Desk() + "/juries/" + p.Code, Name: p.Name, Facts: panelFacts(ctx, p)})
	}
	if v.Rounds, err = s.roundLines(r, e, nil); err != nil {
		return err
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "rail.juries", "Juries"), "juries")
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.JuriesPage(f, v))
}

func panelFacts(ctx context.Context, p jury.Panel) string {
	facts := []string{locale.N(ctx, "panel.seats", p.Seats, "one juror", "{{.Count}} jurors")}
	if p.Invited > 0 {
		facts = append(facts, locale.N(ctx, "panel.invited", p.Invited, "one invited", "{{.Count}} invited"))
	}
	return factLine(append(facts, locale.N(ctx, "panel.rounds", p.Rounds, "one round", "{{.Count}} rounds"))...)
}

// roundLines lists the edition's rounds, or those that keep says, with progress.
func (s *Site) roundLines(r *http.Request, e festival.Edition, keep func(jury.Round) bool) ([]pages.RoundLine, error) {
	ctx := r.Context()
	rounds, err := jury.Rounds(ctx, s.db, e.ID)
	if err != nil {
		return nil, err
	}
	counts, err := report.RoundCounts(ctx, s.db, actor(r).ID, e.ID)
	if err != nil {
		return nil, err
	}
	var lines []pages.RoundLine
	for _, x := range rounds {
		if keep != nil && !keep(x) {
			continue
		}
		line := pages.RoundLine{
			URL: e.Desk() + "/rounds/" + x.Code, Name: x.Name, Category: x.CategoryName, Panel: x.PanelName,
			Done: counts[x.ID].Done, Given: counts[x.ID].Given,
		}
		line.Kind, line.Phase, line.When = phaseOfRound(ctx, x, e, s.now())
		if x.PhaseAt(s.now()) == jury.Closed {
			line.Results = line.URL + "/results"
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// phaseOfRound says where a round stands and what happens next.
func phaseOfRound(ctx context.Context, x jury.Round, e festival.Edition, now time.Time) (kind, phase, when string) {
	at := func(t time.Time) string { return locale.DateTime(ctx, t, e.Location(), e.City) }
	switch x.PhaseAt(now) {
	case jury.Setup:
		return "", locale.T(ctx, "round.setup", "Being set up"), locale.T(ctx, "round.planned", "Planned from {{.From}}", "From", at(x.OpensAt))
	case jury.Waiting:
		return "warn", locale.T(ctx, "round.waiting", "Opens by itself"), locale.T(ctx, "round.opens", "Opens {{.When}}", "When", at(x.OpensAt))
	case jury.Open:
		return "on", locale.T(ctx, "round.open", "Open"), locale.T(ctx, "round.closes", "Closes {{.When}}, {{.Left}}", "When", at(x.ClosesAt), "Left", locale.TimeLeft(ctx, x.ClosesAt.Sub(now)))
	case jury.Closed:
		return "", locale.T(ctx, "round.closed", "Closed"), locale.T(ctx, "round.closed-when", "Closed {{.When}}", "When", at(x.EndedAt()))
	}
	return "", "", ""
}

func (s *Site) createPanel(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		p, err := jury.CreatePanel(ctx, tx, actor(r).ID, e.ID, text(r, "name"))
		return e.Desk() + "/juries/" + p.Code, err
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.juriesPage(w, r, status, errs)
	}
	return err
}

// panel finds the panel of the path in its edition.
func (s *Site) panel(r *http.Request) (festival.Edition, jury.Panel, error) {
	e, err := s.edition(r)
	if err != nil {
		return e, jury.Panel{}, err
	}
	p, err := jury.PanelAt(r.Context(), s.db, e.ID, r.PathValue("panel"))
	return e, p, err
}

func (s *Site) showPanel(w http.ResponseWriter, r *http.Request) error {
	return s.panelPage(w, r, http.StatusOK, nil)
}

func (s *Site) panelPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	e, p, err := s.panel(r)
	if err != nil {
		return err
	}
	seats, err := jury.SeatsFor(ctx, s.db, actor(r).ID, p.ID)
	if err != nil {
		return err
	}
	invitations, err := account.Invitations(ctx, s.db, int64(e.FestivalID), new(int64(p.ID)))
	if err != nil {
		return err
	}
	v := pages.PanelDesk{Desk: e.Desk(), URL: e.Desk() + "/juries/" + p.Code, Title: p.Name, Name: text(r, "name"), Email: text(r, "email"), Errors: errs}
	for _, x := range seats {
		v.Seats = append(v.Seats, pages.PanelSeat{Code: x.Code, Name: x.Name, Email: x.Email, President: x.President, Done: x.Done, Films: x.Films})
	}
	for _, i := range invitations {
		if state := i.State(s.now()); state != "accepted" {
			v.Invitations = append(v.Invitations, pages.TeamInvitation{Code: i.Code, Name: i.Name, Email: i.Email, State: state, When: locale.Date(ctx, i.CreatedAt)})
		}
	}
	if v.Rounds, err = s.roundLines(r, e, func(x jury.Round) bool { return x.PanelID == p.ID }); err != nil {
		return err
	}
	f := s.organizerFrame(r, e, p.Name, "juries")
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.PanelPage(f, v))
}

// onPanel acts on the panel of the path and comes back to its page; a refusal is
// shown there.
func (s *Site) onPanel(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, tx pgx.Tx, e festival.Edition, p jury.Panel) error) error {
	e, p, err := s.panel(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return e.Desk() + "/juries/" + p.Code, act(ctx, tx, e, p)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.panelPage(w, r, status, errs)
	}
	return err
}

func (s *Site) renamePanel(w http.ResponseWriter, r *http.Request) error {
	return s.onPanel(w, r, func(ctx context.Context, tx pgx.Tx, _ festival.Edition, p jury.Panel) error {
		s.flash(w, "panel.renamed", "The name is saved.")
		err := jury.RenamePanel(ctx, tx, actor(r).ID, p, text(r, "title"))
		if why := problem.Of(err); why != nil && why.Kind != problem.Internal {
			return problem.Field("title", why.Say.Key, why.Say.English, why.Say.Args...) // the field of this form
		}
		return err
	})
}

func (s *Site) inviteJuror(w http.ResponseWriter, r *http.Request) error {
	return s.onPanel(w, r, func(ctx context.Context, tx pgx.Tx, e festival.Edition, p jury.Panel) error {
		s.flash(w, "team.invited", "The invitation is on its way.")
		return account.Invite(ctx, tx, account.Invitation{
			Email: text(r, "email"), Name: text(r, "name"), Role: account.AsJuror,
			FestivalID: int64(e.FestivalID), PanelID: new(int64(p.ID)), By: actor(r).ID,
		})
	})
}

func (s *Site) withdrawJurorInvitation(w http.ResponseWriter, r *http.Request) error {
	return s.onPanel(w, r, func(ctx context.Context, tx pgx.Tx, e festival.Edition, _ jury.Panel) error {
		s.flash(w, "panel.invitation-withdrawn", "The invitation is withdrawn. Its link no longer works.")
		return account.Revoke(ctx, tx, actor(r).ID, int64(e.FestivalID), r.PostForm.Get("invitation"))
	})
}

func (s *Site) savePresident(w http.ResponseWriter, r *http.Request) error {
	return s.onPanel(w, r, func(ctx context.Context, tx pgx.Tx, _ festival.Edition, p jury.Panel) error {
		return jury.Preside(ctx, tx, actor(r).ID, p, r.PostForm.Get("seat"))
	})
}

func (s *Site) removeJuror(w http.ResponseWriter, r *http.Request) error {
	return s.onPanel(w, r, func(ctx context.Context, tx pgx.Tx, _ festival.Edition, p jury.Panel) error {
		s.flash(w, "panel.removed", "The juror has left the jury. Films that were not begun can be given to others.")
		return jury.Leave(ctx, tx, actor(r).ID, p, r.PostForm.Get("seat"))
	})
}
