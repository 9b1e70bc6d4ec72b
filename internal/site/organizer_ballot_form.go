package site

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/award"
	"laurel/internal/deliberation"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/tally/ballot"
	"laurel/web/components"
	"laurel/web/pages"
)

// Where the films of a ballot come from; a round's is its code after "round:".
const (
	fromSelected = "selected"
	fromAll      = "all"
	fromRound    = "round:"
	fromSaved    = "saved" // as they stand in a ballot that is being changed
)

func (s *Site) newBallot(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	now := s.now()
	v := pages.BallotForm{
		New: true, Quorum: "50", Unit: string(deliberation.Percent), Again: true, TieRule: string(deliberation.President),
		Method: string(ballot.MethodSchulze), Strength: string(ballot.WinningVotes), Publish: true,
		OpensAt: forInput(now.Truncate(time.Hour).Add(time.Hour), e.Location()), ClosesAt: forInput(now.Truncate(time.Hour).Add(49*time.Hour), e.Location()),
	}
	return s.ballotFormPage(w, r, http.StatusOK, e, deliberation.Deliberation{}, v)
}

func (s *Site) showBallotSettings(w http.ResponseWriter, r *http.Request) error {
	e, d, err := s.ballot(r)
	if err != nil {
		return err
	}
	if d.CalledAt != nil {
		return to(w, r, ballotURL(e, d.Code))
	}
	v := pages.BallotForm{
		Name: d.Name, Award: d.AwardCode, Blind: d.Blind, Publish: d.Publish, Method: string(d.Method), Strength: string(d.Strength),
		Quorum: strconv.Itoa(d.Quorum), Unit: string(d.Unit), Again: d.Again, TieRule: string(d.TieRule),
		OpensAt: forInput(d.OpensAt, e.Location()), ClosesAt: forInput(d.ClosesAt, e.Location()),
	}
	if d.Name == d.AwardName {
		v.Name = ""
	}
	return s.ballotFormPage(w, r, http.StatusOK, e, d, v)
}

// ballotFormPage fills the lists of the form: what the address asks for, or what
// was typed.
func (s *Site) ballotFormPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, d deliberation.Deliberation, v pages.BallotForm) error {
	ctx := r.Context()
	v.Desk, v.Action, v.Repeats = e.Desk(), r.URL.Path, d.ParentCode != ""
	if d.Second {
		v.Fixed = ballotRules(ctx, d)
	}
	v.Title = locale.T(ctx, "ballot.new", "Set up a final ballot")
	if d.Code != "" {
		v.Title = ballotName(ctx, d)
	}
	v.Zone = locale.T(ctx, "ballot.zone", "On the clock of {{.City}}", "City", e.City)
	v.FieldOrder = []string{"film", "award", "name", "opens_at", "closes_at", "quorum", "tie_rule"}
	v.From, v.First = asked(r, "from"), asked(r, "first")
	if v.First == "" {
		v.First = "6"
	}
	ballotOptions(ctx, &v)
	panel, err := s.fillPanels(r, e, d, &v)
	if err != nil {
		return err
	}
	if err := s.fillAwards(r, e, &v); err != nil {
		return err
	}
	if err := s.fillFilms(r, e, d, panel, &v); err != nil {
		return err
	}
	f := s.organizerFrame(r, e, v.Title, "ballots")
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.BallotFormPage(f, v))
}

// asked is a field of the sent form, or of the address.
func asked(r *http.Request, name string) string {
	if r.Method == http.MethodPost {
		return text(r, name)
	}
	return strings.TrimSpace(r.URL.Query().Get(name))
}

