package site

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/deliberation"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) jurorBallotRoutes() []route {
	const one = "/jury/ballots/{ballot}"
	return []route{
		{"GET", "/jury/ballots", juror, s.listJurorBallots},
		{"GET", one, juror, s.showJurorBallot},
		{"POST", one, juror, s.pressBallot},
		{"POST", one + "/recusal", juror, s.recuseFromBallot},
		{"POST", one + "/opening", juror, s.openAsPresident},
		{"GET", one + "/films/{entry}", juror, s.showFinalist},
		{"GET", one + "/result", juror, s.showJurorCount},
		{"GET", one + "/result/" + ballotsJSON, juror, s.jurorCountFile(ballotsJSON)},
		{"GET", one + "/result/" + ballotsCSV, juror, s.jurorCountFile(ballotsCSV)},
		{"GET", one + "/result/" + recordJSON, juror, s.jurorCountFile(recordJSON)},
	}
}

func jurorBallotURL(code string) string { return "/jury/ballots/" + code }

func (s *Site) listJurorBallots(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	papers, err := deliberation.Papers(ctx, s.db, actor(r).ID)
	if err != nil {
		return err
	}
	if len(papers) == 1 {
		return to(w, r, jurorBallotURL(papers[0].Code))
	}
	var v pages.JurorBallots
	for _, p := range papers {
		line := pages.JurorBallotLine{
			URL: jurorBallotURL(p.Code), Name: ballotName(ctx, p.Deliberation),
			Facts: factLine(p.FestivalName, p.EditionName, p.PanelName, ballotWhen(ctx, p.Deliberation, p.Phase, zoneOf(p.Zone), p.City, s.now())),
		}
		line.Kind, line.State = ballotState(ctx, p.Phase)
		v.List = append(v.List, line)
	}
	return s.page(w, r, http.StatusOK, pages.JurorBallotsPage(s.jurorFrame(r, locale.T(ctx, "vote.list", "Final ballots")), v))
}

func (s *Site) showJurorBallot(w http.ResponseWriter, r *http.Request) error {
	p, err := deliberation.PaperOf(r.Context(), s.db, actor(r).ID, r.PathValue("ballot"))
	if err != nil {
		return err
	}
	if p.Phase == deliberation.Opened && p.Whole {
		return to(w, r, jurorBallotURL(p.Code)+"/result")
	}
	return s.jurorBallotPage(w, r, http.StatusOK, p, nil)
}

func (s *Site) jurorBallotPage(w http.ResponseWriter, r *http.Request, status int, p deliberation.Paper, errs components.Errors) error {
	ctx := r.Context()
	v := pages.JurorBallot{
		URL: jurorBallotURL(p.Code), Title: locale.T(ctx, "vote.title", "Final ballot: {{.Name}}", "Name", ballotName(ctx, p.Deliberation)),
		Lede: s.ballotLede(ctx, p), Base: p.Ballot.Version, Voting: p.Phase == deliberation.Voting, Cast: p.Counts.Version > 0,
		Rules: ballotRules(ctx, p.Deliberation), Reasons: reasonOptions(ctx), Errors: errs,
		MayOpen: p.Presides && (p.Phase == deliberation.Closed || p.Phase == deliberation.Voting && p.Complete()),
	}
	if p.Ballot.Version > 0 {
		v.Saved = locale.T(ctx, "vote.saved-at", "Order saved at {{.Time}}", "Time", locale.Time(ctx, p.Ballot.SavedAt.In(zoneOf(p.Zone))))
	}
	v.Order, v.Out = rankedFilms(ctx, p, actor(r).ID)
	v.Kind, v.Notes = ballotNotes(ctx, p)
	for _, f := range p.Finalists {
		v.Films = append(v.Films, components.Option{Value: f.Code, Label: f.Film.MainTitle()})
	}
	f := s.jurorFrame(r, v.Title)
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.JurorBallotPage(f, v))
}

func (s *Site) ballotLede(ctx context.Context, p deliberation.Paper) string {
	when := ballotWhen(ctx, p.Deliberation, p.Phase, zoneOf(p.Zone), p.City, s.now())
	if p.Phase != deliberation.Voting && p.Phase != deliberation.Waiting {
		return when
	}
	return locale.T(ctx, "vote.lede", "Put the finalists in your order. Leave out any film you would not give the award to: every film you rank counts as better than those you leave out. {{.When}}", "When", when)
}

