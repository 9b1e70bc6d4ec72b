package mail_test

import (
	"errors"
	"strings"
	"testing"

	"laurel/internal/mail"
)

const code = "abcdefghijklmnopqrstuvwxy2"

// deliveryReport is written by hand after the example of RFC 3464, appendix E.1.
const deliveryReport = `Date: Thu, 7 Jul 1994 17:16:05 -0400
From: Mail Delivery Subsystem <MAILER-DAEMON@cs.example>
To: <bounces@laurel.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="RAA14128.773615765/cs.example"
Subject: Returned mail: Cannot send message for 5 days

--RAA14128.773615765/cs.example

The original message was received at Sat, 2 Jul 1994 17:10:28 -0400

--RAA14128.773615765/cs.example
content-type: message/delivery-status

Reporting-MTA: dns; cs.example

Original-Recipient: rfc822;louisl@larry.example
Final-Recipient: rfc822;louisl@larry.example
Action: failed
Status: 4.0.0
Diagnostic-Code: smtp; 426 connection timed out

--RAA14128.773615765/cs.example
content-type: message/rfc822

Message-ID: <CODE@laurel.example>
To: louisl@larry.example
Subject: We have what you sent

[original message goes here]
--RAA14128.773615765/cs.example--
`

// complaint is written by hand after the example of RFC 5965, appendix B.1.
const complaint = `From: <abusedesk@example.com>
Date: Thu, 8 Mar 2005 17:40:36 EDT
Subject: FW: Earn money
To: <bounces+CODE@laurel.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
     boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

Received: from mailserver.example.net
Subject: We have what you sent

Text
--part1_13d.2e68ed54_boundary--
`

func TestReadReport(t *testing.T) {
	t.Parallel()
	delivery := strings.ReplaceAll(deliveryReport, "CODE", code)
	complained := strings.ReplaceAll(complaint, "CODE", code)
	returned, unwanted := mail.Report{Letter: code}, mail.Report{Letter: code, Complaint: true}
	change := func(report string, oldNew ...string) string {
		got := strings.NewReplacer(oldNew...).Replace(report)
		if got == report {
			t.Fatalf("nothing changed: %q", oldNew)
		}
		return got
	}
	for name, c := range map[string]struct {
		raw  string
		want mail.Report
		err  error
	}{
		"a delivery report":             {delivery, returned, nil},
		"the same with CRLF":            {strings.ReplaceAll(delivery, "\n", "\r\n"), returned, nil},
		"headers only":                  {change(delivery, "message/rfc822", "text/rfc822-headers", "\n\n[original message goes here]", ""), returned, nil},
		"base64":                        {change(delivery, "content-type: message/rfc822\n\nMessage-ID: <"+code+"@laurel.example>\n", "content-type: message/rfc822\ncontent-transfer-encoding: base64\n\nTWVzc2FnZS1JRDogPGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHkyQGxhdXJlbC5leGFtcGxlPgo=\n--RAA14128.773615765/cs.example\n\n"), returned, nil},
		"one of two recipients":         {change(delivery, "Action: failed", "Action: relayed\n\nFinal-Recipient: rfc822;b@c.example\nAction: Failed"), returned, nil},
		"by the address":                {change(delivery, "bounces@", "bounces+"+code+"@", "Message-ID: <"+code, "Message-ID: <x"), returned, nil},
		"delayed":                       {change(delivery, "Action: failed", "Action: delayed"), mail.Report{}, mail.ErrNotFinal},
		"delivered":                     {change(delivery, "Action: failed", "Action: delivered"), mail.Report{}, mail.ErrNotFinal},
		"a complaint":                   {complained, unwanted, nil},
		"called wanted after all":       {change(complained, "Feedback-Type: abuse", "Feedback-Type: not-spam"), mail.Report{}, mail.ErrNotFinal},
		"of no letter":                  {change(delivery, "Message-ID: <"+code, "Message-ID: <1"), mail.Report{}, mail.ErrNoReport},
		"of two letters":                {change(delivery, "bounces@", "bounces+"+strings.Repeat("z", 26)+"@"), mail.Report{}, mail.ErrNoReport},
		"a complaint in disguise":       {change(complained, "feedback-report;", "delivery-status;"), mail.Report{}, mail.ErrNoReport},
		"a delivery report in disguise": {change(delivery, "report-type=delivery-status", "report-type=feedback-report"), mail.Report{}, mail.ErrNotFinal},
		"cut short":                     {delivery[:strings.Index(delivery, code)+10], mail.Report{}, mail.ErrNoReport},
		"too large":                     {change(delivery, "[original message goes here]", strings.Repeat("x", 2<<20)), mail.Report{}, mail.ErrNoReport},
		"too many parts":                {change(delivery, "--RAA14128.773615765/cs.example\ncontent-type: message/delivery-status", strings.Repeat("--RAA14128.773615765/cs.example\n\n\n", 30)+"--RAA14128.773615765/cs.example\ncontent-type: message/delivery-status"), mail.Report{}, mail.ErrNoReport},
		"an ordinary answer":            {"From: a@b.example\nTo: bounces+" + code + "@laurel.example\nContent-Type: text/plain\n\nI am away.\n", mail.Report{}, mail.ErrNoReport},
		"nested":                        {"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n" + delivery + "\n--x--\n", mail.Report{}, mail.ErrNoReport},
		"nothing":                       {"", mail.Report{}, mail.ErrNoReport},
		"no mail":                       {"\x00\xff\x00\n\n", mail.Report{}, mail.ErrNoReport},
	} {
		got, err := mail.ReadReport(strings.NewReader(c.raw))
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: got %+v, %v, want %+v, %v", name, got, err, c.want, c.err)
		}
	}
}

// Whatever arrives, a report names a letter as we name them, or is refused.
func FuzzReadReport(f *testing.F) {
	f.Add(strings.ReplaceAll(deliveryReport, "CODE", code))
	f.Add(strings.ReplaceAll(complaint, "CODE", code))
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := mail.ReadReport(strings.NewReader(raw))
		if (err == nil) != (len(got.Letter) == 26) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}
