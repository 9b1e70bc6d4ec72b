package site

import (
	"context"
	"net/http"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/award"
	"laurel/internal/deliberation"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) ballotRoutes() []route {
	const list = "/organize/{festival}/{edition}/ballots"
	const one = list + "/{ballot}"
	return []route{
		{"GET", list, organizer, s.listBallots},
		{"GET", list + "/new", organizer, s.newBallot},
		{"POST", list + "/new", organizer, s.createBallot},
		{"GET", one, organizer, s.showBallot},
		{"GET", one + "/settings", organizer, s.showBallotSettings},
		{"POST", one + "/settings", organizer, s.saveBallotSettings},
		{"POST", one + "/removal", organizer, s.removeBallot},
		{"POST", one + "/call", organizer, s.callJury},
		{"POST", one + "/opening", organizer, s.openBallots},
		{"POST", one + "/next", organizer, s.holdNextBallot},
		{"POST", one + "/award", organizer, s.giveAward},
		{"GET", one + "/" + ballotsJSON, organizer, s.countFile(ballotsJSON)},
		{"GET", one + "/" + ballotsCSV, organizer, s.countFile(ballotsCSV)},
		{"GET", one + "/" + recordJSON, organizer, s.countFile(recordJSON)},
	}
}

func ballotURL(e festival.Edition, code string) string { return e.Desk() + "/ballots/" + code }

func (s *Site) listBallots(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	list, err := deliberation.List(ctx, s.db, actor(r).ID, e.ID)
	if err != nil {
		return err
	}
	v := pages.BallotDesk{Desk: e.Desk()}
	open := 0
	for _, d := range list {
		p := d.PhaseAt(s.now())
		line := pages.BallotLine{
			URL: ballotURL(e, d.Code), Name: ballotName(ctx, d),
			Facts: factLine(d.PanelName, locale.N(ctx, "round.n-films", d.Films, "One film", "{{.Count}} films"), ballotWhen(ctx, d, p, e.Location(), e.City, s.now())),
		}
		line.Kind, line.State = ballotState(ctx, p)
		if p == deliberation.Voting || p == deliberation.Closed {
			open++
			line.Small = castWords(ctx, d)
		}
		v.List = append(v.List, line)
	}
	v.Lede = locale.T(ctx, "ballot.lede", "{{.Ballots}}. {{.Sealed}} Who has cast is nobody’s to know; how many is all that shows.",
		"Ballots", locale.N(ctx, "ballot.n", len(list), "One final ballot", "{{.Count}} final ballots"),
		"Sealed", locale.N(ctx, "ballot.n-sealed", open, "One is sealed.", "{{.Count}} are sealed."))
	f := s.organizerFrame(r, e, locale.T(ctx, "rail.ballots", "Ballots"), "ballots")
	return s.page(w, r, http.StatusOK, pages.BallotDeskPage(f, v))
}

func castWords(ctx context.Context, d deliberation.Deliberation) string {
	return locale.T(ctx, "vote.how-many", "{{.Cast}} of {{.Voters}} have cast.", "Cast", locale.Number(ctx, d.Cast), "Voters", locale.Number(ctx, d.Voters))
}

// ballot finds the final ballot of the path; one with a film that the organizer
// must not judge is missing.
func (s *Site) ballot(r *http.Request) (festival.Edition, deliberation.Deliberation, error) {
	e, err := s.edition(r)
	if err != nil {
		return e, deliberation.Deliberation{}, err
	}
	d, err := deliberation.At(r.Context(), s.db, actor(r).ID, e.ID, r.PathValue("ballot"))
	return e, d, err
}

func (s *Site) showBallot(w http.ResponseWriter, r *http.Request) error {
	return s.ballotPage(w, r, http.StatusOK, nil)
}

