package entry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// An Item is something that can stand on public pages, if its makers agree.
type Item string

// The items of consent.
const (
	PublishFilm      Item = "film"  // its title and facts in the line-up; without it nothing is public
	PublishNames     Item = "names" // asked of every name by itself
	PublishCountries Item = "countries"
	PublishSynopsis  Item = "synopsis"
	PublishStatement Item = "statement" // and the biography
	PublishStills    Item = "stills"
	PublishTrailer   Item = "trailer"
	PublishLinks     Item = "links"
	TellPress        Item = "press"    // how to reach the makers
	TellPartners     Item = "partners" // likewise

	// ShowOriginal is no item of the public: the festival may have the film as it
	// was sent, once it is selected, to show it on a screen.
	ShowOriginal Item = "original"
)

// OnPages says whether what the item permits stands on public pages. The others
// let the festival tell somebody who asks, or have a file.
func (i Item) OnPages() bool {
	return i != TellPress && i != TellPartners && i != ShowOriginal
}

// Items in the order of the form.
var Items = []Item{PublishFilm, PublishNames, PublishCountries, PublishSynopsis, PublishStatement, PublishStills, PublishTrailer, PublishLinks, TellPress, TellPartners}

// StillsBySubject is the subject of a consent to the photographer's name; all
// other names are the ids of credits.
const StillsBySubject = "stillsBy"

// A Permission is an answer to whether something may be public. None was given
// while it is empty, and then nothing is.
type Permission string

// The answers.
const (
	Agreed  Permission = "yes"
	Refused Permission = "no"
	Later   Permission = "later" // not now; asked again
)

// Permissions in the order of the form.
var Permissions = []Permission{Agreed, Refused, Later}

// An Asked is one question of the consent form, with the exact text that is
// asked about and what was last answered.
type Asked struct {
	Item     Item
	Subject  string // whose name; empty for what is not a name
	Name     string // what is asked about, in a few words
	Shown    string // what would be public, as the reader reads it
	Answer   Permission
	Answered *time.Time // nil: never
	Changed  bool       // the text is another one than that which was answered
}

// Text is everything that is kept as having been shown.
func (a Asked) Text() string { return a.Name + "\n" + a.Shown }

// Hash is the SHA-256 of Text in hex: a form carries it, so that an answer is
// only taken for the text that was read.
func (a Asked) Hash() string {
	sum := sha256.Sum256([]byte(a.Text()))
	return hex.EncodeToString(sum[:])
}

// A Choice is one answer of a sent form.
type Choice struct {
	Item    Item
	Subject string
	Answer  Permission
	Hash    string // of the text that was read
}

// Consent writes down what makers answered to what may be public. Only what
// differs from the newest answer becomes a new row of the ledger. It holds at
// once and at any time, also after the deadline: what is taken back is gone
// from every page with the next request. An answer to a text that has changed
// since it was read is a Conflict, and nothing is written.
func Consent(ctx context.Context, tx pgx.Tx, maker account.ID, code string, choices []Choice) error {
	e, err := ByMaker(ctx, tx, maker, code, LevelSubmit)
	if err != nil {
		return err
	}
	if e, err = lockEntry(ctx, tx, e.ID); err != nil {
		return err
	}
	asked, err := Asks(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	var items []string
	for _, c := range choices {
		i := slices.IndexFunc(asked, func(a Asked) bool { return a.Item == c.Item && a.Subject == c.Subject })
		if i < 0 || !slices.Contains(Permissions, c.Answer) {
			return textChanged()
		}
		a := asked[i]
		switch {
		case a.Hash() != c.Hash:
			return textChanged()
		case a.Answer == c.Answer && !a.Changed:
			continue
		}
		if err := answer(ctx, tx, maker, e, a, c.Answer); err != nil {
			return err
		}
		items = append(items, string(a.Item))
	}
	if len(items) == 0 {
		return nil
	}
	return record(ctx, tx, maker, new(int64(e.EditionID)), "entry.consent", "entry", int64(e.ID), map[string]any{"items": slices.Compact(items)})
}

func textChanged() error {
	return problem.New(problem.Conflict, "consent.changed", "What would be public has changed since you opened this page. Read it again below, then answer.")
}

func answer(ctx context.Context, tx pgx.Tx, maker account.ID, e Entry, a Asked, p Permission) error {
	_, err := tx.Exec(ctx, `
		insert into consent_acts (entry_id, edition_id, item, subject, decision, shown, shown_hash, locale, actor_id)
		values (@entry, @edition, @item, @subject, @decision, @shown, @hash, @locale, @actor)`,
		pg.Args{"entry": e.ID, "edition": e.EditionID, "item": a.Item, "subject": a.Subject, "decision": p,
			"shown": a.Text(), "hash": a.Hash(), "locale": locale.Of(ctx), "actor": maker})
	if err != nil {
		return fmt.Errorf("write consent: %w", err)
	}
	return nil
}

func words(items []Item) []string {
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = string(item)
	}
	return all
}

// Consents are what the makers of entries agree to, by entry; names count when
// one of them may be public.
func Consents(ctx context.Context, db pg.DB, ids []ID) (map[ID][]Item, error) {
	type row struct {
		EntryID ID
		Item    Item
	}
	rows, err := pg.Rows[row](ctx, db, `
		select distinct entry_id, item
		from consents
		where entry_id = any(@ids) and decision = 'yes' and item <> 'original'
		order by entry_id, item`,
		pg.Args{"ids": numbers(ids)})
	if err != nil {
		return nil, fmt.Errorf("list consents: %w", err)
	}
	by := map[ID][]Item{}
	for _, r := range rows {
		by[r.EntryID] = append(by[r.EntryID], r.Item)
	}
	return by, nil
}

// An Act is one row of the ledger of consent.
type Act struct {
	At       time.Time
	Item     Item
	Subject  string
	Decision Permission
	Shown    string // empty for answers from before the texts were kept
	Hash     string // SHA-256 of Shown in hex
	Locale   string
	Mine     bool // the reader answered
}

// Ledger is everything that was ever answered for an entry, the newest first.
// Whoever calls it knows that the reader may see it.
func Ledger(ctx context.Context, db pg.DB, id ID, reader account.ID) ([]Act, error) {
	acts, err := pg.Rows[Act](ctx, db, `
		select at, item, subject, decision, shown, shown_hash as hash, locale, actor_id is not distinct from @reader as mine
		from consent_acts
		where entry_id = @id
		order by id desc`,
		pg.Args{"id": id, "reader": reader})
	if err != nil {
		return nil, fmt.Errorf("list acts of consent: %w", err)
	}
	return acts, nil
}
