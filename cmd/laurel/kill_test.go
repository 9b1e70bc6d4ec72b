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
func kills(t *testing.T, few int) int {
	t.Helper()
	many := os.Getenv("LAUREL_KILLS")
	if many == "" {
		return few
	}
	n, err := strconv.Atoi(many)
	if err != nil {
		t.Fatalf("LAUREL_KILLS: %v", err)
	}
	return n
}

// A writer saves one text after the other through the forms, and keeps count of
// what was acknowledged: the answer arrived whole, and the page after it says
// that it is saved. A save of which that did not arrive is sent again, as a
// person does.
type writer struct {
	*reader
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
	for n := 1; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		values := page.form(w.t, w.page).Values
		w.fill(values, w.text(n))
		if page = w.save(values); page.status != http.StatusOK {
			w.t.Errorf("%s: saving is answered with %d at %s", w.name, page.status, page.path)
			return
		}
		w.mu.Lock()
		w.acked = n
		w.mu.Unlock()
		if !strings.HasPrefix(page.path, w.page) {
			page = w.open()
		}
	}
}

func (w *writer) open() answer {
	for {
		if page, err := w.get(w.page); err == nil && page.status == http.StatusOK {
			return page
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// save sends one form until it is acknowledged, or refused.
func (w *writer) save(values url.Values) answer {
	for {
		page, err := w.post(w.page, values)
		if err == nil && page.status < 500 {
			return page
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// check holds what was acknowledged since text number from against what the
// database has, and returns how many were lost. Nothing may be there twice.
func (w *writer) check(ctx context.Context, db pg.DB, from int) (upto, lost int) {
	upto = w.count()
	there, err := pg.Values[string](ctx, db, w.kept, pg.Args{"id": w.id})
	if err != nil {
		w.t.Error(err)
	}
	times := map[string]int{}
	newest := 0
	for _, text := range there {
		times[text]++
		if times[text] > 1 {
			w.t.Errorf("%s is there twice", text)
		}
		if n, err := strconv.Atoi(text[strings.LastIndex(text, "-")+1:]); err == nil {
			newest = max(newest, n)
		}
	}
	if upto > 0 && newest < upto {
		w.t.Errorf("%s: text %d was acknowledged, and the newest that is there is %d", w.name, upto, newest)
	}
	for n := max(from+1, upto-entry.KeptVersions+10); n <= upto; n++ {
		if times[w.text(n)] == 0 && !strings.HasPrefix(w.name, "answer") {
			w.t.Errorf("%s was acknowledged and is lost", w.text(n))
			lost++
		}
	}
	if newest < upto {
		lost++
	}
	return upto, lost
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
// question and one who begins drafts.
func (m *mortal) writers() []*writer {
	m.t.Helper()
	var all []*writer
	m.do(func(ctx context.Context, tx pgx.Tx) error {
		c := seed.Category(m.t, tx, seed.Edition(m.t, tx, func(e *festival.Edition) {}))
		if _, err := tx.Exec(ctx, `insert into questions (code, category_id, position, kind, label) values ('why', @c, 1, 'text', 'Why?')`, pg.Args{"c": c.ID}); err != nil {
			return err
		}
		for i := range 8 {
			owner := seed.Account(m.t, tx, "Maker")
			token, err := account.StartSession(ctx, tx, owner)
			if err != nil {
				return err
			}
			w := &writer{reader: m.reader(token), id: int64(owner)}
			all = append(all, w)
			if i == 7 {
				w.name, w.page, w.kept = "draft", "/my/entries/new", keptDrafts
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
			e := seed.Entry(m.t, tx, c, func(x *seed.E) { x.Owner, x.State = owner, entry.Draft })
			work, err := pg.Value[string](ctx, tx, `select code from works where id = @w`, pg.Args{"w": e.WorkID})
			if err != nil {
				return err
			}
			if i < 5 {
				w.name, w.page, w.kept, w.id = fmt.Sprintf("text%d", i), "/my/works/"+work+"/form/texts", keptTexts, int64(e.WorkID)
				w.fill = func(form url.Values, text string) { form.Set("synopsis", text) }
				continue
			}
			w.name, w.page, w.kept, w.id = fmt.Sprintf("answer%d", i), "/my/entries/"+e.Code+"/questions", keptAnswers, int64(e.ID)
			w.fill = func(form url.Values, text string) {
				for name := range form {
					if strings.HasSuffix(name, "-why") && !strings.HasPrefix(name, "m-") {
						form.Set(name, text)
					}
				}
			}
		}
		return nil
	})
	return all
}

// TestWhatWasSavedOutlivesBeingKilled kills the program, and the database under
// it, in the middle of eight people's saving.
func TestWhatWasSavedOutlivesBeingKilled(t *testing.T) {
	m := newMortal(t)
	all, n := m.writers(), 0
	stop := make(chan struct{})
	var done sync.WaitGroup
	for _, w := range all {
		done.Go(func() { w.write(stop) })
	}
	checked, lost := make([]int, len(all)), 0
	check := func() {
		m.with(func(ctx context.Context, pool *pgxpool.Pool) {
			for i, w := range all {
				upto, missing := w.check(ctx, pool, checked[i])
				checked[i], lost = upto, lost+missing
			}
		})
	}
	app, db := kills(t, 3), kills(t, 2)
	for i := range app + db {
		for time.Sleep(time.Duration(300+rand.IntN(500)) * time.Millisecond); n == 0 && all[0].count() == 0; { // the first pages are slow
			time.Sleep(10 * time.Millisecond)
		}
		if i%2 == 0 && i/2 < app || i/2 >= db {
			m.kill()
			m.start()
		} else {
			m.killDatabase()
		}
		check()
	}
	close(stop)
	done.Wait()
	check()
	for i := range all {
		n += checked[i]
	}
	t.Logf("%d kills of the program and %d of the database: %d saves acknowledged, %d lost", app, db, n, lost)
	if n < 50 {
		t.Errorf("only %d saves were acknowledged", n)
	}
}
