package main

import (
	"strings"
	"testing"
)

func TestTablesSteerNoTerminal(t *testing.T) {
	t.Parallel()
	name := "\x1b[31mRed\a"
	for command, in := range map[string]string{
		"tally":  "entry,juror,criterion,value\n\"" + name + "\",a,c,5\nB,a,c,6\nB,b,c,7\n\"" + name + "\",b,c,4\n",
		"agree":  "entry,juror,criterion,value\nA,\"" + name + "\",c,5\nB,\"" + name + "\",c,6\nB,b,c,7\nA,b,c,4\n",
		"count":  `{"candidates": ["\u001b[31mRed\u0007", "B"], "ballots": [{"weight": 1, "ranking": [["B"]]}]}`,
		"assign": `{"kind": "explicit", "entries": [{"id": "\u001b[31mRed\u0007", "k": 1}], "jurors": [{"id": "j", "max": 1}], "pairs": [["\u001b[31mRed\u0007", "j", 0]], "load_lambda": 1, "shortage_unit": 100}`,
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			args := []string{command, "-"}
			if command == "agree" {
				args = append(args, "--statistic", "krippendorff")
			}
			code, out, err := laurelReading(t, in, args...)
			if code != exitOK || !strings.Contains(out, "Red") || strings.ContainsAny(out, "\x1b\a") {
				t.Errorf("got %d %q %q", code, out, err)
			}
		})
	}
}