func (s *Site) ballotPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	e, d, err := s.ballot(r)
	if err != nil {
		return err
	}
	films, err := deliberation.Finalists(r.Context(), s.db, d.ID)
	if err != nil {
		return err
	}
	if d.UnsealedAt != nil {
		return s.openedPage(w, r, status, e, d, films, errs)
	}
	ctx, phase := r.Context(), d.PhaseAt(s.now())
	v := pages.BallotPage{
		Desk: e.Desk(), URL: ballotURL(e, d.Code), Title: ballotName(ctx, d), Lede: s.ballotDeskLede(ctx, e, d, phase),
		Setup: phase == deliberation.Setup, MayOpen: phase == deliberation.Closed || d.Complete() && d.CalledAt != nil,
		Voters: d.Voters, Rules: ballotRules(ctx, d), Errors: errs,
	}
	v.Kind, v.Phase = ballotState(ctx, phase)
	if phase == deliberation.Setup {
		v.Hints = ballotHints(ctx, d)
	}
	if d.ParentCode != "" {
		v.Parent = ballotURL(e, d.ParentCode)
	}
	for _, f := range films {
		x := rankedFilm(ctx, f)
		v.Films = append(v.Films, pages.BallotFinalist{Title: x.Title, Other: x.Other, Language: x.Language, Facts: x.Facts, Still: x.Still})
	}
	return s.page(w, r, status, pages.BallotSealedPage(s.organizerFrame(r, e, v.Title, "ballots"), v))
}

func (s *Site) ballotDeskLede(ctx context.Context, e festival.Edition, d deliberation.Deliberation, p deliberation.Phase) string {
	when := ballotWhen(ctx, d, p, e.Location(), e.City, s.now())
	voters := locale.N(ctx, "ballot.voters", d.Voters, "one juror of {{.Panel}}", "{{.Count}} jurors of {{.Panel}}", "Panel", d.PanelName)
	films := locale.N(ctx, "round.n-films", d.Films, "One film", "{{.Count}} films")
	switch p {
	case deliberation.Setup:
		return locale.T(ctx, "ballot.lede-setup", "{{.Films}}, {{.Voters}}. {{.When}} The jury knows nothing of it yet.", "Films", films, "Voters", voters, "When", when)
	case deliberation.Waiting:
		return locale.T(ctx, "ballot.lede-waiting", "{{.Films}}, {{.Voters}}. {{.When}}", "Films", films, "Voters", voters, "When", when)
	case deliberation.Voting, deliberation.Closed, deliberation.Opened:
	}
	return locale.T(ctx, "ballot.lede-voting", "{{.Films}}, {{.Voters}}. {{.Cast}} {{.When}}", "Films", films, "Voters", voters, "Cast", castWords(ctx, d), "When", when)
}

// ballotHints are what to think of before the jury is called.
func ballotHints(ctx context.Context, d deliberation.Deliberation) []string {
	var hints []string
	switch {
	case d.Voters == 0:
		return []string{locale.T(ctx, "ballot.no-voters-hint", "Nobody on this jury can vote. Seat jurors first.")}
	case d.Voters < 3:
		hints = append(hints, locale.T(ctx, "ballot.few-hint", "With fewer than three ballots each juror could work out the others’. Only the order will be shown, and no count."))
	case d.Voters%2 == 0:
		hints = append(hints, locale.T(ctx, "ballot.even-hint", "An even number of jurors ties often: six in about three ballots of ten, seven in fewer than one. An odd number decides more often."))
	}
	if d.Partial > 0 {
		hints = append(hints, locale.N(ctx, "ballot.partial-hint", d.Partial,
			"One juror is kept apart from a film and votes on the others. Their ballot could be told apart, so single ballots will not be shown unless three are alike in this; the figures will.",
			"{{.Count}} jurors are kept apart from a film and vote on the others. Their ballots could be told apart, so single ballots will not be shown unless three are alike in this; the figures will."))
	}
	if d.Seated > d.Voters {
		hints = append(hints, locale.N(ctx, "ballot.unable-hint", d.Seated-d.Voters, "One juror is kept apart from so many of these films that nothing is left to compare, and has no vote.", "{{.Count}} jurors are kept apart from so many of these films that nothing is left to compare, and have no vote."))
	}
	return hints
}

