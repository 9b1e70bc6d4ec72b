package upload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/seed"
	"laurel/internal/upload"
)

// A quay is a database with a maker's work, and folders to send to.
type quay struct {
	t      testing.TB
	pool   *pgxpool.Pool
	store  *blob.Dir
	parts  *blob.Parts
	limits upload.Limits
	folder string // of the parts
	maker  account.ID
	work   string
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newQuay(t testing.TB) *quay {
	t.Helper()
	q := &quay{t: t, pool: pgtest.Pool(t), limits: upload.Limits{Screener: 20e9}}
	folder := t.TempDir()
	var err error
	q.store, err = blob.OpenDir(filepath.Join(folder, "media"))
	must(t, err)
	t.Cleanup(func() { q.store.Close() })
	q.folder = filepath.Join(folder, "parts")
	q.parts, err = blob.OpenParts(q.folder)
	must(t, err)
	t.Cleanup(func() { q.parts.Close() })
	q.do(func(ctx context.Context, tx pgx.Tx) error {
		q.maker = seed.Account(t, tx, "Mana")
		w, err := entry.Create(ctx, tx, q.maker, entry.Film{Title: "Salt", Runtime: 600})
		q.work = w.Code
		return err
	})
	return q
}

func (q *quay) do(act func(ctx context.Context, tx pgx.Tx) error) {
	q.t.Helper()
	must(q.t, pgx.BeginFunc(q.t.Context(), q.pool, func(tx pgx.Tx) error { return act(q.t.Context(), tx) }))
}

func (q *quay) create(wish upload.Wish) (u upload.Upload, err error) {
	q.t.Helper()
	err = pgx.BeginFunc(q.t.Context(), q.pool, func(tx pgx.Tx) (err error) {
		u, err = upload.Create(q.t.Context(), tx, q.parts, q.limits, q.maker, q.work, wish)
		return err
	})
	return u, err
}

// begin creates an upload for a film.
func (q *quay) begin(film []byte) upload.Upload {
	q.t.Helper()
	claim := sha256.Sum256(film)
	u, err := q.create(upload.Wish{Role: entry.ScreenerFile, Size: int64(len(film)), SHA256: claim[:]})
	must(q.t, err)
	return u
}

// write makes bytes durable on a disk.
func (q *quay) write(disk upload.Disk, u upload.Upload, data []byte) (next upload.Upload, err error) {
	q.t.Helper()
	err = pgx.BeginFunc(q.t.Context(), q.pool, func(tx pgx.Tx) (err error) {
		next, err = upload.Write(q.t.Context(), tx, disk, u, data)
		return err
	})
	if err != nil {
		return u, err
	}
	return next, nil
}

// now is the upload as the database has it.
func (q *quay) now(u upload.Upload) upload.Upload {
	q.t.Helper()
	fresh, err := upload.ByCode(q.t.Context(), q.pool, u.WorkID, u.Code)
	must(q.t, err)
	return fresh
}

func (q *quay) finish(u upload.Upload) upload.Upload {
	q.t.Helper()
	done, err := upload.Finish(q.t.Context(), q.pool, q.store, q.parts, u)
	must(q.t, err)
	return done
}

// kept is what the store has of a finished upload.
func (q *quay) kept(u upload.Upload) []byte {
	q.t.Helper()
	r, _, err := q.store.Open(q.t.Context(), u.Part)
	must(q.t, err)
	defer r.Close()
	b, err := io.ReadAll(r)
	must(q.t, err)
	return b
}

// footage begins as an MP4 does and goes on with noise.
func footage(size int) []byte {
	b := make([]byte, size)
	rand.NewChaCha8([32]byte{7}).Read(b)
	copy(b, "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41")
	return b
}

// A volatile disk keeps what is written in a cache until it is synced, as a
// machine does: a power cut takes the cache. One that is careless says that
// bytes are durable without syncing them.
type volatile struct {
	durable, cache []byte
	careless       bool
}

func (v *volatile) Write(_ context.Context, _ string, offset int64, r io.Reader, _ hash.Hash) (int64, error) {
	data, err := io.ReadAll(r)
	if int64(len(v.cache)) < offset {
		return 0, blob.ErrOffset
	}
	v.cache = append(v.cache[:offset:offset], data...)
	if !v.careless {
		v.durable = bytes.Clone(v.cache)
	}
	return int64(len(data)), err
}

func (v *volatile) powerFails() { v.cache = bytes.Clone(v.durable) }

// sendThroughPowerCuts sends a film in slices of random length to a disk whose
// power fails now and then, and says whether an acknowledged byte was lost.
func sendThroughPowerCuts(q *quay, disk *volatile, film []byte, random *rand.Rand) (lost bool) {
	u := q.begin(film)
	for !u.Whole() {
		n := min(len(film)-int(u.Durable), 1+random.IntN(60_000))
		next, err := q.write(disk, u, film[u.Durable:int(u.Durable)+n])
		if errors.Is(err, blob.ErrOffset) {
			return true
		}
		must(q.t, err)
		u = next
		if random.IntN(4) == 0 {
			disk.powerFails()
			u = q.now(u)
		}
		if u.Durable > int64(len(disk.cache)) {
			return true
		}
	}
	return !bytes.Equal(disk.cache, film)
}

// TestAcknowledgedBytesOutlivePowerCuts: nothing is acknowledged before it is
// durable. The control is a disk that forgets to sync: the same proof finds it
// out every time.
func TestAcknowledgedBytesOutlivePowerCuts(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	for seed := range uint64(4) {
		film, random := footage(600_000), rand.New(rand.NewPCG(seed, 1))
		if sendThroughPowerCuts(q, &volatile{}, film, random) {
			t.Errorf("round %d: bytes were acknowledged and lost", seed)
		}
		if !sendThroughPowerCuts(q, &volatile{careless: true}, film, rand.New(rand.NewPCG(seed, 1))) {
			t.Errorf("round %d: the proof does not notice a disk that never syncs", seed)
		}
	}
}

// TestRandomCuts: a film arrives whole from writers that are cut at random
// bytes and forget some of what they wrote before it is acknowledged.
func TestRandomCuts(t *testing.T) {
	t.Parallel()
	q, random := newQuay(t), rand.New(rand.NewPCG(5, 4))
	film := footage(2_000_000)
	u := q.begin(film)
	for !u.Whole() {
		n := min(len(film)-int(u.Durable), 1+random.IntN(150_000))
		data := film[u.Durable : int(u.Durable)+n]
		if random.IntN(3) == 0 { // killed between disk and database
			_, err := q.parts.Write(t.Context(), u.Part, u.Durable, bytes.NewReader(data), nil)
			must(t, err)
			u = q.now(u)
			continue
		}
		next, err := q.write(q.parts, u, data)
		must(t, err)
		u = next
		size, err := q.parts.Size(t.Context(), u.Part)
		must(t, err)
		if size < u.Durable {
			t.Fatalf("%d bytes are acknowledged and %d on the disk", u.Durable, size)
		}
	}
	done := q.finish(u)
	if done.State != upload.Complete || done.FileID == nil || !bytes.Equal(q.kept(done), film) {
		t.Errorf("the upload ended as %s with other bytes", done.State)
	}
	again := q.finish(u) // as it was before: cut off, and taken up by another process
	if again.State != upload.Complete || *again.FileID != *done.FileID {
		t.Errorf("finished again: %+v", again)
	}
	work, err := pg.Values[int64](t.Context(), q.pool, `select file_id from work_files`, nil)
	must(t, err)
	if len(work) != 1 || work[0] != int64(*done.FileID) {
		t.Errorf("the work has files %v", work)
	}
}

// TestTwoWriters: of two that write at the same place at once one is taken, and
// the film is that one's from there.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	film := footage(400_000)
	u := q.begin(film)
	for !u.Whole() {
		n := min(len(film)-int(u.Durable), 50_000)
		data := film[u.Durable : int(u.Durable)+n]
		var taken atomic.Int32
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				switch _, err := q.write(q.parts, u, data); {
				case err == nil:
					taken.Add(1)
				case !errors.Is(err, upload.ErrMoved):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 1 {
			t.Fatalf("%d of 4 writers were taken", taken.Load())
		}
		u = q.now(u)
	}
	if done := q.finish(u); done.State != upload.Complete || !bytes.Equal(q.kept(done), film) {
		t.Errorf("the film differs; it is %s", done.State)
	}
}

// TestOneFinisher: processes that finish the same upload at once make one file.
func TestOneFinisher(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	film := footage(100_000)
	u, err := q.write(q.parts, q.begin(film), film)
	must(t, err)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if done, err := upload.Finish(t.Context(), q.pool, q.store, q.parts, u); err != nil || done.State != upload.Complete {
				t.Error(done.State, err)
			}
		})
	}
	all.Wait()
	files, err := pg.Value[int](t.Context(), q.pool, `select count(*)::integer from files`, nil)
	must(t, err)
	if files != 1 || !bytes.Equal(q.kept(u), film) {
		t.Errorf("%d files", files)
	}
}

