package entry

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Contact is who submitted an imported entry.
type Contact struct {
	Name  string `json:"name,omitzero"`
	Email string `json:"email,omitzero"`
}

// An Answer is a question of another system and what the makers answered.
type Answer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// An Imported entry is one submission in another system, for one category.
type Imported struct {
	SourceID    string // the other system's name of the submission; several categories share one film
	Category    festival.CategoryID
	Film        Film // mended
	Contact     Contact
	Answers     []Answer
	State       State     // Submitted, Ineligible or Withdrawn
	Reason      string    // for the timeline of one that is not Submitted
	SubmittedAt time.Time // zero: now
	Deadline    string    // name of the rung, if the category has one of this name
}

// A Batch is what comes in together: all of it or nothing.
type Batch struct {
	Edition festival.EditionID
	Source  string // the other system: with Edition and SourceID it names an entry for ever
	By      account.ID
	Publish []Item // what may be public of the new entries, as the festival says that their makers agreed
	Entries []Imported
}

// An Effect is what an import does, or would do, to one entry.
type Effect string

// The effects of an import.
const (
	New       Effect = "new"
	Updated   Effect = "updated"
	Unchanged Effect = "unchanged"
	Claimed   Effect = "claimed" // its makers have an account here and say themselves what changes
)

// existing is an entry that came from the same source before.
type existing struct {
	ID         ID
	WorkID     WorkID
	CategoryID festival.CategoryID
	SourceID   string
	OwnerID    *account.ID
	State      State
	Film       Film
	Contact    Contact
	Answers    []Answer
}

// base is the source's own name of the submission, without the category that
// a second entry of it carries.
func base(sourceID string) string {
	name, _, _ := strings.Cut(sourceID, "/")
	return name
}

// Effects says what Import would do with each entry of b, in order.
func Effects(ctx context.Context, db pg.DB, b Batch) ([]Effect, error) {
	changes, err := compare(ctx, db, b)
	if err != nil {
		return nil, err
	}
	effects := make([]Effect, len(changes))
	for i, c := range changes {
		effects[i] = c.effect
	}
	return effects, nil
}