// rankedFilms are the films on the ballot in the juror's order, and those that
// are left out, in an order that is the juror's own: no film comes first for all.
func rankedFilms(ctx context.Context, p deliberation.Paper, who account.ID) (order, out []pages.JurorRanked) {
	films := map[string]deliberation.Finalist{}
	for _, f := range p.Finalists {
		films[f.Code] = f
	}
	o := p.Ballot.Order
	place := 1
	for level, codes := range o {
		for _, code := range codes {
			x := rankedFilm(ctx, films[code])
			x.Watch = watchedAt(p, films[code])
			x.Place = locale.Number(ctx, place)
			x.First, x.Last = level == 0 && len(codes) == 1, level == len(o)-1 && len(codes) == 1
			x.Joins = level > 0 && len(codes) == 1
			order = append(order, x)
		}
		place += len(codes)
	}
	left := slices.DeleteFunc(slices.Clone(p.Finalists), func(f deliberation.Finalist) bool { return o.Level(f.Code) >= 0 })
	mixed := func(f deliberation.Finalist) string {
		sum := sha256.Sum256([]byte(p.Commitment + f.Code + strconv.FormatInt(int64(who), 10)))
		return hex.EncodeToString(sum[:])
	}
	slices.SortFunc(left, func(a, b deliberation.Finalist) int { return cmp.Compare(mixed(a), mixed(b)) })
	for _, f := range left {
		x := rankedFilm(ctx, f)
		x.Watch = watchedAt(p, f)
		out = append(out, x)
	}
	return order, out
}

func rankedFilm(ctx context.Context, f deliberation.Finalist) pages.JurorRanked {
	x := pages.JurorRanked{
		Code: f.Code, Title: f.Film.MainTitle(), TitleIn: f.Film.MainTitleIn(), Other: f.Film.OtherTitle(), Language: f.Film.LanguageOriginal,
		Facts: factLine(locale.List(ctx, f.Film.Credited(entry.Director)), runtime(ctx, f.Film.Runtime)),
	}
	if f.StillCode != nil {
		x.Still = "/files/" + *f.StillCode + "/w480"
	}
	return x
}

// ballotNotes say where the juror's ballot stands.
func ballotNotes(ctx context.Context, p deliberation.Paper) (kind string, lines []string) {
	at := ""
	if p.Counts.CastAt != nil {
		at = locale.Time(ctx, p.Counts.CastAt.In(zoneOf(p.Zone)))
	}
	changed := p.Counts.Version > 0 && p.Counts.Version != p.Ballot.Version
	switch p.Phase {
	case deliberation.Opened:
		return "", []string{locale.T(ctx, "vote.opened-elsewhere", "The ballots are opened. You learn the result when the awards are announced.")}
	case deliberation.Closed:
		lines = append(lines, locale.T(ctx, "vote.closed-note", "The vote is closed. The ballots stay sealed until the president or the festival opens them."))
		if p.Counts.Version == 0 {
			lines = append(lines, locale.T(ctx, "vote.not-cast", "You have not cast a ballot."))
		} else if changed {
			lines = append(lines, locale.T(ctx, "vote.closed-changed", "What counts is the ballot that you cast at {{.Time}}, not the order above.", "Time", at))
		}
		return "", lines
	case deliberation.Voting:
		switch {
		case changed:
			kind, lines = "warn", append(lines, locale.T(ctx, "vote.changed", "You changed the order after you cast. The ballot of {{.Time}} counts until you cast again.", "Time", at))
		case p.Counts.Version > 0:
			lines = append(lines, locale.T(ctx, "vote.is-cast", "Your ballot is cast, as it stands above, at {{.Time}}.", "Time", at))
		}
	case deliberation.Setup, deliberation.Waiting:
	}
	lines = append(lines, locale.T(ctx, "vote.sealed", "When everyone has cast, the ballots are opened to the jury at once, without names. Nobody, the team included, sees a count before that."))
	if p.Phase == deliberation.Voting {
		lines = append(lines, locale.T(ctx, "vote.how-many", "{{.Cast}} of {{.Voters}} have cast.", "Cast", locale.Number(ctx, p.Deliberation.Cast), "Voters", locale.Number(ctx, p.Voters)))
	}
	return kind, lines
}

