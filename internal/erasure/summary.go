package erasure

import (
	"context"
	"fmt"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
)

// A Summary is what erasing would empty, before anybody does it.
type Summary struct {
	Title   string // of a work; empty for a person
	Works   int
	Entries int
	Files   int
	Stores  []Store // those that hold anything
}

// SummaryOfWork is what is known of a work of the owner's.
func SummaryOfWork(ctx context.Context, db pg.DB, owner account.ID, code string) (Summary, error) {
	w, err := entry.WorkBy(ctx, db, owner, code)
	if err != nil {
		return Summary{}, err
	}
	if err := w.Level.Refuse(entry.LevelOwner); err != nil {
		return Summary{}, err
	}
	sum, err := summary(ctx, db, []int64{int64(w.ID)}, nil)
	sum.Title = w.Film.MainTitle()
	return sum, err
}

// SummaryOfAccount is what is known of a person and their works.
func SummaryOfAccount(ctx context.Context, db pg.DB, who account.ID) (Summary, error) {
	works, err := pg.Values[int64](ctx, db, `select id from works where owner_id = @who order by id`, pg.Args{"who": who})
	if err != nil {
		return Summary{}, fmt.Errorf("list own works: %w", err)
	}
	return summary(ctx, db, works, []int64{int64(who)})
}

func summary(ctx context.Context, db pg.DB, works, accounts []int64) (Summary, error) {
	s, err := scopeOf(ctx, db, works, accounts)
	if err != nil {
		return Summary{}, err
	}
	rows := map[group]int{}
	for _, st := range storesOf(s) {
		n, err := pg.Value[int](ctx, db, "select count(*)::int from "+st.table+" x where "+st.rows, st.args(s))
		if err != nil {
			return Summary{}, fmt.Errorf("count %s: %w", st.table, err)
		}
		rows[st.group] += n
	}
	sum := Summary{Works: len(works), Entries: len(s.entries), Files: len(s.files)}
	for _, g := range groups {
		if rows[g] > 0 {
			sum.Stores = append(sum.Stores, Store{string(g), rows[g]})
		}
	}
	return sum, nil
}
