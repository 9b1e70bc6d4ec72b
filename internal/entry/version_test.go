package entry_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

// collaborate makes who a maker of a work.
func collaborate(t testing.TB, db pg.DB, work entry.WorkID, who account.ID, level entry.Level) {
	t.Helper()
	_, err := db.Exec(t.Context(), `
		insert into collaborators (work_id, account_id, level)
		values (@work, @who, @level)`,
		pg.Args{"work": work, "who": who, "level": level})
	ok(t, err)
}

// made is a work of two makers and what it was created with.
func made(t testing.TB, tx pgx.Tx) (entry.Work, account.ID, account.ID) {
	t.Helper()
	first, second := person(t, tx, "first"), person(t, tx, "second")
	w, err := entry.Create(t.Context(), tx, first, complete())
	ok(t, err)
	collaborate(t, tx, w.ID, second, entry.LevelEdit)
	return w, first, second
}

func film(t testing.TB, tx pgx.Tx, who account.ID, code string) entry.Film {
	t.Helper()
	w, err := entry.WorkBy(t.Context(), tx, who, code)
	ok(t, err)
	return w.Film
}

func TestTwoWhoChangeDifferentAnswersBothHaveTheirs(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	w, first, second := made(t, tx)
	mark := entry.TheFilm.Mark(w.Film)
	a, b := w.Film, w.Film
	a.Title, b.TitleOriginal = "From the first", "From the second"
	_, err := entry.Save(t.Context(), tx, first, w.Code, entry.TheFilm, mark, a)
	ok(t, err)
	_, err = entry.Save(t.Context(), tx, second, w.Code, entry.TheFilm, mark, b)
	ok(t, err)
	if got := film(t, tx, first, w.Code); got.Title != "From the first" || got.TitleOriginal != "From the second" {
		t.Errorf("got %q and %q", got.Title, got.TitleOriginal)
	}
}

func TestTwoWhoChangeTheSameAnswer(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	w, first, second := made(t, tx)
	mark := entry.TheFilm.Mark(w.Film)
	a, b := w.Film, w.Film
	a.Title, a.TitleOriginal = "From the first", "Only from the first"
	b.Title = "From the second"
	_, err := entry.Save(t.Context(), tx, first, w.Code, entry.TheFilm, mark, a)
	ok(t, err)
	_, err = entry.Save(t.Context(), tx, second, w.Code, entry.TheFilm, mark, b)
	c, contested := errors.AsType[*entry.Conflict](err)
	if !contested || problem.Of(err).Kind != problem.Conflict {
		t.Fatalf("got %v", err)
	}
	if !cmp.Equal(c.Fields, []string{"title"}) || c.Theirs.Title != "From the first" || c.Mine.Title != "From the second" ||
		c.Base.Title != "The Salt Ledger" || c.Mine.TitleOriginal != "Only from the first" {
		t.Fatalf("got %v: %q, %q, %q", c.Fields, c.Theirs.Title, c.Mine.Title, c.Mine.TitleOriginal)
	}
	// The second gives way; the first's text stands, and the second's is kept.
	_, err = entry.Save(t.Context(), tx, second, w.Code, entry.TheFilm, c.Mark(), c.Mine, "title")
	ok(t, err)
	if got := film(t, tx, first, w.Code); got.Title != "From the first" || got.TitleOriginal != "Only from the first" {
		t.Errorf("got %q, %q", got.Title, got.TitleOriginal)
	}
	list, err := entry.Versions(t.Context(), tx, first, w.Code)
	ok(t, err)
	if !list[0].Aside || list[0].Film.Title != "From the second" || list[0].Name != "second" || !cmp.Equal(entry.Differing(*list[0].Before, list[0].Film), []string{"title"}) {
		t.Errorf("got %+v", list[0])
	}
	// The second takes it up again.
	_, err = entry.Restore(t.Context(), tx, second, w.Code, list[0].ID)
	ok(t, err)
	if got := film(t, tx, first, w.Code); got.Title != "From the second" {
		t.Errorf("got %q", got.Title)
	}
}

func TestAFormOlderThanAllVersionsIsContested(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	w, first, second := made(t, tx)
	mark := entry.TheFilm.Mark(w.Film)
	f := w.Film
	for i := range entry.KeptVersions + 5 {
		f.Title = fmt.Sprint("Title ", i)
		saved, err := entry.Save(t.Context(), tx, first, w.Code, entry.TheFilm, entry.TheFilm.Mark(film(t, tx, first, w.Code)), f)
		ok(t, err)
		f = saved.Film
	}
	list, err := entry.Versions(t.Context(), tx, second, w.Code)
	ok(t, err)
	if len(list) != entry.KeptVersions || list[0].Film.Title != f.Title {
		t.Errorf("kept %d, the newest %q", len(list), list[0].Film.Title)
	}
	stale := w.Film
	stale.TitleOriginal = "Changed"
	_, err = entry.Save(t.Context(), tx, second, w.Code, entry.TheFilm, mark, stale)
	if c, contested := errors.AsType[*entry.Conflict](err); !contested || !cmp.Equal(c.Fields, []string{"title", "titleOriginal"}) {
		t.Errorf("got %v", err)
	}
}

