package entry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// MaxInvitations is how many invitations to a work can be open at a time.
const MaxInvitations = 20

const invitationLasts = "14 days"

// An Invitation asks somebody to make a work with its owner. Its link works
// once.
type Invitation struct {
	Code      string
	Level     Level
	Note      string // for whom it is, in the owner's words
	Email     string // where the letter goes; empty: the owner hands the link over
	From      string // the owner's name
	CreatedAt time.Time
	ExpiresAt time.Time
}

const invitationColumns = `
	i.code, i.level, i.note, coalesce(i.email::text, '') as email, coalesce(a.name, '') as from, i.created_at, i.expires_at
	from maker_invitations i
	join works w on w.id = i.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
	left join accounts a on a.id = i.invited_by`

// Invite makes an invitation to the owner's work, and a letter if it has an
// address. The token in its link is told here and kept nowhere.
func Invite(ctx context.Context, tx pgx.Tx, owner account.ID, code string, i Invitation) (account.Token, error) {
	if !given(i.Level) {
		return "", problem.Field("level", "maker.level-missing", "Choose what they may do.")
	}
	w, err := lockWork(ctx, tx, owner, code, LevelOwner)
	if err != nil {
		return "", err
	}
	open, err := invitations(ctx, tx, w)
	if err != nil {
		return "", err
	}
	if len(open) >= MaxInvitations {
		return "", problem.Field("level", "maker.too-many", "{{.Max}} invitations are open. Take one back first.", "Max", MaxInvitations)
	}
	token := account.NewToken()
	i.ExpiresAt, err = pg.Value[time.Time](ctx, tx, `
		insert into maker_invitations (code, token_hash, work_id, level, note, email, invited_by, expires_at)
		values (@code, @hash, @work, @level, @note, nullif(@email, ''), @by, clock_timestamp() + @lasts::interval)
		returning expires_at`,
		pg.Args{"code": account.Code(), "hash": token.Hash(), "work": w.ID, "level": i.Level, "note": strings.TrimSpace(i.Note),
			"email": strings.TrimSpace(i.Email), "by": owner, "lasts": invitationLasts})
	if err != nil {
		return "", fmt.Errorf("invite maker: %w", err)
	}
	if err := record(ctx, tx, owner, nil, "work.invite", "work", int64(w.ID), map[string]any{"level": i.Level}); err != nil {
		return "", err
	}
	return token, writeInvitation(ctx, tx, i, token)
}

func writeInvitation(ctx context.Context, tx pgx.Tx, i Invitation, token account.Token) error {
	if strings.TrimSpace(i.Email) == "" {
		return nil
	}
	_, err := mail.Queue(ctx, tx, mail.Letter{
		Kind: mail.InviteMaker, To: i.Email, Locale: locale.Of(ctx), EventKey: fmt.Sprintf("invite-maker:%x", token.Hash()[:12]),
		Args: mail.Args{Link: MakerLink(token), Until: i.ExpiresAt},
	})
	return err
}

// MakerLink is the path on which an invitation is answered.
func MakerLink(token account.Token) string { return "/join/" + string(token) }

// Invitations lists the open invitations to the owner's work, the newest first.
func Invitations(ctx context.Context, db pg.DB, owner account.ID, code string) ([]Invitation, error) {
	w, err := WorkBy(ctx, db, owner, code)
	if err != nil {
		return nil, err
	}
	if err := w.Level.Refuse(LevelOwner); err != nil {
		return nil, err
	}
	return invitations(ctx, db, w)
}

func invitations(ctx context.Context, db pg.DB, w Work) ([]Invitation, error) {
	list, err := pg.Rows[Invitation](ctx, db, `
		select `+invitationColumns+`
		where i.work_id = @work and i.accepted_at is null and i.expires_at > clock_timestamp()
		order by i.id desc`,
		pg.Args{"work": w.ID})
	if err != nil {
		return nil, fmt.Errorf("list invitations: %w", err)
	}
	return list, nil
}

// Uninvite takes an open invitation back.
func Uninvite(ctx context.Context, tx pgx.Tx, owner account.ID, code, invitation string) error {
	w, err := lockWork(ctx, tx, owner, code, LevelOwner)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		delete from maker_invitations
		where work_id = @work and code = @code and accepted_at is null`,
		pg.Args{"work": w.ID, "code": invitation})
	if err != nil {
		return fmt.Errorf("take invitation back: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.Missing()
	}
	return nil
}

// Invited is the open invitation of a link; a link that was used, has ended or
// never was is pgx.ErrNoRows.
func Invited(ctx context.Context, db pg.DB, token account.Token) (Invitation, error) {
	i, err := pg.One[Invitation](ctx, db, `
		select `+invitationColumns+`
		where i.token_hash = @hash and i.accepted_at is null and i.expires_at > clock_timestamp()`,
		pg.Args{"hash": token.Hash()})
	if err != nil {
		return Invitation{}, fmt.Errorf("find invitation: %w", err)
	}
	return i, nil
}

// Join uses the link of an invitation: who holds it makes the work from now on.
// It tells the work's code. The owner's own link is refused, and stays open.
func Join(ctx context.Context, tx pgx.Tx, who account.ID, token account.Token) (string, error) {
	if _, err := Invited(ctx, tx, token); err != nil {
		return "", err
	}
	type used struct {
		WorkID  WorkID
		Code    string
		OwnerID *account.ID
		Level   Level
	}
	u, err := pg.One[used](ctx, tx, `
		update maker_invitations i
		set accepted_at = clock_timestamp()
		from works w
		where i.token_hash = @hash and i.accepted_at is null and i.expires_at > clock_timestamp() and w.id = i.work_id
		returning w.id as work_id, w.code, w.owner_id, i.level`,
		pg.Args{"hash": token.Hash()})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", problem.Missing()
	case err != nil:
		return "", fmt.Errorf("use invitation: %w", err)
	case u.OwnerID != nil && *u.OwnerID == who:
		return "", problem.New(problem.Denied, "maker.own", "This is your own work. The link is for somebody else; it still works.")
	}
	_, err = tx.Exec(ctx, `
		insert into collaborators (work_id, account_id, level)
		values (@work, @who, @level)
		on conflict on constraint collaborators_pkey do update
		set level = excluded.level`,
		pg.Args{"work": u.WorkID, "who": who, "level": u.Level})
	if err != nil {
		return "", fmt.Errorf("join work: %w", err)
	}
	return u.Code, record(ctx, tx, who, nil, "work.join", "work", int64(u.WorkID), map[string]any{"level": u.Level})
}
