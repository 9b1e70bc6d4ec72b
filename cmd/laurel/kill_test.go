package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/seed"
)

// kills is how often something is killed: few times here, as often as
// LAUREL_KILLS says for the figures of the README.
func kills(t *testing.T, few int) int { return asked(t, "LAUREL_KILLS", few) }

// asked is a number that the environment may set.
func asked(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// A writer saves one text after the other through the forms, and keeps count of
// what was acknowledged: the answer arrived whole, and the page after it says
// that it is saved. A save of which that did not arrive is sent again, as a
// person does.
type writer struct {
	*reader
	m    *mortal
	acks chan<- struct{} // one for each that is acknowledged
	fast bool            // the answer that leads on is enough: the next page is not read
	name string
	page string // where the form is
	fill func(form url.Values, text string)
	kept string // a query of the texts that are there, oldest first, one a row; @id
	id   int64

	mu    sync.Mutex
	acked int // the texts 1 to acked are acknowledged
}

func (w *writer) text(n int) string { return fmt.Sprintf("%s-%06d", w.name, n) }

func (w *writer) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.acked
}

// write saves until stop is closed; what is under way then is brought to its end.
func (w *writer) write(stop <-chan struct{}) {
	page := w.open()
	values := page.form(w.t, w.page).Values
	for n := 1; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		w.fill(values, w.text(n))
		page = w.save(values)
		if want := map[bool]int{false: http.StatusOK, true: http.StatusSeeOther}[w.fast]; page.status != want {
			w.t.Errorf("%s: saving is answered with %d at %s", w.name, page.status, page.path)
			return
		}
		w.mu.Lock()
		w.acked = n
		w.mu.Unlock()
		w.acks <- struct{}{}
		if w.fast {
			values.Set("_key", account.Code())
			continue
		}
		if !strings.HasPrefix(page.path, w.page) {
			page = w.open()
		}
		values = page.form(w.t, w.page).Values
	}
}

func (w *writer) open() answer {
	for {
		well := w.m.whenWell()
		if page, err := w.get(w.page); err == nil && page.status == http.StatusOK {
			return page
		}
		<-well
	}
}

// save sends one form until it is acknowledged, or refused.
func (w *writer) save(values url.Values) answer {
	for {
		well := w.m.whenWell()
		page, err := w.post(w.page, values)
		if err == nil && page.status < 500 {
			return page
		}
		<-well
	}
}

// there is how often the database has each text.
func (w *writer) there(ctx context.Context, db pg.DB) map[string]int {
	texts, err := pg.Values[string](ctx, db, w.kept, pg.Args{"id": w.id})
	if err != nil {
		w.t.Error(err)
	}
	times := map[string]int{}
	for _, text := range texts {
		times[text]++
	}
	return times
}

// missing are the texts from number first to upto, all acknowledged before the
// database was asked, that are not there. Of a film the last versions are kept,
// of an answer the newest alone.
func (w *writer) missing(there map[string]int, first, upto int) (lost []string) {
	newest := 0
	for text := range there {
		if n, err := strconv.Atoi(text[strings.LastIndex(text, "-")+1:]); err == nil {
			newest = max(newest, n)
		}
	}
	switch w.kept {
	case keptTexts:
		first = max(first, upto-entry.KeptVersions+10)
	case keptAnswers:
		first = upto
	}
	for n := max(first, 1); n <= upto; n++ {
		if there[w.text(n)] == 0 && (w.kept != keptAnswers || newest < n) {
			lost = append(lost, w.text(n))
		}
	}
	return lost
}

// check holds what was acknowledged since text number from against what the
// database has, and returns how many were lost. Nothing may be there twice.
func (w *writer) check(ctx context.Context, db pg.DB, from int) (upto, lost int) {
	upto = w.count()
	there := w.there(ctx, db)
	for text, times := range there {
		if times > 1 {
			w.t.Errorf("%s is there twice", text)
		}
	}
	missing := w.missing(there, from+1, upto)
	for _, text := range missing {
		w.t.Errorf("%s was acknowledged and is lost", text)
	}
	return upto, len(missing)
}

