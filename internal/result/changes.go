package result

import (
	"slices"

	"laurel/internal/account"
	"laurel/internal/entry"
)

// A Change is how inputs differ from those of a stored result.
type Change struct {
	Kind  ChangeKind
	Count int // what changed: scores, entries; for Places the new number, 0 when open
}

// ChangeKind says what differs.
type ChangeKind string

// The kinds, in the order in which they are told.
const (
	ScoresGone   ChangeKind = "scores-gone"   // count no more: a juror was recused late
	ScoresCame   ChangeKind = "scores-came"   // count now
	EntriesGone  ChangeKind = "entries-gone"  // not under consideration any more
	EntriesCame  ChangeKind = "entries-came"  // under consideration again, or given later
	PlacesMoved  ChangeKind = "places-moved"  // the category has another number of places
	RubricEdited ChangeKind = "rubric-edited" // weights or criteria
)

// Changes lists how now differs from in; none: in is what there is now.
func (in Inputs) Changes(now Inputs) []Change {
	var list []Change
	add := func(kind ChangeKind, n int) {
		if n > 0 {
			list = append(list, Change{kind, n})
		}
	}
	add(ScoresGone, missing(in, now))
	add(ScoresCame, missing(now, in))
	add(EntriesGone, absent(in.Entries, now.Entries))
	add(EntriesCame, absent(now.Entries, in.Entries))
	if places(in) != places(now) {
		list = append(list, Change{PlacesMoved, places(now)})
	}
	if !slices.Equal(in.Rubric, now.Rubric) || in.Low != now.Low || in.High != now.High {
		list = append(list, Change{RubricEdited, 0})
	}
	return list
}

// missing counts the scores of entries in both inputs that only one has, as they
// stand there.
func missing(has, not Inputs) int {
	type pair struct {
		entry entry.ID
		juror account.ID
	}
	there := map[pair][]Mark{}
	for _, s := range not.Scores {
		there[pair{s.Entry, s.Juror}] = s.Marks
	}
	n := 0
	for _, s := range has.Scores {
		marks, ok := there[pair{s.Entry, s.Juror}]
		if _, judged := slices.BinarySearch(not.Entries, s.Entry); judged && (!ok || !slices.Equal(marks, s.Marks)) {
			n++
		}
	}
	return n
}

func absent(has, not []entry.ID) int {
	n := 0
	for _, id := range has {
		if _, found := slices.BinarySearch(not, id); !found {
			n++
		}
	}
	return n
}

func places(in Inputs) int {
	if in.Places == nil {
		return 0
	}
	return *in.Places
}
