package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"laurel/internal/pg"
)

// A setting is one that Postgres must have, and what to do where it does not.
type setting struct {
	name string
	want []string // any of them
	why  string
	mend string
}

const (
	alterSystem   = "alter system set %s = '%s' and reload"
	alterDatabase = "alter database … set %s = '%s'"
	ours          = "remove %s from DATABASE_URL or from the role's own settings (want %s)"
)

// required are the settings without which a saved score could be lost, an
// unlucky request could stop others, or what people typed could stand in the
// server's log.
var required = []setting{
	{"fsync", []string{"on"}, "what was saved must survive a power cut", alterSystem},
	{"full_page_writes", []string{"on"}, "what was saved must survive a power cut", alterSystem},
	{"synchronous_commit", []string{"on", "remote_apply"}, "what was saved must survive a power cut", alterDatabase},
	{"data_checksums", []string{"on"}, "a rotten disk must be noticed", "stop the server and run pg_checksums --enable (%s = %s)"},
	{"server_encoding", []string{"UTF8"}, "names are written in every script", "make the database anew with encoding UTF8 (%s = %s)"},
	{"default_transaction_isolation", []string{"read committed"}, "Laurel's locks are made for it", alterDatabase},
	{"statement_timeout", []string{"5s"}, "one slow page must not stop the others", ours},
	{"lock_timeout", []string{"3s"}, "one slow page must not stop the others", ours},
	{"idle_in_transaction_session_timeout", []string{"15s"}, "one lost request must not stop the others", ours},
	{"log_min_error_statement", []string{"panic"}, "the server's log must not hold what people typed", alterDatabase},
	{"log_error_verbosity", []string{"terse"}, "the server's log must not hold what people typed", alterDatabase},
}

// A finding is something that should not be, in one sentence.
type finding string

// checkSettings compares the settings of our own connections with required.
func checkSettings(ctx context.Context, db pg.DB) ([]finding, error) {
	names := make([]string, len(required))
	for i, s := range required {
		names[i] = s.name
	}
	rows, err := pg.Rows[struct{ Name, Value string }](ctx, db, `
		select name, current_setting(name) as value
		from unnest(@names::text[]) as name`,
		pg.Args{"names": names})
	if err != nil {
		return nil, fmt.Errorf("read settings of the database: %w", err)
	}
	var found []finding
	for i, r := range rows {
		s := required[i]
		if !slices.Contains(s.want, r.Value) {
			found = append(found, finding(fmt.Sprintf("%s is %q: %s; "+s.mend, s.name, r.Value, s.why, s.name, s.want[0])))
		}
	}
	return found, nil
}

// requireSettings refuses a server that lacks a required setting, unless lossy
// says that it is for tests.
func requireSettings(ctx context.Context, db pg.DB, lossy bool) error {
	if lossy {
		return nil
	}
	found, err := checkSettings(ctx, db)
	if err != nil || len(found) == 0 {
		return err
	}
	lines := make([]string, len(found))
	for i, f := range found {
		lines[i] = "\n  " + string(f)
	}
	return fmt.Errorf("the database server is not set up as Laurel needs it:%s", strings.Join(lines, ""))
}
