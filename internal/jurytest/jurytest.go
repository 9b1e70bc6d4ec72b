// Package jurytest builds a small festival with a jury for tests, straight in
// the tables. Test-only.
package jurytest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
)

// A Stage is an edition in which a jury judges one category.
type Stage struct {
	t         testing.TB
	db        pg.DB
	n         int64 // tells stages of one database apart
	Organizer account.ID
	Slug      string // of the festival; the edition's is 9
	Festival  festival.ID
	Edition   festival.EditionID
	Category  festival.CategoryID
	Panel     jury.PanelID
	PanelCode string
	Round     jury.RoundID
	RoundCode string
	Criteria  []jury.CriterionID // weights 3, 1, and one that is optional and not counted
	Jurors    []account.ID
	Films     []entry.ID
}

var stages atomic.Int64

// New makes a stage with so many jurors and films, and a round that opened an
// hour ago and closes in a day. Nothing is given to anybody yet.
func New(t testing.TB, db pg.DB, jurors, films int) *Stage {
	t.Helper()
	s := &Stage{t: t, db: db, n: stages.Add(1)}
	s.Slug, s.PanelCode, s.RoundCode = fmt.Sprintf("farsang-%d", s.n), fmt.Sprintf("panel-%d", s.n), fmt.Sprintf("round-%d", s.n)
	s.Organizer = s.Account("Darya Mirzaei", s.Email("darya"))
	s.Festival = festival.ID(s.insert(`insert into festivals (slug, name) values (@slug, 'Farsang') returning id`, pg.Args{"slug": s.Slug}))
	s.exec(`insert into memberships (account_id, festival_id, role) values (@who, @festival, 'organizer')`,
		pg.Args{"who": s.Organizer, "festival": s.Festival})
	s.Edition = festival.EditionID(s.insert(`
		insert into editions (festival_id, slug, name, prefix, city, zone, starts_on, ends_on, call_opened_at)
		values (@festival, '9', '9th edition', 'F9', 'Mahabar', 'Asia/Tehran', '2027-05-01', '2027-05-09', now())
		returning id`, pg.Args{"festival": s.Festival}))
	s.Category = festival.CategoryID(s.insert(`
		insert into categories (edition_id, slug, position, name, places)
		values (@edition, 'shorts', 1, 'Short fiction', 2)
		returning id`, pg.Args{"edition": s.Edition}))
	s.Panel = jury.PanelID(s.insert(`insert into panels (code, edition_id, name) values (@code, @edition, 'First jury') returning id`,
		pg.Args{"code": s.PanelCode, "edition": s.Edition}))
	s.addRound()
	for i := range jurors {
		s.Juror(fmt.Sprintf("Juror %02d", i+1), s.Email(fmt.Sprintf("juror%d", i+1)))
	}
	for i := range films {
		s.Film(fmt.Sprintf("Film %03d", i+1), 0)
	}
	return s
}

func (s *Stage) addRound() {
	s.Round = jury.RoundID(s.insert(`
		insert into rounds (code, category_id, panel_id, name, reviews_per_entry, opens_at, closes_at, opened_at)
		values (@code, @category, @panel, 'First round', 2, clock_timestamp() - interval '1 hour', clock_timestamp() + interval '1 day',
		        clock_timestamp() - interval '1 hour')
		returning id`, pg.Args{"code": s.RoundCode, "category": s.Category, "panel": s.Panel}))
	for i, c := range []struct {
		name              string
		weight            float64
		required, counted bool
	}{{"Direction", 3, true, true}, {"Craft", 1, true, true}, {"Fit", 1, false, false}} {
		s.Criteria = append(s.Criteria, jury.CriterionID(s.insert(`
			insert into criteria (round_id, position, name, weight, required, counted, low_label, high_label)
			values (@round, @position, @name, @weight, @required, @counted, 'not at all', 'outstanding')
			returning id`, pg.Args{"round": s.Round, "position": i + 1, "name": c.name, "weight": c.weight, "required": c.required, "counted": c.counted})))
	}
}

// Email is an address of the stage's own.
func (s *Stage) Email(name string) string { return fmt.Sprintf("%s.%d@example.org", name, s.n) }

