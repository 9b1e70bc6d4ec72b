package media

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"laurel/internal/pg"
)

// ErrBusy is the error of a file that somebody works on already. Whoever is
// killed is not waited for longer than lease.
var ErrBusy = errors.New("somebody works on this file")

const (
	beat  = 2 * time.Second // between two signs of life, which also tell how far it is
	lease = 15 * time.Second
)

// A Work is one file that nobody else works on.
type Work struct {
	db    pg.DB
	vault Vault
	id    ID
	kind  Kind
	state State
	typed string // media type
	early bool   // a film that was made before films were measured and cut into pieces

	mu       sync.Mutex
	step     Step
	progress int
	stop     context.CancelFunc
	stopped  chan struct{}
}

// Begin takes a file to work on and deletes what whoever was killed over it
// left behind. End gives it back.
func Begin(ctx context.Context, db pg.DB, v Vault, id ID) (*Work, error) {
	type taken struct {
		Kind      Kind
		State     State
		MediaType string
		Early     bool
	}
	rows, err := pg.Rows[taken](ctx, db, `
		update files
		set stepped_at = clock_timestamp()
		where id = @id and (stepped_at is null or stepped_at < clock_timestamp() - @lease::interval)
		returning kind, state, media_type, kind = 'screener' and state = 'ready' and findings is null as early`,
		pg.Args{"id": id, "lease": lease})
	if err != nil {
		return nil, fmt.Errorf("take file %d: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, absent(ctx, db, id)
	}
	w := &Work{db: db, vault: v, id: id, kind: rows[0].Kind, state: rows[0].State, typed: rows[0].MediaType, early: rows[0].Early, stopped: make(chan struct{})}
	beating, stop := context.WithCancel(ctx)
	w.stop = stop
	go w.live(beating)
	if err := w.Tidy(ctx); err != nil {
		return nil, errors.Join(err, w.End(ctx))
	}
	return w, nil
}

// absent says why a file was not to be had: it is gone, or somebody has it.
func absent(ctx context.Context, db pg.DB, id ID) error {
	_, err := pg.Value[ID](ctx, db, `
		select id
		from files
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("find file %d: %w", id, err)
	}
	return ErrBusy
}

// ID is the file's.
func (w *Work) ID() ID { return w.id }

// at notes how far the work is; live writes it down with its next beat.
func (w *Work) at(step Step, progress int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.step, w.progress = step, progress
}

// live gives signs of life until ctx is done. A beat that fails is no harm:
// the next one may not.
func (w *Work) live(ctx context.Context) {
	defer close(w.stopped)
	ticks := time.NewTicker(beat)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			_ = w.beat(ctx)
		}
	}
}

func (w *Work) beat(ctx context.Context) error {
	w.mu.Lock()
	step, progress := w.step, w.progress
	w.mu.Unlock()
	_, err := w.db.Exec(ctx, `
		update files
		set stepped_at = clock_timestamp(), step = @step, progress = @progress
		where id = @id`,
		pg.Args{"id": w.id, "step": string(step), "progress": progress})
	return err
}

// End gives the file back.
func (w *Work) End(ctx context.Context) error {
	w.stop()
	<-w.stopped
	_, err := w.db.Exec(context.WithoutCancel(ctx), `
		update files
		set stepped_at = null,
			step = case when state = 'checking' then 'waiting' else '' end,
			progress = case when state = 'checking' then 0 else 100 end
		where id = @id`,
		pg.Args{"id": w.id})
	if err != nil {
		return fmt.Errorf("give back file %d: %w", w.id, err)
	}
	return nil
}
