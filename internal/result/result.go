// Package result owns what is computed from a round's scores: it reads what
// counts, computes, and keeps what came out, once for each set of inputs. What
// was read once is never changed; when the inputs change later, somebody asks
// for another result, and the old one stays on record.
package result

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/pg"
)

// A Result is a computation as it was stored.
type Result struct {
	Code       string
	InputsHash string // SHA-256 of its inputs, in hexadecimal digits
	Seed       int64  // of everything drawn by chance; from InputsHash, 0 to 2⁵²−1
	Version    string // of the software that computed it
	ComputedAt time.Time
	By         string // the name of who first read it
	Body       Body
}

// Hash names inputs: the SHA-256 of their JSON document.
func (in Inputs) Hash() (string, error) {
	doc, err := json.Marshal(in)
	if err != nil {
		return "", fmt.Errorf("write inputs: %w", err)
	}
	sum := sha256.Sum256(doc)
	return hex.EncodeToString(sum[:]), nil
}

// seedOf is the first 52 bits of a hash: whoever knows the inputs knows the
// seed, and nobody can shop for one.
func seedOf(hash string) (int64, error) { return strconv.ParseInt(hash[:13], 16, 64) }

const columns = `
	x.code, x.inputs_hash, x.seed, x.version, x.computed_at, p.name as by, x.body
	from results x
	join accounts p on p.id = x.actor_id`

// Shown is the result that a reader of such inputs sees: of those that leave out
// the same entries, the one that was last asked for. There may be none yet:
// pgx.ErrNoRows. The inputs may have changed since; see Changes.
func Shown(ctx context.Context, db pg.DB, in Inputs) (Result, error) {
	return one(ctx, db, `
		select `+columns+`
		where x.round_id = @round and x.apart = @apart
		order by x.shown_at desc, x.id desc
		limit 1`,
		pg.Args{"round": in.Round, "apart": numbers(in.Apart)})
}

// At is an earlier result by its code, if it leaves out the same entries; any
// other is pgx.ErrNoRows.
func At(ctx context.Context, db pg.DB, in Inputs, code string) (Result, error) {
	return one(ctx, db, `
		select `+columns+`
		where x.round_id = @round and x.apart = @apart and x.code = @code`,
		pg.Args{"round": in.Round, "apart": numbers(in.Apart), "code": code})
}

func one(ctx context.Context, db pg.DB, sql string, args pg.Args) (Result, error) {
	r, err := pg.One[Result](ctx, db, sql, args)
	if err != nil {
		return Result{}, fmt.Errorf("read result: %w", err)
	}
	return r, nil
}

// A Line is a stored result in a list.
type Line struct {
	Code       string
	ComputedAt time.Time
	By         string
}

// Stored lists the results that leave out the same entries as in, the newest
// first.
func Stored(ctx context.Context, db pg.DB, in Inputs) ([]Line, error) {
	lines, err := pg.Rows[Line](ctx, db, `
		select x.code, x.computed_at, p.name as by
		from results x
		join accounts p on p.id = x.actor_id
		where x.round_id = @round and x.apart = @apart
		order by x.id desc`,
		pg.Args{"round": in.Round, "apart": numbers(in.Apart)})
	if err != nil {
		return nil, fmt.Errorf("list results: %w", err)
	}
	return lines, nil
}

// Keep stores what was computed from inputs and makes it the result that is
// shown. When the same inputs have been computed before, also at this moment by
// somebody else, their result stands and is shown again.
func Keep(ctx context.Context, tx pgx.Tx, by account.ID, r jury.Round, in Inputs, body Body, version string) (Result, error) {
	hash, err := in.Hash()
	if err != nil {
		return Result{}, err
	}
	seed, err := seedOf(hash)
	if err != nil {
		return Result{}, fmt.Errorf("read seed: %w", err)
	}
	id, err := pg.Value[int64](ctx, tx, `
		insert into results (code, round_id, apart, inputs_hash, seed, version, body, actor_id)
		values (@code, @round, @apart, @hash, @seed, @version, @body, @by)
		on conflict on constraint results_inputs_once
		do update set shown_at = clock_timestamp()
		returning id`,
		pg.Args{
			"code": account.Code(), "round": in.Round, "apart": numbers(in.Apart), "hash": hash, "seed": seed,
			"version": version, "body": body, "by": by,
		})
	if err != nil {
		return Result{}, fmt.Errorf("keep result: %w", err)
	}
	err = audit.Record(ctx, tx, audit.Event{
		Actor: new(int64(by)), Edition: new(int64(r.EditionID)), Verb: "result.compute", Kind: "round", Subject: int64(r.ID),
		After: map[string]any{"result": id, "inputs": hash},
	})
	if err != nil {
		return Result{}, err
	}
	return Shown(ctx, tx, in)
}

func numbers(ids []entry.ID) []int64 {
	list := make([]int64, len(ids))
	for i, id := range ids {
		list[i] = int64(id)
	}
	return list
}
