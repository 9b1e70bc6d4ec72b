package passkey

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// AskAdd asks a device for a new passkey of an account. A device that has one
// for it already says so itself.
func (p *Party) AskAdd(ctx context.Context, tx pgx.Tx, who account.Account, b Browser) (Options, error) {
	handle, err := handleOf(ctx, tx, who.ID)
	if err != nil {
		return nil, err
	}
	known, err := credentials(ctx, tx, who.ID)
	if err != nil {
		return nil, err
	}
	if len(known) >= Most {
		return nil, tooMany()
	}
	return p.ask(ctx, tx, add, user{handle: handle, name: who.Name, credentials: known}, b)
}

// AskSignUp asks a device for the passkey of an account that does not exist yet.
func (p *Party) AskSignUp(ctx context.Context, db pg.DB, name string, b Browser) (Options, error) {
	return p.ask(ctx, db, signUp, user{handle: newHandle(), name: name}, b)
}

func (p *Party) ask(ctx context.Context, db pg.DB, what act, u user, b Browser) (Options, error) {
	creation, session, err := p.web.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.credentials).CredentialDescriptors()))
	if err != nil {
		return nil, fmt.Errorf("ask for a passkey: %w", err)
	}
	if err := keep(ctx, db, what, b, session); err != nil {
		return nil, err
	}
	return options(creation)
}

// Add checks a device's answer to AskAdd and gives the account the passkey. An
// answer that does not hold is Invalid.
func (p *Party) Add(ctx context.Context, tx pgx.Tx, who account.ID, b Browser, name, answer string) error {
	handle, err := handleOf(ctx, tx, who)
	if err != nil {
		return err
	}
	made, session, err := p.check(ctx, tx, add, b, answer)
	if err != nil {
		return err
	}
	if string(session.UserID) != string(handle) {
		return refused(fmt.Errorf("the passkey was made for another account"))
	}
	known, err := credentials(ctx, tx, who)
	if err != nil {
		return err
	}
	if len(known) >= Most {
		return tooMany()
	}
	if err := insert(ctx, tx, who, name, made); err != nil {
		return err
	}
	return record(ctx, tx, who, "added a passkey to")
}

// SignUp checks a device's answer to AskSignUp; create makes the account that
// gets the passkey, and is not called when the answer does not hold.
func (p *Party) SignUp(ctx context.Context, tx pgx.Tx, b Browser, name, answer string, create func() (account.Account, error)) (account.Account, error) {
	made, session, err := p.check(ctx, tx, signUp, b, answer)
	if err != nil {
		return account.Account{}, err
	}
	who, err := create()
	if err != nil {
		return account.Account{}, err
	}
	_, err = tx.Exec(ctx, `
		insert into passkey_handles (account_id, handle)
		values (@who, @handle)`,
		pg.Args{"who": who.ID, "handle": session.UserID})
	if err != nil {
		return account.Account{}, fmt.Errorf("keep handle: %w", err)
	}
	return who, insert(ctx, tx, who.ID, name, made)
}

// check ends the challenge and verifies what the device made.
func (p *Party) check(ctx context.Context, db pg.DB, what act, b Browser, answer string) (*webauthn.Credential, webauthn.SessionData, error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return nil, webauthn.SessionData{}, refused(err)
	}
	session, err := p.take(ctx, db, what, b, parsed.Response.CollectedClientData.Challenge)
	if err != nil {
		return nil, session, err
	}
	made, err := p.web.CreateCredential(user{handle: session.UserID}, session, parsed)
	if err != nil {
		return nil, session, refused(err)
	}
	return made, session, nil
}

func insert(ctx context.Context, tx pgx.Tx, who account.ID, name string, c *webauthn.Credential) error {
	transports := make([]string, len(c.Transport))
	for i, t := range c.Transport {
		transports[i] = string(t)
	}
	_, err := tx.Exec(ctx, `
		insert into passkeys (code, account_id, credential_id, public_key, sign_count, transports, flags, name)
		values (@code, @who, @credential, @key, @count, @transports, @flags, @name)`,
		pg.Args{
			"code": account.Code(), "who": who, "credential": c.ID, "key": c.PublicKey, "count": int64(c.Authenticator.SignCount),
			"transports": transports, "flags": int16(c.Flags.ProtocolValue()), "name": strings.TrimSpace(name),
		})
	if err != nil {
		return fmt.Errorf("keep passkey: %w", err)
	}
	return nil
}

func tooMany() error {
	return problem.New(problem.Denied, "passkey.too-many", "An account holds up to {{.Count}} passkeys. Remove one that you no longer use.", "Count", Most)
}

// newHandle is chance: a device and whoever reads it learn nothing of the
// account from it.
func newHandle() []byte {
	handle := make([]byte, 32)
	rand.Read(handle)
	return handle
}

// handleOf is the handle of an account, made when it is first needed.
func handleOf(ctx context.Context, tx pgx.Tx, who account.ID) ([]byte, error) {
	_, err := tx.Exec(ctx, `
		insert into passkey_handles (account_id, handle)
		values (@who, @handle)
		on conflict on constraint passkey_handles_pkey do nothing`,
		pg.Args{"who": who, "handle": newHandle()})
	if err != nil {
		return nil, fmt.Errorf("make handle: %w", err)
	}
	handle, err := pg.Value[[]byte](ctx, tx, `
		select handle
		from passkey_handles
		where account_id = @who
		for update`,
		pg.Args{"who": who})
	if err != nil {
		return nil, fmt.Errorf("find handle: %w", err)
	}
	return handle, nil
}
