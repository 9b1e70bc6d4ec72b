package mail_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/mail"
	"laurel/internal/pgtest"
)

func contact(t *testing.T, pool *pgxpool.Pool, account int64) mail.Contact {
	t.Helper()
	c, err := mail.ContactOf(t.Context(), pool, account)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func takeBack(t *testing.T, pool *pgxpool.Pool, r mail.Report) error {
	t.Helper()
	return pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return mail.TakeBack(t.Context(), tx, r) })
}

func TestARefusedAddressKeepsTheNewsInside(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	who := person(t, pool, "nobody@mail.example")
	queue(t, pool, to(who, mail.EntryReceived, "a"))
	sendAll(t, pool, words, dial(t, sink))
	if got := inbox(t, pool, who)[0]; got.State != mail.Failed || got.Args.Link == "" || contact(t, pool, who).ReturnedAt == nil {
		t.Errorf("got %+v", got)
	}
	queue(t, pool, to(who, mail.Selected, "b"))
	queue(t, pool, to(who, mail.Reset, "c"))
	got := inbox(t, pool, who)
	if got[1].State != mail.Inside || got[0].State != mail.Queued {
		t.Errorf("later letters: %s, and what was asked for: %s", got[1].State, got[0].State)
	}
	choose(t, pool, who, mail.Letters, "")
	queue(t, pool, to(who, mail.Selected, "d"))
	if got := inbox(t, pool, who)[0]; got.State != mail.Queued || contact(t, pool, who).ReturnedAt != nil {
		t.Errorf("after another try was asked for: %+v", got)
	}
}

// What the mail server says of the letter or of us, such as that it dislikes the
// words, says nothing of the address.
func TestARefusedLetterLeavesTheAddressAlone(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	who := person(t, pool, "maker@mail.example")
	queue(t, pool, to(who, mail.EntryReceived, "a"))
	sendAll(t, pool, words, refusing{})
	if got := inbox(t, pool, who)[0]; got.State != mail.Failed || contact(t, pool, who).ReturnedAt != nil {
		t.Errorf("got %+v", got)
	}
}

type refusing struct{}

func (refusing) Deliver(context.Context, mail.Message) error {
	return mail.Refused{Err: errors.New("code 554")}
}

func TestReportsOfLetters(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	back, unwanted, moved := person(t, pool, "back@mail.example"), person(t, pool, "unwanted@mail.example"), person(t, pool, "moved@mail.example")
	for _, who := range []int64{back, unwanted, moved} {
		queue(t, pool, to(who, mail.EntryReceived, "a"+string(rune('0'+who))))
	}
	sendAll(t, pool, words, dial(t, sink))
	if _, err := pool.Exec(t.Context(), `update accounts set email = 'new@mail.example' where email = 'moved@mail.example'`); err != nil {
		t.Fatal(err)
	}
	for _, r := range []mail.Report{
		{Letter: inbox(t, pool, back)[0].Code}, {Letter: inbox(t, pool, back)[0].Code},
		{Letter: inbox(t, pool, unwanted)[0].Code, Complaint: true}, {Letter: inbox(t, pool, moved)[0].Code, Complaint: true},
		{Letter: inbox(t, pool, moved)[0].Code},
	} {
		if err := takeBack(t, pool, r); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
	if c := contact(t, pool, back); c.Channel != mail.Letters || c.ReturnedAt == nil || inbox(t, pool, back)[0].State != mail.Failed {
		t.Errorf("returned: %+v", c)
	}
	if c := contact(t, pool, unwanted); c.Channel != mail.None || inbox(t, pool, unwanted)[0].State != mail.Sent {
		t.Errorf("complaint: %+v", c)
	}
	if c := contact(t, pool, moved); c.Channel != mail.Letters || c.ReturnedAt != nil {
		t.Errorf("a former address: %+v", c)
	}
	if err := takeBack(t, pool, mail.Report{Letter: "no-such-letter"}); !errors.Is(err, mail.ErrUnknownLetter) {
		t.Errorf("got %v", err)
	}
}

func TestLettersReturnByTheirCode(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	id := queue(t, pool, letter("a"))
	smtp, err := mail.NewSMTP("smtp+plain://"+sink.address, "Mahabar <festival@laurel.example>")
	if err != nil {
		t.Fatal(err)
	}
	if err := smtp.ReturnTo("bounces@laurel.example"); err != nil {
		t.Fatal(err)
	}
	if err := mail.Send(t.Context(), pool, id, words, smtp); err != nil {
		t.Fatal(err)
	}
	all, err := mail.List(t.Context(), pool, 1)
	if err != nil || sink.taken()[0].from != "bounces+"+all[0].Code+"@laurel.example" {
		t.Errorf("got %q, %v", sink.taken()[0].from, err)
	}
	for _, wrong := range []string{"", "bounces", "B <b@c.example>", "b%sc@d.example"} {
		if smtp.ReturnTo(wrong) == nil {
			t.Errorf("took %q", wrong)
		}
	}
}
