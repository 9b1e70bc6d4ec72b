package mail

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
)

// A Report is what another mail server says of one of our letters.
type Report struct {
	Letter    string // its code
	Complaint bool   // the addressee called it unwanted; else it was not delivered
}

// The bounds of a report: what is larger is no report of a letter as small as
// ours.
const (
	maxReport = 1 << 20
	maxParts  = 20
)

// Errors of reports. ErrNoReport is any other mail; ErrNotFinal is a report
// that leaves things as they are, such as one of a delay.
var (
	ErrNoReport = errors.New("this is no report about a letter of ours")
	ErrNotFinal = errors.New("the report says nothing final: the letter is delayed or was delivered")
)

// ReadReport reads a delivery report (RFC 3464) or a complaint (ARF, RFC 5965)
// about a letter that its Message-ID names, or the
// address to which it came (see SMTP.ReturnTo). It believes no more
// than that: a report that names two letters, or none, is ErrNoReport.
func ReadReport(r io.Reader) (Report, error) {
	limited := &io.LimitedReader{R: r, N: maxReport + 1}
	m, err := mail.ReadMessage(bufio.NewReader(limited))
	if err != nil {
		return Report{}, ErrNoReport
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["boundary"] == "" {
		return Report{}, ErrNoReport
	}
	var found reading
	found.headers(textproto.MIMEHeader(m.Header))
	err = found.parts(multipart.NewReader(m.Body, params["boundary"]))
	switch {
	case err != nil:
		return Report{}, ErrNoReport
	case limited.N == 0:
		return Report{}, fmt.Errorf("%w: it is larger than %d bytes", ErrNoReport, maxReport)
	}
	return found.report(strings.ToLower(params["report-type"]))
}

// A reading gathers what a report says.
type reading struct {
	letters    []string // codes that it names, each once
	failed     bool     // some recipient's delivery has failed for good
	delivering bool     // it has a part about delivery
	complaint  bool     // it has a part about a complaint
}

// report weighs what was found: the kind that the report calls itself must be
// the kind that it is.
func (f reading) report(kind string) (Report, error) {
	if len(f.letters) != 1 {
		return Report{}, fmt.Errorf("%w: it names %d letters", ErrNoReport, len(f.letters))
	}
	switch {
	case kind == "delivery-status" && f.delivering && f.failed:
		return Report{Letter: f.letters[0]}, nil
	case kind == "delivery-status" && f.delivering:
		return Report{}, ErrNotFinal
	case kind == "feedback-report" && f.complaint:
		return Report{Letter: f.letters[0], Complaint: true}, nil
	case kind == "feedback-report":
		return Report{}, ErrNotFinal
	}
	return Report{}, ErrNoReport
}

func (f *reading) parts(r *multipart.Reader) error {
	for range maxParts {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f.part(p); err != nil {
			return err
		}
	}
	return ErrNoReport
}

// part reads one part: what says how it went, or the letter as it came back.
func (f *reading) part(p *multipart.Part) error {
	kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
	if err != nil {
		return nil // a part that says nothing of itself is prose
	}
	body := textproto.NewReader(bufio.NewReader(decoded(p)))
	switch kind {
	case "message/delivery-status":
		return f.delivery(body)
	case "message/feedback-report":
		return f.feedback(body)
	case "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers":
		h, err := block(body)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		f.named(h.Get("Message-Id"), messageID)
	}
	return nil
}

func decoded(p *multipart.Part) io.Reader {
	switch strings.ToLower(p.Header.Get("Content-Transfer-Encoding")) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, p)
	case "quoted-printable":
		return quotedprintable.NewReader(p)
	}
	return p
}

// delivery reads the fields of the message, and then those of each recipient.
func (f *reading) delivery(r *textproto.Reader) error {
	f.delivering = true
	for range 2 * maxParts {
		h, err := block(r)
		if len(h) > 0 && strings.EqualFold(strings.TrimSpace(h.Get("Action")), "failed") {
			f.failed = true
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ErrNoReport
}

// feedback reads a complaint. Other kinds of feedback, such as of a letter that
// was called wanted after all, say nothing against it.
func (f *reading) feedback(r *textproto.Reader) error {
	h, err := block(r)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Feedback-Type"))) {
	case "abuse", "fraud", "other", "opt-out":
		f.complaint = true
	}
	return nil
}

// block reads header fields up to an empty line.
func block(r *textproto.Reader) (textproto.MIMEHeader, error) {
	h, err := r.ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return h, err
}

// headers finds the letter in the address to which the report came.
func (f *reading) headers(h textproto.MIMEHeader) {
	for _, name := range []string{"To", "Delivered-To", "X-Original-To"} {
		for _, value := range h.Values(name) {
			f.named(value, returnAddress)
		}
	}
}

// Our letters by name: in the Message-ID, and behind the plus of the address to
// which a report goes.
var (
	messageID     = regexp.MustCompile(`^\s*<([a-z2-7]{26})@[^<>\s]+>\s*$`)
	returnAddress = regexp.MustCompile(`\+([a-z2-7]{26})@`)
)

func (f *reading) named(value string, by *regexp.Regexp) {
	if m := by.FindStringSubmatch(strings.ToLower(value)); m != nil && !slices.Contains(f.letters, m[1]) {
		f.letters = append(f.letters, m[1])
	}
}
