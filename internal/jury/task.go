package jury

import (
	"math/rand/v2"
	"slices"

	"laurel/internal/assign"
	"laurel/internal/entry"
)

// A task is a desk as the solver wants it: films and jurors by their places.
type task struct {
	desk    Desk
	ask     Ask
	problem assign.Problem
	held    map[assign.Place]bool // what jurors of the desk have; true: it stays whatever happens
	gone    []int                 // by film: viewings kept by people who are not on the desk
	thinned bool                  // not all possible pairs were looked at
}

// widest is how many possible pairs are looked at, at most: about half a
// gigabyte of memory.
const widest = 1_500_000

// orders are the aims of each way. Lists come before languages: who understands
// more does not have to watch more.
var orders = map[Way][][]assign.Aim{
	Evenly: {{assign.Missing}, {assign.Load}, {assign.Weak}, {assign.Preference}},
	Repair: {{assign.Missing}, {assign.Changes}, {assign.Load}, {assign.Weak}, {assign.Preference}},
	More:   {{assign.Missing}, {assign.Load}, {assign.Weak}, {assign.Preference}},
}

func (d Desk) task(ask Ask) *task {
	t := &task{desk: d, ask: ask, problem: assign.Problem{WeakFrom: 1, Seed: ask.Seed}}
	t.hold()
	t.pair()
	t.want()
	t.thin(widest)
	return t
}

func (t *task) hold() {
	films, seats := t.desk.places()
	t.held, t.gone = map[assign.Place]bool{}, make([]int, len(t.desk.Films))
	if t.ask.Way == Repair {
		t.problem.Before = []assign.Place{}
	}
	for _, a := range t.desk.Assignments {
		e, known := films[a.EntryID]
		j, sits := seats[a.AccountID]
		switch {
		case !known || a.State == Recused:
		case sits:
			t.keep(assign.Place{Entry: e, Juror: j}, a.Fixed() || t.ask.Way == More)
		case a.Fixed():
			t.gone[e]++
		}
	}
}

func (t *task) keep(p assign.Place, stays bool) {
	t.held[p] = stays
	if stays {
		t.problem.Done = append(t.problem.Done, p)
	}
	if t.ask.Way == Repair {
		t.problem.Before = append(t.problem.Before, p)
	}
}

// pair lists what is possible. A juror who only reads the subtitles costs 1.
func (t *task) pair() {
	cause := t.desk.Causes()
	for e, f := range t.desk.Films {
		for j, s := range t.desk.Seats {
			if cause(f, s) != Possible {
				continue
			}
			p := assign.Pair{Entry: e, Juror: j}
			if Hearing(f, s) == Reads {
				p.Cost = 1
			}
			t.problem.Pairs = append(t.problem.Pairs, p)
		}
	}
}

// want says how many jurors each film is to have. Repairing leaves a film those
// it has, also above the number that was asked for.
func (t *task) want() {
	has := make([]int, len(t.desk.Films))
	for p, stays := range t.held {
		if stays {
			has[p.Entry]++
		}
	}
	for _, p := range t.problem.Pairs {
		stays, held := t.held[assign.Place{Entry: p.Entry, Juror: p.Juror}]
		if t.ask.Way == Repair && held && !stays {
			has[p.Entry]++
		}
	}
	extra := map[entry.ID]int{}
	for _, id := range t.ask.Films {
		extra[id] = 1
	}
	for e, f := range t.desk.Films {
		want := max(0, t.ask.Reviews-t.gone[e])
		switch t.ask.Way {
		case More:
			want = has[e] + extra[f.ID]
		case Repair:
			want = max(want, has[e])
		case Evenly, ToAll:
		}
		t.problem.Entries = append(t.problem.Entries, assign.Entry{Want: want})
	}
}

