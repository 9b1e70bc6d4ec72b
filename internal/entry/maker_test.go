package entry_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

func TestLevels(t *testing.T) {
	t.Parallel()
	for i, have := range entry.Levels {
		for j, need := range entry.Levels {
			if got := have.May(need); got != (i >= j) {
				t.Errorf("%s for %s: %v", have, need, got)
			}
		}
		if entry.Level("").May(have) || have.May("") || have.May("else") {
			t.Errorf("%s: a level that is none", have)
		}
	}
}

func TestAnInvitationWorksOnce(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	var w entry.Work
	var token account.Token
	guests := make([]account.ID, 20)
	ok(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) (err error) {
		var first account.ID
		w, first, _ = made(t, tx)
		for i := range guests {
			guests[i] = person(t, tx, "guest")
		}
		token, err = entry.Invite(t.Context(), tx, first, w.Code, entry.Invitation{Level: entry.LevelEdit, Note: "the editor"})
		return err
	}))
	var group sync.WaitGroup
	for _, who := range guests {
		group.Go(func() {
			err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
				_, err := entry.Join(t.Context(), tx, who, token)
				return err
			})
			if err != nil && !errors.Is(err, pgx.ErrNoRows) && key(err) != "problem.not-found" {
				t.Error(err)
			}
		})
	}
	group.Wait()
	joined, err := pg.Value[int](t.Context(), pool, `
		select count(*)::int
		from collaborators
		where work_id = @work and account_id = any(@guests)`,
		pg.Args{"work": w.ID, "guests": guests})
	if ok(t, err); joined != 1 {
		t.Errorf("%d of %d came in by one link", joined, len(guests))
	}
	stored, err := pg.Value[bool](t.Context(), pool, `
		select exists (select from maker_invitations i where to_jsonb(i)::text like '%' || @token || '%')`,
		pg.Args{"token": string(token)})
	if ok(t, err); stored {
		t.Error("the secret of a link is stored")
	}
}

func TestInvitationsThatOpenNothing(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	w, first, second := made(t, tx)
	guest := person(t, tx, "guest")
	invite := func() account.Token {
		token, err := entry.Invite(t.Context(), tx, first, w.Code, entry.Invitation{Level: entry.LevelSubmit})
		ok(t, err)
		return token
	}
	own := invite()
	if err := within(t, tx, func(tx pgx.Tx) error { _, err := entry.Join(t.Context(), tx, first, own); return err }); key(err) != "maker.own" {
		t.Errorf("the owner's own link: %v", err)
	}
	ended := invite()
	_, err := tx.Exec(t.Context(), `update maker_invitations set expires_at = clock_timestamp() where token_hash = @hash`, pg.Args{"hash": ended.Hash()})
	ok(t, err)
	taken := invite()
	open, err := entry.Invitations(t.Context(), tx, first, w.Code)
	ok(t, err)
	ok(t, entry.Uninvite(t.Context(), tx, first, w.Code, open[0].Code))
	for what, token := range map[string]account.Token{"ended": ended, "taken back": taken, "made up": account.NewToken()} {
		if _, err := entry.Join(t.Context(), tx, guest, token); !errors.Is(err, pgx.ErrNoRows) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := entry.Invite(t.Context(), tx, second, w.Code, entry.Invitation{Level: entry.LevelView}); key(err) != "maker.not-owner" {
		t.Errorf("a collaborator invites: %v", err)
	}
	for _, level := range []entry.Level{entry.LevelOwner, "", "all"} {
		if _, err := entry.Invite(t.Context(), tx, first, w.Code, entry.Invitation{Level: level}); key(err) == "" {
			t.Errorf("a place as %q is given away", level)
		}
	}
	if _, err := entry.Join(t.Context(), tx, guest, own); err != nil {
		t.Errorf("a link that only its owner tried: %v", err)
	}
}

func TestAnInvitationByLetter(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	w, first, _ := made(t, tx)
	token, err := entry.Invite(t.Context(), tx, first, w.Code, entry.Invitation{Level: entry.LevelView, Email: "guest@example.org"})
	ok(t, err)
	link, err := pg.Value[string](t.Context(), tx, `select args ->> 'link' from letters where kind = 'invite-maker' and email = 'guest@example.org'`, pg.Args{})
	if ok(t, err); link != entry.MakerLink(token) {
		t.Errorf("the letter leads to %q", link)
	}
}

func TestWhoIsRemovedIsGoneAtOnce(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	w, first, second := made(t, tx)
	makers, err := entry.Makers(t.Context(), tx, second, w.Code)
	if ok(t, err); len(makers) != 2 || makers[0].AccountID != first || makers[0].Level != entry.LevelOwner || makers[1].Level != entry.LevelEdit {
		t.Fatalf("got %+v", makers)
	}
	if err := entry.RemoveMaker(t.Context(), tx, second, w.Code, makers[0].Code); key(err) != "maker.not-owner" {
		t.Errorf("a collaborator removes the owner: %v", err)
	}
	if err := entry.RemoveMaker(t.Context(), tx, first, w.Code, makers[0].Code); key(err) == "" {
		t.Error("an owner leaves a work to nobody")
	}
	ok(t, entry.SetLevel(t.Context(), tx, first, w.Code, makers[1].Code, entry.LevelSubmit))
	if got, err := entry.WorkBy(t.Context(), tx, second, w.Code); err != nil || got.Level != entry.LevelSubmit {
		t.Errorf("got %q, %v", got.Level, err)
	}
	ok(t, entry.RemoveMaker(t.Context(), tx, second, w.Code, makers[1].Code))
	if _, err := entry.WorkBy(t.Context(), tx, second, w.Code); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("who left still reads: %v", err)
	}
}