// pressBallot makes the move of the button that was pressed, or casts.
func (s *Site) pressBallot(w http.ResponseWriter, r *http.Request) error {
	ctx, code := r.Context(), r.PathValue("ballot")
	base, err := strconv.Atoi(r.PostForm.Get("base"))
	if err != nil {
		if _, err := deliberation.PaperOf(ctx, s.db, actor(r).ID, code); err != nil {
			return err
		}
		return problem.New(problem.Invalid, "form.unreadable", "The form could not be read. Open the page again and send it once more.")
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if how := r.PostForm.Get("cast"); how != "" {
			opened, err := deliberation.Cast(ctx, tx, actor(r).ID, code, base, how == "blank", s.version)
			if opened {
				s.flash(w, "vote.was-last", "Your ballot is cast. It was the last one: the ballots are opened.")
			} else {
				s.flash(w, "vote.was-cast", "Your ballot is cast.")
			}
			return jurorBallotURL(code), err
		}
		for _, m := range deliberation.Moves {
			if film := r.PostForm.Get(string(m)); film != "" {
				return jurorBallotURL(code) + "#f-" + url.PathEscape(film), deliberation.Press(ctx, tx, actor(r).ID, code, base, m, film)
			}
		}
		return jurorBallotURL(code), nil
	})
	return s.ballotRefused(w, r, err)
}

// ballotRefused shows what stands in the ballot of the path beside the reason
// why it was not changed.
func (s *Site) ballotRefused(w http.ResponseWriter, r *http.Request, err error) error {
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	p, again := deliberation.PaperOf(r.Context(), s.db, actor(r).ID, r.PathValue("ballot"))
	if again != nil {
		return errors.Join(err, again)
	}
	return s.jurorBallotPage(w, r, status, p, errs)
}

func (s *Site) recuseFromBallot(w http.ResponseWriter, r *http.Request) error {
	reason := jury.Reason(r.PostForm.Get("reason"))
	if !slices.Contains(jury.Reasons, reason) {
		reason = jury.Other
	}
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "vote.recused", "You are recused from that film. It has left your ballot.")
		return "/jury/ballots", deliberation.Recuse(ctx, tx, actor(r).ID, r.PathValue("ballot"), r.PostForm.Get("film"), reason, text(r, "note"), s.version)
	})
	return s.ballotRefused(w, r, err)
}

func (s *Site) openAsPresident(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("ballot")
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "vote.now-open", "The ballots are opened.")
		return jurorBallotURL(code), deliberation.OpenAsPresident(ctx, tx, actor(r).ID, code, s.version)
	})
	return s.ballotRefused(w, r, err)
}

// jurorReading is the opened result as a juror may see it: one who is kept apart
// from any of its films has none.
func (s *Site) jurorReading(r *http.Request) (deliberation.Paper, reading, error) {
	ctx := r.Context()
	p, err := deliberation.PaperOf(ctx, s.db, actor(r).ID, r.PathValue("ballot"))
	if err != nil {
		return p, reading{}, err
	}
	if !p.Whole {
		return p, reading{}, problem.Missing()
	}
	record, err := deliberation.ResultOf(ctx, s.db, p.ID)
	if err != nil {
		return p, reading{}, err
	}
	return p, reading{ctx, p.Deliberation, record, filmsByKey(ctx, p.Finalists)}, nil
}

// filmsByKey are films as their reader may know them.
func filmsByKey(ctx context.Context, films []deliberation.Finalist) map[string]countedFilm {
	known := map[string]countedFilm{}
	for _, f := range films {
		c := countedFilm{
			Title: f.Film.MainTitle(), Other: f.Film.OtherTitle(), Language: f.Film.LanguageOriginal,
			By: locale.List(ctx, f.Film.Credited(entry.Director)),
		}
		if f.StillCode != nil {
			c.Still = "/files/" + *f.StillCode + "/w480"
		}
		known[f.Key()] = c
	}
	return known
}

func (s *Site) showJurorCount(w http.ResponseWriter, r *http.Request) error {
	p, in, err := s.jurorReading(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v := pages.JurorCount{
		Title: countTitle(ctx, p.Deliberation), Lede: in.lede(zoneOf(p.Zone), p.City), Result: in.view(),
	}
	v.Result.Files = in.files(jurorBallotURL(p.Code) + "/result")
	if p.FollowCode != "" {
		papers, err := deliberation.Papers(ctx, s.db, actor(r).ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(papers, func(x deliberation.Paper) bool { return x.Code == p.FollowCode }) {
			v.Next = jurorBallotURL(p.FollowCode)
		}
	}
	return s.page(w, r, http.StatusOK, pages.JurorCountPage(s.jurorFrame(r, v.Title), v))
}

func (s *Site) jurorCountFile(file string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		_, in, err := s.jurorReading(r)
		if err != nil {
			return err
		}
		return in.serve(w, file)
	}
}

func countTitle(ctx context.Context, d deliberation.Deliberation) string {
	return locale.T(ctx, "count.title", "{{.Name}}: how it was decided", "Name", ballotName(ctx, d))
}
