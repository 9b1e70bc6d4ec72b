package main

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"laurel/internal/mail"
	"laurel/internal/pg"
)

// common is the configuration that every command reads.
type common struct {
	Database   string `env:"DATABASE_URL" placeholder:"URL" help:"Postgres 15 or newer, as postgres://user:password@host:5432/laurel. Empty: Laurel runs one of its own in the data folder."`
	Data       string `env:"LAUREL_DATA" default:"${data}" placeholder:"FOLDER" help:"Where uploaded files are kept, and Laurel's own database if it runs one. Default: ${data}."`
	Log        string `env:"LAUREL_LOG" default:"text" placeholder:"FORMAT" help:"Format of the log on standard error: text or json."`
	BackupDays int    `env:"LAUREL_BACKUP_DAYS" default:"35" placeholder:"DAYS" help:"For how many days backups are kept: receipts of erasures say so. Default: 35."`
	Bucket     bucket `embed:""`
	Lossy      bool   `env:"LAUREL_LOSSY_DATABASE" help:"For tests only: accept a database server that may lose data."`
}

// letters is the configuration of the commands that send mail.
type letters struct {
	SMTP     string `name:"smtp" env:"LAUREL_SMTP" placeholder:"URL" help:"Mail server, as smtp://user:password@host:587 (STARTTLS), smtps://…:465 or smtp+plain://host:1025. Empty: letters stay in the outbox."`
	MailFrom string `env:"LAUREL_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of all letters, as Festival <festival@example.org>. Needed with a mail server."`
	Return   string `name:"mail-return" env:"LAUREL_MAIL_RETURN" placeholder:"ADDRESS" help:"Where letters come back that cannot be delivered, as bounces@example.org, with the letter's code after a plus. Empty: to the sender. See laurel bounce."`
	URL      string `name:"url" env:"LAUREL_URL" placeholder:"URL" help:"Address at which people reach the site, as https://entries.example.org. Default: http:// and the address listened on."`
}

// public is the configuration of the site.
type public struct {
	Addr         string `env:"LAUREL_ADDR" default:"localhost:8080" placeholder:"HOST:PORT" help:"Address to listen on. Default: localhost:8080."`
	MetricsAddr  string `env:"LAUREL_METRICS_ADDR" default:"localhost:9090" placeholder:"HOST:PORT" help:"Address for Prometheus, empty for none. Default: localhost:9090."`
	TrustedProxy string `env:"LAUREL_TRUSTED_PROXY" placeholder:"WHO" help:"Whose word about a visitor's address counts, for the limits on guessing: the address ranges of proxies that set X-Forwarded-For, as 10.0.0.0/8,fd00::/8, or the name of a header that the proxy sets, as X-Real-IP. Empty: nobody's."`
	ExitURL      string `name:"exit-url" env:"LAUREL_EXIT_URL" placeholder:"URL" help:"Where the quick way out of a person's own pages leads: an everyday page of another site, as https://weather.example.org/. Empty: a blank page of Laurel's own."`
	Demo         bool   `env:"LAUREL_DEMO" help:"Demo mode: the demo festival is loaded into an empty database, letters can be read on the site, and the sign-in page lets everybody in. Never for a real festival."`
}

// Validate is called by kong once everything is read.
func (c *common) Validate() error {
	if c.Database != "" {
		if _, err := pg.Config(c.Database); err != nil {
			return wrong("DATABASE_URL", "--database", "an address such as postgres://user:password@host:5432/laurel")
		}
	}
	if c.Data == "" {
		return wrong("LAUREL_DATA", "--data", "the name of a folder")
	}
	if c.BackupDays < 0 || c.BackupDays > 3650 {
		return wrong("LAUREL_BACKUP_DAYS", "--backup-days", "a number of days from 0 to 3650")
	}
	if c.Log != "text" && c.Log != "json" {
		return wrong("LAUREL_LOG", "--log", "text or json")
	}
	return c.Bucket.validate()
}

// Validate is called by kong for the commands that hold letters.
func (l *letters) Validate() error {
	if l.URL != "" {
		u, err := url.Parse(l.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
			return wrong("LAUREL_URL", "--url", "an address such as https://entries.example.org, without a path")
		}
	}
	if l.SMTP == "" {
		return nil
	}
	if _, err := mail.NewSMTP(l.SMTP, "laurel@laurel.example"); err != nil {
		return wrong("LAUREL_SMTP", "--smtp", "an address such as smtp://user:password@host:587")
	}
	smtp, err := mail.NewSMTP(l.SMTP, l.MailFrom)
	if err != nil {
		return wrong("LAUREL_MAIL_FROM", "--mail-from", "a sender such as Festival <festival@example.org> when there is a mail server")
	}
	if l.Return != "" && smtp.ReturnTo(l.Return) != nil {
		return wrong("LAUREL_MAIL_RETURN", "--mail-return", "an e-mail address such as bounces@example.org")
	}
	return nil
}

