package seed

import (
	"context"
	"fmt"
	"time"

	"laurel/internal/account"
	"laurel/internal/deliberation"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/tally/ballot"
)

// grandJury votes on the present edition's main prize.
var grandJury = []string{"Odile Verhaerens", "Roya Kamravan", "Padraic Lonergan-Shaw", "Keiko Inamuro", "Farhad Golestaneh", "Nima Safarian", "Lale Özdemirkan"}

// A vote is a final ballot of the demo: films by title, and what the jurors put
// first, second and so on, by the films' numbers from 1.
type vote struct {
	slug   string // of the edition
	panel  string // its name
	jury   []string
	films  []string
	orders [][]int // of each juror; nil: nothing was saved
	called time.Time
	closes time.Time
}

// pastVote decided the main prize a year ago: the first film is preferred to
// every other, its closest contest is three to two.
var pastVote = vote{
	slug: "8", panel: "Grand jury",
	films: []string{"What the Lighthouse Was Told", "The Understudy’s Coat", "Seven Ways to Fold the Rain", "The Ward at Blue Hour", "Lanterns for Rent", "A Bridge for Two Goats"},
	orders: [][]int{
		{1, 2, 4, 3, 5}, {2, 1, 3, 5, 4, 6}, {1, 3, 2, 4}, {3, 1, 4, 2, 6, 5}, {2, 1, 3, 5},
	},
}

// presentVote is under way: the demo's juror has an order that is not cast.
var presentVote = vote{
	slug: "9", panel: "Grand jury",
	films: []string{
		"The Salt Ledger, or How My Father Counted the Sea", "Where the Wall Keeps Its Warmth", "Every Lit Window Is a Film I Haven’t Seen",
		"The Wind of One Hundred and Twenty Days", "Two Reflections", "The Lineman’s Daughter", "Eleven Metres", "The House Opposite",
	},
	orders: [][]int{{2, 1, 3, 5, 4}, {1, 2, 3, 4, 5}, {1, 2, 4}, {3, 1, 2, 7}, nil, {1, 3, 2, 6, 5}, nil},
}

// finalVotes holds the ballots of both editions.
func (h *house) finalVotes(ctx context.Context) error {
	past, present := pastVote, presentVote
	past.jury, past.called, past.closes = pastJury, h.ago(192), h.ago(190)
	present.jury, present.called, present.closes = grandJury, h.now.Add(-22*time.Hour), h.now.Add(50*time.Hour)
	edition, err := h.editionOf(ctx, present.slug)
	if err != nil {
		return err
	}
	if _, _, err := h.panel(ctx, edition, present.panel, 20, grandJury...); err != nil {
		return err
	}
	d, err := h.callTo(ctx, past)
	if err != nil {
		return fmt.Errorf("hold the past ballot: %w", err)
	}
	if err := deliberation.Open(ctx, h.tx, h.organizer, d.ID, "the demo festival"); err != nil {
		return fmt.Errorf("open the past ballot: %w", err)
	}
	if _, err := h.tx.Exec(ctx, `update deliberations set unsealed_at = @at where id = @id`, pg.Args{"id": d.ID, "at": past.closes}); err != nil {
		return fmt.Errorf("date the past ballot: %w", err)
	}
	if _, err := h.callTo(ctx, present); err != nil {
		return fmt.Errorf("hold the present ballot: %w", err)
	}
	return nil
}

func (h *house) editionOf(ctx context.Context, slug string) (festival.EditionID, error) {
	e, err := festival.EditionAt(ctx, h.tx, "farsang", slug)
	return e.ID, err
}

// callTo sets a ballot up for the main prize, as its jury was called to it, and
// writes what was cast.
func (h *house) callTo(ctx context.Context, v vote) (deliberation.Deliberation, error) {
	var d deliberation.Deliberation
	edition, err := h.editionOf(ctx, v.slug)
	if err != nil {
		return d, err
	}
	panel, err := pg.Value[jury.PanelID](ctx, h.tx, `select id from panels where edition_id = @edition and name = @name`,
		pg.Args{"edition": edition, "name": v.panel})
	if err != nil {
		return d, err
	}
	award, err := pg.Value[string](ctx, h.tx, `select code from awards where edition_id = @edition order by position limit 1`,
		pg.Args{"edition": edition})
	if err != nil {
		return d, err
	}
	plan := deliberation.Plan{
		Award: award, Panel: panel, Method: ballot.MethodSchulze, Strength: ballot.WinningVotes, Publish: true, Quorum: 60,
		Unit: deliberation.Percent, Again: true, TieRule: deliberation.President, OpensAt: v.called, ClosesAt: v.closes,
	}
	if plan.Films, err = h.codes(ctx, edition, v.films); err != nil {
		return d, err
	}
	code, err := deliberation.Create(ctx, h.tx, h.organizer, edition, plan)
	if err != nil {
		return d, err
	}
	if d, err = deliberation.At(ctx, h.tx, h.organizer, edition, code); err != nil {
		return d, err
	}
	if err := h.fix(ctx, d, v.called); err != nil {
		return d, err
	}
	for i, name := range v.jury {
		if err := h.vote(ctx, d, v, name, v.orders[i], i); err != nil {
			return d, err
		}
	}
	return d, nil
}

// codes are entries' codes by their titles, in the same order.
func (h *house) codes(ctx context.Context, edition festival.EditionID, titles []string) ([]string, error) {
	codes, err := pg.Values[string](ctx, h.tx, `
		select e.code
		from unnest(@titles::text[]) with ordinality as t (title, n)
		join entries e on e.title = t.title and e.edition_id = @edition
		order by t.n`,
		pg.Args{"titles": titles, "edition": edition})
	if err != nil {
		return nil, fmt.Errorf("find finalists: %w", err)
	}
	return codes, nil
}

// fix writes the rules down, as calling the jury does.
func (h *house) fix(ctx context.Context, d deliberation.Deliberation, at time.Time) error {
	films, err := deliberation.Finalists(ctx, h.tx, d.ID)
	if err != nil {
		return err
	}
	rules, err := deliberation.RulesOf(d, films)
	if err != nil {
		return err
	}
	_, err = h.tx.Exec(ctx, `
		update deliberations
		set rules = @rules, called_at = @at, created_at = @at
		where id = @id`,
		pg.Args{"id": d.ID, "rules": rules, "at": at})
	return err
}

// vote writes a juror's order, cast unless it is the demo juror's in a vote that
// is under way.
func (h *house) vote(ctx context.Context, d deliberation.Deliberation, v vote, name string, order []int, n int) error {
	if order == nil {
		return nil
	}
	at := v.called.Add(time.Duration(n+1) * 97 * time.Minute)
	email := emailOf(name)
	var cast *time.Time
	if v.slug == pastVote.slug || email != DemoJuror {
		cast = &at
	}
	_, err := h.tx.Exec(ctx, `
		insert into ballots (code, deliberation_id, account_id, version, cast_at, films, places, saved_at)
		select @code, @id, a.id, 1, @cast, array_agg(j.entry_id order by o.n), array_agg(coalesce(o.n, 0)::int order by o.n), @at
		from accounts a
		join juror_finalists j on j.deliberation_id = @id and j.account_id = a.id
		left join unnest(@order::int[]) with ordinality as o (position, n) on o.position = j.position
		where a.email = @email
		group by a.id`,
		pg.Args{"code": account.Code(), "id": d.ID, "cast": cast, "order": order, "at": at, "email": email})
	if err != nil {
		return fmt.Errorf("write ballot: %w", err)
	}
	return nil
}