// thin leaves each film its part of so many pairs: those that it has, and others
// drawn by lot. It does nothing where there are not more.
func (t *task) thin(most int) {
	if len(t.problem.Pairs) <= most {
		return
	}
	t.thinned = true
	part := max(1, most/len(t.desk.Films))
	kept, rest := make([]assign.Pair, 0, most), t.problem.Pairs
	for len(rest) > 0 {
		end := slices.IndexFunc(rest, func(p assign.Pair) bool { return p.Entry != rest[0].Entry })
		if end < 0 {
			end = len(rest)
		}
		film := rest[:end]
		rest = rest[end:]
		lot := rand.New(rand.NewPCG(t.ask.Seed, uint64(film[0].Entry)))
		lot.Shuffle(len(film), func(i, k int) { film[i], film[k] = film[k], film[i] })
		for i, p := range film {
			if _, held := t.held[assign.Place{Entry: p.Entry, Juror: p.Juror}]; held || i < part {
				kept = append(kept, p)
			}
		}
	}
	t.problem.Pairs = kept
}

// solve solves the task. Loads are evened out in proportion to the largest ones,
// so a juror without a limit gets one at an even share: whoever has a
// limit then comes close to it. Where nobody has one, nothing is lost, as the
// fairest lists have the shortest longest one (Frank and Murota 2022), and fewer
// places make it faster. While viewings are missing, lists may be longer, at last
// as long as there are films; of equally good ones the first counts.
func (t *task) solve() (assign.Plan, error) {
	whole := max(1, len(t.desk.Films))
	share := t.share(whole)
	tries := []int{share, share + share/8 + 1, whole}
	if t.ask.Way == Repair && !t.limited(whole) {
		tries = tries[2:]
	}
	var best assign.Plan
	for i, longest := range tries {
		t.bound(min(longest, whole), whole)
		plan, err := t.compare(assign.Solve(t.problem, assign.Options{Order: orders[t.ask.Way]}))
		if err != nil {
			return plan, err
		}
		if i == 0 || plan.Levels[0].Value < best.Levels[0].Value {
			best = plan
		}
		if best.Missing == 0 || longest >= whole {
			break
		}
	}
	return best, nil
}

// compare lets all lists be compared where a draft is made anew and that neither
// leaves viewings missing nor makes lists less even. Films with a single viewer
// compare nobody.
func (t *task) compare(plan assign.Plan, err error) (assign.Plan, error) {
	if err != nil || plan.Components < 2 || t.ask.Way != Evenly || t.ask.Reviews < 2 {
		return plan, err
	}
	joined, err := assign.Solve(t.problem, assign.Options{Order: orders[t.ask.Way], Connected: true})
	if err != nil {
		return joined, err
	}
	if joined.Components > 1 || joined.Missing > plan.Missing || joined.LoadCost > plan.LoadCost {
		return plan, nil
	}
	return joined, nil
}

// limited says whether some juror may not watch every film.
func (t *task) limited(whole int) bool {
	return slices.ContainsFunc(t.desk.Seats, func(s Seat) bool {
		limit := t.desk.Loads[s.AccountID].Most
		return limit != nil && *limit < whole
	})
}

// share is how long lists are when everybody between their limits has the same.
func (t *task) share(whole int) int {
	wanted := 0
	for _, e := range t.problem.Entries {
		wanted += e.Want
	}
	for share := 1; share < whole; share++ {
		room := 0
		for _, s := range t.desk.Seats {
			load := t.desk.Loads[s.AccountID]
			length := max(share, load.Least)
			if load.Most != nil {
				length = min(length, *load.Most)
			}
			room += length
		}
		if room >= wanted {
			return share
		}
	}
	return whole
}

// bound sets the smallest and largest loads. The largest is the same for all who
// have no limit: who has more than the share now may keep it.
func (t *task) bound(share, whole int) {
	now := map[int]int{}
	for p, stays := range t.held {
		if stays || t.ask.Way == Repair {
			now[p.Juror]++
		}
	}
	for j, s := range t.desk.Seats {
		if t.desk.Loads[s.AccountID].Most == nil {
			share = max(share, now[j])
		}
	}
	t.problem.Jurors = t.problem.Jurors[:0]
	for _, s := range t.desk.Seats {
		load := t.desk.Loads[s.AccountID]
		juror := assign.Juror{Min: load.Least, Max: max(share, load.Least)}
		if load.Most != nil {
			juror.Max = min(*load.Most, whole)
		}
		juror.Min = min(juror.Min, juror.Max)
		t.problem.Jurors = append(t.problem.Jurors, juror)
	}
	t.problem.LoadLambda = int64(2 * share)
}