// TestLeavingAWorkLeadsNotToItsJudging: no sequence of one's own acts enlarges
// what one may see.
func TestLeavingAWorkLeadsNotToItsJudging(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	e, w := drafted(t, tx, set(t, tx, time.Hour))
	owner, guest := *w.OwnerID, person(t, tx, "guest")
	apart := func() bool {
		is, err := pg.Value[bool](t.Context(), tx, `select exists (select from kept_apart where account_id = @guest and entry_id = @entry)`, pg.Args{"guest": guest, "entry": e.ID})
		ok(t, err)
		return is
	}
	if apart() {
		t.Fatal("a stranger is kept apart")
	}
	token, err := entry.Invite(t.Context(), tx, owner, w.Code, entry.Invitation{Level: entry.LevelView})
	ok(t, err)
	_, err = entry.Join(t.Context(), tx, guest, token)
	ok(t, err)
	who, err := account.ByID(t.Context(), tx, guest)
	ok(t, err)
	ok(t, entry.RemoveMaker(t.Context(), tx, guest, w.Code, who.Code))
	if !apart() {
		t.Error("who made the film may judge it after leaving it")
	}
	for what, err := range map[string]error{
		"given a level":  entry.SetLevel(t.Context(), tx, owner, w.Code, who.Code, entry.LevelSubmit),
		"removed, again": entry.RemoveMaker(t.Context(), tx, owner, w.Code, who.Code),
	} {
		if problem.Of(err).Kind != problem.NotFound {
			t.Errorf("who left is %s: %v", what, err)
		}
	}
	token, err = entry.Invite(t.Context(), tx, owner, w.Code, entry.Invitation{Level: entry.LevelEdit})
	ok(t, err)
	_, err = entry.Join(t.Context(), tx, guest, token)
	ok(t, err)
	if got, err := entry.WorkBy(t.Context(), tx, guest, w.Code); err != nil || got.Level != entry.LevelEdit {
		t.Errorf("who is asked back: %q, %v", got.Level, err)
	}
}

// TestSubmitsWithoutTheLockAreMany is the control of TestFiftySubmissionsAreOne:
// who reads the state and then writes, without holding the entry, sends it as
// often as there are readers.
func TestSubmitsWithoutTheLockAreMany(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	var e entry.Entry
	ok(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		e, _ = drafted(t, tx, set(t, tx, time.Hour))
		return nil
	}))
	const hands = 8
	var read, done sync.WaitGroup
	read.Add(hands)
	for range hands {
		done.Go(func() {
			err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
				state, err := pg.Value[entry.State](t.Context(), tx, `select state from entries where id = @id`, pg.Args{"id": e.ID})
				read.Done()
				if err != nil || state != entry.Draft {
					return err
				}
				read.Wait()
				_, err = tx.Exec(t.Context(), `insert into entry_states (entry_id, state) values (@id, 'submitted')`, pg.Args{"id": e.ID})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	moments, err := entry.Timeline(t.Context(), pool, e.ID)
	if ok(t, err); len(moments) <= 2 {
		t.Errorf("got %d moments: the test beside this one could not fail", len(moments))
	}
}
