package report_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/jurytest"
	"laurel/internal/media"
	"laurel/internal/pgtest"
	"laurel/internal/report"
)

const (
	filmCode = "film-code"
	inRound  = "juror"
	inFinal  = "final juror"
	making   = "maker"
	inOffice = "organizer"
	anybody  = "stranger"
)

// theatre is a film that is judged by one juror in a round and by another in a
// final ballot.
func theatre(t *testing.T) (pgx.Tx, *jurytest.Stage, map[string]account.ID) {
	t.Helper()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 0)
	people := map[string]account.ID{inRound: s.Jurors[0], inFinal: s.Jurors[1], inOffice: s.Organizer, making: s.Account("Mana", s.Email("mana")), anybody: s.Account("Sasha", s.Email("sasha"))}
	film := s.Film("Ours", people[making])
	s.Film("Second", 0)
	s.Give(people[inRound], film)
	for _, sql := range []string{
		`insert into files (code, kind, state, media_type, size, sha256, blob_key) values ('` + filmCode + `', 'screener', 'ready', 'video/mp4', 1, '\x00', 'a/b')`,
		`insert into renditions (file_id, name, media_type, size, blob_key) select id, name, 'video/mp4', 1, name from files, unnest(array['video', 'hls-360', 'poster']) as name where code = '` + filmCode + `'`,
		fmt.Sprintf(`insert into entry_files (entry_id, file_id, role, position) select %d, id, 'screener', 1 from files where code = '`+filmCode+`'`, film),
		`insert into work_files (work_id, file_id, role, position) select e.work_id, x.file_id, 'screener', 1 from entry_files x join entries e on e.id = x.entry_id`,
		fmt.Sprintf(`insert into panels (code, edition_id, name) values ('finals', %d, 'Final jury')`, s.Edition),
		fmt.Sprintf(`update seats set panel_id = (select id from panels where code = 'finals') where account_id = %d`, people[inFinal]),
		`insert into deliberations (code, edition_id, panel_id, name, quorum, seed, commitment, rules, opens_at, closes_at, called_at)
			select 'ballot', edition_id, id, 'Grand prize', 50, 's', 'c', '{}', now() - interval '1 hour', now() + interval '1 hour', now() from panels where code = 'finals'`,
		`insert into finalists (deliberation_id, entry_id, position) select d.id, e.id, row_number() over (order by e.id) from deliberations d join entries e on e.edition_id = d.edition_id`,
	} {
		if _, err := tx.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	return tx, s, people
}

// sees lists who is given a rendition.
func sees(t *testing.T, tx pgx.Tx, people map[string]account.ID, name media.Size) []string {
	t.Helper()
	var who []string
	for role, id := range people {
		_, err := report.See(t.Context(), tx, id, filmCode, []media.Size{name})
		if err == nil {
			who = append(who, role)
		} else if !errors.Is(err, pgx.ErrNoRows) {
			t.Fatal(err)
		}
	}
	slices.Sort(who)
	return who
}

// TestFilmEndsWithTheTask: what ends a right, and whose. All others keep theirs.
func TestFilmEndsWithTheTask(t *testing.T) {
	t.Parallel()
	tx, _, people := theatre(t)
	all := []string{inFinal, inRound, making, inOffice}
	slices.Sort(all)
	if got := sees(t, tx, people, media.HLS360); !slices.Equal(got, all) {
		t.Fatalf("before anything ends it is seen by %q", got)
	}
	for sql, ends := range map[string][]string{
		`update seats set left_at = clock_timestamp()`: {inRound, inFinal},
		`delete from assignments`:                      {inRound},
		`update assignments set state = 'recused'`:     {inRound},
		`insert into conflicts (account_id, entry_id, reason, actor_id) select a.id, e.id, 'knows', a.id from entries e, accounts a where a.name <> 'Mana'`: {inRound, inFinal, inOffice},
		`update rounds set closed_at = clock_timestamp()`:                     {inRound},
		`update rounds set closes_at = opens_at + interval '1 minute'`:        {inRound},
		`update rounds set extended_at = clock_timestamp()`:                   {inRound},
		`update rounds set opens_at = clock_timestamp() + interval '1 hour'`:  {inRound},
		`update deliberations set unsealed_at = clock_timestamp()`:            {inFinal},
		`update deliberations set closes_at = opens_at + interval '1 minute'`: {inFinal},
		`delete from finalists`:                                                                {inFinal},
		`update entries set state = 'withdrawn'`:                                               {inRound, inFinal, inOffice},
		`update works set frozen_until = clock_timestamp() + interval '1 hour'`:                all,
		`with x as (delete from entry_files), y as (delete from work_files) delete from files`: all,
		`update files set state = 'checking'`:                                                  all,
		`delete from entry_files`:                                                              {inRound, inFinal, inOffice},
		`update works set owner_id = null`:                                                     {making},
		`delete from memberships`:                                                              {inOffice},
	} {
		want := slices.DeleteFunc(slices.Clone(all), func(role string) bool { return slices.Contains(ends, role) })
		after(t, tx, sql, func(tx pgx.Tx) {
			if got := sees(t, tx, people, media.HLS360); !slices.Equal(got, want) {
				t.Errorf("after %q it is seen by %q, want %q", sql, got, want)
			}
		})
	}
}

// TestMakersSayHowTheirFilmIsWatched: in pieces only, by the category's jurors
// only, in a room only.
func TestMakersSayHowTheirFilmIsWatched(t *testing.T) {
	t.Parallel()
	tx, _, people := theatre(t)
	for limits, want := range map[string]map[media.Size][]string{
		`{}`:              {media.Video: {inFinal, inRound, making, inOffice}, media.HLS360: {inFinal, inRound, making, inOffice}},
		`{stream}`:        {media.Video: {making}, media.HLS360: {inFinal, inRound, making, inOffice}},
		`{category}`:      {media.Video: {inRound, making}, media.HLS360: {inRound, making}},
		`{room}`:          {media.Video: {making, inOffice}, media.HLS360: {making, inOffice}},
		`{category,room}`: {media.Video: {making, inOffice}, media.HLS360: {making, inOffice}},
		`{stream,room}`:   {media.Video: {making}, media.HLS360: {making, inOffice}},
	} {
		after(t, tx, `update works set screener_limits = '`+limits+`'`, func(tx pgx.Tx) {
			for name, who := range want {
				slices.Sort(who)
				if got := sees(t, tx, people, name); !slices.Equal(got, who) {
					t.Errorf("asked %s, %s is seen by %q, want %q", limits, name, got, who)
				}
			}
		})
	}
}

// after looks at what would be after a change, and takes it back.
func after(t *testing.T, tx pgx.Tx, sql string, look func(pgx.Tx)) {
	t.Helper()
	undo := errors.New("undone")
	err := pgx.BeginFunc(t.Context(), tx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.WithoutCancel(t.Context()), sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
		look(tx)
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
}