func TestWhoMayOnlyReadChangesNothing(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, w := drafted(t, tx, s)
	reader, editor := person(t, tx, "reader"), person(t, tx, "editor")
	collaborate(t, tx, w.ID, reader, entry.LevelView)
	collaborate(t, tx, w.ID, editor, entry.LevelEdit)
	f := complete()
	f.Title = "Changed"
	_, err := entry.Save(t.Context(), tx, reader, w.Code, entry.TheFilm, entry.TheFilm.Mark(w.Film), f)
	if got := key(err); got != "maker.not-edit" {
		t.Errorf("saving: got %q", got)
	}
	for who, want := range map[account.ID]string{reader: "maker.not-submit", editor: "maker.not-submit"} {
		for what, err := range map[string]error{
			"submit":   entry.Submit(t.Context(), tx, who, e.Code, 0),
			"withdraw": entry.Withdraw(t.Context(), tx, who, e.Code),
		} {
			if got := key(err); got != want {
				t.Errorf("%s: got %q", what, got)
			}
		}
	}
	if got, err := entry.MineBy(t.Context(), tx, reader, e.Code); err != nil || got.Level != entry.LevelView || got.Work.Level != entry.LevelView {
		t.Errorf("got %q, %v", got.Level, err)
	}
	if got := film(t, tx, reader, w.Code); got.Title != w.Film.Title {
		t.Errorf("got %q", got.Title)
	}
}

func TestAShutWorkIsFoundByNobody(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, w := drafted(t, tx, s)
	_, err := tx.Exec(t.Context(), `update works set frozen_until = clock_timestamp() + interval '1 hour' where id = @id`, pg.Args{"id": w.ID})
	ok(t, err)
	_, byWork := entry.WorkBy(t.Context(), tx, s.maker, w.Code)
	_, byEntry := entry.MineBy(t.Context(), tx, s.maker, e.Code)
	_, saved := entry.Save(t.Context(), tx, s.maker, w.Code, entry.TheFilm, entry.TheFilm.Mark(w.Film), complete())
	for what, err := range map[string]error{"work": byWork, "entry": byEntry, "save": saved, "submit": entry.Submit(t.Context(), tx, s.maker, e.Code, 0)} {
		if !errors.Is(err, pgx.ErrNoRows) {
			t.Errorf("%s: got %v", what, err)
		}
	}
	all, err := entry.MineOf(t.Context(), tx, s.maker)
	ok(t, err)
	works, err := entry.Of(t.Context(), tx, s.maker)
	if ok(t, err); len(all)+len(works) != 0 {
		t.Errorf("got %d entries and %d works", len(all), len(works))
	}
}

// A saver writes a changed title that was typed into a form drawn with base.
type saver func(ctx context.Context, pool *pgxpool.Pool, who account.ID, code string, base, f entry.Film, theirs ...string) error

func careful(ctx context.Context, pool *pgxpool.Pool, who account.ID, code string, base, f entry.Film, theirs ...string) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := entry.Save(ctx, tx, who, code, entry.TheFilm, entry.TheFilm.Mark(base), f, theirs...)
		return err
	})
}

