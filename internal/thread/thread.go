// Package thread owns what the makers of an entry and the festival say to each
// other about it: messages, and what the festival still needs, with its day.
// Whoever calls it knows that the reader may see the entry.
package thread

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Side is one of the two that write. No name is shown to the other: the makers
// read what the festival writes, and the festival what the makers write.
type Side string

// The sides.
const (
	Makers   Side = "makers"
	Festival Side = "festival"
)

// A Message is what one side wrote.
type Message struct {
	EntryID entry.ID
	Code    string
	Side    Side
	Body    string
	At      time.Time
	ReadAt  *time.Time // when the other side called it read, or answered
}

// Of lists the messages about an entry, the first first.
func Of(ctx context.Context, db pg.DB, e entry.ID) ([]Message, error) {
	list, err := pg.Rows[Message](ctx, db, `
		select entry_id, code, side, body, at, read_at
		from messages
		where entry_id = @entry
		order by id`,
		pg.Args{"entry": e})
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	return list, nil
}

// Unread counts for each of the entries the messages that one side has not
// called read.
func Unread(ctx context.Context, db pg.DB, reader Side, entries []entry.ID) (map[entry.ID]int, error) {
	type row struct {
		EntryID entry.ID
		Count   int
	}
	rows, err := pg.Rows[row](ctx, db, `
		select entry_id, count(*)::int as count
		from messages
		where entry_id = any(@entries) and side <> @reader and read_at is null
		group by entry_id`,
		pg.Args{"entries": numbers(entries), "reader": string(reader)})
	if err != nil {
		return nil, fmt.Errorf("count unread messages: %w", err)
	}
	by := map[entry.ID]int{}
	for _, r := range rows {
		by[r.EntryID] = r.Count
	}
	return by, nil
}

// MayWrite says why nothing can be written about an entry, or nil. A draft is
// not the festival's yet, and an erased entry has nobody left.
func MayWrite(e entry.Entry) error {
	switch e.State {
	case entry.Draft:
		return problem.New(problem.Denied, "thread.draft", "The festival does not see a draft. Messages begin when the entry is sent.")
	case entry.Erased:
		return problem.New(problem.Denied, "thread.erased", "The entry was erased.")
	}
	return nil
}

// hold is MayWrite, and keeps the entry from being erased until the transaction
// ends: nothing is written of one that was erased a moment ago.
func hold(ctx context.Context, tx pgx.Tx, e entry.Entry) error {
	if err := MayWrite(e); err != nil {
		return err
	}
	_, err := pg.Value[entry.ID](ctx, tx, `
		select id
		from entries
		where id = @entry and state <> 'erased'
		for key share`,
		pg.Args{"entry": e.ID})
	if err != nil {
		return fmt.Errorf("hold entry %s: %w", e.Code, err)
	}
	return nil
}

// Write adds a message of one side. What the other side wrote before is answered
// with it, and so counts as read. A letter says that there is a message; while
// it waits unread, further messages cause no further letter.
func Write(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, side Side, body string) error {
	if err := hold(ctx, tx, e); err != nil {
		return err
	}
	if err := Read(ctx, tx, e.ID, side); err != nil {
		return err
	}
	id, err := pg.Value[int64](ctx, tx, `
		insert into messages (code, entry_id, side, author_id, body)
		values (@code, @entry, @side, @by, @body)
		returning id`,
		pg.Args{"code": account.Code(), "entry": e.ID, "side": string(side), "by": by, "body": clean(body)})
	if err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	if err := tellMessage(ctx, tx, by, e, side); err != nil {
		return err
	}
	return record(ctx, tx, by, e, "message.write", "message", id)
}

// Read notes that one side calls what the other wrote read.
func Read(ctx context.Context, db pg.DB, e entry.ID, reader Side) error {
	_, err := db.Exec(ctx, `
		update messages
		set read_at = clock_timestamp()
		where entry_id = @entry and side <> @reader and read_at is null`,
		pg.Args{"entry": e, "reader": string(reader)})
	if err != nil {
		return fmt.Errorf("call messages read: %w", err)
	}
	return nil
}

// A Waiting is an entry whose makers wait for an answer.
type Waiting struct {
	EntryID entry.ID
	Code    string
	Number  int
	Title   string
	Since   time.Time // of the first message without an answer
	Count   int       // of messages without an answer
	Last    string    // the newest of them
}

// Unanswered lists the entries of an edition to whose makers the festival owes
// an answer, who has waited longest first. A reader learns nothing of entries
// that they are kept apart from, nobody of those that are shut.
func Unanswered(ctx context.Context, db pg.DB, edition festival.EditionID, reader account.ID) ([]Waiting, error) {
	list, err := pg.Rows[Waiting](ctx, db, `
		select e.id as entry_id, e.code, e.number, coalesce(e.title, '') as title, min(m.at) as since, count(*)::int as count,
		       (array_agg(m.body order by m.id desc))[1] as last
		from messages m
		join entries e on e.id = m.entry_id and e.state <> 'erased'
		join works w on w.id = e.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
		where e.edition_id = @edition and m.side = 'makers' and m.read_at is null
		  and not exists (select from kept_apart k where k.entry_id = e.id and k.account_id = @reader)
		group by e.id
		order by since, e.id`,
		pg.Args{"edition": edition, "reader": reader})
	if err != nil {
		return nil, fmt.Errorf("list unanswered messages: %w", err)
	}
	return list, nil
}

// A Keeping says until when the words about an entry are kept.
type Keeping struct {
	Until   *time.Time // those that were written before the results came out; nil: they are not out
	Cleared *time.Time // when some were last deleted; nil: never
}

// Kept says until when the words about an entry are kept, and whether some were
// deleted because their time was over.
func Kept(ctx context.Context, db pg.DB, e entry.ID) (Keeping, error) {
	k, err := pg.One[Keeping](ctx, db, `
		select p.at + make_interval(days => @days) as until, c.at as cleared
		from entries e
		join publications p on p.edition_id = e.edition_id
		left join cleared_threads c on c.entry_id = e.id
		where e.id = @entry`,
		pg.Args{"entry": e, "days": entry.KeepWords})
	if err != nil {
		return Keeping{}, fmt.Errorf("see how long messages are kept: %w", err)
	}
	return k, nil
}

// clean is a text as it is kept: no spaces around it, one kind of line end.
func clean(body string) string {
	return strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
}

func numbers(ids []entry.ID) []int64 {
	list := make([]int64, len(ids))
	for i, id := range ids {
		list[i] = int64(id)
	}
	return list
}

func record(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, verb, kind string, subject int64) error {
	return audit.Record(ctx, tx, audit.Event{Actor: new(int64(by)), Edition: new(int64(e.EditionID)), Verb: verb, Kind: kind, Subject: subject})
}
