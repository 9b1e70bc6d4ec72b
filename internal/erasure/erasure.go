// Package erasure makes works and people forgotten: everywhere at once, with a
// receipt that anybody can check, and again after an old backup was brought
// back. It is the one package that writes other packages' tables: its inventory
// names them all, and a test holds that against the schema.
package erasure

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/job"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Kind is what is erased.
type Kind string

// The kinds of erasure.
const (
	OfWork    Kind = "work"    // a work with its entries
	OfAccount Kind = "account" // a person with all works that they own
	ofEntry   Kind = "entry"   // one entry whose time is over; its work stays
	ofFilms   Kind = "films"   // the screener of such an entry
)

// An Office erases. Backups is how many days a backup may be kept.
type Office struct {
	Book    *Book
	Backups int
}

// Work erases a work of the owner's with everything that is known of it, and
// returns the code of its receipt. All of it happens in tx or nothing; only the
// files go after, by a job that is tried until they are gone.
func (o Office) Work(ctx context.Context, tx pgx.Tx, owner account.ID, code string) (string, error) {
	w, err := entry.WorkBy(ctx, tx, owner, code)
	if err != nil {
		return "", err
	}
	if err := w.Level.Refuse(entry.LevelOwner); err != nil {
		return "", err
	}
	s, err := scopeOf(ctx, tx, []int64{int64(w.ID)}, nil)
	if err != nil {
		return "", err
	}
	return o.erase(ctx, tx, OfWork, s)
}

// Account erases a person and all works that they own. It is refused to who is
// the last organizer of a festival: nobody could look after it.
func (o Office) Account(ctx context.Context, tx pgx.Tx, who account.ID) (string, error) {
	alone, err := pg.Value[bool](ctx, tx, `
		select exists (
			select from memberships m
			where m.account_id = @who and m.role = 'organizer'
			  and not exists (select from memberships o where o.festival_id = m.festival_id and o.role = 'organizer' and o.account_id <> @who))`,
		pg.Args{"who": who})
	if err != nil {
		return "", fmt.Errorf("look for other organizers: %w", err)
	}
	if alone {
		return "", problem.New(problem.Denied, "erasure.last-organizer",
			"You are the only organizer of a festival. Invite another one first, then erase your account.")
	}
	works, err := pg.Values[int64](ctx, tx, `select id from works where owner_id = @who order by id`, pg.Args{"who": who})
	if err != nil {
		return "", fmt.Errorf("list own works: %w", err)
	}
	s, err := scopeOf(ctx, tx, works, []int64{int64(who)})
	if err != nil {
		return "", err
	}
	return o.erase(ctx, tx, OfAccount, s)
}

// erase clears every store, writes the receipt and the record, and leaves the
// files to a job. The line beside the database is written last and before the
// commit: what was committed is always in it.
func (o Office) erase(ctx context.Context, tx pgx.Tx, kind Kind, s scope) (string, error) {
	now, err := pg.Value[time.Time](ctx, tx, `select clock_timestamp() as now`, pg.Args{})
	if err != nil {
		return "", fmt.Errorf("ask the clock: %w", err)
	}
	line := Line{Code: account.Code(), Kind: kind, At: now.UTC().Truncate(time.Second), Works: hashes(s.workCodes), Accounts: hashes(s.accountCodes), Blobs: s.blobs}
	return line.Code, o.eraseAs(ctx, tx, line, s)
}

// eraseAs erases with a given record; a second time it writes no second receipt.
func (o Office) eraseAs(ctx context.Context, tx pgx.Tx, line Line, s scope) error {
	done, err := clearAll(ctx, tx, s)
	if err != nil {
		return err
	}
	signed, err := o.Book.sign(receiptOf(line, done, o.Backups))
	if err != nil {
		return err
	}
	id, err := insert(ctx, tx, line, string(signed), s.blobs)
	if err != nil {
		return err
	}
	if err := job.Enqueue(ctx, tx, job.ErasureArgs{ErasureID: id}); err != nil {
		return err
	}
	return o.Book.Write(line)
}

// insert writes the row of an erasure, or puts new files on the list of one that
// is there from before a backup was brought back.
func insert(ctx context.Context, tx pgx.Tx, line Line, receipt string, blobs []string) (int64, error) {
	id, err := pg.Value[int64](ctx, tx, `
		insert into erasures as x (code, kind, at, record, receipt, blobs)
		values (@code, @kind, @at, @record, @receipt, @blobs)
		on conflict on constraint erasures_code_once do update
		set blobs = excluded.blobs, finished_at = null
		returning id`,
		pg.Args{"code": line.Code, "kind": line.Kind, "at": line.At, "record": line.text(), "receipt": receipt, "blobs": list(blobs)})
	if err != nil {
		return 0, fmt.Errorf("write erasure: %w", err)
	}
	return id, nil
}

// clearAll clears every store of a scope and counts the rows by group.
func clearAll(ctx context.Context, tx pgx.Tx, s scope) (map[group]int, error) {
	done := map[group]int{}
	for _, st := range storesOf(s) {
		tag, err := tx.Exec(ctx, st.statement(), st.args(s))
		if err != nil {
			return nil, fmt.Errorf("erase %s: %w", st.table, err)
		}
		done[st.group] += int(tag.RowsAffected())
	}
	return done, endStates(ctx, tx, s)
}

// storesOf are the stores that a scope touches.
func storesOf(s scope) []store {
	if len(s.accounts) == 0 {
		return stores
	}
	return append(append([]store{}, stores...), ofPerson...)
}

// statement deletes the rows, or writes over them.
func (s store) statement() string {
	if len(s.clear) == 0 {
		return "delete from " + s.table + " x where " + s.rows
	}
	sets := make([]string, len(s.clear))
	for i, a := range s.clear {
		sets[i] = a.column + " = " + a.value
	}
	return "update " + s.table + " x set " + strings.Join(sets, ", ") + " where " + s.rows
}

// args are the parameters that the condition uses, and no others.
func (s store) args(in scope) pg.Args {
	all := pg.Args{"works": list(in.works), "entries": list(in.entries), "files": list(in.files), "accounts": list(in.accounts), "codes": list(in.codes())}
	used := pg.Args{}
	for name, value := range all {
		if strings.Contains(s.rows, "@"+name) {
			used[name] = value
		}
	}
	return used
}

// onRow is a condition on the row x, for another name of the row.
func onRow(row, condition string) string {
	return strings.ReplaceAll(condition, "x.", row+".")
}

// list is never nil, so that Postgres is sent an empty array.
func list[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}

// endStates gives each tombstone the one state that it has.
func endStates(ctx context.Context, tx pgx.Tx, s scope) error {
	_, err := tx.Exec(ctx, `
		insert into entry_states (entry_id, state)
		select id, 'erased'
		from entries
		where id = any(@entries) and state = 'erased'
		order by id`,
		pg.Args{"entries": list(s.entries)})
	if err != nil {
		return fmt.Errorf("note the end of entries: %w", err)
	}
	return nil
}
