// Command laurel is a festival's own submission and judging platform: one
// program that serves the site, works the background jobs and looks after its
// database.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit codes. A wrong flag, argument or variable is told from a fault that
// shows later.
const (
	exitOK    = 0
	exitFault = 1
	exitUsage = 2
)

// cli is the command line; its tags are its documentation.
type cli struct {
	common

	Serve   serveCmd   `cmd:"" help:"Run the site, and the background jobs with it."`
	Work    workCmd    `cmd:"" help:"Run background jobs only, beside a site that runs elsewhere."`
	Migrate migrateCmd `cmd:"" help:"Bring the database to the schema of this program, or to another version."`
	Demo    demoCmd    `cmd:"" help:"Load the demo festival into an empty database."`
	Import  importCmd  `cmd:"" help:"Bring in submissions from another platform."`
	Bounce  bounceCmd  `cmd:"" help:"Read one report of a letter that came back, or of a complaint about one, from standard input."`
	Doctor  doctorCmd  `cmd:"" help:"Check the database's settings and everything that must always hold."`
	Health  healthCmd  `cmd:"" help:"Ask a running site whether it can serve; exit 1 if not."`
	Tally   tallyCmd   `cmd:"" help:"Calibrate scores: from a table of marks to a ranking with its uncertainty."`
	Agree   agreeCmd   `cmd:"" help:"Measure how far jurors agree."`
	Count   countCmd   `cmd:"" help:"Count ranked ballots by an open rule, with every tie on record."`
	Assign  assignCmd  `cmd:"" help:"Give entries to jurors, optimally and with a proof."`
	Receipt receiptCmd `cmd:"" help:"Check a receipt of an erasure."`
	Version versionCmd `cmd:"" help:"Print the version of this program."`
	Help    helpCmd    `cmd:"" help:"Explain a command, the configuration (laurel help config) or the files that are read and written (laurel help formats)."`
}

// streams are what a command reads and where it writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run is main without the process: it returns the exit code once the command
// has ended or ctx is done.
func run(ctx context.Context, args []string, s streams) int {
	var c cli
	helped := false
	parser, err := kong.New(&c,
		kong.Name("laurel"),
		kong.Description("A festival's own submission and judging platform.\n\nRun `laurel help config` for the configuration."),
		kong.Writers(s.out, s.err),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"data": defaultData()},
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		fmt.Fprintln(s.err, "laurel:", err)
		return exitUsage
	}
	command, err := parser.Parse(args)
	switch {
	case helped:
		return exitOK
	case err != nil:
		fmt.Fprintf(s.err, "laurel: %v\n", err)
		return exitUsage
	}
	if err := command.Run(&c.common, s, parser); err != nil {
		fmt.Fprintf(s.err, "laurel: %v\n", err)
		if blamesInput(err) {
			return exitUsage
		}
		return exitFault
	}
	return exitOK
}

// blamesInput says whether a command ended because of what it was given.
func blamesInput(err error) bool {
	if _, ok := errors.AsType[*usageError](err); ok {
		return true
	}
	_, ok := errors.AsType[*badInput](err)
	return ok
}

// A usageError is a wrong value that shows only while a command runs.
type usageError struct{ sentence string }

func (e *usageError) Error() string { return e.sentence }
