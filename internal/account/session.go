package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
)

// A session ends 20 minutes after the last visit, and after eight hours anyway
// (OWASP, Session Management Cheat Sheet: 15 to 30 minutes): an open browser may
// fall into other hands.
const (
	idle     = "20 minutes"
	longest  = "8 hours"
	freshFor = "1 minute" // how often a visit is written down
)

// An Actor is who makes a request. Its zero value is nobody.
type Actor struct {
	Account
	Organizer bool // of any festival
	Juror     bool // sits on any panel
	Maker     bool // has a work, or was invited to one
	Frozen    bool // the account is shut; only opening it again is left
	Left      int  // seconds that the session lasts at least without another visit after this one
	Stale     bool // the last visit that was written down is older than a minute
}

// SignedIn tells whether there is somebody.
func (a Actor) SignedIn() bool { return a.ID != 0 }

// StartSession signs an account in on one browser.
func StartSession(ctx context.Context, tx pgx.Tx, id ID) (Token, error) {
	token := newToken()
	_, err := tx.Exec(ctx, `
		insert into sessions (token_hash, code, account_id, expires_at)
		values (@hash, @code, @account, clock_timestamp() + @longest::interval)`,
		pg.Args{"hash": token.hash(), "code": Code(), "account": id, "longest": longest})
	if err != nil {
		return "", fmt.Errorf("start session: %w", err)
	}
	return token, nil
}

// Who tells who holds a session's token; an ended or unknown one is nobody.
func Who(ctx context.Context, db pg.DB, token Token) (Actor, error) {
	if token == "" {
		return Actor{}, nil
	}
	a, err := pg.One[Actor](ctx, db, `
		select `+actorColumns+`, coalesce(a.frozen_until > clock_timestamp(), false) as frozen,
		       extract(epoch from least(s.expires_at - clock_timestamp(), @idle::interval - @fresh::interval))::int as left,
		       s.seen_at < clock_timestamp() - @fresh::interval as stale
		from sessions s
		join accounts a on a.id = s.account_id and a.disabled_at is null
		where s.token_hash = @hash
		  and s.expires_at > clock_timestamp()
		  and s.seen_at > clock_timestamp() - @idle::interval`,
		pg.Args{"hash": token.hash(), "idle": idle, "fresh": freshFor})
	if errors.Is(err, pgx.ErrNoRows) {
		return Actor{}, nil
	}
	if err != nil {
		return Actor{}, fmt.Errorf("find session: %w", err)
	}
	return a, nil
}

const actorColumns = `a.id, a.code, coalesce(a.email::text, '') as email, a.name, a.locale, a.zone, a.admin, a.verified_at,
	exists (select from memberships m where m.account_id = a.id) as organizer,
	exists (select from seats t where t.account_id = a.id and t.left_at is null) as juror,
	exists (select from makers m where m.account_id = a.id) as maker`

// Seen notes a visit, at most once a minute.
func Seen(ctx context.Context, db pg.DB, token Token) error {
	_, err := db.Exec(ctx, `
		update sessions
		set seen_at = clock_timestamp()
		where token_hash = @hash and seen_at < clock_timestamp() - @fresh::interval`,
		pg.Args{"hash": token.hash(), "fresh": freshFor})
	return err
}

// A Session is one browser in which a person is signed in.
type Session struct {
	Code      string
	CreatedAt time.Time
	SeenAt    time.Time
	Here      bool // the one that asks
}

// Sessions lists a person's sessions, the latest seen first.
func Sessions(ctx context.Context, db pg.DB, id ID, here Token) ([]Session, error) {
	return pg.Rows[Session](ctx, db, `
		select code, created_at, seen_at, token_hash = @here as here
		from sessions
		where account_id = @id and expires_at > clock_timestamp()
		order by seen_at desc, code`,
		pg.Args{"id": id, "here": here.hash()})
}

// EndSession signs out the browser that holds the token.
func EndSession(ctx context.Context, db pg.DB, token Token) error {
	_, err := db.Exec(ctx, `delete from sessions where token_hash = @hash`, pg.Args{"hash": token.hash()})
	return err
}

// EndSessionNamed signs out one of a person's browsers.
func EndSessionNamed(ctx context.Context, db pg.DB, id ID, code string) error {
	_, err := db.Exec(ctx, `
		delete from sessions
		where account_id = @id and code = @code`,
		pg.Args{"id": id, "code": code})
	return err
}

// EndAllSessions signs a person out everywhere.
func EndAllSessions(ctx context.Context, db pg.DB, id ID) error {
	_, err := db.Exec(ctx, `delete from sessions where account_id = @id`, pg.Args{"id": id})
	return err
}
