package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Join makes an account an organizer of a festival; twice is once.
func Join(ctx context.Context, tx pgx.Tx, id ID, festival int64) error {
	_, err := tx.Exec(ctx, `
		insert into memberships (account_id, festival_id, role)
		values (@account, @festival, 'organizer')
		on conflict do nothing`,
		pg.Args{"account": id, "festival": festival})
	if err != nil {
		return fmt.Errorf("join festival: %w", err)
	}
	return record(ctx, tx, id, "joined", "festival", festival)
}

// Organizes tells whether an account is an organizer of the festival with slug.
func Organizes(ctx context.Context, db pg.DB, id ID, slug string) (bool, error) {
	return pg.Value[bool](ctx, db, `
		select exists (
			select from memberships m
			join festivals f on f.id = m.festival_id
			where m.account_id = @account and f.slug = @slug and m.role = 'organizer')`,
		pg.Args{"account": id, "slug": slug})
}

// A Member is an organizer of a festival.
type Member struct {
	Code  string
	Name  string
	Email string
	Since time.Time
}

// Members lists a festival's organizers by name.
func Members(ctx context.Context, db pg.DB, festival int64) ([]Member, error) {
	return pg.Rows[Member](ctx, db, `
		select a.code, a.name, coalesce(a.email::text, '') as email, m.created_at as since
		from memberships m
		join accounts a on a.id = m.account_id
		where m.festival_id = @festival
		order by a.name, a.id`,
		pg.Args{"festival": festival})
}

// RemoveMember takes the organizer's role from somebody else; nobody can remove
// themselves, so that a festival always keeps one. Removals wait for each other,
// and by who has been removed meanwhile they are Missing.
func RemoveMember(ctx context.Context, tx pgx.Tx, by ID, festival int64, code string) error {
	members, err := pg.Values[ID](ctx, tx, `
		select account_id
		from memberships
		where festival_id = @festival
		order by account_id
		for update`,
		pg.Args{"festival": festival})
	if err != nil {
		return fmt.Errorf("lock members: %w", err)
	}
	if !slices.Contains(members, by) {
		return problem.Missing()
	}
	id, err := pg.Value[ID](ctx, tx, `
		delete from memberships m
		using accounts a
		where a.id = m.account_id and a.code = @code and m.festival_id = @festival and a.id <> @by
		returning a.id`,
		pg.Args{"code": code, "festival": festival, "by": by})
	if err != nil {
		return fmt.Errorf("remove member: %w", err)
	}
	return record(ctx, tx, by, "removed an organizer of", "festival", int64(id))
}

// A Role that people are invited to.
type Role string

// The roles one can be invited to.
const (
	AsOrganizer Role = "organizer"
	AsJuror     Role = "juror"
)

// An Invitation asks somebody to be an organizer or a juror.
type Invitation struct {
	Code        string
	Email       string
	Name        string
	Role        Role
	FestivalID  int64
	PanelID     *int64 // of a juror
	By          ID     `db:"-"`
	InvitedBy   *ID
	CreatedAt   time.Time
	ExpiresAt   time.Time
	AcceptedAt  *time.Time
	DeclinedAt  *time.Time
	Festival    string // its name
	Panel       *string
	InviterName *string
}

// State says in one word where an invitation stands.
func (i Invitation) State(now time.Time) string {
	switch {
	case i.AcceptedAt != nil:
		return "accepted"
	case i.DeclinedAt != nil:
		return "declined"
	case !now.Before(i.ExpiresAt):
		return "expired"
	}
	return "open"
}

const invitationLasts = "30 days"

// Invite writes an invitation and its letter. A second open one for the same
// person and panel breaks invitations_open_once.
func Invite(ctx context.Context, tx pgx.Tx, i Invitation) error {
	token := newToken()
	_, err := tx.Exec(ctx, `
		insert into invitations (code, token_hash, email, name, role, festival_id, panel_id, invited_by, expires_at)
		values (@code, @hash, @email, @name, @role, @festival, @panel, @by, clock_timestamp() + @lasts::interval)`,
		pg.Args{
			"code": Code(), "hash": token.hash(), "email": strings.TrimSpace(i.Email), "name": strings.TrimSpace(i.Name),
			"role": string(i.Role), "festival": i.FestivalID, "panel": i.PanelID, "by": i.By, "lasts": invitationLasts,
		})
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	made, err := Invited(ctx, tx, token)
	if err != nil {
		return err
	}
	return sendInvitation(ctx, tx, made, token)
}

