package main

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// instances are the reference instances, which the package has for its tests.
const instances = "../../internal/assign/testdata"

// assignedBy runs laurel assign on a reference instance.
func assignedBy(t *testing.T, file string, flags ...string) assignAnswer {
	t.Helper()
	code, out, err := laurel(t, append([]string{"assign", filepath.Join(instances, file), "--format", "json"}, flags...)...)
	var a assignAnswer
	if code != exitOK || json.Unmarshal([]byte(out), &a) != nil {
		t.Fatalf("%s %v: exit %d, %s", file, flags, code, err)
	}
	return a
}

// TestAssignReferences wants the optima that enumeration and linear programs
// proved for the reference instances.
func TestAssignReferences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file              string
		flags             []string
		objective         int64
		missing, newPairs int
		components        int
		dearest           int64
	}{
		{"small-tiny-6x4-k2.json", nil, 111, 0, 0, 1, 18},
		{"small-tiny-6x4-k2.json", []string{"--bottleneck"}, 114, 0, 0, 1, 17},
		{"small-shortage-7x4-k3.json", nil, 3000192, 3, 0, 1, 13},
		{"small-connect-8x4-k2.json", nil, 110, 0, 0, 2, 5},
		{"small-connect-8x4-k2.json", []string{"--connected"}, 119, 0, 0, 1, 12},
		{"small-dropout-9x5-k2.json", nil, 272, 0, 5, 1, 24},
		{"large-500x40x3.json", nil, 18142533, 12, 0, 1, 115},
	} {
		a := assignedBy(t, c.file, c.flags...)
		if a.Objective != c.objective || a.DualBound != c.objective || !a.Optimal || a.Missing != c.missing ||
			a.NewPairs != c.newPairs || a.Components != c.components || a.MaxPairCost != c.dearest {
			t.Errorf("%s %v: got %d (%d, %v), %d missing, %d new, %d components, dearest %d", c.file, c.flags,
				a.Objective, a.DualBound, a.Optimal, a.Missing, a.NewPairs, a.Components, a.MaxPairCost)
		}
	}
	a := assignedBy(t, "large-500x40x3.json", "--bottleneck")
	if a.MaxPairCost != 85 || *a.Threshold != 85 || a.Missing != 12 {
		t.Errorf("bottleneck: got %d at %d, %d missing", a.MaxPairCost, *a.Threshold, a.Missing)
	}
	a = assignedBy(t, "large-500x40x3.json")
	if got, want := *a.Connectivity, 9.052418975123736; slices.Min(a.Loads) != 16 || slices.Max(a.Loads) != 50 || !a.Optimal {
		t.Errorf("loads %d to %d, connectivity %v (another optimum had %v)", slices.Min(a.Loads), slices.Max(a.Loads), got, want)
	}
}

// TestAssignNamesAsTheFileDoes uses texts and numbers as ids, in another order
// than their own.
func TestAssignNamesAsTheFileDoes(t *testing.T) {
	t.Parallel()
	in := `{"kind": "explicit", "k": 2, "entries": [{"id": "Zaal"}, {"id": 3, "k": 3}], "jurors": [{"id": 9, "max": 2}, {"id": "Ada", "max": 2}],
		"pairs": [["Zaal", "Ada", 1], ["Zaal", 9, 0], [3, 9, 4], [3, "Ada", 2]], "load_lambda": 10}`
	code, out, err := laurelReading(t, in, "assign", "-", "--format", "json")
	var got map[string]any
	if code != exitOK || json.Unmarshal([]byte(out), &got) != nil {
		t.Fatalf("exit %d: %s", code, err)
	}
	if want := []any{[]any{9.0, "Ada"}, []any{9.0, "Ada"}}; !reflect.DeepEqual(got["assignment"], want) {
		t.Errorf("got %v", got["assignment"])
	}
	// Pairs 7, loads 2+7 each, one missing viewing at 1,000,000.
	if got["objective"] != 1000025.0 || got["missing"] != 1.0 || got["seed"] != 1.0 {
		t.Errorf("got %v, %v missing, seed %v", got["objective"], got["missing"], got["seed"])
	}
	for _, field := range []string{"assignment", "objective", "dual_bound", "optimal", "new_pairs", "missing", "loads", "max_pair_cost", "components", "shortages", "seconds"} {
		if got[field] == nil {
			t.Errorf("%s is missing", field)
		}
	}
}

