package jury_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
)

// tongues are the languages of random desks.
var tongues = []string{"fa", "fr", "ar"}

func some(lot *rand.Rand, of []string, percent int) []string {
	var list []string
	for _, x := range of {
		if lot.IntN(100) < percent {
			list = append(list, x)
		}
	}
	return list
}

// randomDesk is a desk with conflicts of all kinds, languages, limits, and films
// that are given and begun already, also by somebody who has left.
func randomDesk(lot *rand.Rand, films, jurors int) jury.Desk {
	d := jury.Desk{Apart: map[jury.Pair]bool{}, Loads: map[account.ID]jury.Load{}}
	for i := range 1 + lot.IntN(films) {
		d.Films = append(d.Films, jury.Film{ID: entry.ID(100 + i), Runtime: 60 * lot.IntN(30), Languages: some(lot, tongues, 40), Subtitles: some(lot, tongues, 30)})
	}
	for i := range 1 + lot.IntN(jurors) {
		d.Seats = append(d.Seats, jury.Seat{Code: fmt.Sprint("s", i), AccountID: account.ID(10 + i), Name: fmt.Sprint("Juror ", i), Languages: some(lot, tongues, 50)})
	}
	for _, f := range d.Films {
		if lot.IntN(8) == 0 {
			d.Assignments = append(d.Assignments, jury.Assignment{EntryID: f.ID, AccountID: 99, State: jury.Done, Begun: true})
		}
		for _, s := range d.Seats {
			p := jury.Pair{Entry: f.ID, Juror: s.AccountID}
			switch lot.IntN(10) {
			case 0:
				d.Apart[p] = true
			case 1:
				d.Found = append(d.Found, jury.Found{EntryID: f.ID, AccountID: s.AccountID})
			case 2:
				d.Assignments = append(d.Assignments, jury.Assignment{EntryID: f.ID, AccountID: s.AccountID, State: jury.Recused})
			case 3, 4:
				d.Assignments = append(d.Assignments, jury.Assignment{EntryID: f.ID, AccountID: s.AccountID, State: jury.ToDo})
			case 5:
				d.Assignments = append(d.Assignments, jury.Assignment{EntryID: f.ID, AccountID: s.AccountID, State: jury.Done, Begun: true})
			}
		}
	}
	return d
}

func plan(t *testing.T, d jury.Desk, ask jury.Ask) jury.Plan {
	t.Helper()
	p, err := d.Plan(ask)
	must(t, err)
	return p
}

// grade is what a plan is judged by, the most important first: missing viewings,
// new viewings, squares of the lists, viewers who read subtitles (dispersed, then
// counted).
type grade [5]int

func (g grade) compare(other grade) int { return slices.Compare(g[:], other[:]) }

// judged grades a plan with arithmetic of its own.
func judged(d jury.Desk, ask jury.Ask, pairs map[jury.Pair]bool) grade {
	now := d.Now()
	var g grade
	loads := map[account.ID]int{}
	for _, f := range d.Films {
		viewers, kept, reads := 0, 0, 0
		for p := range pairs {
			if p.Entry == f.ID {
				viewers++
			}
		}
		for _, s := range d.Seats {
			p := jury.Pair{Entry: f.ID, Juror: s.AccountID}
			if now[p] && d.Causes()(f, s) == jury.Possible || fixed(d, p) {
				kept++
			}
			if !pairs[p] {
				continue
			}
			loads[s.AccountID]++
			if !now[p] && ask.Way == jury.Repair {
				g[1]++
			}
			if jury.Hearing(f, s) == jury.Reads {
				reads++
				g[3] += reads
				g[4]++
			}
		}
		want := ask.Reviews
		if ask.Way == jury.Repair {
			want = max(want, kept+departed(d, f.ID))
		}
		for missing := 1; missing <= want-viewers; missing++ {
			g[0] += missing
		}
	}
	for _, n := range loads {
		g[2] += n * n
	}
	return g
}

func fixed(d jury.Desk, p jury.Pair) bool {
	return slices.ContainsFunc(d.Assignments, func(a jury.Assignment) bool {
		return a.EntryID == p.Entry && a.AccountID == p.Juror && a.State != jury.Recused && a.Fixed()
	})
}

func departed(d jury.Desk, film entry.ID) int {
	n := 0
	for _, a := range d.Assignments {
		if a.EntryID == film && a.AccountID == 99 {
			n++
		}
	}
	return n
}

