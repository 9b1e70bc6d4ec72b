package main

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pgtest"
)

// bounced is a delivery report as Postfix writes it, with CODE for the letter.
const bounced = `From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: bounces+CODE@laurel.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4C1F.1/mail.example"

--4C1F.1/mail.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4C1F.1/mail.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; maker@mail.example
Action: ACTION
Status: 5.1.1

--4C1F.1/mail.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Message-ID: <CODE@laurel.example>
Subject: A message waits for you

--4C1F.1/mail.example--
`

func TestBounce(t *testing.T) {
	t.Parallel()
	dsn, code := pgtest.DSN(t), strings.Repeat("a", 26)
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), `
		with a as (insert into accounts (code, email, name) values ('a', 'maker@mail.example', 'Maker') returning id)
		insert into letters (code, kind, account_id, email, locale, event_key, args, state)
		select '`+code+`', 'message-waits', id, 'maker@mail.example', 'en', 'x', '{}', 'sent' from a`)
	if err != nil {
		t.Fatal(err)
	}
	state := func() (letter string, back bool) {
		err := conn.QueryRow(t.Context(), `select state, exists (select from channels where returned_at is not null) from letters`).Scan(&letter, &back)
		if err != nil {
			t.Fatal(err)
		}
		return letter, back
	}
	report := func(code, action string) string {
		return strings.NewReplacer("CODE", code, "ACTION", action).Replace(bounced)
	}
	for _, step := range []struct {
		name, message string
		exit          int
		state         string
		back          bool
	}{
		{"no report", "Subject: \x1b[31mHello\n\nwords", exitUsage, "sent", false},
		{"of another house", report(strings.Repeat("b", 26), "failed"), exitUsage, "sent", false},
		{"of a delay", report(code, "delayed"), exitOK, "sent", false},
		{"of a letter that came back", report(code, "failed"), exitOK, "failed", true},
		{"once more", report(code, "failed"), exitOK, "failed", true},
	} {
		exit, out, errs := laurelReading(t, step.message, "bounce", "--database", dsn, "--lossy", "--data", t.TempDir())
		if letter, back := state(); exit != step.exit || letter != step.state || back != step.back {
			t.Errorf("%s: exit %d %q %q, the letter is %s, %v", step.name, exit, out, errs, letter, back)
		}
		if strings.Contains(out+errs, "\x1b") {
			t.Errorf("%s: the message reaches the terminal", step.name)
		}
	}
}

func TestBounceExplainsItself(t *testing.T) {
	t.Parallel()
	_, out, _ := laurel(t, "help", "bounce")
	for _, words := range []string{"RFC 3464", "RFC 5965", "LAUREL_MAIL_RETURN", "/etc/aliases", "recipient_delimiter"} {
		if !strings.Contains(out, words) {
			t.Errorf("the help does not say %q:\n%s", words, out)
		}
	}
}
