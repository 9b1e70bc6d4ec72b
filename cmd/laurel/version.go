package main

import (
	"fmt"
	"runtime/debug"
)

// versionCmd prints what this program was built from.
type versionCmd struct{}

// Run prints one line.
func (*versionCmd) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, "laurel", version())
	return err
}

// version is the commit and its day, with the version of Go.
func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	set := map[string]string{}
	for _, s := range b.Settings {
		set[s.Key] = s.Value
	}
	v := b.Main.Version
	if commit := set["vcs.revision"]; commit != "" {
		v = fmt.Sprintf("%.12s %.10s", commit, set["vcs.time"])
		if set["vcs.modified"] == "true" {
			v += " with changes"
		}
	}
	return v + " " + b.GoVersion
}
