package site

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"laurel/internal/deliberation"
	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/web/components"
	"laurel/web/pages"
)

func finalistURL(ballot, film string) string {
	return jurorBallotURL(ballot) + "/films/" + url.PathEscape(film)
}

// watchedAt is where a juror watches a film of a ballot: there as long as films
// are played for it, then where they judged it, if they did.
func watchedAt(p deliberation.Paper, f deliberation.Finalist) string {
	switch {
	case played(p) && (f.VideoCode != nil || entry.WatchableLink(f.Film.ScreenerLink)):
		return finalistURL(p.Code, f.Code)
	case f.Assignment != nil:
		return "/jury/" + *f.Assignment
	}
	return ""
}

// played says whether films are played for a ballot: from the call to the end of
// the vote.
func played(p deliberation.Paper) bool {
	return p.Phase == deliberation.Waiting || p.Phase == deliberation.Voting
}

// showFinalist is a film of a final ballot. Who may rank it is asked anew with
// the page, and with each piece of the film.
func (s *Site) showFinalist(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := deliberation.PaperOf(ctx, s.db, actor(r).ID, r.PathValue("ballot"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(p.Finalists, func(f deliberation.Finalist) bool { return f.Code == r.PathValue("entry") })
	if i < 0 {
		return problem.Missing()
	}
	film := p.Finalists[i]
	v := pages.JurorFinalist{
		Title: film.Film.MainTitle(), TitleIn: film.Film.MainTitleIn(), Other: film.Film.OtherTitle(), Language: film.Film.LanguageOriginal,
		Facts: factLine(locale.List(ctx, film.Film.Credited(entry.Director)), runtime(ctx, film.Film.Runtime)),
		Lede:  ballotWhen(ctx, p.Deliberation, p.Phase, zoneOf(p.Zone), p.City, s.now()), Synopsis: film.Film.Synopsis, Ballot: jurorBallotURL(p.Code),
	}
	if film.Assignment != nil {
		v.Score = "/jury/" + *film.Assignment
	}
	if v.Player, err = s.finalistPlayer(r, p, film); err != nil {
		return err
	}
	f := s.jurorFrame(r, locale.T(ctx, "finalist.title", "Watch: {{.Film}}", "Film", v.Title))
	f.Bare = true
	f.Back = &components.Link{URL: v.Ballot, Label: locale.T(ctx, "finalist.back", "Back to the ballot")}
	return s.page(w, r, http.StatusOK, pages.JurorFinalistPage(withPlayer(w, f), v))
}

// finalistPlayer is how a juror watches a film of a ballot: here, on the makers'
// page, or not, and then why.
func (s *Site) finalistPlayer(r *http.Request, p deliberation.Paper, f deliberation.Finalist) (pages.JurorPlayer, error) {
	ctx := r.Context()
	var v pages.JurorPlayer
	if f.StillCode != nil {
		v.Still = filesAt + *f.StillCode + "/w960"
	}
	if !played(p) {
		v.Shut = locale.T(ctx, "player.voted", "The vote is over. Its films are not played any more.")
		return v, nil
	}
	if entry.WatchableLink(f.Film.ScreenerLink) {
		v.Link, v.Password = f.Film.ScreenerLink, f.Film.ScreenerPassword
	}
	if f.VideoCode == nil {
		return v, nil
	}
	player, how, err := s.filmPlayer(r, f.EntryID, *f.VideoCode)
	if err != nil {
		return v, err
	}
	if v.Shut = closedWords(ctx, how); v.Shut != "" {
		return v, nil
	}
	player.Label = locale.T(ctx, "score.screener-of", "Screener of {{.Film}}", "Film", f.Film.MainTitle())
	player.Mark = actor(r).Name + " · " + ballotName(ctx, p.Deliberation)
	if v.Still != "" {
		player.Poster = v.Still
	}
	v.Film = player
	return v, nil
}

// closedWords say why the makers of a film let it not be played; empty: they do.
func closedWords(ctx context.Context, how report.Watching) string {
	switch {
	case slices.Contains(how.Limits, entry.RoomOnly):
		return locale.T(ctx, "player.room", "The makers ask that this film is only shown in a room with somebody of the festival. The festival tells you when.")
	case !how.Open:
		return locale.T(ctx, "player.not-open", "The makers ask that only the jury of its category plays this film.")
	}
	return ""
}
