package seed

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// A T is a test: what the builders below need of a testing.TB.
type T interface {
	Helper()
	Context() context.Context
	Fatalf(format string, args ...any)
}

func must(t T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("seed: %v", err)
	}
}

// clock is the database's.
func clock(t T, db pg.DB) time.Time {
	t.Helper()
	now, err := pg.Value[time.Time](t.Context(), db, `select clock_timestamp()`, pg.Args{})
	must(t, err)
	return now
}

// Account makes a person without a password.
func Account(t T, db pg.DB, name string) account.ID {
	t.Helper()
	id, err := pg.Value[account.ID](t.Context(), db, `
		insert into accounts (code, email, name, verified_at)
		values (@code, @email, @name, clock_timestamp())
		returning id`,
		pg.Args{"code": account.Code(), "email": account.Code() + "@" + domain, "name": name})
	must(t, err)
	return id
}

// Edition makes an edition, of a festival and with an organizer of its own. Its
// call is open unless change says otherwise.
func Edition(t T, tx pgx.Tx, change ...func(*festival.Edition)) festival.Edition {
	t.Helper()
	ctx := t.Context()
	opened := clock(t, tx).AddDate(0, -1, 0)
	by := Account(t, tx, "Darya Mirzaei")
	e := festival.Edition{
		FestivalSlug: "farsang", FestivalName: "Farsang", Slug: "9", Prefix: "F9", Name: "9th edition", Tagline: "Films the length of a walk",
		City: city, Zone: zone, StartsOn: festival.Day(2027, time.May, 11), EndsOn: festival.Day(2027, time.May, 19), CallOpenedAt: &opened,
	}
	for _, f := range change {
		f(&e)
	}
	var err error
	e.FestivalID, err = festival.Create(ctx, tx, by, festival.Festival{Slug: e.FestivalSlug, Name: e.FestivalName})
	must(t, err)
	id, err := festival.CreateEdition(ctx, tx, by, e)
	must(t, err)
	_, err = tx.Exec(ctx, `
		update editions
		set call_opened_at = @opened, lineup_at = @lineup, awards_at = @awards
		where id = @id`,
		pg.Args{"id": id, "opened": e.CallOpenedAt, "lineup": e.LineupAt, "awards": e.AwardsAt})
	must(t, err)
	e, err = festival.EditionOf(ctx, tx, id)
	must(t, err)
	return e
}

// Category makes a category that takes entries for another week, free of
// charge, unless change says otherwise.
func Category(t T, tx pgx.Tx, e festival.Edition, change ...func(*festival.Category)) festival.Category {
	t.Helper()
	c := festival.Category{
		EditionID: e.ID, Slug: "short-fiction", Name: "Short fiction",
		Deadlines: []festival.Deadline{{Name: "Late", ClosesAt: clock(t, tx).AddDate(0, 0, 7), FeeCurrency: "EUR"}},
	}
	for _, f := range change {
		f(&c)
	}
	id, err := festival.CreateCategory(t.Context(), tx, Account(t, tx, "Darya Mirzaei"), c)
	must(t, err)
	c, err = festival.CategoryOf(t.Context(), tx, id)
	must(t, err)
	return c
}

// E is an entry that a test wants.
type E struct {
	Film     entry.Film
	Owner    account.ID // 0: somebody new
	State    entry.State
	Slug     string // empty: none
	Consents []entry.Item
	Outcome  string // selected, not-selected; empty: not decided
	Pending  bool   // the decision is not released
}

// Entry makes an entry that was found eligible, whose makers agreed to
// everything, unless change says otherwise.
func Entry(t T, tx pgx.Tx, c festival.Category, change ...func(*E)) entry.Entry {
	t.Helper()
	want := E{State: entry.Accepted, Consents: entry.Items, Film: entry.Film{
		Title: "The Salt Ledger", TitleOriginal: "دفترِ نمک", LanguageOriginal: "fa", Runtime: 27 * 60, Completed: "2026-03", Form: entry.Documentary,
		Synopsis: "A harbour clerk counts salt.", Countries: []string{"IR", "FR"}, Languages: []string{"fa"}, SubtitleTracks: []entry.SubtitleTrack{{Language: "en", How: entry.BurnedIn}}, Shown: entry.NotShown,
		Credits: []entry.Credit{{Role: entry.Director, Name: "سیاوش مهرابادی", NameLatin: "Siavash Mehrabadi"}},
	}}
	for _, f := range change {
		f(&want)
	}
	if want.Owner == 0 {
		want.Owner = Account(t, tx, "Siavash Mehrabadi")
	}
	work, err := entry.Create(t.Context(), tx, want.Owner, want.Film)
	must(t, err)
	e := enter(t, tx, c, work, want)
	if want.Outcome != "" {
		decide(t, tx, e.ID, want)
	}
	return e
}

// enter writes the entry of a work with its timeline and consents.
func enter(t T, tx pgx.Tx, c festival.Category, work entry.Work, want E) entry.Entry {
	t.Helper()
	ctx := t.Context()
	args := pg.Args{
		"code": account.Code(), "category": c.ID, "edition": c.EditionID, "work": work.ID, "state": want.State, "slug": want.Slug,
		"film": work.Film, "version": work.Version, "owner": want.Owner, "consents": want.Consents,
	}
	_, err := tx.Exec(ctx, `
		with next as (
			update editions
			set last_number = last_number + 1
			where id = @edition
			returning last_number),
		made as (
			insert into entries (code, edition_id, category_id, work_id, number, state, fee, film, film_version, slug, submitted_at)
			select @code, @edition, @category, @work, last_number, @state, case when @state = 'draft' then 'due' else 'not_due' end,
			       case when @state <> 'draft' then @film::jsonb end, case when @state <> 'draft' then @version::int end,
			       nullif(@slug, ''), case when @state <> 'draft' then clock_timestamp() end
			from next
			returning id),
		agreed as (
			insert into consent_acts (entry_id, edition_id, item, subject, decision)
			select made.id, @edition, item, subject, 'yes'
			from made, unnest(@consents::text[]) as item, consent_subjects(@film::jsonb, item) as subject)
		insert into entry_states (entry_id, state, actor_id)
		select id, s, @owner
		from made, unnest(array['draft', 'submitted', @state]) with ordinality as x (s, n)
		where n = 1 or @state <> 'draft' and (n = 2 or @state <> 'submitted')
		order by n`, args)
	must(t, err)
	e, err := entry.ByCode(ctx, tx, args["code"].(string))
	must(t, err)
	return e
}

func decide(t T, tx pgx.Tx, id entry.ID, want E) {
	t.Helper()
	_, err := tx.Exec(t.Context(), `
		insert into decisions (entry_id, outcome, actor_id, decided_at, released_at)
		values (@id, @outcome, @by, clock_timestamp() - interval '2 days', case when not @pending::boolean then clock_timestamp() - interval '1 day' end)`,
		pg.Args{"id": id, "outcome": want.Outcome, "by": want.Owner, "pending": want.Pending})
	must(t, err)
}
