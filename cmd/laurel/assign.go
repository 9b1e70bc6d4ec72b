package main

import (
	"errors"
	"fmt"
	"time"

	"laurel/internal/assign"
)

// assignCmd divides entries among jurors.
type assignCmd struct {
	File       string `arg:"" help:"Instance as JSON (laurel help instances), or - for standard input."`
	Seed       uint64 `default:"1" help:"Seed of the lots that part equally good assignments."`
	Connected  bool   `help:"Let any two jurors be comparable through a chain of entries that they share."`
	Bottleneck bool   `help:"Keep the dearest pair as cheap as possible first."`
	Format     string `enum:"table,json" default:"table" help:"${enum}."`
}

// Run divides the entries of a file and says who watches what.
func (c *assignCmd) Run(s streams) error {
	f, err := readInstance(s, c.File)
	if err != nil {
		return err
	}
	a, err := c.assign(f)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return printJSON(s.out, a.answer())
	}
	return a.print(plain{s.out})
}

// An assigned instance is one with its plan.
type assigned struct {
	instanceFile
	assign.Plan
	seed    uint64
	seconds float64
	// design is how well jurors can be compared; nil if there are too many for
	// the arithmetic, which takes their number cubed.
	design *assign.Design
}

// mostMeasured is how many jurors a design is worked out for.
const mostMeasured = 1000

// assign divides the entries of an instance.
func (c *assignCmd) assign(f instanceFile) (assigned, error) {
	f.problem.Seed = c.Seed
	o := assign.Options{Order: assign.Joint, Connected: c.Connected, Bottleneck: c.Bottleneck}
	if f.problem.Before != nil {
		o.Order = assign.LeastChange
	}
	start := time.Now()
	plan, err := assign.Solve(f.problem, o)
	if err != nil {
		return assigned{}, f.blame(err)
	}
	a := assigned{instanceFile: f, Plan: plan, seed: c.Seed, seconds: time.Since(start).Seconds()}
	if len(f.jurors) <= mostMeasured {
		design := assign.Measure(plan.Given, len(f.jurors))
		a.design = &design
	}
	return a, nil
}

// blame puts a mistake of a problem where it stands in its file.
func (f instanceFile) blame(err error) error {
	if e, ok := errors.AsType[*assign.Infeasible](err); ok {
		return f.badAt([]any{"jurors", e.Jurors[0], "min"}, "%s (%s)", e.Sentence, those("juror", "jurors", f.jurors, e.Jurors))
	}
	if e, ok := errors.AsType[*assign.BadProblem](err); ok {
		return f.badAt(nil, "%s", e.Sentence)
	}
	return fmt.Errorf("assign: %w", err)
}

