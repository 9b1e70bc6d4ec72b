package seed_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/seed"
)

var now = time.Date(2026, 9, 7, 9, 12, 0, 0, time.UTC)

func demo(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := pgtest.Pool(t)
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	began := time.Now()
	if err := seed.Demo(t.Context(), pool, store, now); err != nil {
		t.Fatal(err)
	}
	t.Logf("loaded in %v", time.Since(began))
	if p := problem.Of(seed.Demo(t.Context(), pool, store, now)); p == nil || p.Kind != problem.Conflict {
		t.Errorf("a second demo: %v, want a conflict", p)
	}
	return pool
}

func TestDemo(t *testing.T) {
	t.Parallel()
	pool := demo(t)
	t.Run("counts", func(t *testing.T) { counts(t, pool) })
	t.Run("films meet the rules", func(t *testing.T) { films(t, pool) })
	t.Run("no title twice", func(t *testing.T) { titles(t, pool) })
	t.Run("invariants", func(t *testing.T) { invariants(t, pool) })
	t.Run("conflicts wait for an answer", func(t *testing.T) { waiting(t, pool) })
}

// waiting looks at the round that is open: some conflicts were found in it.
func waiting(t *testing.T, pool *pgxpool.Pool) {
	rounds, err := jury.Rounds(t.Context(), pool, 2)
	if err != nil {
		t.Fatal(err)
	}
	open := slices.IndexFunc(rounds, func(r jury.Round) bool { return r.PhaseAt(now) == jury.Open })
	d, err := jury.DeskOf(t.Context(), pool, rounds[open])
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[jury.Evidence]int{}
	for _, f := range d.Found {
		kinds[f.Clues[0].Evidence]++
	}
	if kinds[jury.SameDomain] != 1 || kinds[jury.SameSurname] < 2 || len(d.Found) > 15 {
		t.Errorf("found %v", kinds)
	}
}

