package components

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLaurelSetsItsTitle(t *testing.T) {
	t.Parallel()
	for title, want := range map[string][]string{
		"":                                      {},
		"Eleven Metres":                         {"Eleven Metres"},
		"Where the Wall Keeps Its Warmth":       {"Where the Wall", "Keeps Its Warmth"},
		"What the Lighthouse Was Told":          {"What the Lighthouse", "Was Told"},
		"Donaudampfschifffahrtsgesellschaft":    {"Donaudampfschifffahrtsgesellschaft"},
		"A B C D E F G H I J K L M N O P Q R S": {"A B C D E F G H I J", "K L M N O P Q R S"},
		"The Salt Ledger, or How My Father Counted the Sea": {"The Salt Ledger,", "or How My Father", "Counted the Sea"},
	} {
		got := []string{}
		for _, l := range (LaurelView{Award: "Golden Farsang", Title: title, Where: "Farsang 2027"}).lines() {
			if !l.Small {
				got = append(got, l.Text)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", title, diff)
		}
	}
}

func TestLaurelCutsWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	var title strings.Builder
	for range 40 {
		title.WriteString("remembrance ")
	}
	lines := LaurelView{Title: title.String()}.lines()
	if len(lines) != 7 {
		t.Fatalf("%d lines, want five of title, the award and the place", len(lines))
	}
	if last := []rune(lines[5].Text); last[len(last)-1] != '…' {
		t.Errorf("the last line is %q, want an ellipsis at its end", lines[5].Text)
	}
}
