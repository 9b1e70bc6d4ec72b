package assign

// A BadProblem is a problem that contradicts itself.
type BadProblem struct {
	// Field is the list in the problem and Index the place in it, -1 for the
	// whole list.
	Field string
	Index int
	// Sentence says what is wrong.
	Sentence string
}

func (e *BadProblem) Error() string { return e.Sentence }

// Infeasible says that the smallest loads of some jurors cannot be met.
type Infeasible struct {
	// Jurors are those, and Entries what they could watch.
	Jurors, Entries []int
	// Demand is how many viewings these jurors must have in all; Supply is how
	// many there can be.
	Demand, Supply int
	// Sentence says so in words.
	Sentence string
}

func (e *Infeasible) Error() string { return e.Sentence }
