package mail_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/job"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

func letter(event string) mail.Letter {
	return mail.Letter{
		Kind: mail.EntryReceived, To: "maker@mail.example", Locale: "en", EventKey: event,
		Args: mail.Args{Festival: "Mahabar", Number: "F9-0417", Link: "/entries/abc"},
	}
}

func queue(t *testing.T, pool *pgxpool.Pool, l mail.Letter) mail.ID {
	t.Helper()
	var id mail.ID
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) (err error) {
		id, err = mail.Queue(t.Context(), tx, l)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// words is a Render that needs no package above this one.
func words(_ context.Context, c mail.Copy) (mail.Text, error) {
	return mail.Text{Subject: "Your entry has arrived", Plain: "Entry " + c.Args.Number + c.Args.Link, HTML: "<p>Entry</p>"}, nil
}

func TestQueueOncePerEvent(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	first, err := mail.Queue(t.Context(), tx, letter("a"))
	if err != nil || first == 0 {
		t.Fatalf("got %d, %v", first, err)
	}
	if second, err := mail.Queue(t.Context(), tx, letter("a")); err != nil || second != 0 {
		t.Errorf("got %d, %v", second, err)
	}
	jobs, err := pg.Rows[struct{ Letter int64 }](t.Context(), tx, `
		select (args ->> 'letter_id')::bigint as letter
		from river_job
		where kind = @kind`, pg.Args{"kind": job.LetterArgs{}.Kind()})
	if want := []struct{ Letter int64 }{{int64(first)}}; err != nil || !cmp.Equal(want, jobs) {
		t.Errorf("got %v, %v", jobs, err)
	}
	copies, err := mail.List(t.Context(), tx, 10)
	if err != nil || len(copies) != 1 || !cmp.Equal(copies[0].Args, letter("a").Args) || copies[0].State != mail.Queued {
		t.Errorf("got %v, %v", copies, err)
	}
	if got, err := mail.ByCode(t.Context(), tx, copies[0].Code); err != nil || got.ID != first {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := mail.To(t.Context(), tx, "MAKER@mail.example", 10); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestQueueRefusesWhatIsNotOneAddress(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	for _, to := range []string{"", "maker", "a@b.example, c@d.example", "A <a@b.example>", "a@b.example\r\nBcc: c@d.example", "a@b.example\x00"} {
		l := letter("x")
		l.To = to
		_, err := mail.Queue(t.Context(), tx, l)
		if p := problem.Of(err); p == nil || p.Kind != problem.Invalid || p.Fields["email"].Key == "" {
			t.Errorf("%q: got %v", to, err)
		}
	}
}

func TestSendTwiceSendsOnce(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	id := queue(t, pool, letter("a"))
	transport := dial(t, sink)
	for range 2 {
		if err := mail.Send(t.Context(), pool, id, words, transport); err != nil {
			t.Fatal(err)
		}
	}
	got := sink.taken()
	if len(got) != 1 || !cmp.Equal(got[0].to, []string{"maker@mail.example"}) || got[0].from != "festival@laurel.example" {
		t.Fatalf("got %v", got)
	}
	copies, err := mail.List(t.Context(), pool, 1)
	if err != nil || copies[0].State != mail.Sent || copies[0].SentAt == nil || copies[0].Args.Link != "/entries/abc" || copies[0].Tries != 1 {
		t.Errorf("got %v, %v", copies, err)
	}
	raw := got[0].data
	headers, _, _ := strings.Cut(raw, "\r\n\r\n")
	for _, want := range []string{"Subject: Your entry has arrived", "Message-ID: <" + copies[0].Code + "@laurel.example>", "+0000", "multipart/alternative"} {
		if !strings.Contains(headers, want) {
			t.Errorf("the headers lack %q:\n%s", want, headers)
		}
	}
	for _, leak := range []string{"F9-0417", "User-Agent", "X-Mailer", "Bcc", "Cc:", "Received"} {
		if strings.Contains(headers, leak) {
			t.Errorf("the headers have %q:\n%s", leak, headers)
		}
	}
	if sink.helo() != "laurel.example" {
		t.Errorf("said hello as %q", sink.helo())
	}
}

func TestSendWithoutTransportHolds(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	id := queue(t, pool, letter("a"))
	if err := mail.Send(t.Context(), pool, id, words, nil); err != nil {
		t.Fatal(err)
	}
	copies, err := mail.List(t.Context(), pool, 1)
	if err != nil || copies[0].State != mail.Held || copies[0].Args.Link != "/entries/abc" || copies[0].SentAt != nil {
		t.Errorf("got %v, %v", copies, err)
	}
}

func TestSendToARefusedAddressFails(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	l := letter("a")
	l.To = "nobody@mail.example"
	id := queue(t, pool, l)
	if err := mail.Send(t.Context(), pool, id, words, dial(t, sink)); err != nil {
		t.Fatal(err)
	}
	copies, err := mail.List(t.Context(), pool, 1)
	if err != nil || copies[0].State != mail.Failed {
		t.Errorf("got %v, %v", copies, err)
	}
}

func TestSendToASilentServerIsTriedAgain(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	id := queue(t, pool, letter("a"))
	transport := dial(t, sink)
	sink.server.Close()
	if err := mail.Send(t.Context(), pool, id, words, transport); err == nil {
		t.Fatal("no error")
	}
	copies, err := mail.List(t.Context(), pool, 1)
	if err != nil || copies[0].State != mail.Queued || copies[0].Tries != 1 {
		t.Errorf("got %v, %v", copies, err)
	}
}

func TestNewSMTPRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ address, from string }{
		{"", "a@b.example"}, {"http://host", "a@b.example"}, {"smtp://host:587", "festival"}, {"smtp://", "a@b.example"},
	} {
		if _, err := mail.NewSMTP(c.address, c.from); err == nil {
			t.Errorf("%v was taken", c)
		}
	}
	if _, err := mail.NewSMTP("smtps://user:secret@host", "Festival <a@b.example>"); err != nil {
		t.Error(err)
	}
}

// A sink is a mail server that keeps what it is given.
type sink struct {
	server  *smtp.Server
	address string
	mu      sync.Mutex
	name    string
	letters []received
}

type received struct {
	from string
	to   []string
	data string
}

func (s *sink) taken() []received { s.mu.Lock(); defer s.mu.Unlock(); return s.letters }
func (s *sink) helo() string      { s.mu.Lock(); defer s.mu.Unlock(); return s.name }

func listen(t *testing.T) *sink {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{address: l.Addr().String()}
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.name = c.Hostname()
		return &session{sink: s}, nil
	}))
	s.server.Domain = "sink.example"
	go s.server.Serve(l)
	t.Cleanup(func() { s.server.Close() })
	return s
}

func dial(t *testing.T, s *sink) mail.Transport {
	t.Helper()
	transport, err := mail.NewSMTP("smtp+plain://"+s.address, "Mahabar <festival@laurel.example>")
	if err != nil {
		t.Fatal(err)
	}
	return transport
}

type session struct {
	sink *sink
	received
}

func (s *session) Reset()        { s.received = received{} }
func (s *session) Logout() error { return nil }
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such box"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return errors.New("cut short")
	}
	s.data = string(data)
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.letters = append(s.sink.letters, s.received)
	return nil
}
