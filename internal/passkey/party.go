package passkey

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Party is a site that passkeys are made for: its host and its address. A
// passkey of one host cannot be used at another.
type Party struct{ web *webauthn.WebAuthn }

// NewParty makes the party of the site at base. Browsers make no passkeys for
// a bare IP address; such a base is an error.
func NewParty(base *url.URL) (*Party, error) {
	host := base.Hostname()
	if err := protocol.ValidateRPID(host); err != nil {
		return nil, fmt.Errorf("passkeys for %s: %w", host, err)
	}
	web, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: host, RPOrigins: []string{base.Scheme + "://" + base.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		// The passkey is found without a name typed, and the device makes sure of
		// the person: that is two factors in one.
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: new(true), UserVerification: protocol.VerificationRequired,
		},
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys for %s: %w", host, err)
	}
	return &Party{web}, nil
}

// An act is what a challenge is for; an answer to one is none to another.
type act string

const (
	add    act = "add"
	signUp act = "sign-up"
	signIn act = "sign-in"
)

// A Browser is a secret of the browser that asked; only it may answer. The
// database has its hash.
type Browser string

func (b Browser) hash() []byte {
	sum := sha256.Sum256([]byte("passkey:" + string(b)))
	return sum[:]
}

// lasts is how long a device may take to answer.
const lasts = "5 minutes"

// keep writes a challenge down until it is answered.
func keep(ctx context.Context, db pg.DB, what act, b Browser, s *webauthn.SessionData) error {
	_, err := db.Exec(ctx, `
		insert into passkey_challenges (challenge, act, browser, handle, expires_at)
		values (@challenge, @act, @browser, @handle, clock_timestamp() + @lasts::interval)`,
		pg.Args{"challenge": s.Challenge, "act": string(what), "browser": b.hash(), "handle": s.UserID, "lasts": lasts})
	if err != nil {
		return fmt.Errorf("keep challenge: %w", err)
	}
	return nil
}

// take ends the challenge that was answered and gives back what has to be
// known to check the answer.
func (p *Party) take(ctx context.Context, db pg.DB, what act, b Browser, challenge string) (webauthn.SessionData, error) {
	handle, err := pg.Value[[]byte](ctx, db, `
		delete from passkey_challenges
		where challenge = @challenge and act = @act and browser = @browser and expires_at > clock_timestamp()
		returning handle`,
		pg.Args{"challenge": challenge, "act": string(what), "browser": b.hash()})
	if errors.Is(err, pgx.ErrNoRows) {
		return webauthn.SessionData{}, problem.New(problem.Invalid, "passkey.late", "This took too long, or was sent twice. Try once more.")
	}
	if err != nil {
		return webauthn.SessionData{}, fmt.Errorf("take challenge: %w", err)
	}
	return webauthn.SessionData{
		Challenge: challenge, RelyingPartyID: p.web.Config.RPID, UserID: handle, UserVerification: protocol.VerificationRequired,
		CredParams: webauthn.CredentialParametersDefault(),
	}, nil
}

// Forget ends all challenges of a browser: one of them was answered wrongly.
func Forget(ctx context.Context, db pg.DB, b Browser) error {
	_, err := db.Exec(ctx, `delete from passkey_challenges where browser = @browser`, pg.Args{"browser": b.hash()})
	if err != nil {
		return fmt.Errorf("forget challenges: %w", err)
	}
	return nil
}

// refused is one sentence for every answer that does not hold; why is for us.
func refused(why error) error {
	return errors.Join(problem.New(problem.Invalid, "passkey.refused",
		"The passkey could not be checked. Try once more, or go on without it."), why)
}

// user is an account as go-webauthn wants to see it.
type user struct {
	handle      []byte
	name        string
	credentials []webauthn.Credential
}

func (u user) WebAuthnID() []byte                         { return u.handle }
func (u user) WebAuthnName() string                       { return u.name }
func (u user) WebAuthnDisplayName() string                { return u.name }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

// Options are what a page hands to navigator.credentials, as JSON.
type Options = json.RawMessage

func options(v any) (Options, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write options of a passkey: %w", err)
	}
	return b, nil
}
