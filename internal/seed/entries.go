package seed

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/money"
	"laurel/internal/pg"
)

// enter writes submissions into an edition, numbered in the order in which
// they were begun.
func (h *house) enter(ctx context.Context, edition festival.EditionID, list []*submission) error {
	slices.SortStableFunc(list, func(a, b *submission) int { return a.created.Compare(b.created) })
	if err := h.owners(ctx, list); err != nil {
		return err
	}
	works, err := ids[entry.WorkID](ctx, h.tx, "works", len(list))
	if err != nil {
		return err
	}
	entries, err := ids[entry.ID](ctx, h.tx, "entries", len(list))
	if err != nil {
		return err
	}
	var rows rowsOfEntries
	for i, s := range list {
		s.id, s.number = entries[i], i+1
		h.rows(&rows, edition, works[i], s)
	}
	if err := rows.write(ctx, h); err != nil {
		return err
	}
	_, err = h.tx.Exec(ctx, `update editions set last_number = @n where id = @id`, pg.Args{"n": len(list), "id": edition})
	if err != nil {
		return fmt.Errorf("count entries: %w", err)
	}
	return nil
}

// owners makes an account for every film that has none: its first director's.
func (h *house) owners(ctx context.Context, list []*submission) error {
	var homeless []*submission
	for _, s := range list {
		if s.owner == 0 {
			homeless = append(homeless, s)
		}
	}
	reserved, err := ids[account.ID](ctx, h.tx, "accounts", len(homeless))
	if err != nil {
		return err
	}
	rows := make([][]any, len(homeless))
	for i, s := range homeless {
		s.owner = reserved[i]
		name := s.film.Credits[0].Latin()
		made := s.created.Add(-time.Duration(1+h.r.IntN(40)) * time.Hour)
		rows[i] = []any{int64(s.owner), account.Code(), h.address(name), name, zone, made, made}
	}
	return fill(ctx, h.tx, "accounts", []string{"id", "code", "email", "name", "zone", "verified_at", "created_at"}, rows)
}

// address is an e-mail address for a name that nobody has yet.
func (h *house) address(name string) string {
	for n := 1; ; n++ {
		address := emailOf(name)
		if n > 1 {
			address = fmt.Sprintf("%s.%d@%s", dotted(name), n, domain)
		}
		if !h.taken[address] {
			h.taken[address] = true
			return address
		}
	}
}

const domain = "farsang.example"

func dotted(name string) string { return strings.ReplaceAll(slug(name), "-", ".") }

// emailOf is the address of a name.
func emailOf(name string) string { return dotted(name) + "@" + domain }

// rowsOfEntries are the rows of the tables that an entry stands in.
type rowsOfEntries struct{ works, entries, workFiles, entryFiles, states, consents [][]any }

func (h *house) rows(rows *rowsOfEntries, edition festival.EditionID, work entry.WorkID, s *submission) {
	for i := range s.film.Credits {
		s.film.Credits[i].ID = account.Code()[:10]
	}
	rows.works = append(rows.works, []any{int64(work), account.Code(), int64(s.owner), s.film, 1, s.created, cmp.Or(s.submitted, s.created)})
	one := []any{int64(s.id), account.Code(), int64(edition), int64(s.category.ID), int64(work), s.number, string(s.state), nil, nil, s.created, nil, nil, string(entry.FeeDue), nil, nil, nil, nil}
	if s.state != entry.Draft {
		one[7], one[8], one[10], one[12] = s.film, 1, s.submitted, string(entry.FeeNotDue)
		if rung := s.category.RungAt(s.submitted); rung != nil {
			one[11] = rung.ID
			s.charge(one[12:], rung.Fee())
		}
	}
	steps := h.timeline(s)
	if s.state == entry.Accepted || s.state == entry.Ineligible {
		one[16] = steps[len(steps)-1][4] // opened when it was checked
	}
	rows.entries = append(rows.entries, one)
	h.rowsOfFiles(rows, work, s)
	rows.states = append(rows.states, steps...)
	for _, item := range entry.Items {
		if s.state == entry.Draft || s.withholds(item) {
			continue
		}
		for _, subject := range subjects(s.film, item) {
			rows.consents = append(rows.consents, []any{int64(s.id), int64(edition), string(item), subject, string(entry.Agreed), int64(s.owner), s.submitted})
		}
	}
}

// charge gives an entry's row its fee: most have paid, some not yet, and of some
// nothing is due.
func (s *submission) charge(row []any, fee money.Amount) {
	state := entry.FeePaid
	switch {
	case fee.IsZero(), s.state == entry.Withdrawn, s.number%9 == 4:
		return
	case s.number%13 == 5:
		state = entry.FeeDue
	}
	row[0], row[1], row[2], row[3] = string(state), fee.Minor, fee.Minor, fee.Currency
}

// withholds says whether the makers keep an item to themselves: who keeps names
// back keeps back what tells them.
func (s *submission) withholds(item entry.Item) bool {
	telling := []entry.Item{entry.PublishStatement, entry.PublishTrailer, entry.PublishLinks, entry.TellPress, entry.TellPartners}
	return slices.Contains(s.withheld, item) || slices.Contains(s.withheld, entry.PublishNames) && slices.Contains(telling, item)
}

