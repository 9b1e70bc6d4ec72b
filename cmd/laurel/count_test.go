package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// The counts themselves are tested beside internal/tally/ballot, with published
// elections; here it is what goes in and comes out.

// electionOfNine is Schulze's example 4 (2011): B and D are tied.
const electionOfNine = `{"candidates": ["A", "B", "C", "D"], "comment": "nine voters", "ballots": [
  {"weight": 3, "ranking": [["A"], ["B"], ["C"]]},
  {"weight": 2, "ranking": [["C"], ["B"], ["D"]]},
  {"weight": 2, "ranking": [["D"], ["A"], ["B"]]},
  {"weight": 2.0, "ranking": ["D", "B", ["C"]]}]}`

// countJSON counts what stands on standard input.
func countJSON(t *testing.T, in string, flags ...string) countAnswer {
	t.Helper()
	code, out, err := laurelReading(t, in, append([]string{"count", "-", "--format", "json"}, flags...)...)
	if code != exitOK || err != "" {
		t.Fatalf("%v: exit %d: %s", flags, code, err)
	}
	var a countAnswer
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("%v: %v in %s", flags, err, out)
	}
	return a
}

func alike(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestCountLeavesATie(t *testing.T) {
	t.Parallel()
	a := countJSON(t, electionOfNine)
	alike(t, "winners", a.Winners, []string{"B", "D"})
	alike(t, "ranking", a.Ranking, [][]string{{"B", "D"}, {"A", "C"}})
	alike(t, "undecided", a.Undecided, true)
	alike(t, "pairwise", a.Pairwise["B"], map[string]int64{"A": 4, "B": 0, "C": 7, "D": 5})
	alike(t, "path", *a.Paths["D"]["A"], 6.0)
	alike(t, "first step", a.Ties[0].Points, map[string]float64{"B": 16, "D": 14})
	alike(t, "decides", a.Ties[0].Decides, false)
	alike(t, "others", len(a.Others), 6)
}

func TestCountPartsATieBySeed(t *testing.T) {
	t.Parallel()
	a := countJSON(t, electionOfNine, "--seed", "opened in public")
	alike(t, "winners", a.Winners, []string{"B"})
	alike(t, "undecided", a.Undecided, false)
	alike(t, "decides", a.Ties[0].Decides, true)
	for _, level := range a.Ranking {
		alike(t, "places", len(level), 1)
	}
	// Two equal candidates: only the lot is left. The hashes are those of
	// sha256sum for xA and xB.
	a = countJSON(t, `{"candidates": ["A", "B"], "ballots": []}`, "--seed", "x")
	lot := a.Ties[len(a.Ties)-1]
	alike(t, "step", lot.Step, "lot")
	alike(t, "lot", lot.Lot, []lotAnswer{
		{"A", "4ae9001b633cf7e8c1913ccba63ff14c65ab0d1b04eb99add410f0625ddcff67"},
		{"B", "cee6c645555441df5957ad29a06a8aab2667a9de67ab722371fcb5cc5aeb1d9d"},
	})
	alike(t, "winners", a.Winners, []string{"A"})
}

func TestCountTransferableVote(t *testing.T) {
	t.Parallel()
	const hare = `{"candidates": ["Andrea", "Carter", "Brad"], "ballots": [
		{"weight": 60, "ranking": [["Andrea"], ["Carter"]]}, {"weight": 14, "ranking": [["Carter"]]}, {"weight": 26, "ranking": [["Brad"]]}]}`
	a := countJSON(t, hare, "--method", "stv", "--seats", "2", "--quota", "hare")
	alike(t, "winners", a.Winners, []string{"Andrea", "Brad"})
	alike(t, "quota", *a.Quota, 50.0)
	alike(t, "rounds", a.Rounds[:2], []map[string]float64{{"Andrea": 60, "Brad": 26, "Carter": 14}, {"Brad": 26, "Carter": 24}})
	// By hand: 10/60 of a ballot is .16666, so Carter gets 60 × .16666 = 9.9996.
	a = countJSON(t, hare, "--method", "stv", "--seats", "2", "--quota", "hare", "--arithmetic", "scottish")
	alike(t, "rounds", a.Rounds[1], map[string]float64{"Brad": 26, "Carter": 23.9996})
	alike(t, "exhausted", a.Stages[1].Exhausted, 0.0004)
}

// TestCountReadsEveryForm gives one election in all its spellings.
func TestCountReadsEveryForm(t *testing.T) {
	t.Parallel()
	want := countJSON(t, `{"candidates": ["A", "B", "C"], "ballots": [
		{"weight": 3, "ranking": [["A"], ["B", "C"]]}, {"ranking": [["B"]], "recused": ["A"]}, {"weight": 2, "ranking": null}]}`)
	alike(t, "pairwise", want.Pairwise["B"], map[string]int64{"A": 0, "B": 0, "C": 1})
	for name, in := range map[string]string{
		"ranks":           "weight,A,B,C\n3,1,2,2\n1,-,1,\n2,,,\n",
		"orders":          "3,A>B=C\n1,B,!A\n2,\n",
		"with candidates": "candidates,A,B,C\r\n3, A > C = B\r\nB,!A\r\n2,\r\n",
		"with a heading":  "weight,ballot\n3,A>B=C\n1,B>!A\n2,\n",
		"without weights": "\ufeffA,B,C\n1,2,2\n1,5,5\n1,2,2\n-,1,\n,,\n,,\n",
		"loose JSON":      `{"ballots": [{"weight": 3.0, "ranking": ["A", ["B", "C"]]}, {"ranking": ["B"], "recused": ["A"]}, {"weight": 2}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := countJSON(t, in)
			alike(t, "pairwise", got.Pairwise, want.Pairwise)
			alike(t, "ranking", got.Ranking, want.Ranking)
			alike(t, "voters", got.Voters, want.Voters)
		})
	}
}

func TestCountUnranked(t *testing.T) {
	t.Parallel()
	const cycle = `{"candidates": ["A", "B", "C"], "unranked": "not compared", "ballots": [
		{"weight": 68, "ranking": [["A"], ["B"]]}, {"weight": 72, "ranking": [["B"], ["C"]]}, {"weight": 52, "ranking": [["C"], ["A"]]}]}`
	a := countJSON(t, cycle, "--method", "ranked-pairs")
	alike(t, "ranking", a.Ranking, [][]string{{"A"}, {"B"}, {"C"}})
	alike(t, "skipped", a.Locks[2].Locked, false)
	if a := countJSON(t, cycle, "--strength", "ratio"); a.Paths["A"]["B"] != nil || len(a.Warnings) == 0 {
		t.Errorf("a ratio with nobody against is %v, and warned of: %v", a.Paths["A"]["B"], a.Warnings)
	}
}

func TestCountWithoutBallots(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"schulze", "ranked-pairs", "copeland", "borda", "irv", "stv"} {
		a := countJSON(t, `{"candidates": ["A", "B"], "ballots": []}`, "--method", method)
		alike(t, method, a.Winners, []string{"A", "B"})
		alike(t, method+" warns", len(a.Warnings), 2)
		a = countJSON(t, `{"candidates": ["A"], "ballots": []}`, "--method", method)
		alike(t, method+", one candidate", a.Winners, []string{"A"})
	}
}

// manyNames is so many different names, each after a comma.
func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ",x%d", i)
	}
	return b.String()
}

func TestCountRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"no JSON":           {"{\"ballots\": [}", "-:1:14: this is not JSON: invalid character '}' looking for beginning of value"},
		"no ballots":        {`{"candidates": ["A"]}`, `-:1:1: there is no list "ballots"`},
		"no candidates":     {`{"ballots": []}`, "-:1:1: there are no candidates"},
		"stranger":          {"{\"candidates\": [\"A\"],\n \"ballots\": [{\"ranking\": [[\"A\", \"X\"]]}]}", `-:2:33: "X" is not among the candidates`},
		"twice":             {"{\"ballots\": [{\"ranking\": [[\"A\"], [\"A\"]]}]}", `-:1:35: "A" stands on this ballot twice`},
		"candidate twice":   {`{"candidates": ["A", "A"], "ballots": []}`, `-:1:22: "A" is a candidate twice`},
		"negative weight":   {`{"ballots": [{"weight": -1, "ranking": [["A"]]}]}`, "-:1:25: the weight -1 is not a whole number from 0 to 1000000000"},
		"part of a ballot":  {`{"ballots": [{"weight": 1.5, "ranking": [["A"]]}]}`, "-:1:25: the weight 1.5 is not a whole number from 0 to 1000000000"},
		"huge exponent":     {`{"ballots": [{"weight": 1e999999999}]}`, "-:1:25: the weight 1e999999999 is not a whole number from 0 to 1000000000"},
		"too many":          {`{"ballots": [{"weight": 1e9, "ranking": ["A"]}, {"ranking": ["A"]}]}`, "-:1:1: ballot 2: with this ballot there are more than 1000000000"},
		"a number":          {`{"ballots": [{"ranking": [[7]]}]}`, "-:1:27: a level of a ranking is a list of names"},
		"unranked":          {`{"unranked": "second", "ballots": []}`, `-:1:14: "second" is neither "tied last" nor "not compared"`},
		"recused stranger":  {`{"candidates": ["A"], "ballots": [{"recused": ["B"]}]}`, `-:1:48: "B" is not among the candidates`},
		"empty":             {"\n", "-:1:1: the file is empty; `laurel help ballots` says what it can hold"},
		"rank zero":         {"A,B\n1,0\n", "-:2:3: the rank 0 is not a whole number from 1"},
		"short row":         {"A,B\n1,2\n1\n", "-:3:1: this ballot has 1 cells, the first line 2"},
		"order stranger":    {"candidates,A\nA>C\n", `-:2:1: "C" is not among the candidates`},
		"order twice":       {"A>B\nA,B,A\n", `-:2:5: "A" stands on this ballot twice`},
		"stray quote":       {"A \"B\"\n", `-:1:3: a quotation mark stands where none can; one inside a cell is written "" in a quoted cell`},
		"a crowd":           {"candidates" + manyNames(5001) + "\n", "-:1:1: there are 5001 candidates; at most 5000 can be compared with each other"},
		"weight is missing": {"weight,A,B\n,1,2\n", `-:2:1: the weight "" is not a whole number from 0 to 1000000000`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, err := laurelReading(t, c.in, "count", "-")
			if code != exitUsage || err != "laurel: "+c.want+"\n" || out != "" {
				t.Errorf("exit %d, out %q, got\n%s, want\n%s", code, out, err, c.want)
			}
		})
	}
	for _, flags := range [][]string{{"--seats", "0"}, {"--seats", "2"}, {"--method", "plurality"}} {
		if code, _, err := laurelReading(t, electionOfNine, append([]string{"count", "-"}, flags...)...); code != exitUsage || err == "" {
			t.Errorf("%v: exit %d: %s", flags, code, err)
		}
	}
}

func TestCountTable(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "nine.json")
	if err := os.WriteFile(file, []byte(electionOfNine), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, err := laurel(t, "count", file)
	if code != exitOK || err != "" {
		t.Fatalf("exit %d: %s", code, err)
	}
	for _, line := range []string{
		"It is a tie between B and D.",
		"Schulze by winning votes; 9 voters, 4 candidates",
		"1  B\n1  D\n3  A\n3  C\n",
		"  B and D are tied for place 1. Borda points over all ballots: B 16, D 14. The ladder would begin with B before D.",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in\n%s", line, out)
		}
	}
	if _, out, _ = laurel(t, "count", file, "--seed", "s"); !strings.HasPrefix(out, "B wins after a tie with D.\n") {
		t.Errorf("it begins\n%s", out)
	}
}

// TestCountFieldsAreExplained finds every field of the answer in the help.
func TestCountFieldsAreExplained(t *testing.T) {
	t.Parallel()
	words := map[string]bool{}
	for word := range strings.FieldsFuncSeq(ballotsFormat, func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz_", r) }) {
		words[word] = true
	}
	for _, of := range []any{countAnswer{}, lockAnswer{}, stageAnswer{}, surplusAnswer{}, tieAnswer{}, lotAnswer{}, otherAnswer{}} {
		for _, f := range fieldsOf(of) {
			if !words[f] {
				t.Errorf("%T has %s, which laurel help ballots does not explain", of, f)
			}
		}
	}
}

// fieldsOf are the names that a struct's fields have as JSON.
func fieldsOf(v any) []string {
	var names []string
	for f := range reflect.TypeOf(v).Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}