// A small disk takes so many bytes and is full then.
type small struct {
	*blob.Parts
	left int64
}

func (s *small) Write(ctx context.Context, key string, offset int64, r io.Reader, sum hash.Hash) (int64, error) {
	n, err := s.Parts.Write(ctx, key, offset, io.LimitReader(r, s.left), sum)
	s.left -= n
	if err == nil && s.left == 0 {
		err = syscall.ENOSPC
	}
	return n, err
}

// TestFullDisk: what fits counts, the rest is refused with a word that says
// why, and it goes on where it stopped.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	film, disk := footage(90_000), &small{q.parts, 40_000}
	u, err := q.write(disk, q.begin(film), film[:60_000])
	must(t, err)
	if u.Durable != 40_000 {
		t.Fatalf("%d bytes count", u.Durable)
	}
	same, err := q.write(disk, u, film[40_000:60_000])
	if p := problem.Of(err); p == nil || p.Kind != problem.Full || same.Durable != 40_000 {
		t.Errorf("got %v at %d", err, same.Durable)
	}
	disk.left = 1 << 20
	u, err = q.write(disk, q.now(u), film[40_000:])
	must(t, err)
	if done := q.finish(u); done.State != upload.Complete || !bytes.Equal(q.kept(done), film) {
		t.Errorf("the film differs; it is %s", done.State)
	}
}

