package tally

// A scope is what a table can tell at all, before any number is looked at.
type scope struct {
	nothing   CautionKind // why there can be no model; 0 when there can
	entries   bool        // the entries' component can be told from the residual
	jurors    bool        // the jurors' component can be told from the others
	jurorsLie bool        // reviews name jurors, but severity cannot be told
	single    bool        // no entry has two reviews
	thin      bool        // few entries or few jurors
}

// identify finds out which components can be estimated: a factor's must have a
// level with two reviews and a pool with two levels, and a juror must not be the
// same as an entry throughout.
func identify(t Table) scope {
	var s scope
	entries, jurors, pools := used(t)
	reviews, someEntry := entries.sum()
	_, someJuror := jurors.sum()
	entriesMeet, jurorsMeet, paired := meetings(t)
	s.entries = someEntry && entriesMeet
	s.single = !someEntry && entriesMeet
	s.jurors = t.Jurors > 0 && someJuror && jurorsMeet && !paired
	s.thin = entries.distinct() < fewEntries || t.Jurors > 0 && jurors.distinct() < fewJurors
	s.jurorsLie = t.Jurors > 0 && !s.jurors
	switch {
	case reviews == 0:
		s.nothing = NoScores
	case t.Jurors > 0 && jurors.distinct() == 1:
		s.nothing = OneJuror
	case reviews <= pools.distinct():
		s.nothing = TooFew
	}
	return s
}

// sum counts all, and says whether something occurs twice.
func (p presence) sum() (all int, twice bool) {
	for _, n := range p {
		all += n
		twice = twice || n > 1
	}
	return all, twice
}

func (p presence) distinct() (n int) {
	for _, k := range p {
		n += min(1, k)
	}
	return n
}

// meetings says whether a pool has two entries, whether a pool has two jurors,
// and whether each entry has a juror of its own and no other.
func meetings(t Table) (entries, jurors, paired bool) {
	entryOf, jurorOf := map[int]int{}, map[int]int{} // the first of each pool
	mate, mateOf := map[int]int{}, map[int]int{}
	paired = true
	for i, r := range t.Reviews {
		if t.weight(i) == 0 {
			continue
		}
		entries = differs(entryOf, r.Pool, r.Entry) || entries
		jurors = differs(jurorOf, r.Pool, r.Juror) || jurors
		if differs(mate, r.Entry, r.Juror) || differs(mateOf, r.Juror, r.Entry) {
			paired = false
		}
	}
	return entries, jurors, paired
}

// differs keeps the first value of a key and says whether this one is another.
func differs(first map[int]int, key, value int) bool {
	if v, ok := first[key]; ok {
		return v != value
	}
	first[key] = value
	return false
}
