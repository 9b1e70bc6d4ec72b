// Package ballot counts ranked ballots by open rules. It is pure: it reads no
// database and no clock, draws nothing but the lot from a stated seed, and every
// count returns a Record with the numbers of each step, so that anyone who has
// the ballots can repeat it by hand or with a program of their own. All
// arithmetic is exact: whole numbers and fractions.
//
// The rules that hold for every method:
//
//   - A ranking is a weak order: candidates on one level are equal.
//   - Candidates that a ballot does not rank are below all that it ranks and
//     equal among themselves (TiedLast), unless the election says NotCompared.
//   - A recusal leaves the ballot out of every comparison with that candidate;
//     it never counts as last. A candidate both ranked and recused is recused.
//   - A weight is the number of equal ballots: whole, zero or more. A ballot of
//     weight zero counts for nothing.
//   - Without a single ballot every candidate is tied; one candidate alone wins.
//   - The order of candidates and ballots never decides anything. What no rule
//     decides stays a tie.
package ballot

import (
	"errors"
	"fmt"
	"slices"
)

// MaxWeight is the most that all weights together may be: products of two
// counts then fit 64 bits.
const MaxWeight = 1_000_000_000

// ErrNoCandidates is the error of an election without candidates.
var ErrNoCandidates = errors.New("there are no candidates")

// An Election is candidates and the ballots that rank them. Everything else in
// this package names a candidate by its place in Candidates, from 0.
type Election struct {
	Candidates []string // different from each other; lots are drawn by these names
	Ballots    []Ballot
	Unranked   Unranked // what it means to leave a candidate out
}

// A Ballot is one voter's order, or that of several who agree.
type Ballot struct {
	Weight  int64   // how many voters: 0 to MaxWeight
	Ranking [][]int // levels, the best first; equal candidates share a level; empty: an empty ballot
	Recused []int   // candidates that this voter must not judge
}

// Unranked is what leaving a candidate out of a ranking means.
type Unranked int

// Unranked candidates are below all that are ranked and equal among themselves,
// or are not compared with any other.
const (
	TiedLast Unranked = iota
	NotCompared
)

// A BallotError is a mistake in an election that makes it impossible to count.
type BallotError struct {
	Ballot int // its place in Election.Ballots; -1 when the candidates are at fault
	Level  int // of its ranking; -1 when no level is at fault
	What   string
}

func (e *BallotError) Error() string {
	if e.Ballot < 0 {
		return e.What
	}
	return fmt.Sprintf("ballot %d: %s", e.Ballot+1, e.What)
}

// Check says whether an election can be counted: ErrNoCandidates, or the first
// *BallotError: a name given twice, a candidate that does not exist or stands
// twice on a ballot, a weight below zero, more than MaxWeight together. Every
// count begins with it.
func (e Election) Check() error {
	if len(e.Candidates) == 0 {
		return ErrNoCandidates
	}
	seen := make(map[string]bool, len(e.Candidates))
	for _, name := range e.Candidates {
		if seen[name] {
			return &BallotError{-1, -1, fmt.Sprintf("%q is a candidate twice", name)}
		}
		seen[name] = true
	}
	var total int64
	for i, b := range e.Ballots {
		if err := e.checkBallot(i, b); err != nil {
			return err
		}
		if total += b.Weight; total > MaxWeight {
			return &BallotError{i, -1, fmt.Sprintf("with this ballot there are more than %d", MaxWeight)}
		}
	}
	return nil
}

func (e Election) checkBallot(i int, b Ballot) error {
	if b.Weight < 0 || b.Weight > MaxWeight {
		return &BallotError{i, -1, fmt.Sprintf("the weight is %d, not between 0 and %d", b.Weight, MaxWeight)}
	}
	seen := make([]bool, len(e.Candidates))
	for level, equal := range b.Ranking {
		for _, c := range equal {
			if c < 0 || c >= len(seen) {
				return &BallotError{i, level, fmt.Sprintf("there is no candidate %d", c)}
			}
			if seen[c] {
				return &BallotError{i, level, fmt.Sprintf("%q is ranked twice", e.Candidates[c])}
			}
			seen[c] = true
		}
	}
	if c := slices.IndexFunc(b.Recused, func(c int) bool { return c < 0 || c >= len(seen) }); c >= 0 {
		return &BallotError{i, -1, fmt.Sprintf("there is no candidate %d to be recused from", b.Recused[c])}
	}
	return nil
}

// Voters is the sum of the weights.
func (e Election) Voters() int64 {
	var total int64
	for _, b := range e.Ballots {
		total += b.Weight
	}
	return total
}

// levels are a ballot's levels without the recused candidates and without
// levels that are then empty.
func (b Ballot) levels() [][]int {
	kept := make([][]int, 0, len(b.Ranking))
	for _, equal := range b.Ranking {
		level := make([]int, 0, len(equal))
		for _, c := range equal {
			if !slices.Contains(b.Recused, c) {
				level = append(level, c)
			}
		}
		if len(level) > 0 {
			kept = append(kept, level)
		}
	}
	return kept
}