// Account adds a person.
func (s *Stage) Account(name, email string) account.ID {
	s.t.Helper()
	return account.ID(s.insert(`insert into accounts (code, email, name) values (@code, @email, @name) returning id`,
		pg.Args{"code": email, "email": email, "name": name}))
}

// Juror adds a person with a seat.
func (s *Stage) Juror(name, email string) account.ID {
	s.t.Helper()
	who := s.Account(name, email)
	s.exec(`insert into seats (code, panel_id, account_id) values (@email, @panel, @who)`, pg.Args{"email": email, "panel": s.Panel, "who": who})
	s.Jurors = append(s.Jurors, who)
	return who
}

// Film adds an entry under consideration; owner 0 is nobody. Its director is
// Ada Canary, so that a test can look for the name.
func (s *Stage) Film(title string, owner account.ID) entry.ID {
	s.t.Helper()
	args := pg.Args{"edition": s.Edition, "category": s.Category, "code": fmt.Sprintf("%s %d", title, s.n), "title": title, "n": len(s.Films) + 1, "owner": nil}
	if owner != 0 {
		args["owner"] = owner
	}
	film := `jsonb_build_object('title', @title::text, 'runtime', 600 + 60 * @n::integer, 'countries', jsonb_build_array('IR', 'FR'),
		'credits', jsonb_build_array(jsonb_build_object('role', 'director', 'name', 'Ada Canary')), 'website', 'https://canary.example',
		'synopsis', 'A harbour clerk counts salt.')`
	id := entry.ID(s.insert(`
		with w as (insert into works (code, owner_id, film) values (@code, @owner, `+film+`) returning id)
		insert into entries (code, edition_id, category_id, work_id, number, state, film, film_version, submitted_at)
		select @code, @edition, @category, w.id, @n::integer, 'eligible', `+film+`, 1, now()
		from w
		returning id`, args))
	s.Films = append(s.Films, id)
	return id
}

// Give hands films to a juror, in order, and returns the assignments' codes.
func (s *Stage) Give(who account.ID, films ...entry.ID) []string {
	s.t.Helper()
	codes := make([]string, len(films))
	for i, film := range films {
		codes[i] = fmt.Sprintf("a-%d-%d", who, film)
		s.exec(`
			insert into assignments (code, round_id, entry_id, account_id, position)
			values (@code, @round, @film, @who, @position)`,
			pg.Args{"code": codes[i], "round": s.Round, "film": film, "who": who, "position": i + 1})
	}
	return codes
}

// Score puts a submitted score straight into the tables, for reading tests.
func (s *Stage) Score(assignment string, marks ...int) {
	s.t.Helper()
	id := s.insert(`
		with a as (update assignments set state = 'done' where code = @code returning id)
		insert into scores (assignment_id, version, complete, note, feedback)
		select id, 1, true, 'private canary', 'Thank you for the silence.'
		from a
		returning id`, pg.Args{"code": assignment})
	for i, v := range marks {
		s.exec(`insert into marks (score_id, criterion_id, value) values (@score, @criterion, @value)`,
			pg.Args{"score": id, "criterion": s.Criteria[i], "value": v})
	}
}

// Close stamps the round as closed.
func (s *Stage) Close() {
	s.t.Helper()
	s.exec(`update rounds set closed_at = clock_timestamp() where id = @round`, pg.Args{"round": s.Round})
}

// Dates moves the round's window by hours from now.
func (s *Stage) Dates(opens, closes time.Duration) {
	s.t.Helper()
	s.exec(`
		update rounds
		set opens_at = clock_timestamp() + make_interval(secs => @opens), closes_at = clock_timestamp() + make_interval(secs => @closes)
		where id = @round`, pg.Args{"round": s.Round, "opens": opens.Seconds(), "closes": closes.Seconds()})
}

func (s *Stage) insert(sql string, args pg.Args) int64 {
	s.t.Helper()
	id, err := pg.Value[int64](s.t.Context(), s.db, sql, args)
	if err != nil {
		s.t.Fatalf("jurytest: %v", err)
	}
	return id
}

func (s *Stage) exec(sql string, args pg.Args) {
	s.t.Helper()
	if _, err := s.db.Exec(s.t.Context(), sql, args); err != nil {
		s.t.Fatalf("jurytest: %v", err)
	}
}
