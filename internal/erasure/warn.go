package erasure

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
)

// An idle thing is a draft, or a work that is entered nowhere, which nobody has
// changed for long.
type idle struct {
	Since    time.Time
	Path     string // of its page
	Festival string // this and the next two are empty for a work
	Edition  string
	Category string
	Zone     string // in which the page of a draft says its last day; empty: each maker's own
	WorkID   int64
}

// warnDraft tells the makers of a draft when it goes.
func warnDraft(ctx context.Context, tx pgx.Tx, id int64) error {
	i, err := pg.One[idle](ctx, tx, `
		select d.since, '/my/entries/' || e.code as path, f.name as festival, ed.name as edition, c.name as category, ed.zone, d.work_id
		from idle_drafts d
		join entries e on e.id = d.entry_id
		join categories c on c.id = e.category_id
		join editions ed on ed.id = e.edition_id
		join festivals f on f.id = ed.festival_id
		where d.entry_id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("read idle draft: %w", err)
	}
	return i.warn(ctx, tx, fmt.Sprintf("draft-idle:%d", id))
}

// warnWork tells the makers of a work that is entered nowhere when it goes.
func warnWork(ctx context.Context, tx pgx.Tx, id int64) error {
	i, err := pg.One[idle](ctx, tx, `
		select i.since, '/my/works/' || w.code as path, '' as festival, '' as edition, '' as category, '' as zone, i.work_id
		from idle_works i
		join works w on w.id = i.work_id
		where i.work_id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("read idle work: %w", err)
	}
	return i.warn(ctx, tx, fmt.Sprintf("work-idle:%d", id))
}

// warn queues one letter to each maker. It is named after the last change, so
// that the next day's round writes no second one, and a change that is followed
// by another idle month does. It stands in no edition's outbox: a draft is its
// makers' alone.
func (i idle) warn(ctx context.Context, tx pgx.Tx, event string) error {
	people, err := pg.Rows[struct {
		ID     int64
		Locale locale.Locale
		Zone   string
	}](ctx, tx, `
		select a.id, a.locale, a.zone
		from makers m
		join accounts a on a.id = m.account_id
		where m.work_id = @work
		order by a.id`,
		pg.Args{"work": i.WorkID})
	if err != nil {
		return fmt.Errorf("list who is warned: %w", err)
	}
	for _, p := range people {
		args := mail.Args{Festival: i.Festival, Edition: i.Edition, Category: i.Category, Link: i.Path, Until: entry.IdleEnds(i.Since), Zone: i.Zone}
		if args.Zone == "" {
			args.Zone = p.Zone
		}
		_, err := mail.Queue(ctx, tx, mail.Letter{Kind: mail.DraftIdle, Account: &p.ID, Locale: p.Locale, Args: args,
			EventKey: fmt.Sprintf("%s:%d:%d", event, i.Since.UnixMicro(), p.ID)})
		if err != nil {
			return fmt.Errorf("warn of an idle draft: %w", err)
		}
	}
	return nil
}