// transport is the way to the mail server; nil when there is none.
func (l *letters) transport() (mail.Transport, error) {
	if l.SMTP == "" {
		return nil, nil
	}
	smtp, err := mail.NewSMTP(l.SMTP, l.MailFrom)
	if err == nil && l.Return != "" {
		err = smtp.ReturnTo(l.Return)
	}
	return smtp, err
}

func (p *public) validate() error {
	if _, port, err := net.SplitHostPort(p.Addr); err != nil || port == "" {
		return wrong("LAUREL_ADDR", "--addr", "a host and a port such as localhost:8080")
	}
	if _, port, err := net.SplitHostPort(p.MetricsAddr); p.MetricsAddr != "" && (err != nil || port == "") {
		return wrong("LAUREL_METRICS_ADDR", "--metrics-addr", "a host and a port such as localhost:9090, or empty")
	}
	if u, err := url.Parse(p.ExitURL); p.ExitURL != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil) {
		return wrong("LAUREL_EXIT_URL", "--exit-url", "an address such as https://weather.example.org/")
	}
	if _, _, err := p.proxy(); err != nil {
		return wrong("LAUREL_TRUSTED_PROXY", "--trusted-proxy", "address ranges such as 10.0.0.0/8, or the name of a header such as X-Real-IP")
	}
	return nil
}

// wrong is the one sentence for a value that cannot be used. It does not
// repeat the value: it may hold a password.
func wrong(variable, flag, want string) error {
	return &usageError{fmt.Sprintf("%s (%s) must be %s", variable, flag, want)}
}

var headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

// proxy reads TrustedProxy: a header's name, or address ranges.
func (p *public) proxy() (header string, ranges []netip.Prefix, err error) {
	if p.TrustedProxy == "" || headerName.MatchString(p.TrustedProxy) {
		return p.TrustedProxy, nil, nil
	}
	for text := range strings.SplitSeq(p.TrustedProxy, ",") {
		text = strings.TrimSpace(text)
		if one, err := netip.ParseAddr(text); err == nil {
			ranges = append(ranges, netip.PrefixFrom(one, one.BitLen()))
			continue
		}
		r, err := netip.ParsePrefix(text)
		if err != nil {
			return "", nil, err
		}
		ranges = append(ranges, r)
	}
	return "", ranges, nil
}

// logger writes to w in the chosen format.
func (c *common) logger(w io.Writer) *slog.Logger {
	if c.Log == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// defaultData is the data folder when none is named.
func defaultData() string {
	if os.Geteuid() == 0 {
		return "/var/lib/laurel"
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "laurel")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "laurel-data"
	}
	return filepath.Join(home, ".local", "share", "laurel")
}

// helpCmd explains commands and the configuration.
type helpCmd struct {
	Topic []string `arg:"" optional:"" help:"A command, config, formats, or one of the formats."`
}

// Run prints what the topic's own --help prints, or the table of variables.
func (c *helpCmd) Run(s streams, parser *kong.Kong) error {
	if slices.Equal(c.Topic, []string{"config"}) {
		return printConfig(s.out, parser.Model)
	}
	if len(c.Topic) == 1 && printFormat(s.out, c.Topic[0]) {
		return nil
	}
	topic, err := kong.Trace(parser, c.Topic)
	if err != nil || topic.Error != nil {
		return &usageError{fmt.Sprintf("there is no command %q; `laurel help` lists them", strings.Join(c.Topic, " "))}
	}
	return topic.PrintUsage(false)
}

// printConfig lists every variable once, as the README does.
func printConfig(w io.Writer, app *kong.Application) error {
	fmt.Fprintln(w, "Every setting is a flag or a variable of the environment; the flag wins.")
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "VARIABLE\tFLAG\tMEANING")
	for _, f := range flagsOf(app) {
		fmt.Fprintf(table, "%s\t--%s\t%s\n", f.Envs[0], f.Name, f.Help)
	}
	fmt.Fprintf(table, "%s\t\t%s\n", "LAUREL_POSTGRES_BIN", "Folder of the programs of Postgres, when Laurel does not find them.")
	return table.Flush()
}

// flagsOf are the flags with a variable, each once, by variable.
func flagsOf(app *kong.Application) []*kong.Flag {
	seen := map[string]*kong.Flag{}
	nodes := append(app.Leaves(true), app.Node)
	for _, n := range nodes {
		for _, f := range n.Flags {
			if len(f.Envs) > 0 {
				seen[f.Envs[0]] = f
			}
		}
	}
	flags := make([]*kong.Flag, 0, len(seen))
	for _, f := range seen {
		flags = append(flags, f)
	}
	slices.SortFunc(flags, func(a, b *kong.Flag) int { return cmp.Compare(a.Envs[0], b.Envs[0]) })
	return flags
}