// best is the grade of the best of all plans, found by trying every one.
func best(d jury.Desk, ask jury.Ask) grade {
	type cell struct {
		pair jury.Pair
		film int
	}
	var cells []cell
	pairs := map[jury.Pair]bool{}
	wants := make([]int, len(d.Films))
	for e, f := range d.Films {
		kept := departed(d, f.ID)
		for _, s := range d.Seats {
			p := jury.Pair{Entry: f.ID, Juror: s.AccountID}
			switch possible := d.Causes()(f, s) == jury.Possible; {
			case fixed(d, p):
				pairs[p] = true
				kept++
			case possible:
				cells = append(cells, cell{p, e})
				if d.Now()[p] && ask.Way == jury.Repair {
					wants[e]++
				}
			}
		}
		for _, a := range d.Assignments {
			if a.EntryID == f.ID && a.AccountID == 99 {
				pairs[jury.Pair{Entry: f.ID, Juror: 99}] = true
			}
		}
		if wants[e] += kept; ask.Way != jury.Repair {
			wants[e] = 0
		}
		wants[e] = max(wants[e], ask.Reviews) - kept
	}
	var found *grade
	var try func(i int)
	try = func(i int) {
		if i == len(cells) {
			if g := judged(d, ask, pairs); found == nil || g.compare(*found) < 0 {
				found = &g
			}
			return
		}
		try(i + 1)
		if wants[cells[i].film] > 0 {
			wants[cells[i].film]--
			pairs[cells[i].pair] = true
			try(i + 1)
			delete(pairs, cells[i].pair)
			wants[cells[i].film]++
		}
	}
	try(0)
	return *found
}

// TestNobodyCanDoBetter compares plans with the best of all, which is found by
// trying every one.
func TestNobodyCanDoBetter(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(1, 1))
	for range 120 {
		d := randomDesk(lot, 3, 4)
		for _, way := range []jury.Way{jury.Evenly, jury.Repair} {
			ask := jury.Ask{Way: way, Reviews: 1 + lot.IntN(3), Seed: lot.Uint64() >> 1}
			p := plan(t, d, ask)
			if p.Proof.Joined > 0 {
				continue // it had to be joined, which may cost
			}
			if !p.Proof.Optimal {
				t.Fatal("not proved")
			}
			if got, want := judged(d, ask, p.Pairs), best(d, ask); got != want {
				t.Fatalf("%s: %v, and %v is possible: %+v", way, got, want, d)
			}
		}
	}
}

func TestPlansKeepTheRules(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		d := randomDesk(lot, 40, 9)
		cause := d.Causes()
		for _, way := range []jury.Way{jury.Evenly, jury.Repair, jury.ToAll} {
			p := plan(t, d, jury.Ask{Way: way, Reviews: 1 + lot.IntN(5), Seed: lot.Uint64() >> 1})
			for _, f := range d.Films {
				for _, s := range d.Seats {
					pair := jury.Pair{Entry: f.ID, Juror: s.AccountID}
					if p.Pairs[pair] && cause(f, s) != jury.Possible && !fixed(d, pair) {
						t.Fatalf("%s gives %v in spite of %s", way, pair, cause(f, s))
					}
				}
			}
			for _, a := range d.Assignments {
				if a.Begun && a.State != jury.Recused && !p.Pairs[jury.Pair{Entry: a.EntryID, Juror: a.AccountID}] {
					t.Fatalf("%s takes away what was begun: %+v", way, a)
				}
			}
		}
	}
}

func TestPlansAreDeterministic(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(3, 3))
	for range 30 {
		d := randomDesk(lot, 30, 8)
		ask := jury.Ask{Way: jury.Evenly, Reviews: 3, Seed: lot.Uint64() >> 1}
		one, two := plan(t, d, ask), plan(t, d, ask)
		again := d.Question(ask)
		if question := d.Question(ask); question != again {
			t.Fatalf("one question has two names: %s, %s", question, again)
		}
		if !maps.Equal(one.Pairs, two.Pairs) || one.Fingerprint() != two.Fingerprint() {
			t.Fatal("one question has two plans")
		}
	}
}

// TestRepairingAgainChangesNothing: what was repaired needs no repair.
func TestRepairingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(4, 4))
	for range 60 {
		d := randomDesk(lot, 30, 8)
		ask := jury.Ask{Way: jury.Repair, Reviews: 3, Seed: lot.Uint64() >> 1}
		p := plan(t, d, ask)
		d.Assignments = slices.DeleteFunc(d.Assignments, func(a jury.Assignment) bool { return a.State != jury.Recused && !a.Begun })
		for _, pair := range slices.SortedFunc(maps.Keys(p.Pairs), func(a, b jury.Pair) int {
			return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Juror, b.Juror))
		}) {
			if !fixed(d, pair) {
				d.Assignments = append(d.Assignments, jury.Assignment{EntryID: pair.Entry, AccountID: pair.Juror, State: jury.ToDo})
			}
		}
		if again := plan(t, d, ask); !maps.Equal(p.Pairs, again.Pairs) {
			add, remove := again.Change()
			t.Fatalf("a repaired assignment is repaired: %v, %v", add, remove)
		}
	}
}

