package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"laurel/internal/tally/ballot"
)

// A ballotLine is a line of a CSV file with the bytes at which its cells begin.
type ballotLine struct {
	cells []string // without blanks around them
	at    []int64
}

// readBallotCSV reads one ballot a line, in either of two forms: a table with a
// column for every candidate and ranks in its cells, or orders of names.
func readBallotCSV(in input) (ballot.Election, error) {
	lines, err := ballotLines(in)
	if err != nil {
		return ballot.Election{}, err
	}
	if len(lines) == 0 {
		return ballot.Election{}, in.bad(0, "the file is empty; `laurel help ballots` says what it can hold")
	}
	e := ballot.Election{}
	if ranksOnly(lines) {
		e, err = readRanks(in, lines)
	} else {
		e, err = readOrders(in, lines)
	}
	if err != nil {
		return e, err
	}
	return e, possible(in, e)
}

func ballotLines(in input) ([]ballotLine, error) {
	r := csv.NewReader(bytes.NewReader(in.data))
	r.FieldsPerRecord = -1
	starts := lineStarts(in.data)
	var lines []ballotLine
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, notCSV(in, starts, err)
		}
		line := ballotLine{cells: cells}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
			line.at = append(line.at, cellOffset(r, starts, i))
		}
		lines = append(lines, line)
	}
}

// ranksOnly tells a table by what stands below its first line: numbers, dashes
// and blanks, and nothing but names in the first.
func ranksOnly(lines []ballotLine) bool {
	number := func(cell string) bool { _, ok := wholeWeight(cell); return ok }
	if len(lines) < 2 || slices.ContainsFunc(lines[0].cells, number) {
		return false
	}
	for _, line := range lines[1:] {
		if slices.ContainsFunc(line.cells, func(cell string) bool { return cell != "" && cell != "-" && !number(cell) }) {
			return false
		}
	}
	return true
}

// readRanks reads a table: candidates in the first line, and on each ballot a
// rank from 1, a blank for unranked or a dash for recused.
func readRanks(in input, lines []ballotLine) (ballot.Election, error) {
	var e ballot.Election
	head := lines[0]
	weighted := strings.EqualFold(head.cells[0], "weight")
	first := 0
	if weighted {
		first = 1
	}
	names := roll{places: map[string]int{}}
	if i := names.close(head.cells[first:]); i >= 0 {
		return e, in.bad(head.at[first+i], "%s", wrongName(head.cells[first+i]))
	}
	e.Candidates = names.names
	for _, line := range lines[1:] {
		if len(line.cells) != len(head.cells) {
			return e, in.bad(line.at[0], "this ballot has %d cells, the first line %d", len(line.cells), len(head.cells))
		}
		b := ballot.Ballot{Weight: 1}
		if weighted {
			var ok bool
			if b.Weight, ok = wholeWeight(line.cells[0]); !ok {
				return e, in.bad(line.at[0], "the weight %q is not a whole number from 0 to %d", line.cells[0], ballot.MaxWeight)
			}
		}
		ranks := map[int64][]int{}
		for c, cell := range line.cells[first:] {
			switch rank, ok := wholeWeight(cell); {
			case cell == "-":
				b.Recused = append(b.Recused, c)
			case cell == "":
			case !ok || rank == 0:
				return e, in.bad(line.at[first+c], "the rank %s is not a whole number from 1", cell)
			default:
				ranks[rank] = append(ranks[rank], c)
			}
		}
		b.Ranking = byRank(ranks)
		e.Ballots = append(e.Ballots, b)
	}
	return e, nil
}

func byRank(levels map[int64][]int) [][]int {
	var ranking [][]int
	for _, rank := range slices.Sorted(maps.Keys(levels)) {
		ranking = append(ranking, levels[rank])
	}
	return ranking
}

// readOrders reads orders of names: the best first, parted by commas or >, equal
// ones by =; a weight may go before, and !NAME is a recusal. A first line that
// begins with the word candidates lists them all.
func readOrders(in input, lines []ballotLine) (ballot.Election, error) {
	e := ballot.Election{}
	names := roll{places: map[string]int{}}
	switch head := lines[0]; {
	case strings.EqualFold(head.cells[0], "candidates"):
		if i := names.close(head.cells[1:]); i >= 0 {
			return e, in.bad(head.at[1+i], "%s", wrongName(head.cells[1+i]))
		}
		lines = lines[1:]
	case strings.EqualFold(head.cells[0], "weight"):
		lines = lines[1:]
	}
	for _, line := range lines {
		b := ballot.Ballot{Weight: 1}
		first := 0
		if w, ok := wholeWeight(line.cells[0]); ok && len(line.cells) > 1 {
			b.Weight, first = w, 1
		}
		seen := map[int]bool{}
		for i := first; i < len(line.cells); i++ {
			for level := range strings.SplitSeq(line.cells[i], ">") {
				if err := names.level(&b, level, seen, func(what, name string) error { return in.bad(line.at[i], what, name) }); err != nil {
					return e, err
				}
			}
		}
		e.Ballots = append(e.Ballots, b)
	}
	e.Candidates = names.names
	return e, nil
}

// level reads equal names, and recusals, onto a ballot.
func (r *roll) level(b *ballot.Ballot, text string, seen map[int]bool, bad func(what, name string) error) error {
	var level []int
	for name := range strings.SplitSeq(text, "=") {
		name, recused := strings.CutPrefix(strings.TrimSpace(name), "!")
		if name == "" {
			continue
		}
		c, ok := r.at(name)
		switch {
		case !ok:
			return bad("%q is not among the candidates", name)
		case recused:
			b.Recused = append(b.Recused, c)
			continue
		case seen[c]:
			return bad("%q stands on this ballot twice", name)
		}
		seen[c] = true
		level = append(level, c)
	}
	if len(level) > 0 {
		b.Ranking = append(b.Ranking, level)
	}
	return nil
}
