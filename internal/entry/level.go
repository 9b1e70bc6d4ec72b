package entry

import (
	"slices"

	"laurel/internal/problem"
)

// A Level is what one of its makers may do with a work.
type Level string

// The levels; each may do what the one before it may.
const (
	LevelView   Level = "view"   // read everything that the owner reads
	LevelEdit   Level = "edit"   // and change the work and its files
	LevelSubmit Level = "submit" // and enter, send and withdraw it, and agree to its publication
	LevelOwner  Level = "owner"  // and say who its makers are, and erase it
)

// Levels from the least to the most.
var Levels = []Level{LevelView, LevelEdit, LevelSubmit, LevelOwner}

// May says whether l allows what need allows. No level allows nothing.
func (l Level) May(need Level) bool {
	return slices.Contains(Levels, need) && slices.Index(Levels, l) >= slices.Index(Levels, need)
}

// Refuse says why l does not allow what need allows, or nil.
func (l Level) Refuse(need Level) error {
	switch {
	case l.May(need):
		return nil
	case !l.May(LevelView):
		return problem.Missing()
	case need == LevelOwner:
		return problem.New(problem.Denied, "maker.not-owner", "Only the owner of this work can do that.")
	case need == LevelSubmit:
		return problem.New(problem.Denied, "maker.not-submit", "You may read or change this work, and not send it. Its owner can let you do more.")
	}
	return problem.New(problem.Denied, "maker.not-edit", "You may read this work, and not change it. Its owner can let you do more.")
}