func ballotOptions(ctx context.Context, v *pages.BallotForm) {
	for _, m := range deliberation.Methods {
		v.Methods = append(v.Methods, components.Option{Value: string(m), Label: methodName(ctx, m)})
	}
	for _, x := range deliberation.Strengths {
		v.Strengths = append(v.Strengths, components.Option{Value: string(x), Label: strengthName(ctx, x)})
	}
	v.Units = []components.Option{
		{Value: string(deliberation.Percent), Label: locale.T(ctx, "ballot.unit-percent", "Per cent of the jurors who may vote")},
		{Value: string(deliberation.Ballots), Label: locale.T(ctx, "ballot.unit-ballots", "Ballots")},
	}
	for _, t := range deliberation.TieRules {
		o := components.Option{Value: string(t), Label: tieRuleName(ctx, t)}
		switch t {
		case deliberation.President:
			o.Hint = locale.T(ctx, "tie.president-hint", "The president’s order of the tied films is then shown. If the president has not cast, or is recused from one of them, a lot decides.")
		case deliberation.Calibrated:
			o.Hint = locale.T(ctx, "tie.calibrated-hint", "For films that come from a round’s result.")
		case deliberation.Lot:
			o.Hint = locale.T(ctx, "tie.lot-hint", "From a seed whose fingerprint every juror sees before voting. It also stands behind the other rules, except for sharing.")
		case deliberation.ExAequo:
		}
		v.TieRules = append(v.TieRules, o)
	}
}

// fillPanels lists the edition's juries and gives the one that votes.
func (s *Site) fillPanels(r *http.Request, e festival.Edition, d deliberation.Deliberation, v *pages.BallotForm) (jury.Panel, error) {
	ctx := r.Context()
	panels, err := jury.Panels(ctx, s.db, e.ID)
	if err != nil || len(panels) == 0 {
		v.NoFilms = locale.T(ctx, "ballot.no-panel", "There is no jury yet. Set one up first.")
		return jury.Panel{}, err
	}
	chosen := panels[0]
	want := asked(r, "panel")
	if want == "" {
		want = d.PanelCode
	}
	for _, p := range panels {
		v.Panels = append(v.Panels, components.Option{Value: p.Code, Label: p.Name})
		if p.Code == want {
			chosen = p
		}
	}
	v.Panel = chosen.Code
	v.Jury = locale.N(ctx, "ballot.jury-seats", chosen.Seats, "{{.Panel}}: one juror. An odd number of jurors, from three, decides best.",
		"{{.Panel}}: {{.Count}} jurors. An odd number of jurors, from three, decides best.", "Panel", chosen.Name)
	return chosen, nil
}

func (s *Site) fillAwards(r *http.Request, e festival.Edition, v *pages.BallotForm) error {
	awards, err := award.List(r.Context(), s.db, actor(r).ID, e.ID)
	if err != nil {
		return err
	}
	v.Awards = []components.Option{{Label: locale.T(r.Context(), "ballot.no-award", "No prize: it has a name of its own")}}
	for _, a := range awards {
		v.Awards = append(v.Awards, components.Option{Value: a.Code, Label: factLine(a.Name, a.CategoryName)})
	}
	return nil
}