// TestAssignTable looks at what people read.
func TestAssignTable(t *testing.T) {
	t.Parallel()
	code, out, _ := laurel(t, "assign", filepath.Join(instances, "small-shortage-7x4-k3.json"))
	for _, want := range []string{
		"3 of 21 viewings are missing. No other assignment costs less: its prices prove it.",
		"pairs 110, loads 82, missing viewings 3000000",
		"These 3 entries have only 2 eligible jurors; they want 9 viewings, 6 are possible.",
		"entries 0, 1, 2; jurors 0, 1",
		"\n2      1        0, 1\n",
		"\n3      0        1, 2, 3\n",
		"\n2      4        5\n",
	} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("exit %d; %q is not in\n%s", code, want, out)
		}
	}
	if _, out, _ = laurel(t, "assign", filepath.Join(instances, "small-dropout-9x5-k2.json")); !strings.Contains(out, "New pairs") {
		t.Errorf("new pairs are not in\n%s", out)
	}
}

// TestAssignNothing divides what is not there.
func TestAssignNothing(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"kind": "explicit", "entries": [], "jurors": [], "pairs": []}`:                                      `[]`,
		`{"kind": "explicit", "entries": [{"k": 2}], "jurors": [], "pairs": []}`:                              `[[]]`,
		`{"kind": "explicit", "entries": [], "jurors": [{"max": 3}], "pairs": []}`:                            `[]`,
		`{"kind": "explicit", "entries": [{"k": 0}], "jurors": [{"max": 3}], "pairs": [[0, 0, 1]]}`:           `[[]]`,
		`{"kind": "attributes", "k": 2, "entries": [], "jurors": [], "bids": [], "conflicts": []}`:            `[]`,
		`{"entries": [{"k": 1}], "jurors": [{"max": 0}], "pairs": [[0, 0, 1]], "previous_assignment": []}`:    `[[]]`,
		`{"entries": [{"k": 1}], "jurors": [{"max": 0}], "pairs": [], "completed_reviews": [[0, 0]], "k": 1}`: `[[0]]`,
	} {
		for _, flags := range [][]string{nil, {"--connected", "--bottleneck"}} {
			code, out, err := laurelReading(t, in, append([]string{"assign", "-", "--format", "json"}, flags...)...)
			var got struct {
				Assignment json.RawMessage
				Optimal    bool
			}
			if code != exitOK || json.Unmarshal([]byte(out), &got) != nil {
				t.Fatalf("%s: exit %d, %s", in, code, err)
			}
			if s := strings.Join(strings.Fields(string(got.Assignment)), ""); s != want || !got.Optimal {
				t.Errorf("%s: got %s", in, s)
			}
			if code, _, err := laurelReading(t, in, append([]string{"assign", "-"}, flags...)...); code != exitOK {
				t.Errorf("%s as a table: %s", in, err)
			}
		}
	}
}

// TestAssignMistakes wants the place and a sentence for everything that a file
// can have wrong.
func TestAssignMistakes(t *testing.T) {
	t.Parallel()
	explicit := func(entries, jurors, pairs, more string) string {
		return `{"kind": "explicit", "entries": [` + entries + "],\n\"jurors\": [" + jurors + "],\n\"pairs\": [" + pairs + "]" + more + "}"
	}
	const one, two = `{"id": "A", "k": 1}`, `{"id": 7, "max": 1}`
	described := func(entry, juror, more string) string {
		return `{"kind": "attributes", "k": 1, "entries": [` + entry + "],\n\"jurors\": [" + juror + "]" + more + "}"
	}
	const film, person = `{"lang": 0, "cat": 1}`, `{"native": 0, "cats": [1], "max": 1}`
	for in, want := range map[string]string{
		`[]`:              "-:1:1: ",
		`{"entries": 5}`:  "-:1:13: entries cannot be a number",
		`{"entries": []}`: "-:1:1: jurors are missing",
		`{"jurors": []}`:  "-:1:1: entries are missing",
		"{\n\"kind\": \"x\", \"entries\": [], \"jurors\": []}":                       `-:2:9: kind is "x"; it can be explicit or attributes`,
		explicit(one, two, `["B", 7, 1]`, ""):                                        `-:3:12: there is no entry "B"`,
		explicit(one, two, `["A", 8, 1]`, ""):                                        "-:3:17: there is no juror 8",
		explicit(one, two, `["A", "7", 1]`, ""):                                      `-:3:17: there is no juror "7"`,
		explicit(one, two, `["A", 7]`, ""):                                           "-:3:11: 3 values are wanted here, not 2: entry, juror, and a number",
		explicit(one, two, `["A", 7, -1]`, ""):                                       "-:3:20: the cost is -1; it cannot be negative",
		explicit(one, two, `["A", 7, 1.5]`, ""):                                      "-:3:20: the cost is 1.5; a whole number is wanted",
		explicit(one, two, `["A", 7, 2199023255552]`, ""):                            "-:1:1: entry 0 and juror 0 cost 2199023255552",
		explicit(one, two, `["A", 7, 1], ["A", 7, 2]`, ""):                           `-:3:24: entry "A" and juror 7 are a pair twice`,
		explicit(one+", "+one, two, "", ""):                                          `-:1:62: there are two entries with the id "A"`,
		explicit(one, two+", "+two, "", ""):                                          "-:2:40: there are two jurors with the id 7",
		explicit(`{"id": [1], "k": 1}`, two, "", ""):                                 "-:1:41: an id is a number or a text",
		explicit(`{"id": 1}`, two, "", ""):                                           "-:1:34: entry 1: k is missing",
		explicit(`{"k": -1}`, two, "", ""):                                           "-:1:40: k is -1",
		explicit(`{"k": "2"}`, two, "", ""):                                          "entries.k cannot be a string",
		explicit(one, `{"id": 7}`, "", ""):                                           "-:2:12: juror 7: max is missing",
		explicit(one, `{"min": 3, "max": 2}`, "", ""):                                "-:2:30: juror 0: max is 2; it can be min, which is 3",
		explicit(one, `{"min": -3, "max": 2}`, "", ""):                               "-:2:20: juror 0: min is -3; it cannot be negative",
		explicit(one, `{"min": 2, "max": 2}`, `["A", 0, 1]`, ""):                     "-:2:20: This juror is to watch at least 2 entries in all, but only 1 can be given to them. (juror 0)",
		explicit(one, two, "", ",\n\"load_lambda\": -1"):                             "-:4:16: load_lambda is -1; it cannot be negative",
		explicit(one, two, "", ",\n\"shortage_unit\": -1"):                           "-:4:18: shortage_unit is -1; it cannot be negative",
		explicit(one, two, "", ",\n\"previous_assignment\": [[], [7]]"):              "-:4:29: there are only 1 entries",
		explicit(one, two, "", ",\n\"previous_assignment\": [[7, 8]]"):               "-:4:29: there is no juror 8",
		explicit(one, two, "", ",\n\"previous_assignment\": [[7, 7]]"):               "-:4:29: juror 7 had this entry twice",
		explicit(one, two, "", ",\n\"completed_reviews\": [[\"A\", 8]]"):             "-:4:29: there is no juror 8",
		explicit(one, two, "", ",\n\"completed_reviews\": [[\"A\"]]"):                "-:4:23: 2 values are wanted here, not 1: entry, juror",
		explicit(one, two, "", ",\n\"completed_reviews\": [[\"A\", 7], [\"A\", 7]]"): `-:4:33: entry "A" was completed twice by juror 7`,
		explicit(one, two, "", ",\n\"dropped_juror\": 8"):                            "-:4:18: there is no juror 8",
		explicit(one, two, "", ",\n\"dropped_juror\": [7, 8]"):                       "-:4:22: there is no juror 8",
		described(`{"cat": 1}`, person, ""):                                          "entry 0: lang is missing",
		described(film, `{"max": 1}`, ""):                                            "-:2:12: juror 0: native or cats are missing",
		described(film, person, ",\n\"conflicts\": [[0, 1]]"):                        "-:3:19: there is no juror 1",
		described(film, person, ",\n\"bids\": [[0, 0, 3]]"):                          "-:3:17: a bid is 0 want, 1 maybe or 2 rather not",
		described(film, person, ",\n\"bids\": [[0, 0, 1], [0, 0, 1]]"):               "-:3:21: juror 0 bids for entry 0 twice",
	} {
		code, out, err := laurelReading(t, in, "assign", "-")
		if code != exitUsage || !strings.Contains(err, want) || out != "" {
			t.Errorf("%s\nexit %d, got %q, want %q", in, code, err, want)
		}
	}
}

// TestAssignOtherRules warns of rules that are not those applied.
func TestAssignOtherRules(t *testing.T) {
	t.Parallel()
	in := `{"kind": "attributes", "k": 1, "entries": [{"lang": "ka", "subs": ["en"], "cat": "doc", "company": "Lomi"}],
		"jurors": [{"native": "fr", "fluent": ["en"], "primary": "fiction", "cats": ["doc"], "companies": [], "max": 3}],
		"conflicts": [], "bids": [[0, 0, 1]], "rules": {"cost": "free of charge"}}`
	code, out, _ := laurelReading(t, in, "assign", "-", "--format", "json")
	var a assignAnswer
	if code != exitOK || json.Unmarshal([]byte(out), &a) != nil {
		t.Fatalf("exit %d: %s", code, out)
	}
	// 60 - 20 for the bid, + 20 for subtitles, + 15 for the category.
	if a.Objective != 75 || len(a.Warnings) != 1 || !strings.Contains(a.Warnings[0], "rules.cost") {
		t.Errorf("got %d, warned %q", a.Objective, a.Warnings)
	}
}

// TestAssignFormatIsExplained wants every field of the answer in the help.
func TestAssignFormatIsExplained(t *testing.T) {
	t.Parallel()
	_, help, _ := laurel(t, "help", "instances")
	for f := range reflect.TypeFor[assignAnswer]().Fields() {
		if name := f.Tag.Get("json"); !strings.Contains(help, name) {
			t.Errorf("%s is not explained", name)
		}
	}
}
