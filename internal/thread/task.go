package thread

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Task is something that the festival still needs from the makers of an entry.
type Task struct {
	EntryID     entry.ID
	Code        string
	Body        string
	DueOn       time.Time // a day, at midnight UTC: the last one, by the festival's calendar
	DoneAt      *time.Time
	ConfirmedAt *time.Time
	Late        bool // the day is over, and no maker has said that it is done
}

// Open says whether the makers still have something to do.
func (t Task) Open() bool { return t.DoneAt == nil && t.ConfirmedAt == nil }

// TasksOf lists what is needed for each of the entries, the nearest day first,
// with one query for all.
func TasksOf(ctx context.Context, db pg.DB, entries []entry.ID) (map[entry.ID][]Task, error) {
	list, err := pg.Rows[Task](ctx, db, `
		select t.entry_id, t.code, t.body, t.due_on, t.done_at, t.confirmed_at,
		       t.done_at is null and t.confirmed_at is null and t.due_on < (clock_timestamp() at time zone ed.zone)::date as late
		from tasks t
		join entries e on e.id = t.entry_id
		join editions ed on ed.id = e.edition_id
		where t.entry_id = any(@entries)
		order by t.due_on, t.id`,
		pg.Args{"entries": numbers(entries)})
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	by := map[entry.ID][]Task{}
	for _, t := range list {
		by[t.EntryID] = append(by[t.EntryID], t)
	}
	return by, nil
}

// Ask adds something that is needed until a day, and writes to the makers.
func Ask(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, body string, due time.Time) error {
	if err := hold(ctx, tx, e); err != nil {
		return err
	}
	body = clean(body)
	id, err := pg.Value[int64](ctx, tx, `
		insert into tasks (code, entry_id, body, due_on, author_id)
		select @code, e.id, @body, @due::date, @by::bigint
		from entries e
		join editions ed on ed.id = e.edition_id
		where e.id = @entry and @due::date >= (clock_timestamp() at time zone ed.zone)::date
		returning id`,
		pg.Args{"code": account.Code(), "entry": e.ID, "body": body, "due": due, "by": by})
	if errors.Is(err, pgx.ErrNoRows) {
		return problem.Field("due", "task.due-past", "Choose today or a later day.")
	}
	if err != nil {
		return fmt.Errorf("ask of the makers: %w", err)
	}
	if err := tellTask(ctx, tx, by, e, id, body, due); err != nil {
		return err
	}
	return record(ctx, tx, by, e, "task.ask", "task", id)
}

// Done notes that a maker has done what was needed, or, undone, that it is not.
// What the festival has confirmed stays.
func Done(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, code string, done bool) error {
	return change(ctx, tx, by, e, "task.done", `
		update tasks
		set done_at = case when @yes then coalesce(done_at, clock_timestamp()) end
		where entry_id = @entry and code = @code and confirmed_at is null
		returning id`,
		pg.Args{"entry": e.ID, "code": code, "yes": done})
}

// Confirm notes that the festival has what it needed.
func Confirm(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, code string) error {
	return change(ctx, tx, by, e, "task.confirm", `
		update tasks
		set confirmed_at = coalesce(confirmed_at, clock_timestamp())
		where entry_id = @entry and code = @code
		returning id`,
		pg.Args{"entry": e.ID, "code": code})
}

// Drop takes back what was asked: it is not needed any more.
func Drop(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, code string) error {
	return change(ctx, tx, by, e, "task.drop", `
		delete from tasks
		where entry_id = @entry and code = @code
		returning id`,
		pg.Args{"entry": e.ID, "code": code})
}

func change(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, verb, sql string, args pg.Args) error {
	id, err := pg.Value[int64](ctx, tx, sql, args)
	if err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return record(ctx, tx, by, e, verb, "task", id)
}