// subjects are whose consent an item needs.
func subjects(film entry.Film, item entry.Item) []string {
	if item != entry.PublishNames {
		return []string{""}
	}
	var names []string
	for _, c := range film.Credits {
		names = append(names, c.ID)
	}
	if film.StillsBy != "" {
		names = append(names, entry.StillsBySubject)
	}
	return names
}

func (h *house) rowsOfFiles(rows *rowsOfEntries, work entry.WorkID, s *submission) {
	add := func(file int64, role entry.FileRole, position int, at time.Time) {
		rows.workFiles = append(rows.workFiles, []any{int64(work), file, string(role), position, at})
		if s.state != entry.Draft {
			rows.entryFiles = append(rows.entryFiles, []any{int64(s.id), file, string(role), position})
		}
	}
	if s.screener {
		add(int64(h.files.screener), entry.ScreenerFile, 1, s.created)
	}
	for i, still := range s.stills {
		add(int64(h.files.stills[still]), entry.StillFile, i+1, s.created)
	}
}

// timeline is every state that an entry has been in.
func (h *house) timeline(s *submission) [][]any {
	steps := [][]any{{int64(s.id), string(entry.Draft), "", int64(s.owner), s.created}}
	if s.state == entry.Draft {
		return steps
	}
	steps = append(steps, []any{int64(s.id), string(entry.Submitted), "", int64(s.owner), s.submitted})
	if s.state == entry.Submitted {
		return steps
	}
	at := s.submitted.Add(time.Duration(10+h.r.IntN(60)) * time.Hour)
	if at.After(h.now) {
		at = h.now.Add(-time.Hour)
	}
	by := h.organizer
	if s.state == entry.Withdrawn {
		by = s.owner
	}
	return append(steps, []any{int64(s.id), string(s.state), s.reason, int64(by), at})
}

func (r *rowsOfEntries) write(ctx context.Context, h *house) error {
	for _, t := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"works", []string{"id", "code", "owner_id", "film", "version", "created_at", "updated_at"}, r.works},
		{"entries", []string{"id", "code", "edition_id", "category_id", "work_id", "number", "state", "film", "film_version", "created_at", "submitted_at", "deadline_id", "fee", "fee_base", "fee_minor", "fee_currency", "opened_at"}, r.entries},
		{"work_files", []string{"work_id", "file_id", "role", "position", "created_at"}, r.workFiles},
		{"entry_files", []string{"entry_id", "file_id", "role", "position"}, r.entryFiles},
		{"entry_states", []string{"entry_id", "state", "reason", "actor_id", "at"}, r.states},
		{"consent_acts", []string{"entry_id", "edition_id", "item", "subject", "decision", "actor_id", "at"}, r.consents},
	} {
		if err := fill(ctx, h.tx, t.table, t.columns, t.rows); err != nil {
			return err
		}
	}
	return nil
}

// crowd makes n films for a category, sent in the days before its end or now.
func (h *house) crowd(c festival.Category, n, since int) []*submission {
	list := make([]*submission, n)
	for i := range list {
		s := &submission{film: h.film(c), category: c, state: entry.Accepted, screener: chance(h.r, 90), quality: h.quality()}
		h.when(s, since)
		s.stills = h.someStills()
		if !s.screener {
			s.film.ScreenerLink = "https://films.example/" + slug(s.film.Title)
			s.film.ScreenerPassword = "farsang"
		}
		for _, item := range []entry.Item{entry.PublishNames, entry.PublishCountries, entry.PublishSynopsis, entry.PublishStills} {
			if chance(h.r, 4) {
				s.withheld = append(s.withheld, item)
			}
		}
		list[i] = s
	}
	return list
}

// quality is around 6, mostly between 4 and 8.
func (h *house) quality() float64 { return min(9.4, max(2.2, 6.1+1.35*h.r.NormFloat64())) }

// when places a film between the call's opening and the category's end: most
// come in the days before a deadline.
func (h *house) when(s *submission, since int) {
	begin, end := h.ago(since).Add(2*time.Hour), s.category.Last().ClosesAt
	if end.After(h.now) {
		end = h.now
	}
	s.submitted = begin.Add(time.Duration(h.r.Float64() * float64(end.Sub(begin)-2*time.Hour)))
	if rung := pick(h.r, s.category.Deadlines); chance(h.r, 65) && rung.ClosesAt.Before(h.now) {
		s.submitted = rung.ClosesAt.Add(-time.Duration(h.r.ExpFloat64() * float64(60*time.Hour)))
	}
	if s.submitted.Before(begin) || !s.submitted.Before(end.Add(-time.Minute)) {
		s.submitted = begin.Add(time.Duration(h.r.Float64() * float64(end.Sub(begin)-2*time.Hour)))
	}
	s.created = s.submitted.Add(-time.Duration(1+h.r.IntN(9*24)) * time.Hour)
	if s.created.Before(h.ago(since)) {
		s.created = h.ago(since).Add(time.Hour)
	}
}

// someStills are up to three pictures of one place, another place each time.
func (h *house) someStills() []int {
	n := len(stillNames)
	h.shown++
	at := 7 * h.shown % n
	switch {
	case chance(h.r, 7):
		return nil
	case chance(h.r, 50):
		return []int{at, at + n}
	}
	return []int{at + n}
}