func sendInvitation(ctx context.Context, tx pgx.Tx, i Invitation, token Token) error {
	kind := mail.InviteOrganizer
	args := mail.Args{Festival: i.Festival, Link: "/invitations/" + string(token), Until: i.ExpiresAt}
	if i.Role == AsJuror {
		kind = mail.InviteJuror
		args.Panel = *i.Panel
	}
	_, err := mail.Queue(ctx, tx, mail.Letter{
		Kind: kind, To: i.Email, Locale: locale.English, EventKey: fmt.Sprintf("invitation:%x", token.hash()[:12]), Args: args,
	})
	return err
}

const invitationColumns = `
	i.code, i.email::text as email, i.name, i.role, i.festival_id, i.panel_id, i.invited_by, i.created_at, i.expires_at,
	i.accepted_at, i.declined_at, f.name as festival, p.name as panel, a.name as inviter_name
	from invitations i
	join festivals f on f.id = i.festival_id
	left join panels p on p.id = i.panel_id
	left join accounts a on a.id = i.invited_by`

// Invited finds the invitation of a link, as long as it can be answered.
func Invited(ctx context.Context, db pg.DB, token Token) (Invitation, error) {
	i, err := pg.One[Invitation](ctx, db, `
		select `+invitationColumns+`
		where i.token_hash = @hash and i.accepted_at is null and i.declined_at is null
		  and i.revoked_at is null and i.expires_at > clock_timestamp()`,
		pg.Args{"hash": token.hash()})
	if err != nil {
		return Invitation{}, fmt.Errorf("find invitation: %w", err)
	}
	return i, nil
}

// Invitations lists those of a festival that were not withdrawn, newest first:
// of a panel, or with no panel those of organizers.
func Invitations(ctx context.Context, db pg.DB, festival int64, panel *int64) ([]Invitation, error) {
	return pg.Rows[Invitation](ctx, db, `
		select `+invitationColumns+`
		where i.festival_id = @festival and i.panel_id is not distinct from @panel::bigint and i.revoked_at is null
		order by i.created_at desc, i.id desc`,
		pg.Args{"festival": festival, "panel": panel})
}

// Answer accepts or declines an invitation in the name of by. What acceptance
// opens (a membership or a seat) is the caller's to write in the same
// transaction, for an organizer it is Join.
func Answer(ctx context.Context, tx pgx.Tx, token Token, by ID, accept bool) (Invitation, error) {
	i, err := Invited(ctx, tx, token)
	if errors.Is(err, pgx.ErrNoRows) {
		return Invitation{}, problem.Missing()
	}
	if err != nil {
		return Invitation{}, err
	}
	tag, err := tx.Exec(ctx, `
		update invitations
		set accepted_at = case when @accept then clock_timestamp() end,
		    declined_at = case when @accept then null else clock_timestamp() end,
		    account_id = nullif(@by::bigint, 0)
		where token_hash = @hash and accepted_at is null and declined_at is null and revoked_at is null`,
		pg.Args{"hash": token.hash(), "accept": accept, "by": by})
	if err != nil {
		return Invitation{}, fmt.Errorf("answer invitation: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return Invitation{}, problem.Missing()
	}
	return i, nil
}

// Revoke withdraws an open invitation.
func Revoke(ctx context.Context, tx pgx.Tx, by ID, festival int64, code string) error {
	id, err := pg.Value[int64](ctx, tx, `
		update invitations
		set revoked_at = clock_timestamp()
		where code = @code and festival_id = @festival and accepted_at is null and declined_at is null and revoked_at is null
		returning id`,
		pg.Args{"code": code, "festival": festival})
	if err != nil {
		return fmt.Errorf("withdraw invitation: %w", err)
	}
	return record(ctx, tx, by, "withdrew", "invitation", id)
}

// Has tells whether an account holds a role anywhere.
func Has(ctx context.Context, db pg.DB, id ID, role Role) (bool, error) {
	return pg.Value[bool](ctx, db, `
		select case when @role = 'organizer'
			then exists (select from memberships where account_id = @account)
			else exists (select from seats where account_id = @account and left_at is null) end`,
		pg.Args{"account": id, "role": string(role)})
}