// Import writes the batch: new works with their entries, and over those that
// the same source sent before. It gives the effect on each entry, in order. An
// entry whose work somebody owns is left alone, and a state that the festival
// has given is never taken back: of states only withdrawal and disqualification
// come in again. No letters are written.
func Import(ctx context.Context, tx pgx.Tx, b Batch) ([]Effect, error) {
	if err := lockEdition(ctx, tx, b); err != nil {
		return nil, err
	}
	changes, err := compare(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	effects := make([]Effect, len(changes))
	var added, updated []change
	for i, c := range changes {
		effects[i] = c.effect
		switch c.effect {
		case New:
			added = append(added, c)
		case Updated:
			updated = append(updated, c)
		}
	}
	if err := b.add(ctx, tx, added); err != nil {
		return nil, fmt.Errorf("import new entries: %w", err)
	}
	if err := b.update(ctx, tx, updated); err != nil {
		return nil, fmt.Errorf("import over entries: %w", err)
	}
	return effects, nil
}

// lockEdition keeps other imports and submissions of the edition waiting, and
// refuses categories that are not the edition's.
func lockEdition(ctx context.Context, tx pgx.Tx, b Batch) error {
	if _, err := tx.Exec(ctx, `select from editions where id = @id for no key update`, pg.Args{"id": b.Edition}); err != nil {
		return fmt.Errorf("lock edition: %w", err)
	}
	var wanted []festival.CategoryID
	for _, e := range b.Entries {
		if !slices.Contains(wanted, e.Category) {
			wanted = append(wanted, e.Category)
		}
	}
	n, err := pg.Value[int](ctx, tx, `
		select count(*)::integer
		from categories
		where edition_id = @edition and id = any(@ids)`,
		pg.Args{"edition": b.Edition, "ids": numbers(wanted)})
	if err != nil {
		return fmt.Errorf("check categories: %w", err)
	}
	if n != len(wanted) {
		return problem.Missing()
	}
	return nil
}

// A change is an entry of a batch beside what is here of it.
type change struct {
	Imported
	effect   Effect
	was      *existing // nil for a new entry
	work     WorkID    // 0: to be made
	sourceID string
}

// compare finds what is here of a batch and what is different.
func compare(ctx context.Context, db pg.DB, b Batch) ([]change, error) {
	here, err := b.here(ctx, db)
	if err != nil {
		return nil, err
	}
	changes := make([]change, len(b.Entries))
	for i, e := range b.Entries {
		e.Film.tidy()
		changes[i] = change{Imported: e, effect: New, sourceID: e.SourceID}
	}
	for name, of := range grouping(b.Entries) {
		match(changes, of, here[name])
	}
	return changes, nil
}

// grouping are the places of a batch's entries by submission.
func grouping(entries []Imported) map[string][]int {
	by := map[string][]int{}
	for i, e := range entries {
		by[e.SourceID] = append(by[e.SourceID], i)
	}
	return by
}

// match pairs the entries of one submission with those here: by category, and
// the only one with the only one when it has changed its category.
func match(changes []change, of []int, here []existing) {
	taken := map[string]bool{}
	for i := range here {
		taken[here[i].SourceID] = true
	}
	for _, i := range of {
		c := &changes[i]
		if len(here) > 0 {
			c.work = here[0].WorkID
		}
		at := slices.IndexFunc(here, func(x existing) bool { return x.CategoryID == c.Category })
		if at < 0 && len(here) == 1 && len(of) == 1 {
			at = 0
		}
		if at >= 0 {
			c.was, c.sourceID = &here[at], here[at].SourceID
			c.Film.adopt(here[at].Film)
			c.effect = c.against(here[at])
			continue
		}
		if taken[c.sourceID] {
			c.sourceID += "/" + strconv.FormatInt(int64(c.Category), 10)
		}
		taken[c.sourceID] = true
		if len(here) > 0 && here[0].OwnerID != nil {
			c.effect = Claimed
		}
	}
}

// against says what a change does to the entry that is here.
func (c change) against(x existing) Effect {
	switch {
	case x.OwnerID != nil:
		return Claimed
	case c.Category == x.CategoryID && c.Contact == x.Contact && slices.Equal(c.Answers, x.Answers) &&
		c.move(x) == "" && reflect.DeepEqual(c.Film, x.Film):
		return Unchanged
	}
	return Updated
}

// move is the state that an entry here has to be given, or empty.
func (c change) move(x existing) State {
	if c.State != Submitted && c.State != x.State && slices.Contains(edges[x.State], c.State) {
		return c.State
	}
	return ""
}

// here reads the entries that came from the same source before, by submission.
func (b Batch) here(ctx context.Context, db pg.DB) (map[string][]existing, error) {
	ids, err := b.known(ctx, db)
	if err != nil {
		return nil, err
	}
	by := map[string][]existing{}
	for part := range slices.Chunk(ids, portion) {
		found, err := pg.Rows[existing](ctx, db, `
			select e.id, e.work_id, e.category_id, e.source_id, w.owner_id, e.state, e.film, e.contact, e.answers
			from entries e
			join works w on w.id = e.work_id
			where e.id = any(@ids)
			order by e.id`,
			pg.Args{"ids": part})
		if err != nil {
			return nil, fmt.Errorf("read imported entries: %w", err)
		}
		for _, x := range found {
			x.Film.tidy()
			by[base(x.SourceID)] = append(by[base(x.SourceID)], x)
		}
	}
	return by, nil
}

// known are the entries of the batch's submissions that are here, by id.
func (b Batch) known(ctx context.Context, db pg.DB) ([]int64, error) {
	wanted := make(map[string]bool, len(b.Entries))
	for _, e := range b.Entries {
		wanted[e.SourceID] = true
	}
	type source struct {
		ID       int64
		SourceID string
	}
	found, err := pg.Rows[source](ctx, db, `
		select id, source_id
		from entries
		where edition_id = @edition and source = @source
		order by id`,
		pg.Args{"edition": b.Edition, "source": b.Source})
	if err != nil {
		return nil, fmt.Errorf("find imported entries: %w", err)
	}
	var ids []int64
	for _, x := range found {
		if wanted[base(x.SourceID)] {
			ids = append(ids, x.ID)
		}
	}
	return ids, nil
}

// portion is how many rows go into one statement: enough to be fast, few
// enough to end long before a statement may take too long.
const portion = 1000

// document is v as JSON text for a jsonb column; our own types always have one.
func document(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("entry: " + err.Error())
	}
	return string(text)
}