func value[T any](t *testing.T, pool *pgxpool.Pool, sql string) T {
	t.Helper()
	v, err := pg.Value[T](t.Context(), pool, sql, pg.Args{})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func counts(t *testing.T, pool *pgxpool.Pool) {
	for sql, want := range map[string][2]int64{
		`select count(*) from entries e join editions d on d.id = e.edition_id where d.slug = '9' and e.state <> 'draft'`: {430, 430},
		`select count(*) from entries e join editions d on d.id = e.edition_id where d.slug = '9' and e.state = 'draft'`:  {20, 20},
		`select count(*) from entries where state = 'submitted'`:                                                          {10, 120},
		`select count(*) from entries where state = 'ineligible'`:                                                         {3, 20},
		`select count(*) from public_films`:                                                                               {20, 24},
		`select count(*) from rounds where closed_at is null`:                                                             {1, 1},
		`select count(*) from decisions where released_at is null`:                                                        {40, 46},
		`select count(*) from assignment_changes where undone_at is null`:                                                 {8, 12},
		`select count(*) from dismissals`:                                                                                 {1, 1},
		`select count(*) from conflicts where note = 'Company Atelier Demi-Lune'`:                                         {1, 1},
		`select count(*) from accounts where languages <> '{}'`:                                                           {14, 14},
		`select count(*) from awards a join public_films p on p.entry_id = a.entry_id`:                                    {6, 6},
		`select count(*) from entries where film ->> 'titleOriginal' ~ '[؀-ۿ]'`:                                           {120, 300},
		`select count(*) from entries where film ->> 'titleOriginal' ~ '[Ѐ-ӿ]'`:                                           {15, 60},
		`select count(*) from entries where film ->> 'titleOriginal' ~ '[가-힣]'`:                                           {12, 50},
		`select count(*) from accounts where password_hash <> ''`:                                                         {0, 0},
		`select count(*) from assignments a join accounts c on c.id = a.account_id and c.email = '` + seed.DemoJuror + `' join rounds r on r.id = a.round_id where r.closed_at is null`: {30, 38},
	} {
		if got := value[int64](t, pool, sql); got < want[0] || got > want[1] {
			t.Errorf("%s: %d, want %d to %d", sql, got, want[0], want[1])
		}
	}
}

func films(t *testing.T, pool *pgxpool.Pool) {
	categories := map[festival.CategoryID]festival.Category{}
	for _, id := range []festival.EditionID{1, 2} {
		list, err := festival.Categories(t.Context(), pool, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			categories[c.ID] = c
		}
	}
	type row struct {
		Code       string
		CategoryID festival.CategoryID
		State      entry.State
		Film       entry.Film
	}
	rows, err := pg.Rows[row](t.Context(), pool, `select code, category_id, state, film from entries where film is not null`, pg.Args{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if wrong := entry.Vet(r.Film, now); len(wrong) > 0 {
			t.Errorf("%s could not have been saved: %v", r.Film.Title, wrong)
		}
		if r.State == entry.Accepted && !entry.Eligible(t.Context(), r.Film, categories[r.CategoryID]) {
			t.Errorf("%s is not eligible", r.Film.Title)
		}
		if strings.Contains(r.Film.Title, "%") || strings.Contains(r.Film.Title, "Untitled") || strings.Contains(r.Film.TitleOriginal, "%") {
			t.Errorf("bad title %q %q", r.Film.Title, r.Film.TitleOriginal)
		}
	}
}

func titles(t *testing.T, pool *pgxpool.Pool) {
	twice, err := pg.Values[string](t.Context(), pool, `
		select title
		from entries
		where title is not null
		group by title
		having count(*) > 1`, pg.Args{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{}, twice); diff != "" {
		t.Error(diff)
	}
}

// invariants are the ones of laurel doctor that bulk writing could break.
func invariants(t *testing.T, pool *pgxpool.Pool) {
	for name, sql := range map[string]string{
		"draft before the deadline": `
			select count(*)
			from entries e
			where e.submitted_at is not null
			and (e.deadline_id is null or e.submitted_at >= (select closes_at from deadlines where id = e.deadline_id))`,
		"state is the last of the timeline": `
			select count(*)
			from entries e
			where e.state <> (select state from entry_states s where s.entry_id = e.id order by s.id desc limit 1)`,
		"scores while the round was open": `
			select count(*)
			from scores s
			join assignments a on a.id = s.assignment_id
			join rounds r on r.id = a.round_id
			where s.saved_at < r.opened_at or s.saved_at > r.closed_at or s.saved_at > '2026-09-07 09:12Z'`,
		"done is complete": `
			select count(*)
			from assignments a
			where (a.state = 'done') <> exists (select from scores s where s.assignment_id = a.id and s.current and s.complete)`,
		"what is scored was opened before": `
			select count(*)
			from scores s
			join assignments a on a.id = s.assignment_id
			where a.seen_at is null or a.seen_at > s.saved_at or a.seen_at < a.created_at`,
		"what the festival judged it opened": `
			select count(*)
			from entries
			where state in ('eligible', 'ineligible') and (opened_at is null or opened_at < submitted_at)`,
		"newest is current": `
			select count(*)
			from scores s
			where s.current <> (s.version = (select max(version) from scores x where x.assignment_id = s.assignment_id))`,
		"nobody judges their own": `
			select count(*)
			from assignments a
			join kept_apart k on k.account_id = a.account_id and k.entry_id = a.entry_id
			where a.state <> 'recused'`,
		"no juror's name among the filmmakers'": `
			select count(*)
			from seats s
			join accounts a on a.id = s.account_id
			join entries e on e.film is not null
			join lateral jsonb_array_elements(e.film -> 'credits') c on coalesce(nullif(c ->> 'nameLatin', ''), c ->> 'name') = a.name`,
		"told before the line-up": `
			select count(*)
			from decisions d
			join entries e on e.id = d.entry_id
			join editions n on n.id = e.edition_id
			where n.lineup_at is not null and (d.released_at is null or d.released_at > n.lineup_at)`,
		"nothing is of the future": `
			select count(*)
			from entries
			where created_at > '2026-09-07 09:12Z' or submitted_at > '2026-09-07 09:12Z' or submitted_at < created_at`,
		"awards in their category": `
			select count(*)
			from awards a
			join entries e on e.id = a.entry_id
			where e.edition_id <> a.edition_id or e.category_id <> a.category_id`,
		"selected have an address": `
			select count(*)
			from decisions d
			join entries e on e.id = d.entry_id
			where d.outcome = 'selected' and e.slug is null`,
	} {
		if n := value[int64](t, pool, sql); n != 0 {
			t.Errorf("%s: %d cases", name, n)
		}
	}
}
