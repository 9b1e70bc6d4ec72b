package upload

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

// MaxLinkDays is how long a helper's link works at most.
const MaxLinkDays = 90

// A LinkID is a helper's link's, inside the house.
type LinkID int64

// A Link lets a helper send one file for a work, and see nothing but how far it
// is (AR23).
type Link struct {
	ID        LinkID
	Code      string
	WorkID    entry.WorkID
	Role      entry.FileRole
	Label     string // what the maker calls the helper
	CreatedBy *account.ID
	ExpiresAt time.Time
	RevokedAt *time.Time
	Open      bool   // it still opens something
	State     *State // of what was sent with it last; nil: nothing yet
	Size      *int64
	Durable   *int64
}

const linkColumns = `l.id, l.code, l.work_id, l.role, l.label, l.created_by, l.expires_at, l.revoked_at,
	l.revoked_at is null and l.expires_at > statement_timestamp() as open, s.state, s.size, s.durable`

const lastSent = `
	left join lateral (
		select u.state, u.size, u.durable
		from uploads u
		where u.link_id = l.id
		order by u.id desc
		limit 1) s on true`

// NewLink makes a link for a helper whom the maker calls label, for so many
// days. Who may edit the work may do so.
func NewLink(ctx context.Context, tx pgx.Tx, maker account.ID, work, label string, days int) (account.Token, error) {
	w, err := entry.WorkBy(ctx, tx, maker, work)
	if err != nil {
		return "", err
	}
	if err := w.Level.Refuse(entry.LevelEdit); err != nil {
		return "", err
	}
	if days < 1 || days > MaxLinkDays {
		return "", problem.Field("days", "upload.link-days", "Choose from 1 to {{.Max}} days.", "Max", MaxLinkDays)
	}
	key := account.NewToken()
	_, err = tx.Exec(ctx, `
		insert into upload_links (code, work_id, role, hash, label, created_by, expires_at)
		values (@code, @work, @role, @hash, @label, @maker, clock_timestamp() + make_interval(days => @days))`,
		pg.Args{"code": account.Code(), "work": w.ID, "role": entry.ScreenerFile, "hash": key.Hash(), "label": label, "maker": maker, "days": days})
	if err != nil {
		return "", fmt.Errorf("make helper's link: %w", err)
	}
	return key, nil
}

// Links are those of a work, the newest first.
func Links(ctx context.Context, db pg.DB, work entry.WorkID) ([]Link, error) {
	all, err := pg.Rows[Link](ctx, db, `
		select `+linkColumns+`
		from upload_links l`+lastSent+`
		where l.work_id = @work
		order by l.id desc`,
		pg.Args{"work": work})
	if err != nil {
		return nil, fmt.Errorf("list helpers' links: %w", err)
	}
	return all, nil
}

// LinkByKey is the link that a secret opens, and the work it is for. One that is
// unknown, taken back or over is pgx.ErrNoRows; so is one whose maker may not
// change the work any more, or whose work is shut.
func LinkByKey(ctx context.Context, db pg.DB, key account.Token) (Link, entry.Work, error) {
	l, err := pg.One[Link](ctx, db, `
		select `+linkColumns+`
		from upload_links l`+lastSent+`
		where l.hash = @hash
		  and l.revoked_at is null
		  and l.expires_at > statement_timestamp()`,
		pg.Args{"hash": key.Hash()})
	if err != nil {
		return Link{}, entry.Work{}, fmt.Errorf("find helper's link: %w", err)
	}
	if l.CreatedBy == nil {
		return Link{}, entry.Work{}, pgx.ErrNoRows
	}
	code, err := pg.Value[string](ctx, db, `select code from works where id = @id`, pg.Args{"id": l.WorkID})
	if err != nil {
		return Link{}, entry.Work{}, fmt.Errorf("find work of helper's link: %w", err)
	}
	w, err := entry.WorkBy(ctx, db, *l.CreatedBy, code)
	if err == nil && w.Level.Refuse(entry.LevelEdit) != nil {
		err = pgx.ErrNoRows
	}
	return l, w, err
}

// ByLink is what is on its way by a link; nothing is pgx.ErrNoRows.
func ByLink(ctx context.Context, db pg.DB, link LinkID) (Upload, error) {
	u, err := pg.One[Upload](ctx, db, `
		select `+columns+`
		from uploads u
		where u.link_id = @link and u.state = 'open'
		order by u.id desc
		limit 1`,
		pg.Args{"link": link})
	if err != nil {
		return Upload{}, fmt.Errorf("find upload of helper: %w", err)
	}
	return u, nil
}

// Revoke takes a link back, and with it the keys of what its helper is sending:
// nothing more is taken from them. What has arrived stays, and a maker can
// send the rest.
func Revoke(ctx context.Context, tx pgx.Tx, maker account.ID, work, link string) error {
	w, err := entry.WorkBy(ctx, tx, maker, work)
	if err != nil {
		return err
	}
	if err := w.Level.Refuse(entry.LevelEdit); err != nil {
		return err
	}
	id, err := pg.Value[LinkID](ctx, tx, `
		update upload_links
		set revoked_at = coalesce(revoked_at, clock_timestamp())
		where work_id = @work and code = @code
		returning id`,
		pg.Args{"work": w.ID, "code": link})
	if errors.Is(err, pgx.ErrNoRows) {
		return problem.Missing()
	}
	if err != nil {
		return fmt.Errorf("take back helper's link: %w", err)
	}
	_, err = tx.Exec(ctx, `
		update upload_keys k
		set revoked_at = clock_timestamp()
		from uploads u
		where u.id = k.upload_id and u.link_id = @link and k.kind = 'helper' and k.revoked_at is null`,
		pg.Args{"link": id})
	if err != nil {
		return fmt.Errorf("take back helper's keys: %w", err)
	}
	return nil
}
