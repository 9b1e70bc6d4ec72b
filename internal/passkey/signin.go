package passkey

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// AskSignIn asks a device for any passkey that it has for this site.
func (p *Party) AskSignIn(ctx context.Context, db pg.DB, b Browser) (Options, error) {
	assertion, session, err := p.web.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("ask for a passkey: %w", err)
	}
	if err := keep(ctx, db, signIn, b, session); err != nil {
		return nil, err
	}
	return options(assertion)
}

// An Answer is a device's answer to AskSignIn whose challenge is spent, and
// that is not checked yet.
type Answer struct {
	parsed  *protocol.ParsedCredentialAssertionData
	session webauthn.SessionData
}

// Take reads a device's answer and spends its challenge, whatever comes of it.
func (p *Party) Take(ctx context.Context, db pg.DB, b Browser, answer string) (Answer, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return Answer{}, refused(err)
	}
	session, err := p.take(ctx, db, signIn, b, parsed.Response.CollectedClientData.Challenge)
	return Answer{parsed, session}, err
}

// SignIn checks an answer and says whose passkey gave it. The device has made
// sure of the person, so that no second factor is left to ask for. A passkey
// whose counter did not go on may be a copy, and is refused.
func (p *Party) SignIn(ctx context.Context, tx pgx.Tx, a Answer) (account.ID, error) {
	var k key
	find := func(id, _ []byte) (_ webauthn.User, err error) {
		k, err = keyOf(ctx, tx, id)
		return user{handle: k.Handle, credentials: []webauthn.Credential{k.credential()}}, err
	}
	_, c, err := p.web.ValidatePasskeyLogin(find, a.session, a.parsed)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, problem.New(problem.Invalid, "passkey.unknown", "This passkey belongs to no account here. Perhaps it was removed. Sign in another way.")
	}
	if err != nil {
		return 0, refused(err)
	}
	if c.Authenticator.CloneWarning {
		return 0, problem.New(problem.Invalid, "passkey.copied",
			"This passkey was used before in a place that we did not see: there may be a copy of it. Sign in another way, and remove it.")
	}
	_, err = tx.Exec(ctx, `
		update passkeys
		set sign_count = @count, flags = @flags, used_at = clock_timestamp()
		where id = @id`,
		pg.Args{"id": k.ID, "count": int64(c.Authenticator.SignCount), "flags": int16(c.Flags.ProtocolValue())})
	if err != nil {
		return 0, fmt.Errorf("note use of passkey: %w", err)
	}
	return k.AccountID, nil
}

// key is a row of passkeys.
type key struct {
	ID           int64
	AccountID    account.ID
	CredentialID []byte
	PublicKey    []byte
	SignCount    int64
	Transports   []string
	Flags        int16
	Handle       []byte
}

const keyColumns = `
	p.id, p.account_id, p.credential_id, p.public_key, p.sign_count, p.transports, p.flags, h.handle
	from passkeys p
	join passkey_handles h on h.account_id = p.account_id
	join accounts a on a.id = p.account_id and a.disabled_at is null`

func (k key) credential() webauthn.Credential {
	c := webauthn.Credential{
		ID: k.CredentialID, PublicKey: k.PublicKey, Flags: webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(k.Flags)),
		Authenticator: webauthn.Authenticator{SignCount: uint32(k.SignCount)},
	}
	for _, t := range k.Transports {
		c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
	}
	return c
}

// keyOf finds a passkey and holds it until the transaction ends, so that its
// counter goes on one step at a time.
func keyOf(ctx context.Context, tx pgx.Tx, credential []byte) (key, error) {
	return pg.One[key](ctx, tx, `
		select `+keyColumns+`
		where p.credential_id = @credential
		for update of p`,
		pg.Args{"credential": credential})
}

func credentials(ctx context.Context, db pg.DB, who account.ID) ([]webauthn.Credential, error) {
	keys, err := pg.Rows[key](ctx, db, `
		select `+keyColumns+`
		where p.account_id = @who
		order by p.id`,
		pg.Args{"who": who})
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	list := make([]webauthn.Credential, len(keys))
	for i, k := range keys {
		list[i] = k.credential()
	}
	return list, nil
}
