package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"laurel/internal/assign"
)

// instanceRules are the rules of instances that say what entries and jurors are,
// in the words in which such instances state them.
var instanceRules = []struct{ name, text string }{
	{"eligible", "juror.cats contains entry.cat AND entry.company not in juror.companies AND [e,j] not in conflicts AND ({native}+fluent) intersects ({lang}+subs)"},
	{"cost", "60 + bid(want -50, maybe -20, rather not +40, none 0) + language(native==lang 0; lang in fluent 10; else 20) + category(primary==cat 0 else 15)"},
	{"load", "t-th entry given to juror j costs floor(load_lambda*(2t-1)/(2*max_j)), t=1..max_j (convex: equalises load/max)"},
	{"shortage", "s-th missing review of an entry costs shortage_unit*s (convex: spreads shortage)"},
}

// What pairs cost by those rules.
const (
	plainCost     = 60
	fluentCost    = 10
	subtitlesCost = 20
	categoryCost  = 15
)

// bidCosts are what the bids 0 want, 1 maybe and 2 rather not add.
var bidCosts = []int64{-50, -20, 40}

// A word stands for a language, a category or a company while the rules are
// applied.
type word int

// A dictionary gives equal values equal words.
type dictionary map[string]word

func (d dictionary) word(value json.RawMessage) word {
	w, ok := d[string(value)]
	if !ok {
		w = word(len(d))
		d[string(value)] = w
	}
	return w
}

func (d dictionary) words(values []json.RawMessage) []word {
	words := make([]word, len(values))
	for i, v := range values {
		words[i] = d.word(v)
	}
	return words
}

// A described instance is what the rules look at.
type described struct {
	entries   []describedEntry
	jurors    []describedJuror
	conflicts map[assign.Place]bool
	bids      map[assign.Place]int64
}

type describedEntry struct {
	lang, cat, company word
	langs              []word
}

type describedJuror struct {
	native, primary word
	fluent, langs   []word
	cats, companies []word
}

// attributed finds the pairs by the rules.
func (f *instanceFile) attributed(j instanceJSON) error {
	for _, r := range instanceRules {
		if said, ok := j.Rules[r.name]; ok && said != r.text {
			f.warnings = append(f.warnings, fmt.Sprintf("rules.%s is worded otherwise than the rule that was applied: %s", r.name, r.text))
		}
	}
	d, err := f.describe(j)
	if err != nil {
		return err
	}
	if err := f.relate(j, &d); err != nil {
		return err
	}
	for e, entry := range d.entries {
		for i, juror := range d.jurors {
			at := assign.Place{Entry: e, Juror: i}
			if juror.may(entry) && !d.conflicts[at] {
				f.problem.Pairs = append(f.problem.Pairs, assign.Pair{Entry: e, Juror: i, Cost: plainCost + d.bids[at] + juror.effort(entry)})
			}
		}
	}
	return nil
}

// describe reads what entries and jurors are.
func (f *instanceFile) describe(j instanceJSON) (described, error) {
	languages, cats, companies := dictionary{}, dictionary{}, dictionary{}
	var d described
	for i, e := range j.Entries {
		for name, v := range map[string]json.RawMessage{"lang": e.Lang, "cat": e.Cat} {
			if v == nil {
				return d, f.badAt([]any{"entries", i}, "entry %s: %s is missing", f.entries[i], name)
			}
		}
		x := describedEntry{lang: languages.word(e.Lang), cat: cats.word(e.Cat), company: -1}
		if e.Company != nil {
			x.company = companies.word(e.Company)
		}
		x.langs = append(languages.words(e.Subs), x.lang)
		d.entries = append(d.entries, x)
	}
	for i, e := range j.Jurors {
		if e.Native == nil || e.Cats == nil {
			return d, f.badAt([]any{"jurors", i}, "juror %s: native or cats are missing", f.jurors[i])
		}
		x := describedJuror{
			native: languages.word(e.Native), primary: -1, fluent: languages.words(e.Fluent),
			cats: cats.words(e.Cats), companies: companies.words(e.Companies),
		}
		if e.Primary != nil {
			x.primary = cats.word(e.Primary)
		}
		x.langs = append(slices.Clone(x.fluent), x.native)
		d.jurors = append(d.jurors, x)
	}
	return d, nil
}

// relate reads conflicts and bids.
func (f *instanceFile) relate(j instanceJSON, d *described) error {
	d.conflicts, d.bids = map[assign.Place]bool{}, map[assign.Place]int64{}
	for i, row := range j.Conflicts {
		at, err := f.place(row, 2, "conflicts", i)
		if err != nil {
			return err
		}
		d.conflicts[at] = true
	}
	for i, row := range j.Bids {
		at, err := f.place(row, 3, "bids", i)
		if err != nil {
			return err
		}
		bid := slices.Index([]string{"0", "1", "2"}, string(row[2]))
		if bid < 0 {
			return f.badAt([]any{"bids", i, 2}, "a bid is 0 want, 1 maybe or 2 rather not")
		}
		if _, twice := d.bids[at]; twice {
			return f.badAt([]any{"bids", i}, "juror %s bids for entry %s twice", row[1], row[0])
		}
		d.bids[at] = bidCosts[bid]
	}
	return nil
}

// may says whether a juror may watch an entry, conflicts apart.
func (j describedJuror) may(e describedEntry) bool {
	return slices.Contains(j.cats, e.cat) && !slices.Contains(j.companies, e.company) &&
		slices.ContainsFunc(e.langs, func(l word) bool { return slices.Contains(j.langs, l) })
}

// effort is what an entry's language and category cost a juror.
func (j describedJuror) effort(e describedEntry) int64 {
	c := int64(subtitlesCost)
	switch {
	case j.native == e.lang:
		c = 0
	case slices.Contains(j.fluent, e.lang):
		c = fluentCost
	}
	if j.primary != e.cat {
		c += categoryCost
	}
	return c
}