// TestRoomIsReservedOnce: of 50 that ask at once, so many are let in as there is
// room for.
func TestRoomIsReservedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limits func(free uint64) upload.Limits
		kind   problem.Kind
	}{
		"of a work":           {func(uint64) upload.Limits { return upload.Limits{Screener: 1e9, Work: 7_500_000} }, problem.TooLarge},
		"of the installation": {func(uint64) upload.Limits { return upload.Limits{Screener: 1e9, All: 7_000_000} }, problem.Full},
		"of the disk": {func(free uint64) upload.Limits {
			return upload.Limits{Screener: 1e15, Reserve: int64(free / 2)}
		}, problem.Full},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQuay(t)
			free, _, err := q.parts.Free()
			must(t, err)
			q.limits = c.limits(free)
			size, want := int64(1_000_000), int32(7)
			if q.limits.Reserve > 0 {
				size = int64(free) * 2 / 29 // 7 of them fit into half of the disk, and other tests may take a little
			}
			var begun atomic.Int32
			var all sync.WaitGroup
			for range 50 {
				all.Go(func() {
					_, err := q.create(upload.Wish{Role: entry.ScreenerFile, Size: size})
					switch p := problem.Of(err); {
					case err == nil:
						begun.Add(1)
					case p.Kind != c.kind:
						t.Errorf("got %v", err)
					}
				})
			}
			all.Wait()
			if begun.Load() != want {
				t.Errorf("%d uploads were let in, want %d", begun.Load(), want)
			}
			u, err := upload.Of(t.Context(), q.pool, q.id())
			must(t, err)
			_, err = upload.Stop(t.Context(), q.pool, q.parts, u[0])
			must(t, err)
			if _, err := q.create(upload.Wish{Role: entry.ScreenerFile, Size: size}); err != nil {
				t.Errorf("after one was stopped: %v", err)
			}
		})
	}
}

func (q *quay) id() entry.WorkID {
	q.t.Helper()
	w, err := entry.WorkBy(q.t.Context(), q.pool, q.maker, q.work)
	must(q.t, err)
	return w.ID
}

// later moves the times of all rows, instead of the clock.
func (q *quay) later(days int) {
	q.t.Helper()
	_, err := q.pool.Exec(q.t.Context(), `
		update uploads
		set created_at = created_at - make_interval(days => @n), last_byte_at = last_byte_at - make_interval(days => @n),
			expires_at = expires_at - make_interval(days => @n)`, pg.Args{"n": days})
	must(q.t, err)
	_, err = q.pool.Exec(q.t.Context(), `update shutdowns set declared_at = declared_at - make_interval(days => @n)`, pg.Args{"n": days})
	must(q.t, err)
}