// fillFilms lists the films to choose from, and ticks those that the source or
// the sent form means.
func (s *Site) fillFilms(r *http.Request, e festival.Edition, d deliberation.Deliberation, panel jury.Panel, v *pages.BallotForm) error {
	ctx := r.Context()
	all, err := deliberation.Candidates(ctx, s.db, actor(r).ID, panel.ID)
	if err != nil {
		return err
	}
	saved, err := s.savedFilms(ctx, d)
	if err != nil {
		return err
	}
	rounds, err := jury.Rounds(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	ballotSources(ctx, v, all, saved, rounds, panel, s.now())
	listed, err := s.sourceFilms(r, v, all, saved, rounds)
	if err != nil {
		return err
	}
	sent := r.Method == http.MethodPost
	for _, c := range listed {
		v.Films = append(v.Films, pages.BallotChoice{
			Code: c.Code, Title: c.Title, Facts: factLine(locale.List(ctx, c.Directors), c.CategoryName),
			Checked: !sent && v.From != fromAll || sent && slices.Contains(r.PostForm["film"], c.Code) || v.Repeats,
		})
	}
	if len(v.Films) == 0 && v.NoFilms == "" {
		v.NoFilms = locale.T(ctx, "ballot.no-films", "No film is under consideration here.")
	}
	return nil
}

func (s *Site) savedFilms(ctx context.Context, d deliberation.Deliberation) ([]string, error) {
	if d.Code == "" {
		return nil, nil
	}
	films, err := deliberation.Finalists(ctx, s.db, d.ID)
	codes := make([]string, len(films))
	for i, f := range films {
		codes[i] = f.Code
	}
	return codes, err
}

// ballotSources lists where films can come from and settles on one.
func ballotSources(ctx context.Context, v *pages.BallotForm, all []deliberation.Candidate, saved []string, rounds []jury.Round, panel jury.Panel, now time.Time) {
	add := func(value, label string) {
		v.Sources = append(v.Sources, components.Option{Value: value, Label: label})
	}
	if len(saved) > 0 {
		add(fromSaved, locale.T(ctx, "ballot.from-saved", "As they are saved"))
	}
	if slices.ContainsFunc(all, func(c deliberation.Candidate) bool { return c.Selected }) {
		add(fromSelected, locale.T(ctx, "ballot.from-selected", "All that were selected"))
	}
	for _, x := range rounds {
		if x.PhaseAt(now) == jury.Closed && (x.PanelID == panel.ID || panel.Rounds == 0) {
			add(fromRound+x.Code, locale.T(ctx, "ballot.from-round", "The first of {{.Category}}, {{.Round}}", "Category", x.CategoryName, "Round", x.Name))
		}
	}
	add(fromAll, locale.T(ctx, "ballot.from-all", "Choose from all under consideration"))
	if !slices.ContainsFunc(v.Sources, func(o components.Option) bool { return o.Value == v.From }) {
		v.From = v.Sources[0].Value
	}
}

// sourceFilms are the films of the source, in its order.
func (s *Site) sourceFilms(r *http.Request, v *pages.BallotForm, all []deliberation.Candidate, saved []string, rounds []jury.Round) ([]deliberation.Candidate, error) {
	among := func(keep func(deliberation.Candidate) bool) []deliberation.Candidate {
		return slices.DeleteFunc(slices.Clone(all), func(c deliberation.Candidate) bool { return !keep(c) })
	}
	code, isRound := strings.CutPrefix(v.From, fromRound)
	switch {
	case v.From == fromSaved:
		return among(func(c deliberation.Candidate) bool { return slices.Contains(saved, c.Code) }), nil
	case v.From == fromSelected:
		return among(func(c deliberation.Candidate) bool { return c.Selected }), nil
	case !isRound:
		return all, nil
	}
	i := slices.IndexFunc(rounds, func(x jury.Round) bool { return x.Code == code })
	ranked, err := s.ranked(r, rounds[i])
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(locale.ASCII(v.First))
	if err != nil || n < 2 {
		n = 6
	}
	var list []deliberation.Candidate
	for _, id := range ranked[:min(n, len(ranked))] {
		if i := slices.IndexFunc(all, func(c deliberation.Candidate) bool { return c.EntryID == id }); i >= 0 {
			list = append(list, all[i])
		}
	}
	return list, nil
}

// ranked is the films of a closed round by their rank in the list that counts.
func (s *Site) ranked(r *http.Request, x jury.Round) ([]entry.ID, error) {
	b, err := s.resultBoard(r, x)
	if err != nil {
		return nil, err
	}
	var ids []entry.ID
	for _, row := range b.Rows {
		if row.Rank > 0 && !row.Gone {
			ids = append(ids, row.EntryID)
		}
	}
	return ids, nil
}

// readBallot reads the form of a ballot.
func (s *Site) readBallot(r *http.Request, e festival.Edition, d deliberation.Deliberation) (deliberation.Plan, pages.BallotForm, error) {
	in := newReader(r)
	if d.Second { // the form does not ask, and what is sent all the same is not heard
		v := pages.BallotForm{Name: text(r, "name"), OpensAt: text(r, "opens_at"), ClosesAt: text(r, "closes_at")}
		p := deliberation.Plan{Name: v.Name, OpensAt: in.instant("opens_at", e.Location()), ClosesAt: in.instant("closes_at", e.Location())}
		v.Errors = in.errors
		return p, v, nil
	}
	p := deliberation.Plan{
		Name: text(r, "name"), Award: text(r, "award"), Films: r.PostForm["film"], Blind: r.PostForm.Has("blind"), Publish: r.PostForm.Has("publish"),
		Method: known(deliberation.Methods, ballot.Method(text(r, "method"))), Strength: known(deliberation.Strengths, ballot.Strength(text(r, "strength"))),
		Quorum: in.number("quorum"), Unit: known([]deliberation.Unit{deliberation.Percent, deliberation.Ballots}, deliberation.Unit(text(r, "unit"))),
		Again: r.PostForm.Get("again") != "", TieRule: known(deliberation.TieRules, deliberation.TieRule(text(r, "tie_rule"))),
		OpensAt: in.instant("opens_at", e.Location()), ClosesAt: in.instant("closes_at", e.Location()),
	}
	if d.ParentCode != "" {
		codes, err := s.savedFilms(r.Context(), d)
		if err != nil {
			return p, pages.BallotForm{}, err
		}
		p.Films, p.Again = codes, d.Again
	}
	if p.TieRule == deliberation.Calibrated {
		var err error
		if p.Scores, err = s.ballotScores(r, e, d); err != nil {
			return p, pages.BallotForm{}, err
		}
	}
	v := pages.BallotForm{
		New: d.Code == "", Name: p.Name, Award: p.Award, Blind: p.Blind, Publish: p.Publish, Method: string(p.Method), Strength: string(p.Strength),
		Quorum: text(r, "quorum"), Unit: string(p.Unit), Again: p.Again, TieRule: string(p.TieRule),
		OpensAt: text(r, "opens_at"), ClosesAt: text(r, "closes_at"), Errors: in.errors,
	}
	panel, err := jury.PanelAt(r.Context(), s.db, e.ID, text(r, "panel"))
	p.Panel = panel.ID
	return p, v, err
}

// ballotScores are the calibrated scores of films by their codes: as they are
// saved, and those of the round that the films come from.
func (s *Site) ballotScores(r *http.Request, e festival.Edition, d deliberation.Deliberation) (map[string]float64, error) {
	scores := map[string]float64{}
	if d.Code != "" {
		films, err := deliberation.Finalists(r.Context(), s.db, d.ID)
		if err != nil {
			return nil, err
		}
		for _, f := range films {
			if f.Calibrated != nil {
				scores[f.Code] = *f.Calibrated
			}
		}
	}
	code, isRound := strings.CutPrefix(text(r, "from"), fromRound)
	if !isRound {
		return scores, nil
	}
	x, err := jury.RoundAt(r.Context(), s.db, e.ID, code)
	if err != nil {
		return nil, err
	}
	b, err := s.resultBoard(r, x)
	for _, row := range b.Rows {
		if row.Rank > 0 {
			scores[row.Code] = row.Out.Calibrated
		}
	}
	return scores, err
}

// known is a value if it is one of the list, else the list's first.
func known[T comparable](list []T, value T) T {
	if slices.Contains(list, value) {
		return value
	}
	return list[0]
}

func (s *Site) createBallot(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.takeBallot(w, r, e, deliberation.Deliberation{}, func(ctx context.Context, tx pgx.Tx, p deliberation.Plan) (string, error) {
		return deliberation.Create(ctx, tx, actor(r).ID, e.ID, p)
	})
}

func (s *Site) saveBallotSettings(w http.ResponseWriter, r *http.Request) error {
	e, d, err := s.ballot(r)
	if err != nil {
		return err
	}
	return s.takeBallot(w, r, e, d, func(ctx context.Context, tx pgx.Tx, p deliberation.Plan) (string, error) {
		return d.Code, deliberation.Save(ctx, tx, actor(r).ID, d, p)
	})
}

// takeBallot reads the form, saves it, and shows it again with what is wrong.
func (s *Site) takeBallot(w http.ResponseWriter, r *http.Request, e festival.Edition, d deliberation.Deliberation, save func(ctx context.Context, tx pgx.Tx, p deliberation.Plan) (code string, err error)) error {
	p, v, err := s.readBallot(r, e, d)
	if err != nil {
		return err
	}
	if !v.Errors.Any() {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "ballot.saved", "The ballot is saved.")
			code, err := save(ctx, tx, p)
			return ballotURL(e, code), err
		})
		errs, _, ok := s.refused(r, err)
		if !ok {
			return err
		}
		v.Errors = errs
	}
	if problem.Of(err) != nil && problem.Of(err).Kind == problem.Denied {
		return err
	}
	return s.ballotFormPage(w, r, http.StatusUnprocessableEntity, e, d, v)
}
