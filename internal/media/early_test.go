package media_test

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/job"
	"laurel/internal/media"
	"laurel/internal/pg"
)

// early is a house with a film from before films were measured and cut into
// pieces: ready, with one copy and nothing known of it.
func early(t *testing.T) (h house, f media.File, copied string) {
	t.Helper()
	film, err := os.ReadFile("../seed/screener.mp4")
	if err != nil {
		t.Fatal(err)
	}
	h = newHouse(t)
	f = h.screen(t, film)
	if ids := h.takenUp(t); len(ids) > 0 {
		t.Fatalf("of a film that has all, %v are made", ids)
	}
	h.do(t, func(tx pgx.Tx) (err error) {
		for _, sql := range []string{
			`delete from subtitles`,
			`delete from renditions where name <> 'video'`,
			`update files set findings = null, created_at = created_at - interval '1 day'`,
		} {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		copied, err = pg.Value[string](t.Context(), tx, `select blob_key from renditions where file_id = @id`, pg.Args{"id": f.ID})
		return err
	})
	return h, f, copied
}

// takenUp are the files of which the round has something made.
func (h house) takenUp(t *testing.T) (ids []int64) {
	t.Helper()
	h.do(t, func(tx pgx.Tx) (err error) {
		if err := media.Resume(t.Context(), tx); err != nil {
			return err
		}
		ids, err = pg.Values[int64](t.Context(), tx, `select (args ->> 'file_id')::bigint from river_job where kind = @kind`, pg.Args{"kind": job.MediaArgs{}.Kind()})
		return err
	})
	return ids
}

func TestAnEarlyFilmIsMadeOnceMore(t *testing.T) {
	t.Parallel()
	h, f, old := early(t)
	if ids := h.takenUp(t); len(ids) != 1 || ids[0] != int64(f.ID) {
		t.Fatalf("asked for %v", ids)
	}
	h.work(t, f.ID)
	f, err := media.ByCode(t.Context(), h.db, f.Code)
	if err != nil || f.State != media.Ready || f.Findings == nil {
		t.Fatalf("%+v, %v", f, err)
	}
	if rungs, err := media.Ladder(t.Context(), h.db, f.Code); err != nil || len(rungs) == 0 {
		t.Errorf("%v, %v", rungs, err)
	}
	if _, _, err := h.vault.Store.Open(t.Context(), old); err == nil {
		t.Error("the old copy is kept")
	}
}

// One that could not be made today stays as it is, and is not tried again.
func TestAnEarlyFilmStaysWhereItCannotBeMade(t *testing.T) {
	t.Parallel()
	h, f, old := early(t)
	h.do(t, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `update files set media_type = 'video/webm'`) // it cannot be read as that
		return err
	})
	h.work(t, f.ID)
	f, err := media.ByCode(t.Context(), h.db, f.Code)
	if err != nil || f.State != media.Ready || f.Refusal != "" || f.Findings != nil {
		t.Fatalf("%+v, %v", f, err)
	}
	content, _, err := h.vault.Store.Open(t.Context(), old)
	if err != nil {
		t.Fatal(err)
	}
	content.Close()
	if ids := h.takenUp(t); len(ids) > 0 {
		t.Errorf("it is tried again: %v", ids)
	}
}