// onBallot acts on the ballot of the path and comes back to its page; a refusal
// is shown there.
func (s *Site) onBallot(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, tx pgx.Tx, e festival.Edition, d deliberation.Deliberation) (to string, err error)) error {
	e, d, err := s.ballot(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) { return act(ctx, tx, e, d) })
	if errs, status, ok := s.refused(r, err); ok {
		return s.ballotPage(w, r, status, errs)
	}
	return err
}

func (s *Site) callJury(w http.ResponseWriter, r *http.Request) error {
	return s.onBallot(w, r, func(ctx context.Context, tx pgx.Tx, e festival.Edition, d deliberation.Deliberation) (string, error) {
		s.flash(w, "ballot.called", "The jury is called. Films and rules are fixed.")
		return ballotURL(e, d.Code), deliberation.Call(ctx, tx, actor(r).ID, d.ID)
	})
}

func (s *Site) removeBallot(w http.ResponseWriter, r *http.Request) error {
	return s.onBallot(w, r, func(ctx context.Context, tx pgx.Tx, e festival.Edition, d deliberation.Deliberation) (string, error) {
		s.flash(w, "ballot.removed", "The ballot is removed.")
		return e.Desk() + "/ballots", deliberation.Remove(ctx, tx, actor(r).ID, d)
	})
}

func (s *Site) openBallots(w http.ResponseWriter, r *http.Request) error {
	return s.onBallot(w, r, func(ctx context.Context, tx pgx.Tx, e festival.Edition, d deliberation.Deliberation) (string, error) {
		s.flash(w, "vote.now-open", "The ballots are opened.")
		return ballotURL(e, d.Code), deliberation.Open(ctx, tx, actor(r).ID, d.ID, s.version)
	})
}

func (s *Site) holdNextBallot(w http.ResponseWriter, r *http.Request) error {
	return s.onBallot(w, r, func(ctx context.Context, tx pgx.Tx, e festival.Edition, d deliberation.Deliberation) (string, error) {
		s.flash(w, "ballot.next-made", "The next ballot is set up. Say when the vote closes, and call the jury.")
		code, err := deliberation.Follow(ctx, tx, actor(r).ID, d)
		return ballotURL(e, code) + "/settings", err
	})
}

// openedPage is the result before an organizer.
func (s *Site) openedPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, d deliberation.Deliberation, films []deliberation.Finalist, errs components.Errors) error {
	ctx := r.Context()
	record, err := deliberation.ResultOf(ctx, s.db, d.ID)
	if err != nil {
		return err
	}
	in := reading{ctx, d, record, filmsByKey(ctx, films)}
	v := pages.BallotOpened{
		Desk: e.Desk(), URL: ballotURL(e, d.Code), Title: countTitle(ctx, d), Lede: in.lede(e.Location(), e.City), Result: in.view(), Errors: errs,
	}
	v.Result.Files = in.files(v.URL)
	if d.ParentCode != "" {
		v.Parent = ballotURL(e, d.ParentCode)
	}
	if d.FollowCode != "" {
		v.Follow = ballotURL(e, d.FollowCode)
	}
	if d.Publish && e.AwardsAt != nil {
		v.Public = publicBallotURL(e, d.Code)
	}
	fillNext(ctx, &v, d, record)
	if err := s.fillAward(r, &v, e, in, films); err != nil {
		return err
	}
	return s.page(w, r, status, pages.BallotOpenedPage(s.organizerFrame(r, e, v.Title, "ballots"), v))
}

