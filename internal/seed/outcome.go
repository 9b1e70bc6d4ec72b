package seed

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/mail"
	"laurel/internal/pg"
)

// The juries of the present edition.
var (
	documentaryJury = []string{"Samuel Adeyin-Cole", "Nima Safarian", "Odile Verhaerens", "Ingrid Tollefsby", "Roya Kamravan", "Matteo Brusaferri", "Yusra Haddadin"}
	animationJury   = []string{"Keiko Inamuro", "Rasmus Ekelund-Lio", "Zsófia Barcsay", "Tadeu Fontanelas", "Mona Shirvandi"}
	hybridJury      = []string{"Padraic Lonergan-Shaw", "Lale Özdemirkan", "Hyejin Sunwoo", "Farhad Golestaneh", "Nadia Bensouda"}
	pastJury        = []string{"Odile Verhaerens", "Roya Kamravan", "Padraic Lonergan-Shaw", "Keiko Inamuro", "Farhad Golestaneh"}
)

// everybody has seen every film.
func everybody(int) float64 { return 1 }

// juriesPresent are a jury at work, one that is done, and one whose films have
// been decided on and whose makers have not been told.
func (h *house) juriesPresent(ctx context.Context, id festival.EditionID, categories []festival.Category, list []*submission) error {
	if err := h.juryAtWork(ctx, id, categories[1], list); err != nil {
		return err
	}
	panel, judges, err := h.panel(ctx, id, "Animation jury", 50, animationJury...)
	if err != nil {
		return err
	}
	err = h.judge(ctx, sitting{
		name: "First round", panel: panel, category: categories[2], opened: -42, closes: -4, closed: true, reviews: 3, judges: judges, done: everybody,
	}, list)
	if err != nil {
		return err
	}
	if panel, judges, err = h.panel(ctx, id, "Hybrid jury", 60, hybridJury...); err != nil {
		return err
	}
	err = h.judge(ctx, sitting{
		name: "First round", panel: panel, category: categories[3], blind: true, opened: -52, closes: -16, closed: true, reviews: 4, judges: judges, done: everybody,
	}, list)
	if err != nil {
		return err
	}
	if err := h.decide(ctx, categories[3], list, h.ago(5), nil); err != nil {
		return err
	}
	if err := h.awards(ctx, id, categories, nil); err != nil {
		return err
	}
	return h.receipt(ctx, id, list)
}

// juryAtWork is the jury in which the demo's juror sits; one more was asked and
// has not answered.
func (h *house) juryAtWork(ctx context.Context, id festival.EditionID, c festival.Category, list []*submission) error {
	panel, judges, err := h.panel(ctx, id, "Documentary jury", 24, documentaryJury...)
	if err != nil {
		return err
	}
	if err := h.acquaint(ctx, list); err != nil {
		return err
	}
	guest, err := account.ByEmail(ctx, h.tx, DemoJuror)
	if err != nil {
		return fmt.Errorf("find the demo's juror: %w", err)
	}
	progress := []float64{0.71, 0.5, 0.88, 0.34, 0.36, 0.12, 0.62}
	err = h.judge(ctx, sitting{
		name: "First round", panel: panel, category: c, opened: -13, closes: 19, reviews: 3, judges: judges,
		done: func(i int) float64 { return progress[i] }, guest: guest.ID,
		begun: called(list, "The Salt Ledger, or How My Father Counted the Sea"), recused: called(list, "The Tent Lamp"),
	}, list)
	if err != nil {
		return err
	}
	if err := h.answer(ctx, id, panel, list); err != nil {
		return err
	}
	return h.invitation(ctx, int64(panel))
}

// called is the entry of a title.
func called(list []*submission, title string) entry.ID {
	i := slices.IndexFunc(list, func(s *submission) bool { return s.film.Title == title })
	return list[i].id
}

// invitation asks one more juror, who has not answered.
func (h *house) invitation(ctx context.Context, panel int64) error {
	return account.Invite(ctx, h.tx, account.Invitation{
		Email: "hana.ligetvari@" + domain, Name: "Hana Ligetvári", Role: account.AsJuror,
		FestivalID: int64(h.festival), PanelID: &panel, By: h.organizer,
	})
}

// decide takes the best films of a category, as far as its places go.
func (h *house) decide(ctx context.Context, c festival.Category, list []*submission, at time.Time, released *time.Time) error {
	ranked, err := pg.Values[entry.ID](ctx, h.tx, `
		with given as (
			select a.entry_id, s.id, sum(m.value * c.weight) / sum(c.weight) as score
			from assignments a
			join scores s on s.assignment_id = a.id and s.current and s.complete
			join marks m on m.score_id = s.id
			join criteria c on c.id = m.criterion_id
			group by a.entry_id, s.id)
		select e.id
		from entries e
		join given g on g.entry_id = e.id
		where e.category_id = @category and e.state = 'eligible'
		group by e.id
		order by avg(g.score) desc, e.id`,
		pg.Args{"category": c.ID})
	if err != nil {
		return fmt.Errorf("rank %s: %w", c.Slug, err)
	}
	titles := map[entry.ID]string{}
	for _, s := range list {
		titles[s.id] = s.film.Title
	}
	rows := make([][]any, len(ranked))
	for i, id := range ranked {
		outcome := "not-selected"
		if i < *c.Places {
			outcome = "selected"
			_, err := h.tx.Exec(ctx, `update entries set slug = @slug where id = @id`, pg.Args{"id": id, "slug": slug(titles[id])})
			if err != nil {
				return fmt.Errorf("name entry: %w", err)
			}
		}
		rows[i] = []any{int64(id), outcome, "", int64(h.organizer), at, released}
	}
	return fill(ctx, h.tx, "decisions", []string{"entry_id", "outcome", "message", "actor_id", "decided_at", "released_at"}, rows)
}

