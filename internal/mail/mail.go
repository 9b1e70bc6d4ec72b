// Package mail owns the letters that Laurel writes to people. A letter to an
// account waits inside, for its page of messages; the outbox sends what the
// person wants sent: the letter, one neutral sentence, or nothing. Letters are
// written in the transaction that causes them, and a job empties the outbox.
package mail

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/job"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// An ID is a letter's, inside the house.
type ID int64

// A Kind says what a letter is for; package emails has the words of each.
type Kind string

// The kinds of letter, and what of Args each uses besides Festival.
const (
	Verify          Kind = "verify"           // Link, Until
	AddressTaken    Kind = "address-taken"    // to who has the account: Link to the sign-in
	Reset           Kind = "reset"            // Link, Until
	PasswordChanged Kind = "password-changed" // Link to the list of sessions
	ChangeEmail     Kind = "change-email"     // to the new address: Link, Until
	EmailChanged    Kind = "email-changed"    // to the old address: Link
	InviteJuror     Kind = "invite-juror"     // Panel, Message, Link, Until
	InviteOrganizer Kind = "invite-organizer" // Message, Link, Until
	InviteMaker     Kind = "invite-maker"     // Link, Until
	EntryReceived   Kind = "entry-received"   // Edition, Category, Number, Link, Until: the deadline
	EntryWithdrawn  Kind = "entry-withdrawn"  // Edition, Category, Number, Link
	Selected        Kind = "selected"         // Edition, Category, Number, Message, Comments, Link
	NotSelected     Kind = "not-selected"     // Edition, Category, Number, Message, Comments, Link
	Assignments     Kind = "assignments"      // Edition, Panel, Count: new films, Fewer, Link, Until: the round's end
	Ballot          Kind = "ballot"           // Edition, Panel, Link, Until: the end of the vote
	MessageWaits    Kind = "message-waits"    // Edition, Number, Link
	TaskSet         Kind = "task-set"         // Edition, Number, Message: what is needed, Link, Until: the last day
	FilmFault       Kind = "film-fault"       // Edition, Number, Link
	DraftIdle       Kind = "draft-idle"       // Edition, Category, unless it is entered nowhere; Link, Until: the day on which it goes
	FileRefused     Kind = "file-refused"     // Link
	FileChecked     Kind = "file-checked"     // it can be used, and something about it is to be looked at: Link
)

// Kinds are all of them.
var Kinds = []Kind{Verify, AddressTaken, Reset, PasswordChanged, ChangeEmail, EmailChanged, InviteJuror, InviteOrganizer, InviteMaker,
	EntryReceived, EntryWithdrawn, Selected, NotSelected, Assignments, Ballot, MessageWaits, TaskSet, FilmFault, DraftIdle, FileRefused, FileChecked}

// Args are the facts of a letter. No title of a film and no name of a person
// belongs here: a letter is read on screens that others see. The film is named
// by its entry number, and the rest stands behind the link.
type Args struct {
	Festival string    `json:"festival,omitzero"` // empty: the site is named by its address
	Edition  string    `json:"edition,omitzero"`
	Category string    `json:"category,omitzero"`
	Panel    string    `json:"panel,omitzero"`
	Number   string    `json:"number,omitzero"`   // of the entry: F9-0417
	Link     string    `json:"link,omitzero"`     // path on this site, with its secret if any; forgotten once sent
	Until    time.Time `json:"until,omitzero"`    // when the link ends, or the deadline
	Zone     string    `json:"zone,omitzero"`     // of Until: Asia/Tehran; empty: UTC
	City     string    `json:"city,omitzero"`     // of the zone, for people
	Message  string    `json:"message,omitzero"`  // the organizer's own words, lines apart
	Comments []string  `json:"comments,omitzero"` // jurors' words for the filmmaker
	Count    int       `json:"count,omitzero"`
	Fewer    int       `json:"fewer,omitzero"` // films that went from a list
}

// keepsLink says whether a letter keeps its link once it is on its way; carried
// says that the mail has it. A link that proves whose an address is works by
// mail only, and the secret of an invitation is forgotten when it is sent.
func (k Kind) keepsLink(carried bool) bool {
	switch k {
	case Verify, Reset, ChangeEmail:
		return false
	case InviteJuror, InviteOrganizer, InviteMaker:
		return !carried
	}
	return true
}

// A Letter is what a noun asks to be told, to one person.
type Letter struct {
	Kind     Kind
	To       string // one e-mail address; empty: the account's, if it has one
	Account  *int64 // of the addressee; nil: has none yet
	Edition  *int64
	Locale   locale.Locale
	EventKey string // what it is about and to whom: "entry-received:417:1"
	Args     Args
}

