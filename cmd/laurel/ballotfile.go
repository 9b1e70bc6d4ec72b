package main

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"laurel/internal/tally/ballot"
)

// readBallots reads an election from a file, or from standard input for "-":
// JSON when its first character is a brace, else CSV. A mistake in it is a
// *badInput.
func readBallots(s streams, name string) (ballot.Election, error) {
	in, err := readInput(s, name)
	if err != nil {
		return ballot.Election{}, err
	}
	read := readBallotCSV
	if strings.HasPrefix(strings.TrimSpace(string(in.data)), "{") {
		read = readBallotJSON
	}
	e, err := read(in)
	if err == nil && len(e.Candidates) > mostCandidates {
		err = in.bad(0, "there are %d candidates; at most %d can be compared with each other", len(e.Candidates), mostCandidates)
	}
	return e, err
}

// mostCandidates is how many are taken at most: every one is compared with every
// other, which at ten thousand would need gigabytes.
const mostCandidates = 5000

// A roll is the candidates while a file is read.
type roll struct {
	names  []string
	places map[string]int
	closed bool // the file says who they are; else whoever a ballot names is one
}

// at is a candidate's place; false when there is no such candidate.
func (r *roll) at(name string) (int, bool) {
	c, ok := r.places[name]
	if !ok && !r.closed {
		c, ok = len(r.names), true
		r.places[name] = c
		r.names = append(r.names, name)
	}
	return c, ok
}

// close fixes the candidates, and gives the place of a name that is empty or
// stands twice, or -1.
func (r *roll) close(names []string) int {
	r.closed = true
	for i, name := range names {
		if _, twice := r.places[name]; twice || name == "" {
			return i
		}
		r.places[name] = i
	}
	r.names = names
	return -1
}

// unrankedWords are what a file may say about candidates that are left out.
var unrankedWords = map[string]ballot.Unranked{
	"": ballot.TiedLast, "tied last": ballot.TiedLast, "not compared": ballot.NotCompared,
}

// A fileBallot is a ballot as JSON has it.
type fileBallot struct {
	Weight  *json.Number      `json:"weight"`
	Ranking []json.RawMessage `json:"ranking"`
	Recused []string          `json:"recused"`
}

// readBallotJSON reads the shape that `laurel help ballots` describes.
func readBallotJSON(in input) (ballot.Election, error) {
	var file struct {
		Candidates []string      `json:"candidates"`
		Unranked   string        `json:"unranked"`
		Ballots    *[]fileBallot `json:"ballots"`
	}
	var e ballot.Election
	if err := in.decode(&file); err != nil {
		return e, err
	}
	if file.Ballots == nil {
		return e, in.bad(0, `there is no list "ballots"`)
	}
	unranked, ok := unrankedWords[file.Unranked]
	if !ok {
		return e, in.badAt([]any{"unranked"}, `%q is neither "tied last" nor "not compared"`, file.Unranked)
	}
	e.Unranked = unranked
	names := roll{places: map[string]int{}}
	if file.Candidates != nil {
		if i := names.close(file.Candidates); i >= 0 {
			return e, in.badAt([]any{"candidates", i}, "%s", wrongName(file.Candidates[i]))
		}
	}
	for i, b := range *file.Ballots {
		read, err := names.ballot(in, []any{"ballots", i}, b)
		if err != nil {
			return e, err
		}
		e.Ballots = append(e.Ballots, read)
	}
	e.Candidates = names.names
	return e, possible(in, e)
}

// ballot reads one ballot of a JSON file.
func (r *roll) ballot(in input, at []any, b fileBallot) (ballot.Ballot, error) {
	read := ballot.Ballot{Weight: 1}
	if b.Weight != nil {
		var ok bool
		if read.Weight, ok = wholeWeight(b.Weight.String()); !ok {
			return read, in.badAt(append(at, "weight"), "the weight %s is not a whole number from 0 to %d", *b.Weight, ballot.MaxWeight)
		}
	}
	var err error
	if read.Ranking, err = r.ranking(in, append(at, "ranking"), b.Ranking); err != nil {
		return read, err
	}
	for j, name := range b.Recused {
		c, ok := r.at(name)
		if !ok {
			return read, in.badAt(append(at, "recused", j), "%q is not among the candidates", name)
		}
		read.Recused = append(read.Recused, c)
	}
	return read, nil
}

// ranking reads the levels of a ballot: lists of names, or a name alone.
func (r *roll) ranking(in input, at []any, levels []json.RawMessage) ([][]int, error) {
	seen := map[int]bool{}
	var ranking [][]int
	for i, raw := range levels {
		equal := make([]string, 1)
		var err error
		if raw[0] == '"' {
			err = json.Unmarshal(raw, &equal[0])
		} else {
			err = json.Unmarshal(raw, &equal)
		}
		if err != nil {
			return nil, in.badAt(append(at, i), "a level of a ranking is a list of names")
		}
		var level []int
		for j, name := range equal {
			c, ok := r.at(name)
			switch {
			case !ok:
				return nil, in.badAt(append(at, i, j), "%q is not among the candidates", name)
			case name == "":
				return nil, in.badAt(append(at, i, j), "%s", wrongName(name))
			case seen[c]:
				return nil, in.badAt(append(at, i, j), "%q stands on this ballot twice", name)
			}
			seen[c] = true
			level = append(level, c)
		}
		ranking = append(ranking, level)
	}
	return ranking, nil
}

func wrongName(name string) string {
	if name == "" {
		return "a candidate has no name"
	}
	return `"` + name + `" is a candidate twice`
}

// wholeWeight reads 3, 3.0 or 3e2; false when it is not whole, or out of range.
func wholeWeight(text string) (int64, bool) {
	if len(text) > 20 || strings.ContainsAny(text, "/_xXpPoObB") {
		return 0, false
	}
	if at := strings.IndexAny(text, "eE"); at >= 0 && len(text)-at > 4 {
		return 0, false
	}
	w, ok := new(big.Rat).SetString(text)
	if !ok || !w.IsInt() || w.Sign() < 0 || w.Cmp(big.NewRat(ballot.MaxWeight, 1)) > 0 {
		return 0, false
	}
	return w.Num().Int64(), true
}

// possible refuses an election that cannot be counted though every ballot alone
// is well formed.
func possible(in input, e ballot.Election) error {
	if err := e.Check(); err != nil {
		return in.bad(0, "%v", err)
	}
	return nil
}

// candidatesIn are the names at places.
func candidatesIn(e ballot.Election, places []int) []string {
	names := make([]string, len(places))
	for i, c := range places {
		names[i] = e.Candidates[c]
	}
	return names
}

// levelsIn are the names of levels; never nil.
func levelsIn(e ballot.Election, levels [][]int) [][]string {
	names := make([][]string, len(levels))
	for i, level := range levels {
		names[i] = candidatesIn(e, slices.Sorted(slices.Values(level)))
	}
	return names
}