// prizes are the festival's awards, with who got them in the past edition.
var prizes = []struct {
	name, prize, category, film string
}{
	{"Golden Farsang", "€5,000", "", "What the Lighthouse Was Told"},
	{"Best fiction", "€2,000", "short-fiction", "The Understudy’s Coat"},
	{"Best documentary", "€2,000", "documentary", "Lanterns for Rent"},
	{"Best animation", "€2,000", "animation", "Seven Ways to Fold the Rain"},
	{"Hybrid & experimental", "€2,000", "hybrid", "The Ward at Blue Hour"},
	{"Best first film", "A month in the Harbour Workshop", "", "A Bridge for Two Goats"},
}

// awards makes an edition's awards; they are given among the films of list.
func (h *house) awards(ctx context.Context, id festival.EditionID, categories []festival.Category, list []*submission) error {
	rows := make([][]any, len(prizes))
	for i, p := range prizes {
		row := []any{account.Code()[:12], int64(id), nil, i + 1, p.name, p.prize, nil, ""}
		for _, c := range categories {
			if c.Slug == p.category {
				row[2] = int64(c.ID)
			}
		}
		for _, s := range list {
			if s.film.Title == p.film {
				row[6], row[7] = int64(s.id), h.phrases["citation"][i]
			}
		}
		rows[i] = row
	}
	return fill(ctx, h.tx, "awards", []string{"code", "edition_id", "category_id", "position", "name", "prize", "entry_id", "citation"}, rows)
}

// pastEdition is the eighth, a year ago: judged, released, shown and awarded.
func (h *house) pastEdition(ctx context.Context) error {
	starts, decided := h.day(-195), h.day(-290)
	id, err := h.edition(ctx, festival.Edition{
		Slug: "8", Prefix: "F8", Name: fmt.Sprintf("8th edition, %d", starts.Year()), Tagline: "Bring a coat, the nights are clear",
		Intro:    "The eighth Farsang festival of short film showed twenty-four works in five cinemas of Mahabar.",
		StartsOn: starts, EndsOn: h.day(-187), DecisionsOn: &decided,
	}, 470, []festival.Stage{
		{Name: "Enter with a screener", StartsOn: h.day(-470), EndsOn: h.day(-385), Body: "Every film was watched to the end by at least three people."},
		{Name: "Selected films only", StartsOn: h.day(-289), EndsOn: h.day(-240), Body: "Screening copies, subtitles and stills."},
	})
	if err != nil {
		return err
	}
	categories, err := h.categories(ctx, id, rooms8, h.day(-1050))
	if err != nil {
		return err
	}
	list := h.add(readKnown("8"), categories, 469)
	for i, n := range []int{20, 16, 11, 11} {
		list = append(list, h.crowd(categories[i], n, 469)...)
	}
	for _, s := range list {
		s.film.Completed = h.today.AddDate(0, -18-h.r.IntN(10), 0).Format("2006-01")
	}
	h.claim(list)
	if err := h.enter(ctx, id, list); err != nil {
		return err
	}
	return h.pastOutcome(ctx, id, categories, list)
}

func (h *house) pastOutcome(ctx context.Context, id festival.EditionID, categories []festival.Category, list []*submission) error {
	panel, judges, err := h.panel(ctx, id, "Grand jury", 384, pastJury...)
	if err != nil {
		return err
	}
	released := h.ago(290)
	for _, c := range categories {
		err := h.judge(ctx, sitting{
			name: "First round", panel: panel, category: c, opened: -378, closes: -320, closed: true, reviews: 4, judges: judges, done: everybody,
		}, list)
		if err != nil {
			return err
		}
		if err := h.decide(ctx, c, list, h.ago(300), &released); err != nil {
			return err
		}
	}
	if err := h.results(ctx, id, h.ago(315)); err != nil {
		return err
	}
	if err := h.awards(ctx, id, categories, list); err != nil {
		return err
	}
	_, err = h.tx.Exec(ctx, `
		update editions
		set lineup_at = @lineup, awards_at = @awards
		where id = @id`,
		pg.Args{"id": id, "lineup": h.ago(275), "awards": h.ago(188)})
	return err
}

// receipt is the letter that the demo's filmmaker got for the film with the
// salt ledger.
func (h *house) receipt(ctx context.Context, id festival.EditionID, list []*submission) error {
	for _, s := range list {
		if s.owner != h.filmmaker || s.state == entry.Draft {
			continue
		}
		args, err := json.Marshal(mail.Args{
			Festival: "Farsang", Edition: fmt.Sprintf("9th edition, %d", h.day(170).Year()), Category: s.category.Name,
			Number: entry.Label("F9", s.number), Until: s.category.Last().ClosesAt, Zone: zone, City: city,
		})
		if err != nil {
			return err
		}
		return fill(ctx, h.tx, "letters", []string{"code", "kind", "account_id", "edition_id", "email", "locale", "event_key", "args", "state", "tries", "created_at", "sent_at"}, [][]any{
			{account.Code(), string(mail.EntryReceived), int64(s.owner), int64(id), DemoFilmmaker, "en",
				fmt.Sprintf("entry-received:%d:1", s.id), args, "sent", 1, s.submitted, s.submitted.Add(time.Second)},
		})
	}
	return nil
}