// Queue writes a letter, in the transaction of what it tells, and the job that
// sends it if the addressee wants something sent; else it only waits inside.
// The second letter with one EventKey is not written: its id is 0.
func Queue(ctx context.Context, tx pgx.Tx, l Letter) (ID, error) {
	w, err := wayTo(ctx, tx, l)
	if err != nil {
		return 0, err
	}
	state, to := Inside, (*string)(nil)
	if w.open(l.Kind) {
		state, to = Queued, &w.Email
	}
	if (state == Inside || w.Channel != Letters) && !l.Kind.keepsLink(false) {
		l.Args.Link = ""
	}
	ids, err := pg.Rows[struct{ ID ID }](ctx, tx, `
		insert into letters (code, kind, account_id, edition_id, email, locale, event_key, args, state)
		values (@code, @kind, @account, @edition, @email, @locale, @event, @args, @state)
		on conflict on constraint letters_event_once do nothing
		returning id`,
		pg.Args{"code": strings.ToLower(rand.Text()), "kind": string(l.Kind), "account": w.AccountID, "edition": l.Edition,
			"email": to, "locale": string(l.Locale), "event": l.EventKey, "args": l.Args, "state": string(state)})
	if err != nil {
		return 0, fmt.Errorf("queue letter %s: %w", l.EventKey, err)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	if state == Inside {
		return ids[0].ID, nil
	}
	if err := job.Enqueue(ctx, tx, job.LetterArgs{LetterID: int64(ids[0].ID)}); err != nil {
		return 0, fmt.Errorf("queue letter %s: %w", l.EventKey, err)
	}
	return ids[0].ID, nil
}

// Address reads one plain e-mail address and nothing else: no name, no list,
// no line break.
func Address(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Address != typed || strings.ContainsAny(typed, "\r\n\x00\"") {
		return "", problem.Field("email", "mail.not-an-address", "Write one e-mail address, such as name@example.org.")
	}
	return a.Address, nil
}

// A State is where a letter is on its way.
type State string

// The states of a letter.
const (
	Queued State = "queued"
	Held   State = "held"   // rests in the outbox, to be read there
	Sent   State = "sent"   // the mail server took it
	Failed State = "failed" // it was refused or came back, or the mail server could not be reached for days
	Inside State = "inside" // nothing is sent: it waits behind the sign-in alone
)

// A Copy is a letter as it is kept.
type Copy struct {
	ID        ID
	Code      string
	Kind      Kind
	AccountID *int64
	EditionID *int64
	Email     string // empty: nothing is sent
	Locale    locale.Locale
	Args      Args
	State     State
	Tries     int
	CreatedAt time.Time
	SentAt    *time.Time
	ReadAt    *time.Time // when the addressee said so
	Neutral   Sentence   `db:"-"` // all that is sent, when the addressee wants no more; empty: the letter itself
}

const columns = `id, code, kind, account_id, edition_id, coalesce(email::text, '') as email, locale, args, state, tries,
	created_at, sent_at, read_at`

// List is the outbox, the newest letter first, at most limit letters.
func List(ctx context.Context, db pg.DB, limit int) ([]Copy, error) {
	copies, err := pg.Rows[Copy](ctx, db, `
		select `+columns+`
		from letters
		order by id desc
		limit @limit`,
		pg.Args{"limit": limit})
	if err != nil {
		return nil, fmt.Errorf("list letters: %w", err)
	}
	return copies, nil
}

// To lists the letters to one address, the newest first, at most limit.
func To(ctx context.Context, db pg.DB, email string, limit int) ([]Copy, error) {
	copies, err := pg.Rows[Copy](ctx, db, `
		select `+columns+`
		from letters
		where email = @email
		order by id desc
		limit @limit`,
		pg.Args{"email": email, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("list letters to an address: %w", err)
	}
	return copies, nil
}

// ByCode is one letter; an unknown code is pgx.ErrNoRows.
func ByCode(ctx context.Context, db pg.DB, code string) (Copy, error) {
	c, err := pg.One[Copy](ctx, db, `
		select `+columns+`
		from letters
		where code = @code`,
		pg.Args{"code": code})
	if err != nil {
		return Copy{}, fmt.Errorf("read letter: %w", err)
	}
	return c, nil
}

// byID is one letter by the id that a job carries.
func byID(ctx context.Context, db pg.DB, id ID) (Copy, error) {
	c, err := pg.One[Copy](ctx, db, `
		select `+columns+`
		from letters
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Copy{}, fmt.Errorf("read letter %d: %w", id, err)
	}
	return c, nil
}

// toRead keeps from a reader what is about an entry that they are kept apart
// from: its fate may stand in it. The number names the entry within its edition,
// whatever came before it when the letter was written.
const toRead = `not exists (
			select from kept_apart k
			join entries e on e.id = k.entry_id
			where k.account_id = @reader and e.edition_id = letters.edition_id
			  and e.number = substring(letters.args ->> 'number' from '[0-9]{1,9}$')::integer)`

// OfEdition lists the letters of an edition that a reader may read, the newest
// first, at most limit.
func OfEdition(ctx context.Context, db pg.DB, edition, reader int64, limit int) ([]Copy, error) {
	copies, err := pg.Rows[Copy](ctx, db, `
		select `+columns+`
		from letters
		where edition_id = @edition and `+toRead+`
		order by id desc
		limit @limit`,
		pg.Args{"edition": edition, "reader": reader, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("list letters of an edition: %w", err)
	}
	return copies, nil
}

// ForDesk is one letter of an edition as one of its organizers may read it; an
// unknown code, another edition's letter and one about an entry that the reader
// is kept apart from are pgx.ErrNoRows.
func ForDesk(ctx context.Context, db pg.DB, edition, reader int64, code string) (Copy, error) {
	c, err := pg.One[Copy](ctx, db, `
		select `+columns+`
		from letters
		where code = @code and edition_id = @edition and `+toRead,
		pg.Args{"code": code, "edition": edition, "reader": reader})
	if err != nil {
		return Copy{}, fmt.Errorf("read letter of an edition: %w", err)
	}
	return c, nil
}
