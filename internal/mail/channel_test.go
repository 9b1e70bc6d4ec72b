package mail_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

// person makes an account; an empty address is none.
func person(t *testing.T, db pg.DB, email string) int64 {
	t.Helper()
	id, err := pg.Value[int64](t.Context(), db, `
		insert into accounts (code, email, name, verified_at)
		values (md5(random()::text), nullif(@email, ''), 'Somebody', clock_timestamp())
		returning id`, pg.Args{"email": email})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func choose(t *testing.T, pool *pgxpool.Pool, account int64, c mail.Channel, s mail.Sentence) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return mail.Choose(t.Context(), tx, account, c, s) })
	if err != nil {
		t.Fatal(err)
	}
}

func to(account int64, kind mail.Kind, event string) mail.Letter {
	l := letter(event)
	l.Kind, l.To, l.Account = kind, "", &account
	return l
}

// sendAll does what the queue's worker does, for every letter.
func sendAll(t *testing.T, pool *pgxpool.Pool, render mail.Render, transport mail.Transport) {
	t.Helper()
	all, err := mail.List(t.Context(), pool, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if err := mail.Send(t.Context(), pool, c.ID, render, transport); err != nil {
			t.Fatal(err)
		}
	}
}

func inbox(t *testing.T, db pg.DB, account int64) []mail.Copy {
	t.Helper()
	list, err := mail.Inbox(t.Context(), db, account, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestNothingIsSentToWhoWantsNothing(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	silent, without := person(t, pool, "silent@mail.example"), person(t, pool, "")
	choose(t, pool, silent, mail.None, "")
	for _, kind := range mail.Kinds {
		queue(t, pool, to(silent, kind, "a:"+string(kind)))
		queue(t, pool, to(without, kind, "b:"+string(kind)))
		byAddress := letter("c:" + string(kind))
		byAddress.Kind, byAddress.To = kind, "Silent@mail.example"
		queue(t, pool, byAddress)
	}
	sendAll(t, pool, words, dial(t, sink))
	if got := sink.taken(); len(got) != 0 {
		t.Errorf("%d letters were sent", len(got))
	}
	if jobs, err := pg.Value[int](t.Context(), pool, `select count(*)::int from river_job`, pg.Args{}); err != nil || jobs != 0 {
		t.Errorf("%d jobs, %v", jobs, err)
	}
	if got, want := len(inbox(t, pool, silent)), 2*len(mail.Kinds); got != want {
		t.Errorf("%d letters inside, want %d", got, want)
	}
	for _, c := range inbox(t, pool, without) {
		proves := c.Kind == mail.Verify || c.Kind == mail.Reset || c.Kind == mail.ChangeEmail
		if c.State != mail.Inside || c.Email != "" || (c.Args.Link == "") != proves {
			t.Errorf("%+v", c)
		}
	}
}

func TestWhoChoosesNothingMeanwhileGetsNothing(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	who := person(t, pool, "maker@mail.example")
	queue(t, pool, to(who, mail.EntryReceived, "a"))
	choose(t, pool, who, mail.None, "")
	sendAll(t, pool, words, dial(t, sink))
	if got := inbox(t, pool, who); len(sink.taken()) != 0 || got[0].State != mail.Inside || got[0].Email != "" {
		t.Errorf("sent %d, kept %+v", len(sink.taken()), got)
	}
}

func TestNeutralLettersSayNothingElse(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	who := person(t, pool, "maker@mail.example")
	choose(t, pool, who, mail.Neutral, "library")
	for _, kind := range mail.Kinds {
		queue(t, pool, to(who, kind, string(kind)))
	}
	sendAll(t, pool, func(_ context.Context, c mail.Copy) (mail.Text, error) {
		if c.Neutral != "library" {
			return mail.Text{}, errors.New("not neutral")
		}
		return mail.Text{Subject: "S", Plain: "S", HTML: "<p>S</p>"}, nil
	}, dial(t, sink))
	if len(sink.taken()) != len(mail.Kinds) {
		t.Errorf("%d letters", len(sink.taken()))
	}
	for _, m := range sink.taken() {
		if strings.Contains(m.data, "Mahabar") || strings.Contains(m.data, "F9-0417") || strings.Contains(m.data, "/entries") {
			t.Errorf("says more:\n%s", m.data)
		}
	}
	for _, c := range inbox(t, pool, who) {
		if c.Kind == mail.InviteJuror && c.Args.Link == "" {
			t.Error("the link that no letter carried is forgotten")
		}
	}
}

func TestASecretThatWasSentIsForgotten(t *testing.T) {
	t.Parallel()
	pool, sink := pgtest.Pool(t), listen(t)
	who := person(t, pool, "maker@mail.example")
	for _, kind := range mail.Kinds {
		queue(t, pool, to(who, kind, string(kind)))
	}
	sendAll(t, pool, words, dial(t, sink))
	for _, c := range inbox(t, pool, who) {
		secret := map[mail.Kind]bool{mail.Verify: true, mail.Reset: true, mail.ChangeEmail: true, mail.InviteJuror: true, mail.InviteOrganizer: true, mail.InviteMaker: true}
		if (c.Args.Link == "") != secret[c.Kind] {
			t.Errorf("%s: link %q", c.Kind, c.Args.Link)
		}
	}
}

func TestChooseRefuses(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	who := person(t, tx, "")
	for _, c := range []struct {
		channel  mail.Channel
		sentence mail.Sentence
		field    string
	}{{"pigeon", "", "channel"}, {mail.Neutral, "", "sentence"}, {mail.Neutral, "Meet me at nine", "sentence"}} {
		err := mail.Choose(t.Context(), tx, who, c.channel, c.sentence)
		if p := problem.Of(err); p == nil || p.Fields[c.field].Key == "" {
			t.Errorf("%v: got %v", c, err)
		}
	}
}

func TestInboxByPagesAndUnread(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	who, other := person(t, tx, ""), person(t, tx, "")
	for _, event := range []string{"a", "b", "c"} {
		if _, err := mail.Queue(t.Context(), tx, to(who, mail.EntryReceived, event)); err != nil {
			t.Fatal(err)
		}
	}
	all := inbox(t, tx, who)
	rest, err := mail.Inbox(t.Context(), tx, who, all[0].Code, 1)
	if err != nil || len(all) != 3 || !cmp.Equal(rest, all[1:2]) {
		t.Errorf("got %v, %v", rest, err)
	}
	if got := inbox(t, tx, other); len(got) != 0 {
		t.Errorf("somebody else's: %v", got)
	}
	unread := func() int {
		n, err := mail.Unread(t.Context(), tx, who)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, step := range []struct {
		by   int64
		code string
		want int
	}{{other, all[0].Code, 3}, {who, all[0].Code, 2}, {who, all[0].Code, 2}, {who, "", 2}} {
		if err := mail.Read(t.Context(), tx, step.by, step.code); err != nil || unread() != step.want {
			t.Errorf("%+v: %d unread, %v", step, unread(), err)
		}
	}
	for _, step := range []struct {
		by   int64
		want int
	}{{other, 2}, {who, 0}} {
		if err := mail.ReadAll(t.Context(), tx, step.by); err != nil || unread() != step.want {
			t.Errorf("all of %+v: %d unread, %v", step, unread(), err)
		}
	}
	if _, err := mail.Received(t.Context(), tx, other, all[0].Code); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("somebody else's: %v", err)
	}
}
