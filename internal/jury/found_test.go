package jury_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

func isProblem(err error) bool { return problem.Of(err) != nil }

// exec changes something that no form changes.
func exec(t *testing.T, tx pgx.Tx, sql string, args pg.Args) {
	t.Helper()
	_, err := tx.Exec(t.Context(), sql, args)
	must(t, err)
}

// filmBy makes a film with facts of its own; film is a JSON object.
func filmBy(t *testing.T, tx pgx.Tx, s *jurytest.Stage, title, film, contact string) entry.ID {
	t.Helper()
	id := s.Film(title, 0)
	exec(t, tx, `update entries set film = film || @film::jsonb, contact = @contact::jsonb where id = @id`,
		pg.Args{"id": id, "film": film, "contact": contact})
	return id
}

// evidence is what is found between a stage's first juror and its only film.
func evidence(t *testing.T, tx pgx.Tx, s *jurytest.Stage) []jury.Clue {
	t.Helper()
	found := desk(t, tx, s).Found
	if len(found) == 0 {
		return nil
	}
	if len(found) > 1 || found[0].AccountID != s.Jurors[0] || found[0].EntryID != s.Films[0] {
		t.Fatalf("found %+v", found)
	}
	return found[0].Clues
}

func TestConflictsAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		juror, email string
		belongs      []string
		film         string
		contact      string
		want         []jury.Clue
	}{
		"the same person": {"Ada Canary", "ada@example.org", nil, `{}`, `{}`, []jury.Clue{{jury.SamePerson, "Ada Canary"}}},
		"in another order, case and spelling": {"SAGONG, Narae", "n@example.org", nil, `{"credits": [{"role": "cast", "name": "사공 나래", "nameLatin": "Narae Sagong"}]}`, `{}`,
			[]jury.Clue{{jury.SamePerson, "SAGONG, Narae"}}},
		"in another script's keyboard": {"لاله فروهرنيا", "l@example.org", nil, `{"credits": [{"role": "director", "name": "لاله فروهر\u200cنیا"}]}`, `{}`, []jury.Clue{{jury.SamePerson, "لاله فروهرنيا"}}},
		"a surname":                    {"Otto Canáry", "o@example.org", nil, `{}`, `{}`, []jury.Clue{{jury.SameSurname, "Ada Canary"}}},
		"a surname with a hyphen":      {"Otto Okelo-Vance", "o@example.org", nil, `{"credits": [{"role": "music", "name": "Ruanda Okelo Vance"}, {"role": "cast", "name": "Zoë OKELO-VANCE"}]}`, `{}`, []jury.Clue{{jury.SameSurname, "Zoë OKELO-VANCE"}}},
		"half of a surname":            {"Otto Vance", "o@example.org", nil, `{"credits": [{"role": "cast", "name": "Zoë Okelo-Vance"}]}`, `{}`, nil},
		"a company": {"Otto Bloem", "o@example.org", []string{"Somewhere else", "Atelier Demi-Lune"}, `{"credits": [{"role": "producer", "name": "ATELIER DEMI LUNE"}]}`, `{}`,
			[]jury.Clue{{jury.SameCompany, "Atelier Demi-Lune"}}},
		"a company that sent it": {"Otto Bloem", "o@example.org", []string{"Demi-Lune Sales"}, `{}`, `{"name": "Demi-Lune Sales"}`, []jury.Clue{{jury.SameCompany, "Demi-Lune Sales"}}},
		"a school":               {"Otto Bloem", "o@example.org", []string{"University of Mahabar"}, `{"school": "University of Mahabar, Faculty of Film"}`, `{}`, []jury.Clue{{jury.SameSchool, "University of Mahabar, Faculty of Film"}}},
		"a word of a school":     {"Otto Bloem", "o@example.org", []string{"Mahab"}, `{"school": "University of Mahabar"}`, `{}`, nil},
		"a domain":               {"Otto Bloem", "otto@Demi-Lune.example", nil, `{}`, `{"email": "sales@demi-lune.example"}`, []jury.Clue{{jury.SameDomain, "demi-lune.example"}}},
		"a public provider":      {"Otto Bloem", "otto@gmail.com", nil, `{}`, `{"email": "sales@gmail.com"}`, nil},
		"the festival's domain":  {"Otto Bloem", "otto@farsang.example", nil, `{}`, `{"email": "sales@farsang.example"}`, nil},
		"the maker":              {"Ada Canary", "ada@canary.example", nil, `{}`, `{"email": "ada@canary.example"}`, nil},
		"nothing":                {"Otto Bloem", "otto@example.org", []string{"Somewhere"}, `{}`, `{}`, nil},
		"several": {"Ada Canary", "ada@canary.example", []string{"Canary Films"}, `{"credits": [{"role": "producer", "name": "Canary Films"}, {"role": "director", "name": "Ada Canary"}]}`, `{"email": "x@canary.example"}`,
			[]jury.Clue{{jury.SamePerson, "Ada Canary"}, {jury.SameCompany, "Canary Films"}, {jury.SameDomain, "canary.example"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			s := jurytest.New(t, tx, 0, 0)
			exec(t, tx, `update festivals set contact = 'office@farsang.example' where id = @id`, pg.Args{"id": s.Festival})
			who := s.Juror(c.juror, c.email)
			exec(t, tx, `update accounts set affiliations = @list where id = @id`, pg.Args{"id": who, "list": append([]string{}, c.belongs...)})
			filmBy(t, tx, s, "A film", c.film, c.contact)
			if d := cmp.Diff(c.want, evidence(t, tx, s)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestFoundConflictsAreKeptApartUntilAnswered(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 1)
	who, other := s.Juror("Otto Canary", "otto@example.org"), s.Juror("Juror Two", "two@example.org")
	p := jury.Pair{Entry: s.Films[0], Juror: who}
	apply(t, tx, s, jury.ToAll, 0)
	if now := desk(t, tx, s).Now(); len(now) != 1 || now[p] {
		t.Errorf("given %v", now)
	}
	refused(t, jury.Give(t.Context(), tx, s.Organizer, s.Round, p), "assignment.suspected")
	r, err := jury.RoundOf(t.Context(), tx, s.Round)
	must(t, err)
	refused(t, jury.Dismiss(t.Context(), tx, s.Organizer, r, jury.Pair{Entry: s.Films[0], Juror: other}), "problem.not-found")
	refused(t, jury.Dismiss(t.Context(), tx, who, r, p), "conflict.own")
	must(t, jury.Dismiss(t.Context(), tx, s.Organizer, r, p))
	list, err := jury.Dismissals(t.Context(), tx, s.Organizer, r)
	must(t, err)
	if len(list) != 1 || list[0].ActorName != "Darya Mirzaei" || list[0].AccountID != who || list[0].Evidence[0] != jury.SameSurname {
		t.Errorf("dismissed %+v", list)
	}
	must(t, jury.Give(t.Context(), tx, s.Organizer, s.Round, p))
	exec(t, tx, `update accounts set name = 'Ada Canary' where id = @id`, pg.Args{"id": who})
	if got := evidence(t, tx, s); len(got) != 1 || got[0].Evidence != jury.SamePerson {
		t.Errorf("other evidence: %+v", got)
	}
	must(t, jury.Reconsider(t.Context(), tx, s.Organizer, s.Edition, p))
	must(t, jury.Confirm(t.Context(), tx, s.Organizer, r, p, func(clues []jury.Clue) string { return "In the credits: " + clues[0].Words }))
	conflicts, err := jury.Conflicts(t.Context(), tx, s.Organizer, r)
	must(t, err)
	if len(conflicts) != 1 || conflicts[0].Note != "In the credits: Ada Canary" || !conflicts[0].Declared {
		t.Errorf("declared %+v", conflicts)
	}
	if got := desk(t, tx, s); len(got.Found) != 0 || got.Assignments[0].State != jury.Recused && got.Assignments[1].State != jury.Recused {
		t.Errorf("after keeping apart: %+v", got)
	}
}

func TestFoundConflictsAreHiddenFromWhoIsKeptApart(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 1)
	s.Juror("Otto Canary", "otto@example.org")
	d := desk(t, tx, s)
	if seen := d.Without(map[entry.ID]bool{s.Films[0]: true}); len(d.Found) != 1 || len(seen.Found) != 0 {
		t.Errorf("found %v, seen %v", d.Found, seen.Found)
	}
}

func TestSetLoad(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 4)
	seat := desk(t, tx, s).Seats[0]
	set := func(l jury.Load) error {
		return pgx.BeginFunc(t.Context(), tx, func(tx pgx.Tx) error {
			return jury.SetLoad(t.Context(), tx, s.Organizer, s.Round, seat.Code, l)
		})
	}
	must(t, set(jury.Load{Least: 1, Most: new(2)}))
	if d := cmp.Diff(map[account.ID]jury.Load{seat.AccountID: {Least: 1, Most: new(2)}}, desk(t, tx, s).Loads); d != "" {
		t.Error(d)
	}
	refused(t, set(jury.Load{Least: 3, Most: new(2)}), "constraint.loads_order")
	refused(t, set(jury.Load{Least: -1}), "constraint.loads_least_range")
	must(t, set(jury.Load{}))
	if n := len(desk(t, tx, s).Loads); n != 0 {
		t.Errorf("%d limits left", n)
	}
	s.Close()
	refused(t, set(jury.Load{Least: 1}), "assignment.closed")
}
