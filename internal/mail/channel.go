package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/audit"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Channel is what is sent to a person when a letter waits inside.
type Channel string

// The channels.
const (
	Letters Channel = "letters" // the letter itself
	Neutral Channel = "neutral" // one sentence of the person's choice, and the site's address
	None    Channel = "none"    // nothing, ever
)

// A Sentence names one of the neutral sentences; package emails has their words.
type Sentence string

// Sentences are those that one may choose from.
var Sentences = []Sentence{"library", "reading", "notice", "update"}

// A Contact is how a person wants to be told that a letter waits.
type Contact struct {
	Channel    Channel
	Sentence   Sentence   // empty unless Channel is Neutral
	Email      string     // empty: the account has no address
	ReturnedAt *time.Time // since when letters to the address come back; nil: they do not
}

// ContactOf says how a person wants to be told. Without an address that is None,
// whatever was chosen.
func ContactOf(ctx context.Context, db pg.DB, account int64) (Contact, error) {
	c, err := pg.One[Contact](ctx, db, `
		select case when a.email is null then 'none' else coalesce(c.channel, 'letters') end as channel,
		       coalesce(c.sentence, '') as sentence, coalesce(a.email::text, '') as email, c.returned_at
		from accounts a
		left join channels c on c.account_id = a.id
		where a.id = @account`,
		pg.Args{"account": account})
	if err != nil {
		return Contact{}, fmt.Errorf("read channel: %w", err)
	}
	return c, nil
}

// Choose keeps how a person wants to be told from now on. Letters that came back
// are forgotten: the address has another chance.
func Choose(ctx context.Context, tx pgx.Tx, account int64, c Channel, s Sentence) error {
	switch {
	case !slices.Contains([]Channel{Letters, Neutral, None}, c):
		return problem.Field("channel", "mail.channel-unknown", "Choose one of the three ways.")
	case c == Neutral && !slices.Contains(Sentences, s):
		return problem.Field("sentence", "mail.sentence-unknown", "Choose the sentence that is sent.")
	case c != Neutral:
		s = ""
	}
	if err := choose(ctx, tx, account, c, s); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Actor: &account, Verb: "channel.choose", Kind: "account", Subject: account})
}

func choose(ctx context.Context, tx pgx.Tx, account int64, c Channel, s Sentence) error {
	_, err := tx.Exec(ctx, `
		insert into channels (account_id, channel, sentence)
		values (@account, @channel, @sentence)
		on conflict on constraint channels_pkey
		do update set channel = excluded.channel, sentence = excluded.sentence, returned_at = null`,
		pg.Args{"account": account, "channel": string(c), "sentence": string(s)})
	if err != nil {
		return fmt.Errorf("choose channel: %w", err)
	}
	return nil
}

// AddressChanged forgets that letters to a person's former address came back.
func AddressChanged(ctx context.Context, db pg.DB, account int64) error {
	_, err := db.Exec(ctx, `
		update channels
		set returned_at = null
		where account_id = @account`,
		pg.Args{"account": account})
	if err != nil {
		return fmt.Errorf("forget returned letters: %w", err)
	}
	return nil
}

// returned notes that letters to a person's address come back, if it still is
// the person's.
func returned(ctx context.Context, db pg.DB, account int64, email string) error {
	_, err := db.Exec(ctx, `
		insert into channels (account_id, returned_at)
		select id, clock_timestamp()
		from accounts
		where id = @account and email = @email
		on conflict on constraint channels_pkey
		do update set returned_at = coalesce(channels.returned_at, excluded.returned_at)`,
		pg.Args{"account": account, "email": email})
	if err != nil {
		return fmt.Errorf("note that letters come back: %w", err)
	}
	return nil
}

// A way is where a letter goes besides inside.
type way struct {
	AccountID *int64 // nil: somebody without an account, to whom letters go
	Email     string // empty: nowhere
	Channel   Channel
	Sentence  Sentence
	Returned  bool
}

// open says whether something is sent. To an address that returned a letter
// goes only what its holder has just asked for.
func (w way) open(k Kind) bool {
	asked := k == Verify || k == Reset || k == ChangeEmail
	return w.Email != "" && w.Channel != None && (asked || !w.Returned)
}

// wayTo finds the way of a letter. Who is known only by an address that they
// have proved theirs is told as that account wishes.
func wayTo(ctx context.Context, db pg.DB, l Letter) (way, error) {
	w := way{AccountID: l.Account, Channel: Letters}
	if l.To != "" || l.Account == nil {
		to, err := Address(l.To)
		if err != nil {
			return way{}, err
		}
		w.Email = to
	}
	known, err := pg.Rows[way](ctx, db, `
		select a.id as account_id, coalesce(a.email::text, '') as email, coalesce(c.channel, 'letters') as channel,
		       coalesce(c.sentence, '') as sentence, c.returned_at is not null as returned
		from accounts a
		left join channels c on c.account_id = a.id
		where a.id = coalesce(@account::bigint, (
			select p.id
			from accounts p
			where p.email = @email and p.verified_at is not null))`,
		pg.Args{"account": l.Account, "email": w.Email})
	if err != nil {
		return way{}, fmt.Errorf("find the way of a letter: %w", err)
	}
	if len(known) == 0 {
		return w, nil
	}
	if w.Email != "" {
		known[0].Returned = known[0].Returned && strings.EqualFold(known[0].Email, w.Email)
		known[0].Email = w.Email
	}
	return known[0], nil
}
