package worker_test

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"

	lettermail "laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/worker"
	"laurel/web/emails"
)

// A box is a mail server that passes on what it is given.
type box chan string

func (b box) NewSession(*smtp.Conn) (smtp.Session, error) { return b, nil }
func (box) Reset()                                        {}
func (box) Logout() error                                 { return nil }
func (box) Mail(string, *smtp.MailOptions) error          { return nil }
func (box) Rcpt(string, *smtp.RcptOptions) error          { return nil }

func (b box) Data(r io.Reader) error {
	message, err := io.ReadAll(r)
	b <- string(message)
	return err
}

// Of three people with the same news, one gets the letter, one a sentence, and
// one nothing: the mail server sees no more than that.
func TestEverybodyIsToldAsTheyChose(t *testing.T) {
	t.Parallel()
	pool, out := pgtest.Pool(t), make(box, 10)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(out)
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	transport, err := lettermail.NewSMTP("smtp+plain://"+listener.Addr().String(), "Mahabar Film Festival <post@laurel.example>")
	if err != nil {
		t.Fatal(err)
	}
	work(t, worker.Tools{DB: pool, Transport: transport, Render: emails.Renderer("https://laurel.example")})
	begin(t, pool, func(tx pgx.Tx) error {
		for _, channel := range []lettermail.Channel{lettermail.None, lettermail.Neutral, lettermail.Letters} {
			who, err := pg.Value[int64](t.Context(), tx, `insert into accounts (code, email, name) values (@c, @c || '@mail.example', 'Somebody') returning id`, pg.Args{"c": string(channel)})
			if err != nil {
				return err
			}
			if err := lettermail.Choose(t.Context(), tx, who, channel, "library"); err != nil {
				return err
			}
			_, err = lettermail.Queue(t.Context(), tx, lettermail.Letter{
				Kind: lettermail.Selected, Account: &who, Locale: "en", EventKey: string(channel),
				Args: lettermail.Args{Festival: "Mahabar", Edition: "Ninth edition", Category: "Short films", Number: "F9-0417", Link: "/my/entries/x"},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	got := map[string]string{}
	for range 2 {
		select {
		case message := <-out:
			to, words := opened(t, message)
			got[to] = words
		case <-time.After(20 * time.Second):
			t.Fatal("a letter is missing")
		}
	}
	await(t, pool, `select count(*) = 2 from letters where state = 'sent'`)
	if want := "<post@laurel.example>\nThe library has news.\nThe library has news.\n\nlaurel.example\n"; got["<neutral@mail.example>"] != want {
		t.Errorf("got %q", got["<neutral@mail.example>"])
	}
	if letter := got["<letters@mail.example>"]; !strings.Contains(letter, "F9-0417") || !strings.Contains(letter, "https://laurel.example/my/entries/x") {
		t.Errorf("got %q", letter)
	}
	await(t, pool, `select state = 'inside' and email is null from letters where event_key = 'none'`)
	if len(out) != 0 {
		t.Errorf("%d more letters", len(out))
	}
}

// opened reads a message as a mail program does: whom it is to, and sender,
// subject and plain text.
func opened(t *testing.T, message string) (to, words string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	part, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	body := io.Reader(part)
	if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(part)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get("To"), m.Header.Get("From") + "\n" + m.Header.Get("Subject") + "\n" + strings.ReplaceAll(string(text), "\r\n", "\n")
}
