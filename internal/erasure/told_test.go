package erasure_test

import (
	"slices"
	"testing"

	"laurel/internal/erasure"
	"laurel/internal/pg"
)

// told lists what the festivals were told of films.
func told(t *testing.T, db pg.DB) []string {
	t.Helper()
	codes, err := pg.Values[string](t.Context(), db, `select code from fingerprints order by code`, nil)
	ok(t, err)
	return codes
}

// TestAWorkIsNotKnownByItsFingerprintEither once it is erased: neither by that
// of a film that is here, nor of one that is on its way. Others stay.
func TestAWorkIsNotKnownByItsFingerprintEither(t *testing.T) {
	t.Parallel()
	s := set(t)
	for _, sql := range []string{
		`update files set sha256 = sha256(code::bytea)`,
		`insert into uploads (code, work_id, role, size, claimed, part) select 'coming', w.id, 'screener', 10, sha256('coming'), 'coming' from works w where w.owner_id = @maker`,
		`insert into fingerprints (code, edition_id, figures, noted_at)
		select 'here', ed.id, left(encode(f.sha256, 'hex'), 32), now()
		from editions ed, (select f.sha256 from files f join work_files x on x.file_id = f.id join works w on w.id = x.work_id and w.owner_id = @maker limit 1) f
		limit 1`,
		`insert into fingerprints (code, edition_id, figures, noted_at) select 'coming', id, encode(sha256('coming'), 'hex'), now() from editions limit 1`,
		`insert into fingerprints (code, edition_id, figures, noted_at) select 'other', id, encode(sha256('other'), 'hex'), now() from editions limit 1`,
	} {
		args := pg.Args{}
		if parameter.MatchString(sql) {
			args["maker"] = s.maker
		}
		_, err := s.pool.Exec(t.Context(), sql, args)
		ok(t, err)
	}
	if got := told(t, s.pool); !slices.Equal(got, []string{"coming", "here", "other"}) {
		t.Fatalf("planted: %v", got)
	}
	s.eraseWork()
	if got := told(t, s.pool); !slices.Equal(got, []string{"other"}) {
		t.Errorf("left: %v", got)
	}
}

// TestFingerprintsGoAfterTheCall: 60 days after the last deadline of the
// edition, by when nothing can follow any more.
func TestFingerprintsGoAfterTheCall(t *testing.T) {
	t.Parallel()
	s := keep(t, outcome("selected"))
	s.run(`insert into fingerprints (code, edition_id, figures, noted_at) select 'f', id, repeat('0', 32), now() from editions limit 1`)
	for _, c := range []struct {
		days string
		left int
	}{{"59", 1}, {"61", 0}} {
		s.run(`update deadlines set closes_at = now() - interval '`+c.days+` days' - interval '1 hour' * (id % 24)`, `update deadlines set closes_at = now() - interval '`+c.days+` days' where id = (select max(id) from deadlines)`)
		ok(t, erasure.Expire(t.Context(), s.pool))
		if got := told(t, s.pool); len(got) != c.left {
			t.Errorf("%s days after the last deadline: %v", c.days, got)
		}
	}
}