// Where the texts of each kind of writer are.
const (
	keptTexts = `
		select film ->> 'synopsis'
		from work_versions
		where work_id = @id and film ->> 'synopsis' like 'text%'
		order by id`
	keptAnswers = `
		select unnest(value)
		from replies
		where entry_id = @id`
	keptDrafts = `
		select w.film ->> 'title'
		from works w
		join entries e on e.work_id = w.id
		where w.owner_id = @id
		order by e.id`
)

// writers are five who describe their films, two who answer a category's
// question and the rest begin drafts, one film after the other.
func (m *mortal) writers(drafters int, fast bool) ([]*writer, <-chan struct{}) {
	m.t.Helper()
	var all []*writer
	acks := make(chan struct{}, 1<<20)
	m.do(func(ctx context.Context, tx pgx.Tx) error {
		c := seed.Category(m.t, tx, seed.Edition(m.t, tx, func(e *festival.Edition) {}))
		if _, err := tx.Exec(ctx, `insert into questions (code, category_id, position, kind, label) values ('why', @c, 1, 'text', 'Why?')`, pg.Args{"c": c.ID}); err != nil {
			return err
		}
		for i := range 7 + drafters {
			owner := seed.Account(m.t, tx, "Maker")
			token, err := account.StartSession(ctx, tx, owner)
			if err != nil {
				return err
			}
			w := &writer{reader: m.reader(token), m: m, acks: acks, id: int64(owner)}
			all = append(all, w)
			if i >= 7 {
				if err := w.drafts(ctx, tx, c, fmt.Sprintf("draft%02d", i)); err != nil {
					return err
				}
				if fast {
					w.hurry()
				}
				continue
			}
			e := seed.Entry(m.t, tx, c, func(x *seed.E) { x.Owner, x.State = owner, entry.Draft })
			if err := w.describes(ctx, tx, e, i); err != nil {
				return err
			}
		}
		return nil
	})
	return all, acks
}

// drafts lets a writer begin one film after the other.
func (w *writer) drafts(ctx context.Context, tx pgx.Tx, c festival.Category, name string) error {
	w.name, w.page, w.kept = name, "/my/entries/new", keptDrafts
	place, err := pg.Value[string](ctx, tx, `
		select f.slug || '/' || ed.slug || '/' || c.slug
		from categories c
		join editions ed on ed.id = c.edition_id
		join festivals f on f.id = ed.festival_id
		where c.id = @c`, pg.Args{"c": c.ID})
	w.fill = func(form url.Values, text string) {
		form.Set("category", place)
		form.Set("work", "")
		form.Set("title", text)
	}
	return err
}

// hurry lets a writer send the next form once the answer to the last is there,
// over a connection of its own that stays open.
func (w *writer) hurry() {
	w.fast = true
	w.Transport = &http.Transport{}
	w.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
}

// describes lets the first five writers change the text of their film, and the
// others their answer.
func (w *writer) describes(ctx context.Context, tx pgx.Tx, e entry.Entry, i int) error {
	work, err := pg.Value[string](ctx, tx, `select code from works where id = @w`, pg.Args{"w": e.WorkID})
	if err != nil {
		return err
	}
	if i < 5 {
		w.name, w.page, w.kept, w.id = fmt.Sprintf("text%d", i), "/my/works/"+work+"/form/texts", keptTexts, int64(e.WorkID)
		w.fill = func(form url.Values, text string) { form.Set("synopsis", text) }
		return nil
	}
	w.name, w.page, w.kept, w.id = fmt.Sprintf("answer%d", i), "/my/entries/"+e.Code+"/questions", keptAnswers, int64(e.ID)
	w.fill = func(form url.Values, text string) {
		for name := range form {
			if strings.HasSuffix(name, "-why") && !strings.HasPrefix(name, "m-") {
				form.Set(name, text)
			}
		}
	}
	return nil
}

