package jury

import (
	"laurel/internal/account"
	"laurel/internal/assign"
	"laurel/internal/entry"
)

// A Quality is what can be said of who watches what.
type Quality struct {
	Films    int // on the desk
	Full     int // of these, with as many viewers as wanted
	Lists    map[account.ID]List
	Longest  List // by films, and by seconds: the two may be of different jurors
	Shortest List
	Apart    int      // viewings between which a conflict stands, declared or suspected
	Heard    int      // films of which two viewers, or all that are wanted, understand what is spoken
	Pairs    int      // of jurors who share a film
	Parts    int      // of the jury that share no film; 1: all lists can be compared
	Bridges  int      // viewings without which there would be one part more
	Weakest  []string // names of the two jurors who are hardest to compare; empty: nobody can be
	Moved    int      // viewings that were begun and are not part of it
}

// A List is what one juror watches.
type List struct{ Films, Seconds int }

// Measure looks at who watches what, as far as the desk's films and jurors go.
func (d Desk) Measure(pairs map[Pair]bool, wanted int) Quality {
	q := Quality{Films: len(d.Films), Lists: map[account.ID]List{}}
	cause := d.Causes()
	given, together := make([][]int, len(d.Films)), map[[2]int]bool{}
	viewers := map[entry.ID]int{}
	for p := range pairs {
		viewers[p.Entry]++
	}
	for e, f := range d.Films {
		speak := 0
		for j, s := range d.Seats {
			if !pairs[Pair{f.ID, s.AccountID}] {
				continue
			}
			l := q.Lists[s.AccountID]
			q.Lists[s.AccountID] = List{l.Films + 1, l.Seconds + f.Runtime}
			if why := cause(f, s); why == Conflicted || why == Suspected {
				q.Apart++
			}
			if Hearing(f, s) == Speaks {
				speak++
			}
			for _, other := range given[e] {
				together[[2]int{other, j}] = true
			}
			given[e] = append(given[e], j)
		}
		if viewers[f.ID] >= wanted {
			q.Full++
		}
		if speak >= min(2, wanted) {
			q.Heard++
		}
	}
	q.Pairs = len(together)
	q.design(d, given)
	q.extremes(d)
	q.Moved = d.moved(pairs)
	return q
}

// design examines how well the jurors can be compared. Two of them are the harder
// to compare, the larger the variance of the difference of their severities is.
func (q *Quality) design(d Desk, given [][]int) {
	design := assign.Measure(given, len(d.Seats))
	q.Parts, q.Bridges = len(design.Components), len(design.Bridges)
	worst := 0.0
	for i, row := range design.Contrast {
		for j, variance := range row[:i] {
			if variance > worst {
				worst, q.Weakest = variance, []string{d.Seats[j].Name, d.Seats[i].Name}
			}
		}
	}
}

func (q *Quality) extremes(d Desk) {
	for i, s := range d.Seats {
		l := q.Lists[s.AccountID]
		q.Longest = List{max(q.Longest.Films, l.Films), max(q.Longest.Seconds, l.Seconds)}
		if i == 0 {
			q.Shortest = l
		}
		q.Shortest = List{min(q.Shortest.Films, l.Films), min(q.Shortest.Seconds, l.Seconds)}
	}
}

func (d Desk) moved(pairs map[Pair]bool) int {
	n := 0
	for _, a := range d.Assignments {
		if a.Begun && a.State != Recused && !pairs[Pair{a.EntryID, a.AccountID}] {
			n++
		}
	}
	return n
}

// Without is the desk as a person may see it who is kept apart from some films.
func (d Desk) Without(hidden map[entry.ID]bool) Desk {
	if len(hidden) == 0 {
		return d
	}
	seen := d
	seen.Films, seen.Assignments, seen.Found = nil, nil, nil
	for _, f := range d.Films {
		if !hidden[f.ID] {
			seen.Films = append(seen.Films, f)
		}
	}
	for _, a := range d.Assignments {
		if !hidden[a.EntryID] {
			seen.Assignments = append(seen.Assignments, a)
		}
	}
	for _, f := range d.Found {
		if !hidden[f.EntryID] {
			seen.Found = append(seen.Found, f)
		}
	}
	seen.Apart = map[Pair]bool{}
	for p := range d.Apart {
		if !hidden[p.Entry] {
			seen.Apart[p] = true
		}
	}
	return seen
}
