package entry

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// bound are the items of which a yes is to the very words that were read. The
// facts of a film and its countries are not: they are read in the reader's
// language, and say nothing that the call has not asked for.
var bound = []Item{PublishNames, PublishSynopsis, PublishStatement, PublishTrailer, PublishLinks}

// askAgain asks anew about everything that would be public otherwise in what is
// sent now than when it was agreed to: who agreed to initials has not agreed to
// a name, nor to another text in the place of the one that was read, nor to a
// picture that came later. Until somebody answers, it is not public.
func (s submission) askAgain(ctx context.Context, tx pgx.Tx, maker account.ID) error {
	agreed, err := agreedTo(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	stills := stillsOf(s.files)
	if s.Film != nil { // agreed to before the texts were kept: what was sent then was shown
		for _, a := range questionsOf(ctx, *s.Film, len(stills)) {
			if was, yes := agreed[a.of()]; yes && was.Shown == "" {
				was.Shown = a.Text()
				agreed[a.of()] = was
			}
		}
	}
	for _, a := range questionsOf(ctx, s.work.Film, len(stills)) {
		was, yes := agreed[a.of()]
		other := slices.Contains(bound, a.Item) && was.Shown != "" && !strings.HasSuffix(was.Shown, "\n"+a.Shown)
		later := a.Item == PublishStills && slices.ContainsFunc(stills, func(f File) bool { return f.CreatedAt.After(was.At) })
		if !yes || !other && !later {
			continue
		}
		if err := answer(ctx, tx, maker, s.Entry, a, Later); err != nil {
			return err
		}
	}
	return nil
}

// A matter is what one answer is about.
type matter struct {
	Item    Item
	Subject string
}

func (a Asked) of() matter { return matter{a.Item, a.Subject} }

// An agreement is a yes: what was shown, and when it was said.
type agreement struct {
	matter
	Shown string // empty for answers from before the texts were kept
	At    time.Time
}

// agreedTo is all of an entry that may be public.
func agreedTo(ctx context.Context, db pg.DB, id ID) (map[matter]agreement, error) {
	rows, err := pg.Rows[struct {
		Item    Item
		Subject string
		Shown   string
		At      time.Time
	}](ctx, db, `
		select item, subject, shown, at
		from (
			select distinct on (item, subject) item, subject, decision, shown, at
			from consent_acts
			where entry_id = @id
			order by item, subject, id desc) newest
		where decision = 'yes'`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("list what was agreed to: %w", err)
	}
	agreed := map[matter]agreement{}
	for _, r := range rows {
		m := matter{r.Item, r.Subject}
		agreed[m] = agreement{m, r.Shown, r.At}
	}
	return agreed, nil
}