// TestTimePasses: 30 days after the last byte an upload is over; each byte gives
// it another 30; its bytes go with it.
func TestTimePasses(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	film := footage(10_000)
	quiet, lively, whole := q.begin(film), q.begin(film), q.begin(film)
	whole, err := q.write(q.parts, whole, film)
	must(t, err)
	q.later(29)
	lively, err = q.write(q.parts, q.now(lively), film[:5000])
	must(t, err)
	q.later(2)
	if _, err := q.write(q.parts, q.now(quiet), film); !errors.Is(err, upload.ErrMoved) {
		t.Errorf("a byte after 31 days: %v", err)
	}
	if why, gone := q.now(quiet).Gone(); !gone || why.Key != "upload.expired" {
		t.Errorf("before the sweep: %v %v", why, gone)
	}
	must(t, upload.Sweep(t.Context(), q.pool, q.parts))
	for name, c := range map[string]struct {
		u     upload.Upload
		state upload.State
		part  bool
	}{"quiet": {quiet, upload.Stopped, false}, "lively": {lively, upload.Open, true}, "whole": {whole, upload.Open, true}} {
		u := q.now(c.u)
		_, err := q.parts.Size(t.Context(), u.Part)
		if u.State != c.state || (err == nil) != c.part {
			t.Errorf("%s: %s, part %v", name, u.State, err)
		}
	}
	jobs, err := pg.Values[string](t.Context(), q.pool, `select kind from river_job`, nil)
	must(t, err)
	if len(jobs) != 1 || jobs[0] != "upload" {
		t.Errorf("the whole one is not finished by a job: %v", jobs)
	}
	must(t, upload.FinishByID(t.Context(), q.pool, q.store, q.parts, whole.ID))
	if got := q.now(whole); got.State != upload.Complete {
		t.Errorf("the whole one is %s", got.State)
	}
	for _, want := range []string{"complete stopped stopped", "complete stopped", "complete"} {
		q.later(40)
		must(t, upload.Sweep(t.Context(), q.pool, q.parts))
		left, err := pg.Values[string](t.Context(), q.pool, `select state from uploads order by state`, nil)
		must(t, err)
		if got := strings.Join(left, " "); got != want {
			t.Errorf("left are %q, want %q", got, want)
		}
	}
}

// TestLostPartsGo: bytes that no upload knows of are removed after a day.
func TestLostPartsGo(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	parts, err := blob.OpenParts(folder)
	must(t, err)
	defer parts.Close()
	pool, old, young := pgtest.Pool(t), blob.Key(), blob.Key()
	for _, key := range []string{old, young} {
		must(t, parts.Create(t.Context(), key))
	}
	yesterday := syscall.NsecToTimespec(time.Now().Add(-25 * time.Hour).UnixNano())
	must(t, syscall.UtimesNano(filepath.Join(folder, old), []syscall.Timespec{yesterday, yesterday}))
	must(t, upload.Sweep(t.Context(), pool, parts))
	keys, err := parts.Keys(t.Context())
	must(t, err)
	if len(keys) != 1 || keys[0] != young {
		t.Errorf("left are %v, want %s", keys, young)
	}
}

// TestKeys: a key opens its upload as long as its maker may change the work.
func TestKeys(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	u := q.begin(footage(1000))
	var own, helper account.Token
	q.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		if own, err = upload.NewKey(ctx, tx, u); err != nil {
			return err
		}
		helper, err = upload.NewHelperKey(ctx, tx, u, "Sam", nil)
		return err
	})
	opens := func(key account.Token) bool {
		got, err := upload.ByKey(t.Context(), q.pool, key)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			t.Fatal(err)
		}
		return err == nil && got.ID == u.ID
	}
	if !opens(own) || !opens(helper) || opens("") || opens(account.NewToken()) {
		t.Error("the wrong keys open")
	}
	_, err := q.pool.Exec(t.Context(), `update upload_keys set expires_at = now() where kind = 'helper'`)
	must(t, err)
	if !opens(own) || opens(helper) {
		t.Error("the helper's key is not over, or another one is")
	}
	_, err = q.pool.Exec(t.Context(), `update works set frozen_until = now() + interval '1 day'`)
	must(t, err)
	if opens(own) {
		t.Error("a key opens what its makers have shut")
	}
	_, err = q.pool.Exec(t.Context(), `update works set frozen_until = null, owner_id = null`)
	must(t, err)
	if opens(own) {
		t.Error("a key opens what its maker has left")
	}
}