// careless saves as if every form had just been drawn, and keeps no versions:
// what a save without the check would do.
func careless(ctx context.Context, pool *pgxpool.Pool, who account.ID, code string, _, f entry.Film, _ ...string) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from works where code = @code for update`, pg.Args{"code": code}); err != nil {
			return err
		}
		w, err := entry.WorkBy(ctx, tx, who, code)
		if err != nil {
			return err
		}
		_, err = entry.Save(ctx, tx, who, code, entry.TheFilm, entry.TheFilm.Mark(w.Film), f)
		if err == nil {
			_, err = tx.Exec(ctx, `delete from work_versions where work_id = @work`, pg.Args{"work": w.ID})
		}
		return err
	})
}

// stalePairs has pairs of makers save forms that were drawn at the same time,
// with a third who is being removed meanwhile. It tells how many texts were
// acknowledged or shown back, which of them are nowhere to be found afterwards,
// and which were written over by somebody who had not seen them.
func stalePairs(t *testing.T, save saver, works, rounds int) (told int, lost, overwritten []string) {
	t.Helper()
	pool := pgtest.Pool(t)
	var mu sync.Mutex
	var group sync.WaitGroup
	for n := range works {
		group.Go(func() {
			p := newPair(t, pool, save, n)
			for round := range rounds {
				p.round(round)
			}
			l, o := p.judge()
			mu.Lock()
			told, lost, overwritten = told+len(p.told), append(lost, l...), append(overwritten, o...)
			mu.Unlock()
		})
	}
	group.Wait()
	return told, lost, overwritten
}

// A pair are the makers of one work.
type pair struct {
	t      *testing.T
	pool   *pgxpool.Pool
	save   saver
	n      int
	code   string
	id     entry.WorkID
	makers [3]account.ID // the third comes and goes

	mu   sync.Mutex
	told []string          // every text that was acknowledged or shown back
	seen map[string]string // of each acknowledged title: the one its form was drawn with
}

func newPair(t *testing.T, pool *pgxpool.Pool, save saver, n int) *pair {
	p := &pair{t: t, pool: pool, save: save, n: n, seen: map[string]string{}}
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		w, first, second := made(t, tx)
		p.code, p.id, p.makers = w.Code, w.ID, [3]account.ID{first, second, person(t, tx, "third")}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return p
}

// round has all three save what they typed into forms of the same moment; the
// owner removes the third meanwhile.
func (p *pair) round(round int) {
	collaborate(p.t, p.pool, p.id, p.makers[2], entry.LevelEdit)
	w, err := entry.WorkBy(p.t.Context(), p.pool, p.makers[0], p.code)
	if err != nil {
		p.t.Error(err)
		return
	}
	var group sync.WaitGroup
	for i, who := range p.makers {
		group.Go(func() { p.write(who, i, round, w.Film) })
	}
	group.Go(func() {
		if _, err := p.pool.Exec(p.t.Context(), `delete from collaborators where work_id = @work and account_id = @who`,
			pg.Args{"work": p.id, "who": p.makers[2]}); err != nil {
			p.t.Error(err)
		}
	})
	group.Wait()
}

// write saves a title and, half of the time, the original title; in a conflict
// it takes one of the ways out.
func (p *pair) write(who account.ID, i, round int, base entry.Film) {
	f := base
	f.Title = fmt.Sprintf("title %d.%d.%d", p.n, round, i)
	if (round+i)%2 == 0 {
		f.TitleOriginal = fmt.Sprintf("original %d.%d.%d", p.n, round, i)
	}
	err := p.save(p.t.Context(), p.pool, who, p.code, base, f)
	for range 6 {
		c, contested := errors.AsType[*entry.Conflict](err)
		if !contested {
			break
		}
		p.note(c.Theirs.Title, c.Theirs.TitleOriginal)
		way := rand.IntN(3)
		if way == 0 {
			return // walks away from the page that shows both
		}
		base, f = c.Theirs, c.Mine
		var theirs []string
		if way == 1 {
			theirs = c.Fields
		}
		err = p.save(p.t.Context(), p.pool, who, p.code, base, f, theirs...)
		if err == nil && way == 1 {
			p.note(f.Title, f.TitleOriginal)
			return
		}
	}
	switch {
	case err == nil:
		p.note(f.Title, f.TitleOriginal)
		p.mu.Lock()
		p.seen[f.Title] = base.Title
		p.mu.Unlock()
	case errors.Is(err, pgx.ErrNoRows) && i == 2: // removed meanwhile
	case problem.Of(err).Kind != problem.Conflict:
		p.t.Errorf("saving: %v", err)
	}
}

func (p *pair) note(texts ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, texts...)
}

// judge looks for every text that was told, in the work and in the versions,
// straight in the tables, and for titles that were written over unseen.
func (p *pair) judge() (lost, overwritten []string) {
	kept, err := pg.Values[json.RawMessage](p.t.Context(), p.pool, `
		select film
		from works
		where id = @work
		union all
		select film
		from work_versions
		where work_id = @work`,
		pg.Args{"work": p.id})
	if err != nil {
		p.t.Error(err)
	}
	var all strings.Builder
	for _, f := range kept {
		all.Write(f)
	}
	for _, text := range p.told {
		if !strings.Contains(all.String(), `"`+text+`"`) {
			lost = append(lost, text)
		}
	}
	// Each acknowledged title was written over the one that its maker saw: no
	// two were written over the same.
	over := map[string]string{}
	for title, base := range p.seen {
		if other, twice := over[base]; twice {
			overwritten = append(overwritten, title+" and "+other)
		}
		over[base] = title
	}
	return lost, overwritten
}

func TestTwoHundredStalePairsLoseNoText(t *testing.T) {
	t.Parallel()
	told, lost, overwritten := stalePairs(t, careful, 20, 10)
	if len(lost) > 0 || len(overwritten) > 0 || told < 400 {
		t.Errorf("of %d texts lost %q; written over unseen %q", told, lost, overwritten)
	}
	t.Logf("200 pairs and as many thirds: %d texts told, %d lost, %d written over unseen", told, len(lost), len(overwritten))
}

// The control: without the check, the same pairs do lose texts.
func TestStalePairsWithoutTheCheckLoseTexts(t *testing.T) {
	t.Parallel()
	_, lost, overwritten := stalePairs(t, careless, 4, 5)
	if len(lost) == 0 || len(overwritten) == 0 {
		t.Errorf("lost %d, written over unseen %d: this test could not fail", len(lost), len(overwritten))
	}
}