// aDesk has films and jurors without any rule.
func aDesk(films, jurors int) jury.Desk {
	d := jury.Desk{Apart: map[jury.Pair]bool{}, Loads: map[account.ID]jury.Load{}}
	for i := range films {
		d.Films = append(d.Films, jury.Film{ID: entry.ID(100 + i)})
	}
	for i := range jurors {
		d.Seats = append(d.Seats, jury.Seat{Code: fmt.Sprint("s", i), AccountID: account.ID(10 + i), Name: fmt.Sprint("Juror ", i)})
	}
	return d
}

func lists(d jury.Desk, pairs map[jury.Pair]bool) []int {
	n := make([]int, len(d.Seats))
	for j, s := range d.Seats {
		for p := range pairs {
			if p.Juror == s.AccountID {
				n[j]++
			}
		}
	}
	return n
}

func TestListsAreEvenAndComparable(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(5, 5))
	for range 60 {
		d := aDesk(4+lot.IntN(40), 2+lot.IntN(9))
		reviews := 2 + lot.IntN(3)
		p := plan(t, d, jury.Ask{Way: jury.Evenly, Reviews: reviews, Seed: lot.Uint64() >> 1})
		n := lists(d, p.Pairs)
		if slices.Max(n)-slices.Min(n) > 1 {
			t.Fatalf("lists %v of %d films", n, len(d.Films))
		}
		q := d.Measure(p.Pairs, reviews)
		edges, nodes := len(p.Pairs), len(d.Films)+len(d.Seats)
		if q.Parts != 1 && edges >= nodes-1 && reviews <= len(d.Seats) {
			t.Fatalf("the jury falls into %d parts: %d films, %d jurors, %d reviews", q.Parts, len(d.Films), len(d.Seats), reviews)
		}
	}
}

func TestLimitsOfJurors(t *testing.T) {
	t.Parallel()
	d := aDesk(60, 6)
	d.Loads[10], d.Loads[11] = jury.Load{Most: new(12)}, jury.Load{Least: 50}
	n := lists(d, plan(t, d, jury.Ask{Way: jury.Evenly, Reviews: 3, Seed: 1}).Pairs)
	if n[0] < 11 || n[0] > 12 || n[1] < 50 || slices.Max(n[2:])-slices.Min(n[2:]) > 1 || n[2] < 25 {
		t.Errorf("lists %v", n)
	}
	d.Loads[11] = jury.Load{Least: 61}
	_, err := d.Plan(jury.Ask{Way: jury.Evenly, Reviews: 3, Seed: 1})
	refused(t, err, "assignment.least-impossible")
	d.Loads = map[account.ID]jury.Load{10: {Most: new(0)}, 11: {Most: new(0)}, 12: {Most: new(0)}, 13: {Most: new(0)}}
	p := plan(t, d, jury.Ask{Way: jury.Evenly, Reviews: 3, Seed: 1})
	if n := lists(d, p.Pairs); p.Proof.Missing != 60 || n[4] != 60 || n[5] != 60 {
		t.Errorf("%d missing, lists %v", p.Proof.Missing, n)
	}
}

// TestShortageIsExplained: three films that two jurors can watch at most.
func TestShortageIsExplained(t *testing.T) {
	t.Parallel()
	d := aDesk(7, 4)
	for _, film := range d.Films[:3] {
		d.Apart[jury.Pair{Entry: film.ID, Juror: 12}] = true
		d.Apart[jury.Pair{Entry: film.ID, Juror: 13}] = true
	}
	p := plan(t, d, jury.Ask{Way: jury.Evenly, Reviews: 3, Seed: 1})
	demand, supply, films := 0, 0, map[entry.ID]bool{}
	for _, g := range p.Proof.Gaps {
		demand, supply = demand+g.Demand, supply+g.Supply
		for _, f := range g.Films {
			films[f] = true
		}
		if len(g.Jurors) != 2 || g.Jurors[0] != 10 || g.Jurors[1] != 11 {
			t.Errorf("jurors %v", g.Jurors)
		}
	}
	if p.Proof.Missing != 3 || demand != 9 || supply != 6 || !maps.Equal(films, map[entry.ID]bool{100: true, 101: true, 102: true}) {
		t.Errorf("missing %d, demand %d, supply %d, films %v", p.Proof.Missing, demand, supply, films)
	}
}

