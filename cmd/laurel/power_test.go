package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/pg"
	"laurel/internal/powertest"
)

// powered is a Laurel whose folder, database and all, lies on a disk whose power
// can be cut.
func powered(t *testing.T) (*mortal, *powertest.Disk) {
	t.Helper()
	dir := reachable(t)
	disk := powertest.New(t, dir)
	m := newMortalIn(t, dir)
	t.Cleanup(m.killAll)
	return m, disk
}

// killAll kills the program and all of its database at one moment: the program
// is stopped first, so that it neither answers nor starts another database.
func (m *mortal) killAll() {
	m.t.Helper()
	m.falls()
	if err := m.process.Signal(syscall.SIGSTOP); err != nil {
		return // it was killed before
	}
	var gone []int
	if first := m.postmaster(); first != 0 {
		gone = m.killFrom(first)
	}
	if err := m.process.Kill(); err != nil {
		m.t.Fatal(err)
	}
	m.process.Wait()
	for late := time.Now().Add(10 * time.Second); len(gone) > 0; {
		if syscall.Kill(gone[0], 0) != nil {
			gone = gone[1:]
		} else if time.Now().After(late) {
			m.t.Fatalf("process %d does not end", gone[0])
		} else {
			time.Sleep(time.Millisecond)
		}
	}
}

// powerCut takes the power from everything and gives it back. A share of what
// was not synced had reached the disk by then.
func (m *mortal) powerCut(disk *powertest.Disk, share float64) {
	m.t.Helper()
	m.killAll()
	disk.Cut(share)
	m.start()
}

// anyShare is nothing, half or most of it.
func anyShare() float64 { return []float64{0, 0, 0.5, 0.9}[rand.IntN(4)] }

// powerCuts is how often the power is cut: not at all where LAUREL_POWER_CUTS
// does not say so, for it takes seconds each time.
func powerCuts(t *testing.T) int {
	t.Helper()
	n := asked(t, "LAUREL_POWER_CUTS", 0)
	if n == 0 {
		t.Skip("how often the power is cut, say in LAUREL_POWER_CUTS: README, Measured")
	}
	return n
}

// TestWhatWasSavedOutlivesAPowerCut cuts the power in the middle of people's
// saving.
func TestWhatWasSavedOutlivesAPowerCut(t *testing.T) {
	cuts := powerCuts(t)
	m, disk := powered(t)
	all, acks := m.writers(7, true)
	var acts []func()
	for range cuts {
		acts = append(acts, func() { m.powerCut(disk, anyShare()) })
	}
	n, lost := m.savesThrough(all, acks, max(asked(t, "LAUREL_SAVES", 0)/cuts, 100), acts)
	t.Logf("%d power cuts: %d saves acknowledged, %d lost", cuts, n, lost)
}

// TestALyingDiskLosesSaves is the control: where the disk says that the
// database's log is synced when it is not, a power cut loses what was
// acknowledged, and the same check sees it.
func TestALyingDiskLosesSaves(t *testing.T) {
	powerCuts(t)
	m, disk := powered(t)
	all, acks := m.writers(7, true)
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		if _, err := pool.Exec(ctx, `checkpoint`); err != nil {
			t.Fatal(err)
		}
	})
	disk.Lies("postgres/pg_wal")
	acked, lost := m.losesThrough(all[7:], acks, 1, func() { m.powerCut(disk, 0) })
	t.Logf("with a disk that lies, and one power cut: %d saves acknowledged, %d lost", acked, lost)
	if lost == 0 {
		t.Error("nothing was lost: this harness could not see a loss")
	}
}

// durable is how many bytes the database says are there, and how many there are.
func (m *mortal) durable() (said, there int64) {
	m.t.Helper()
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		type row struct {
			Part    string
			Durable int64
		}
		u, err := pg.One[row](ctx, pool, `select part, durable from uploads`, pg.Args{})
		if err != nil {
			m.t.Fatal(err)
		}
		said = u.Durable
		if st, err := os.Stat(filepath.Join(m.dir, "parts", u.Part)); err == nil {
			there = st.Size()
		}
	})
	return said, there
}

// TestAnUploadOutlivesPowerCuts sends a film while the power is cut: nothing that
// was acknowledged is missing, little is sent twice, and the film arrives bit
// for bit.
func TestAnUploadOutlivesPowerCuts(t *testing.T) {
	cuts := powerCuts(t)
	m, disk := powered(t)
	work, token := m.workToSendTo()
	name, sum := filmOf(t, 8<<20*(cuts+1))
	s := m.sender(token, name)
	s.begin(work, sum)
	s.sendThrough(cuts, func() {
		m.powerCut(disk, anyShare())
		if said, there := m.durable(); said < s.acked.Load() || there < said {
			t.Errorf("%d bytes were acknowledged, the database says %d, the disk has %d", s.acked.Load(), said, there)
		}
	})
	m.holds(work, name, sum)
	t.Logf("%d power cuts: %.3f times the bytes of %d MiB", cuts, float64(s.sent.Load())/float64(len(s.film)), len(s.film)>>20)
}

// TestALyingDiskLosesAnUpload is the control: bytes whose sync was only pretended
// are acknowledged and gone, and the same comparison sees it.
func TestALyingDiskLosesAnUpload(t *testing.T) {
	powerCuts(t)
	m, disk := powered(t)
	disk.Lies("parts")
	work, token := m.workToSendTo()
	name, sum := filmOf(t, 16<<20)
	s := m.sender(token, name)
	s.begin(work, sum)
	res, err := s.ask(http.MethodPatch, s.at, bytes.NewReader(s.film[:8<<20]), "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
	if err != nil || res.StatusCode != http.StatusNoContent {
		t.Fatalf("%v, %v", res, err)
	}
	m.powerCut(disk, 0)
	said, there := m.durable()
	t.Logf("with a disk that lies, and one power cut: %d bytes acknowledged, %d there", said, there)
	if there >= said {
		t.Error("nothing was lost: this harness could not see a loss")
	}
}