// fillNext offers the ballot that comes next, where one is needed.
func fillNext(ctx context.Context, v *pages.BallotOpened, d deliberation.Deliberation, record deliberation.Record) {
	if d.FollowCode != "" {
		return
	}
	switch record.Outcome {
	case deliberation.Tied:
		v.MayHold = locale.T(ctx, "ballot.second", "Second ballot on the tied films")
		v.HoldText = locale.T(ctx, "ballot.second-text", "The count ends in a tie. By the rules the jury talks, and votes once more on the tied films only.")
	case deliberation.NoQuorum:
		v.MayHold = locale.T(ctx, "ballot.again-do", "Hold it again")
		v.HoldText = locale.T(ctx, "ballot.again-text", "The quorum was not met. The jury can be called again to the same films.")
	case deliberation.Won, deliberation.Shared:
	}
}

// fillAward offers the prize to the winners that can have it.
func (s *Site) fillAward(r *http.Request, v *pages.BallotOpened, e festival.Edition, in reading, films []deliberation.Finalist) error {
	ctx := r.Context()
	if in.d.AwardCode == "" || in.record.Outcome != deliberation.Won && in.record.Outcome != deliberation.Shared {
		return nil
	}
	a, err := award.At(ctx, s.db, actor(r).ID, e.ID, in.d.AwardCode)
	if err != nil {
		return err
	}
	candidates, err := award.Candidates(ctx, s.db, actor(r).ID, e.ID)
	if err != nil {
		return err
	}
	v.GiveTo = a.Name
	for _, f := range films {
		won := slices.Contains(in.record.Winners, f.Key())
		switch {
		case won && a.EntryCode == f.Code:
			v.Give, v.GiveText = nil, locale.T(ctx, "ballot.given", "“{{.Prize}}” is given to {{.Film}}.", "Prize", a.Name, "Film", f.Film.MainTitle())
			return nil
		case !won:
		case slices.ContainsFunc(candidates, func(c award.Candidate) bool { return c.Code == f.Code }):
			v.Give = append(v.Give, components.Option{Value: f.Code, Label: f.Film.MainTitle()})
		default:
			v.GiveText = locale.T(ctx, "ballot.not-selected", "A prize goes to a selected film: decide on {{.Film}} first.", "Film", f.Film.MainTitle())
		}
	}
	if len(in.record.Winners) > 1 {
		v.GiveText = locale.T(ctx, "ballot.shared-prize", "A prize of the edition goes to one film. For films that share it, add it a second time among the awards.")
	}
	return nil
}

// giveAward gives the ballot's prize to one of its winners.
func (s *Site) giveAward(w http.ResponseWriter, r *http.Request) error {
	return s.onBallot(w, r, func(ctx context.Context, tx pgx.Tx, e festival.Edition, d deliberation.Deliberation) (string, error) {
		record, err := deliberation.ResultOf(ctx, tx, d.ID)
		if err != nil {
			return "", err
		}
		films, err := deliberation.Finalists(ctx, tx, d.ID)
		if err != nil {
			return "", err
		}
		code := r.PostForm.Get("winner")
		won := slices.ContainsFunc(films, func(f deliberation.Finalist) bool {
			return f.Code == code && slices.Contains(record.Winners, f.Key())
		})
		if !won || record.Outcome != deliberation.Won && record.Outcome != deliberation.Shared {
			return "", problem.Missing()
		}
		a, err := award.At(ctx, tx, actor(r).ID, e.ID, d.AwardCode)
		if err != nil {
			return "", err
		}
		a.EntryCode = code
		s.flash(w, "prizes.saved", "The prize is saved.")
		return ballotURL(e, d.Code), award.Save(ctx, tx, actor(r).ID, e.ID, a)
	})
}

func (s *Site) countFile(file string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		_, d, err := s.ballot(r)
		if err != nil {
			return err
		}
		record, err := deliberation.ResultOf(r.Context(), s.db, d.ID)
		if err != nil {
			return err
		}
		films, err := deliberation.Finalists(r.Context(), s.db, d.ID)
		if err != nil {
			return err
		}
		return reading{r.Context(), d, record, filmsByKey(r.Context(), films)}.serve(w, file)
	}
}
