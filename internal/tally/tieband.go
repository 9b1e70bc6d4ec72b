package tally

// Undecided are the entries of the tie band, in the order of their numbers: to
// be discussed, not ordered by decimals.
func Undecided(standings []Standing) (entries []int) {
	for e, s := range standings {
		if s.Discuss {
			entries = append(entries, e)
		}
	}
	return entries
}
