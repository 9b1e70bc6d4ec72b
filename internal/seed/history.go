package seed

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"laurel/internal/account"
	"laurel/internal/jury"
	"laurel/internal/pg"
)

// An alteration is a change of an assignment that the demo has on record.
type alteration struct {
	kind   string
	at     time.Time
	plan   *jury.Plan // nil: nothing was planned
	given  []jury.Pair
	taken  []jury.Pair
	undone *time.Time
}

// remember puts on record how a round's assignment came about: the draft that was
// applied before it opened, and in a round at work what was changed since.
func (h *house) remember(ctx context.Context, round jury.RoundID, s sitting, drafted, repaired jury.Plan, now map[jury.Pair]bool) error {
	drafted.Now = map[jury.Pair]bool{}
	first, _ := drafted.Change()
	list := []alteration{{kind: string(jury.Evenly), at: h.ago(1 - s.opened), plan: &drafted, given: first}}
	if s.guest != 0 {
		since := jury.Plan{Now: drafted.Pairs, Pairs: now}
		given, taken := since.Change()
		list = append(list, alteration{kind: string(jury.Repair), at: h.ago(-s.opened - 2), plan: &repaired, given: given, taken: taken})
		for _, p := range taken {
			undone := h.ago(2).Add(7 * time.Minute)
			list = append(list, alteration{kind: "give", at: h.ago(2), given: []jury.Pair{p}, undone: &undone})
			break
		}
	}
	for _, a := range list {
		if err := h.note(ctx, round, s, a); err != nil {
			return err
		}
	}
	return nil
}

// note writes one change.
func (h *house) note(ctx context.Context, round jury.RoundID, s sitting, a alteration) error {
	args := pg.Args{
		"code": account.Code(), "round": round, "by": h.organizer, "at": a.at, "kind": a.kind, "undone": a.undone,
		"reviews": nil, "levels": []byte("[]"), "objective": nil, "bound": nil,
	}
	if a.kind != "give" {
		args["reviews"] = s.reviews
	}
	if a.plan != nil {
		levels, err := json.Marshal(a.plan.Proof.Levels)
		if err != nil {
			return fmt.Errorf("write down levels: %w", err)
		}
		args["levels"], args["objective"], args["bound"] = levels, a.plan.Proof.Objective, a.plan.Proof.Bound
	}
	id, err := pg.Value[int64](ctx, h.tx, `
		insert into assignment_changes (code, round_id, actor_id, at, kind, reviews, seed, levels, objective, bound, undone_at, undone_by)
		values (@code, @round, @by, @at, @kind, @reviews, `+fmt.Sprint(luck)+`, @levels, @objective, @bound, @undone,
		        case when @undone::timestamptz is not null then @by::bigint end)
		returning id`, args)
	if err != nil {
		return fmt.Errorf("note change: %w", err)
	}
	if err := h.moves(ctx, id, round, true, a.given); err != nil {
		return err
	}
	return h.moves(ctx, id, round, false, a.taken)
}

// moves writes what a change gave or took, with the code of the assignment if
// there still is one.
func (h *house) moves(ctx context.Context, change int64, round jury.RoundID, given bool, pairs []jury.Pair) error {
	entries, jurors, codes := make([]int64, len(pairs)), make([]int64, len(pairs)), make([]string, len(pairs))
	for i, p := range pairs {
		entries[i], jurors[i], codes[i] = int64(p.Entry), int64(p.Juror), account.Code()[:12]
	}
	_, err := h.tx.Exec(ctx, `
		insert into assignment_moves (change_id, entry_id, account_id, given, code, position)
		select @change, p.entry_id, p.account_id, @given, coalesce(a.code, p.code), coalesce(a.position, 1)
		from unnest(@entries::bigint[], @jurors::bigint[], @codes::text[]) as p (entry_id, account_id, code)
		left join assignments a on a.round_id = @round and a.entry_id = p.entry_id and a.account_id = p.account_id`,
		pg.Args{"change": change, "given": given, "round": round, "entries": entries, "jurors": jurors, "codes": codes})
	if err != nil {
		return fmt.Errorf("note what was moved: %w", err)
	}
	return nil
}
