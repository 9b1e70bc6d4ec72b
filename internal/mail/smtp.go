package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP is a Transport to a mail server.
type SMTP struct {
	from   *mail.Address
	domain string // of the sender's address; also what we call ourselves
	host   string
	opts   []gomail.Option
	back   string // where letters return to, with %s for the letter's code; empty: to the sender
}

// NewSMTP reads the address of a mail server and the sender of all letters,
// "Festival <festival@example.org>". The address is one of
//
//	smtp://user:password@host:587        with STARTTLS, or not at all
//	smtps://user:password@host:465       with TLS from the first byte
//	smtp+plain://host:1025               without TLS: for a server on this machine
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("the mail server's address is not of the form smtp://user:password@host:587")
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("the sender of letters is not an e-mail address such as Festival <festival@example.org>")
	}
	s := &SMTP{from: sender, host: u.Hostname()}
	_, s.domain, _ = strings.Cut(sender.Address, "@")
	s.opts, err = options(u, s.domain)
	return s, err
}

func options(u *url.URL, domain string) ([]gomail.Option, error) {
	opts := []gomail.Option{gomail.WithHELO(domain), gomail.WithTimeout(30 * time.Second)}
	port := 587
	switch u.Scheme {
	case "smtp":
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "smtps":
		port = 465
		opts = append(opts, gomail.WithSSL())
	case "smtp+plain":
		port = 25
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, fmt.Errorf("the mail server's address begins with smtp://, smtps:// or smtp+plain://, not %s://", u.Scheme)
	}
	if p := u.Port(); p != "" {
		port, _ = strconv.Atoi(p) // url.Parse lets only digits through
	}
	opts = append(opts, gomail.WithPort(port))
	if password, ok := u.User.Password(); ok {
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return opts, nil
}

// ReturnTo sets the address to which letters come back that cannot be delivered.
// Each is sent from it with a plus and its code before the @, so that a report
// names its letter: bounces+CODE@example.org.
func (s *SMTP) ReturnTo(address string) error {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Address != address || strings.Contains(address, "%") {
		return errors.New("the address for letters that come back is not an e-mail address such as bounces@example.org")
	}
	local, domain, _ := strings.Cut(address, "@")
	s.back = local + "+%s@" + domain
	return nil
}

// Deliver sends m over a connection of its own.
func (s *SMTP) Deliver(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return Refused{Err: err, Address: true}
	}
	client, err := gomail.NewClient(s.host, s.opts...)
	if err != nil {
		return fmt.Errorf("make mail client: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if failed, ok := errors.AsType[*gomail.SendError](err); ok {
		if !failed.IsTemp() && failed.ErrorCode() >= 500 {
			return Refused{Err: withoutAddress(failed), Address: failed.Reason == gomail.ErrSMTPRcptTo}
		}
		return fmt.Errorf("send through mail server: %w", withoutAddress(failed))
	}
	if err != nil {
		return fmt.Errorf("reach mail server: %w", err)
	}
	return nil
}

// withoutAddress keeps what the server said out of logs: it repeats addresses.
func withoutAddress(e *gomail.SendError) error {
	return fmt.Errorf("code %d %s", e.ErrorCode(), e.EnhancedStatusCode())
}

// compose builds a message with one recipient and no header that says more
// than it must: nothing about this machine, its clock's zone or its software.
func (s *SMTP) compose(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	sender := *s.from
	if m.Bare {
		sender.Name = ""
	}
	msg.FromMailAddress(&sender)
	if err := msg.To(m.To); err != nil {
		return nil, err
	}
	if s.back != "" {
		if err := msg.EnvelopeFrom(fmt.Sprintf(s.back, m.ID)); err != nil {
			return nil, err
		}
	}
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain)
	msg.SetDateWithValue(time.Now().UTC())
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.Subject(m.Text.Subject)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text.Plain)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.Text.HTML)
	return msg, nil
}
