package report_test

import (
	"testing"

	"laurel/internal/account"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/report"
)

// What a collaborator sent belongs to the film: all of its makers see it, and
// its sender only as long as they are one. A film that is shut shows nothing.
func TestMakersFiles(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 0)
	owner, sender, reader := s.Account("Owner", s.Email("owner")), s.Account("Sender", s.Email("sender")), s.Account("Reader", s.Email("reader"))
	film := s.Film("Together", owner)
	do := func(sql string, args pg.Args) {
		t.Helper()
		_, err := tx.Exec(t.Context(), sql, args)
		must(t, err)
	}
	do(`
		with sent as (
			insert into files (code, owner_id, kind, media_type, size, sha256, blob_key)
			values ('still-code', @sender, 'still', 'image/jpeg', 1, '\x00', 'a/c')
			returning id),
		others as (
			insert into collaborators (work_id, account_id, level)
			select e.work_id, who.id, who.level
			from entries e
			cross join (values (@sender::bigint, 'edit'), (@reader::bigint, 'view')) as who (id, level)
			where e.id = @film)
		insert into work_files (work_id, file_id, role, position)
		select e.work_id, sent.id, 'still', 1
		from entries e, sent
		where e.id = @film`,
		pg.Args{"sender": sender, "reader": reader, "film": film})
	see := func(when string, want map[account.ID]bool) {
		t.Helper()
		for who, may := range want {
			got, err := report.MaySee(t.Context(), tx, who, "still-code")
			must(t, err)
			if got != may {
				t.Errorf("%s: account %d sees it: %v", when, who, got)
			}
		}
	}
	see("together", map[account.ID]bool{owner: true, sender: true, reader: true, s.Organizer: false, 0: false})
	do(`delete from collaborators where account_id = @sender`, pg.Args{"sender": sender})
	see("without the sender", map[account.ID]bool{owner: true, sender: false, reader: true})
	do(`update works set frozen_until = clock_timestamp() + interval '1 hour' where owner_id = @owner`, pg.Args{"owner": owner})
	see("shut", map[account.ID]bool{owner: false, sender: false, reader: false})
}
