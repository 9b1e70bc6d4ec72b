package entry

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Maker is a person of a work.
type Maker struct {
	AccountID account.ID
	Code      string // of the account
	Name      string
	Level     Level
	Since     time.Time
}

// Makers lists the people of a maker's work: its owner, then the others in the
// order in which they came.
func Makers(ctx context.Context, db pg.DB, maker account.ID, code string) ([]Maker, error) {
	w, err := WorkBy(ctx, db, maker, code)
	if err != nil {
		return nil, err
	}
	list, err := pg.Rows[Maker](ctx, db, `
		select m.account_id, a.code, a.name, m.level, coalesce(c.created_at, w.created_at) as since
		from makers m
		join accounts a on a.id = m.account_id
		join works w on w.id = m.work_id
		left join collaborators c on c.work_id = m.work_id and c.account_id = m.account_id
		where m.work_id = @work
		order by m.level <> 'owner', c.created_at, m.account_id`,
		pg.Args{"work": w.ID})
	if err != nil {
		return nil, fmt.Errorf("list makers: %w", err)
	}
	return list, nil
}

// SetLevel changes what another maker of the owner's work may do, from the next
// request on.
func SetLevel(ctx context.Context, tx pgx.Tx, owner account.ID, code, other string, to Level) error {
	if !given(to) {
		return problem.Field("level", "maker.level-missing", "Choose what they may do.")
	}
	w, err := lockWork(ctx, tx, owner, code, LevelOwner)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		update collaborators
		set level = @level
		where work_id = @work and account_id = (select id from accounts where code = @other) and level <> 'former'`,
		pg.Args{"work": w.ID, "other": other, "level": to})
	if err != nil {
		return fmt.Errorf("change maker: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.Missing()
	}
	return record(ctx, tx, owner, nil, "work.maker", "work", int64(w.ID), map[string]any{"level": to})
}

// RemoveMaker ends that a person makes a work: the owner may remove anybody
// else, and everybody else themselves. It holds from the next request on; what
// they wrote stays, and so does that they must not judge it.
func RemoveMaker(ctx context.Context, tx pgx.Tx, maker account.ID, code, other string) error {
	w, err := lockWork(ctx, tx, maker, code, LevelView)
	if err != nil {
		return err
	}
	id, err := pg.Value[account.ID](ctx, tx, `select id from accounts where code = @other`, pg.Args{"other": other})
	if err != nil {
		return fmt.Errorf("find maker: %w", err)
	}
	if id != maker {
		if err := w.Level.Refuse(LevelOwner); err != nil {
			return err
		}
	}
	tag, err := tx.Exec(ctx, `
		update collaborators
		set level = 'former'
		where work_id = @work and account_id = @maker and level <> 'former'`,
		pg.Args{"work": w.ID, "maker": id})
	if err != nil {
		return fmt.Errorf("remove maker: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.Missing()
	}
	return record(ctx, tx, maker, nil, "work.unmaker", "work", int64(w.ID), nil)
}

// given says whether an owner can give the level to somebody else.
func given(l Level) bool { return l.May(LevelView) && l != LevelOwner }
