package audit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/audit"
	"laurel/internal/pgtest"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	tx, actor := pgtest.Tx(t), int64(7)
	events := []audit.Event{
		{Actor: &actor, Verb: "entry.submit", Kind: "entry", Subject: 417, After: map[string]string{"state": "submitted"}},
		{Verb: "entry.withdraw", Kind: "entry", Subject: 417, Before: "submitted"},
		{Verb: "entry.submit", Kind: "entry", Subject: 9},
	}
	if err := audit.RecordAll(t.Context(), tx, events); err != nil {
		t.Fatal(err)
	}
	lines, err := audit.Of(t.Context(), tx, "entry", 417)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, l := range lines {
		got = append(got, l.Verb+" "+string(l.Before)+" "+string(l.After))
	}
	want := []string{`entry.submit  {"state": "submitted"}`, `entry.withdraw "submitted" `}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if *lines[0].ActorID != 7 || lines[1].ActorID != nil {
		t.Errorf("got %v", lines)
	}
}