// instancesFormat is what `laurel help instances` prints.
const instancesFormat = `Instances, for laurel assign: JSON in one of two kinds.

JSON that lists its pairs
  {"kind": "explicit",
   "entries": [{"id": "A", "k": 2}], "jurors": [{"id": 7, "min": 0, "max": 5}],
   "pairs": [["A", 7, 12]], "load_lambda": 10, "shortage_unit": 1000000}

  entries       in the order in which they are answered. id: a number or a text,
                all different; left out: the place, from 0. k: viewings wanted,
                a whole number from 0; left out: the k of the whole instance
  jurors        id as above; min (left out: 0) and max: how many entries they
                watch at least and at most
  pairs         [entry, juror, cost] for all pairs that are possible, each once;
                cost: a whole number from 0, what is against the pair
  load_lambda   the t-th entry of a juror costs floor(load_lambda*(2t-1)/(2*max)),
                which evens out the loads; left out: 0
  shortage_unit the s-th missing viewing of an entry costs shortage_unit*s; left
                out: 1000000
  The cost of an assignment is the sum of pairs, loads and missing viewings.

JSON that says what entries and jurors are
  {"kind": "attributes", "k": 3,
   "entries": [{"lang": "ka", "subs": ["en"], "cat": "doc", "company": "Lomi"}],
   "jurors": [{"native": "fr", "fluent": ["en"], "primary": "doc", "cats": ["doc"],
               "companies": [], "min": 0, "max": 40}],
   "conflicts": [[0, 0]], "bids": [[0, 0, 1]],
   "load_lambda": 100, "shortage_unit": 1000000}

  Languages, categories and companies are numbers or texts; equal ones are the
  same. company, subs, fluent, primary, companies and id may be left out.
  conflicts     [entry, juror]
  bids          [entry, juror, bid]: 0 want, 1 maybe, 2 rather not
  A pair is possible if the juror's cats hold the entry's cat, companies do not
  hold its company, there is no conflict, and native or fluent share a language
  with lang or subs. It costs 60; want -50, maybe -20, rather not +40; native is
  not lang: +10 if lang is among fluent, otherwise +20; primary is not cat: +15.
  rules, where they stand, are these in words; others are not applied, which is
  a warning.

Either kind, to change as little as possible of an assignment
  previous_assignment  lists of jurors in the order of the entries; entries at the
                       end that it does not have are new
  dropped_juror        a juror who has left, or a list of them: they get nothing
                       more, their smallest load is 0, and their load costs nothing
  completed_reviews    [entry, juror]: viewings that stay, whoever has left
  With previous_assignment as little as possible is missing, first; then as few
  pairs as possible are new; then the cost is least. Missing viewings are weighed
  as their costs are, so that they are spread.
  Other fields are passed over. All costs are at most 2^40.

Further
  --seed        parts assignments that are equal in all of that: the one whose
                pairs have the least sum of lots, which are 40 bits of splitmix64
                over seed, entry and juror. Without it the seed is 1.
  --bottleneck  first leaves out all pairs above the smallest cost with which no
                more viewings are missing than with all
  --connected   wants the jury to be in one part, as long as no viewing is given
                up for it. The cheapest exchanges of two viewings are made; then
                other assignments are searched through, while that is at most
                2000 problems with 2,000,000 pairs in all

JSON that is answered
  assignment      lists of jurors, by id, in the order of the entries
  objective       the cost
  dual_bound      what it cannot be below, worked out from the prices alone. With
                  previous_assignment: among those that change as little; with
                  --connected and repair.searched: among those in one part
  optimal         the prices prove that every level is as good as can be. With
                  --connected it is true of a repaired assignment only if the
                  prices of every branch of the search rule the rest out
  new_pairs       pairs that previous_assignment does not have
  missing         viewings that are missing; missing_by_entry: of each entry
  loads           how many entries each juror watches
  max_pair_cost   the cost of the dearest pair, 0 without pairs
  components      parts of the jury that share no entry, also not by way of others;
                  entries and jurors without a viewing do not count
  shortages       entries, jurors, demand, supply, sentence: these entries want
                  demand viewings, could have these jurors, and supply are
                  possible. No entry is in two of them; together they explain all
                  that is missing
  seconds         how long it took
  entries, jurors the ids in their order, which loads, prices and so on follow
  costs           pairs, loads, shortage: the parts of objective
  threshold       with --bottleneck: the cost above which no pair was used
  bridges         [entry, juror]: viewings whose loss would part a component
  connectivity    second smallest eigenvalue of the jurors' information matrix; 0:
                  the jury is in parts; null above 1000 jurors
  mean_contrast_variance
                  of the difference of two jurors' severities, in units of the
                  variance of one score, over pairs that can be compared; null
                  above 1000 jurors
  repair          with --connected, where the jury was in parts: components_before,
                  swaps (exchanges made; 0 if the search found better), searched
                  (all other assignments were ruled out)
  seed            the seed that was used
  levels          what was made small, in order, ties (the lots) last: aims, value,
                  bound, and prices of entries and jurors that prove it. With
                  a = a price of an entry, b = of a juror, k = wanted, a level is
                  at least the sum of k*a, less what pairs gain (a-b-cost where
                  positive), less what loads gain (b-cost), less what missing
                  viewings gain (a-cost); smallest loads count in any case. A pair,
                  load or missing viewing that gains or loses in an earlier level
                  is used or not from there on. With --connected the prices are
                  those of the assignment before it was repaired
  warnings        sentences
`
