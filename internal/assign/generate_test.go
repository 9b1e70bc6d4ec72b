package assign_test

import (
	"slices"

	"laurel/internal/assign"
)

// A generator draws the numbers of the reference generator: splitmix64.
type generator uint64

func (g *generator) next() uint64 {
	*g += 0x9e3779b97f4a7c15
	z := uint64(*g)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (g *generator) below(n int) int         { return int(g.next() % uint64(n)) }
func (g *generator) chance(percent int) bool { return g.below(100) < percent }

// language draws a language by how frequent it is.
func (g *generator) language() int {
	weights := []int{30, 16, 12, 10, 8, 7, 6, 4, 4, 3}
	x, i := g.below(100), 0
	for ; x >= weights[i]; i++ {
		x -= weights[i]
	}
	return i
}

// An attributes instance says of entries and jurors what they are; its JSON is
// that of the reference instances.
type attributes struct {
	Kind         string            `json:"kind"`
	Seed         uint64            `json:"seed"`
	Entries      []attributedEntry `json:"entries"`
	Jurors       []attributedJuror `json:"jurors"`
	K            int               `json:"k"`
	Languages    []string          `json:"languages"`
	Conflicts    [][2]int          `json:"conflicts"`
	Bids         [][3]int          `json:"bids"`
	LoadLambda   int64             `json:"load_lambda"`
	ShortageUnit int64             `json:"shortage_unit"`
	Rules        rules             `json:"rules"`
}

type attributedEntry struct {
	Lang    int   `json:"lang"`
	Subs    []int `json:"subs"`
	Cat     int   `json:"cat"`
	Company int   `json:"company"`
}

type attributedJuror struct {
	Native    int   `json:"native"`
	Fluent    []int `json:"fluent"`
	Primary   int   `json:"primary"`
	Cats      []int `json:"cats"`
	Companies []int `json:"companies"`
	Max       int   `json:"max"`
	Min       int   `json:"min"`
}

type rules struct {
	Eligible string `json:"eligible"`
	Cost     string `json:"cost"`
	Load     string `json:"load"`
	Shortage string `json:"shortage"`
}

// generate draws an instance of so many entries, jurors and viewings an entry,
// bit for bit as the reference generator does.
func generate(entries, jurors, k int, seed uint64) attributes {
	g := generator(seed)
	cats, companies := max(4, min(12, jurors/12)), max(20, entries/4)
	a := attributes{
		Kind: "attributes", Seed: seed, K: k, LoadLambda: 100, ShortageUnit: 1000000,
		Languages: []string{"en", "fr", "es", "de", "it", "pt", "ja", "ko", "zh", "ar"},
		Rules: rules{
			Eligible: "juror.cats contains entry.cat AND entry.company not in juror.companies AND [e,j] not in conflicts AND ({native}+fluent) intersects ({lang}+subs)",
			Cost:     "60 + bid(want -50, maybe -20, rather not +40, none 0) + language(native==lang 0; lang in fluent 10; else 20) + category(primary==cat 0 else 15)",
			Load:     "t-th entry given to juror j costs floor(load_lambda*(2t-1)/(2*max_j)), t=1..max_j (convex: equalises load/max)",
			Shortage: "s-th missing review of an entry costs shortage_unit*s (convex: spreads shortage)",
		},
	}
	for range entries {
		a.Entries = append(a.Entries, g.entry(cats, companies))
	}
	for j := range jurors {
		a.Jurors = append(a.Jurors, g.juror(j, cats, companies, entries*k/jurors))
	}
	a.Conflicts, a.Bids = g.relations(entries, jurors)
	return a
}

func (g *generator) entry(cats, companies int) attributedEntry {
	e := attributedEntry{Lang: g.language(), Subs: []int{}}
	if e.Lang != 0 && g.chance(92) {
		e.Subs = append(e.Subs, 0)
	}
	if g.chance(20) {
		if x := 1 + g.below(9); x != e.Lang && !slices.Contains(e.Subs, x) {
			e.Subs = append(e.Subs, x)
		}
	}
	slices.Sort(e.Subs)
	e.Cat = g.below(cats)
	e.Company = g.below(companies)
	return e
}

func (g *generator) juror(j, cats, companies, mean int) attributedJuror {
	x := attributedJuror{Native: g.language(), Fluent: []int{}, Primary: j % cats, Companies: []int{}}
	if x.Native != 0 && g.chance(85) {
		x.Fluent = append(x.Fluent, 0)
	}
	if g.chance(30) {
		if l := g.below(10); l != x.Native {
			x.Fluent = set(append(x.Fluent, l))
		}
	}
	x.Cats = append(x.Cats, x.Primary)
	for range 1 + g.below(3) {
		x.Cats = append(x.Cats, g.below(cats))
	}
	x.Cats = set(x.Cats)
	for range g.below(3) {
		x.Companies = append(x.Companies, g.below(companies))
	}
	x.Companies = set(x.Companies)
	x.Max = mean + 1 + mean*(10+g.below(60))/100
	return x
}

// relations draws conflicts and bids, a later bid of a pair in place of an
// earlier one.
func (g *generator) relations(entries, jurors int) ([][2]int, [][3]int) {
	conflicts := [][2]int{}
	bids := map[[2]int]int{}
	for j := range jurors {
		for range max(1, entries/200) {
			conflicts = append(conflicts, [2]int{g.below(entries), j})
		}
		for range max(4, min(300, entries/12)) {
			pair := [2]int{g.below(entries), j}
			switch b := g.below(100); {
			case b < 55:
				bids[pair] = 0
			case b < 85:
				bids[pair] = 1
			default:
				bids[pair] = 2
			}
		}
	}
	slices.SortFunc(conflicts, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	list := [][3]int{}
	for pair, b := range bids {
		list = append(list, [3]int{pair[0], pair[1], b})
	}
	slices.SortFunc(list, func(a, b [3]int) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(conflicts), list
}

// set sorts a list and leaves out what is there twice.
func set(list []int) []int {
	slices.Sort(list)
	return slices.Compact(list)
}

// problem applies the rules of an instance to every pair.
func (a attributes) problem() assign.Problem {
	p := assign.Problem{LoadLambda: a.LoadLambda, ShortageUnit: a.ShortageUnit}
	conflicts := map[[2]int]bool{}
	for _, c := range a.Conflicts {
		conflicts[c] = true
	}
	bids := map[[2]int]int64{}
	for _, b := range a.Bids {
		bids[[2]int{b[0], b[1]}] = []int64{-50, -20, 40}[b[2]]
	}
	for range a.Entries {
		p.Entries = append(p.Entries, assign.Entry{Want: a.K})
	}
	for _, j := range a.Jurors {
		p.Jurors = append(p.Jurors, assign.Juror{Min: j.Min, Max: j.Max})
	}
	for e, entry := range a.Entries {
		for j, juror := range a.Jurors {
			pair := [2]int{e, j}
			if !conflicts[pair] && juror.may(entry) {
				p.Pairs = append(p.Pairs, assign.Pair{Entry: e, Juror: j, Cost: 60 + bids[pair] + juror.effort(entry)})
			}
		}
	}
	return p
}

func (j attributedJuror) may(e attributedEntry) bool {
	speaks := func(l int) bool { return l == j.Native || slices.Contains(j.Fluent, l) }
	return slices.Contains(j.Cats, e.Cat) && !slices.Contains(j.Companies, e.Company) &&
		(speaks(e.Lang) || slices.ContainsFunc(e.Subs, speaks))
}

func (j attributedJuror) effort(e attributedEntry) int64 {
	c := int64(20)
	if j.Native == e.Lang {
		c = 0
	} else if slices.Contains(j.Fluent, e.Lang) {
		c = 10
	}
	if j.Primary != e.Cat {
		c += 15
	}
	return c
}