// acknowledged waits until so many more saves are.
func (m *mortal) acknowledged(acks <-chan struct{}, n int) {
	m.t.Helper()
	for len(acks) > 0 { // what came while something was started again
		<-acks
	}
	late := time.After(5 * time.Minute)
	for range n {
		select {
		case <-acks:
		case <-late:
			m.t.Fatalf("nobody's saves are acknowledged: %s", m.said)
		}
	}
}

// savesThrough lets writers save while one thing after the other happens, each
// after so many further saves, and returns how many saves were acknowledged and
// how many of them were lost.
func (m *mortal) savesThrough(all []*writer, acks <-chan struct{}, between int, acts []func()) (acked, lost int) {
	m.t.Helper()
	stop := make(chan struct{})
	var done sync.WaitGroup
	for _, w := range all {
		done.Go(func() { w.write(stop) })
	}
	checked := make([]int, len(all))
	check := func() {
		m.with(func(ctx context.Context, pool *pgxpool.Pool) {
			for i, w := range all {
				upto, missing := w.check(ctx, pool, checked[i])
				checked[i], lost = upto, lost+missing
			}
		})
	}
	for _, act := range acts {
		m.acknowledged(acks, between+rand.IntN(between/4))
		act()
		check()
	}
	close(stop)
	done.Wait()
	check()
	for _, n := range checked {
		acked += n
	}
	return acked, lost
}

// TestWhatWasSavedOutlivesBeingKilled kills the program, and the database under
// it, in the middle of eight people's saving; in its full form of fourteen's,
// seven of whom send form after form, with so many saves from kill to kill that
// there are LAUREL_SAVES in all.
func TestWhatWasSavedOutlivesBeingKilled(t *testing.T) {
	m := newMortal(t)
	app, db, saves := kills(t, 3), kills(t, 2), asked(t, "LAUREL_SAVES", 0)
	drafters, between := 1, 8
	if saves > 0 {
		drafters, between = 7, saves/(app+db)+1
	}
	var acts []func()
	for i := range app + db {
		if i%2 == 0 && i/2 < app || i/2 >= db {
			acts = append(acts, func() { m.kill(); m.start() })
		} else {
			acts = append(acts, m.killDatabase)
		}
	}
	all, acks := m.writers(drafters, saves > 0)
	n, lost := m.savesThrough(all, acks, between, acts)
	t.Logf("%d kills of the program and %d of the database: %d saves acknowledged, %d lost", app, db, n, lost)
	if n < max(saves, 40) {
		t.Errorf("only %d saves were acknowledged", n)
	}
}

// losesThrough is savesThrough where losses are expected: those of all writers,
// looked for once, at the end.
func (m *mortal) losesThrough(all []*writer, acks <-chan struct{}, times int, act func()) (acked, lost int) {
	m.t.Helper()
	stop := make(chan struct{})
	var done sync.WaitGroup
	for _, w := range all {
		done.Go(func() { w.write(stop) })
	}
	for range times {
		m.acknowledged(acks, 300+rand.IntN(100))
		act()
	}
	close(stop)
	done.Wait()
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		for _, w := range all {
			upto := w.count()
			acked += upto
			lost += len(w.missing(w.there(ctx, pool), 1, upto))
		}
	})
	return acked, lost
}

// TestACarelessDatabaseLosesSaves is the control of the test above, for its full
// form: where the database answers before it has written, killing all of its
// processes must lose what was acknowledged, and the same check must see it.
func TestACarelessDatabaseLosesSaves(t *testing.T) {
	if asked(t, "LAUREL_SAVES", 0) == 0 {
		t.Skip("the control of a full form: README, Measured")
	}
	m := newMortal(t)
	all, acks := m.writers(7, true)
	all = all[7:]
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		for _, sql := range []string{
			`alter database ` + database + ` set synchronous_commit = off`,
			`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
		} {
			if _, err := pool.Exec(ctx, sql); err != nil {
				t.Fatal(err)
			}
		}
	})
	acked, lost := m.losesThrough(all, acks, 5, m.killDatabase)
	t.Logf("with synchronous_commit off and 5 kills: %d saves acknowledged, %d lost", acked, lost)
	if lost == 0 {
		t.Error("nothing was lost: this harness could not see a loss")
	}
}