func TestMoreAddsOneViewerEach(t *testing.T) {
	t.Parallel()
	d := aDesk(20, 6)
	first := plan(t, d, jury.Ask{Way: jury.Evenly, Reviews: 2, Seed: 1})
	for p := range first.Pairs {
		d.Assignments = append(d.Assignments, jury.Assignment{EntryID: p.Entry, AccountID: p.Juror, State: jury.Done, Begun: true})
	}
	d.Apart[jury.Pair{Entry: 105, Juror: 12}] = true
	d.Loads[10] = jury.Load{Most: new(1)}
	p := plan(t, d, jury.Ask{Way: jury.More, Seed: 1, Films: []entry.ID{103, 105, 107}})
	add, remove := p.Change()
	var got []entry.ID
	for _, pair := range add {
		got = append(got, pair.Entry)
		if pair.Juror == 10 || pair == (jury.Pair{Entry: 105, Juror: 12}) {
			t.Errorf("gives %v", pair)
		}
	}
	if !slices.Equal(got, []entry.ID{103, 105, 107}) || len(remove) != 0 || p.Proof.Missing != 0 {
		t.Errorf("adds %v, takes %v, missing %d", add, remove, p.Proof.Missing)
	}
}

func TestHearing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		juror, spoken, subtitles []string
		want                     jury.Grasp
	}{
		{[]string{"fa", "en"}, []string{"fa"}, nil, jury.Speaks},
		{[]string{"en"}, []string{"fa"}, []string{"fr", "en"}, jury.Reads},
		{[]string{"en"}, []string{"fa"}, []string{"fr"}, jury.Deaf},
		{[]string{"en"}, []string{"fa"}, nil, jury.Deaf},
		{[]string{"en"}, []string{"fa", "en"}, []string{"fr"}, jury.Speaks},
		{nil, []string{"fa"}, nil, jury.Unknown},
		{[]string{"en"}, nil, []string{"fr"}, jury.Unknown},
		{[]string{"en"}, []string{locale.NoDialogue}, nil, jury.Speaks},
		{nil, []string{locale.NoDialogue}, nil, jury.Speaks},
	} {
		if got := jury.Hearing(jury.Film{Languages: c.spoken, Subtitles: c.subtitles}, jury.Seat{Languages: c.juror}); got != c.want {
			t.Errorf("%v hears %v with %v: %v", c.juror, c.spoken, c.subtitles, got)
		}
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	d := aDesk(4, 4)
	for i := range d.Films {
		d.Films[i].Runtime = 60 * (i + 1)
		d.Films[i].Languages = []string{"et"}
	}
	d.Seats[0].Languages, d.Seats[1].Languages = []string{"et"}, []string{"et", "en"}
	d.Apart[jury.Pair{Entry: 103, Juror: 13}] = true
	d.Assignments = []jury.Assignment{{EntryID: 100, AccountID: 12, State: jury.Done, Begun: true}}
	pairs := map[jury.Pair]bool{}
	for _, p := range [][2]int{{100, 10}, {100, 11}, {101, 10}, {101, 11}, {102, 10}, {103, 12}, {103, 13}} {
		pairs[jury.Pair{Entry: entry.ID(p[0]), Juror: account.ID(p[1])}] = true
	}
	q := d.Measure(pairs, 2)
	if q.Films != 4 || q.Full != 3 || q.Longest.Films != 3 || q.Shortest.Films != 1 || q.Longest.Seconds != 360 || q.Apart != 1 ||
		q.Heard != 2 || q.Pairs != 2 || q.Parts != 2 || q.Moved != 1 {
		t.Errorf("%+v", q)
	}
	less := d.Without(map[entry.ID]bool{103: true}).Measure(pairs, 2)
	if less.Films != 3 || less.Apart != 0 || less.Parts != 1 || less.Shortest.Films != 0 {
		t.Errorf("without a hidden film: %+v", less)
	}
}

func TestInfeasibleIsAProblem(t *testing.T) {
	t.Parallel()
	d := aDesk(2, 2)
	d.Loads[10] = jury.Load{Least: 3}
	_, err := d.Plan(jury.Ask{Way: jury.Repair, Reviews: 1})
	if p := problem.Of(err); p == nil || p.Kind != problem.Denied {
		t.Errorf("got %v", err)
	}
}

func BenchmarkPlan(b *testing.B) {
	for _, size := range []struct{ films, jurors, reviews int }{{500, 40, 3}, {5000, 200, 3}} {
		b.Run(fmt.Sprintf("%dx%dx%d", size.films, size.jurors, size.reviews), func(b *testing.B) {
			lot := rand.New(rand.NewPCG(8, 8))
			d := aDesk(size.films, size.jurors)
			for i := range d.Films {
				d.Films[i].Languages, d.Films[i].Subtitles = some(lot, tongues, 50), []string{"en"}
			}
			for j := range d.Seats {
				d.Seats[j].Languages = append(some(lot, tongues, 40), "en")
			}
			for _, f := range d.Films {
				for _, s := range d.Seats {
					if lot.IntN(10) == 0 {
						d.Apart[jury.Pair{Entry: f.ID, Juror: s.AccountID}] = true
					}
				}
			}
			for b.Loop() {
				if _, err := d.Plan(jury.Ask{Way: jury.Evenly, Reviews: size.reviews, Seed: 1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
