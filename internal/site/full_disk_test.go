package site_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"laurel/internal/account"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/site"
)

// judging is a juror who saves one score again and again, each time a version.
type judging struct {
	v    *visitor
	code string
	form url.Values
}

// save saves the score that follows version n and gives the status.
func (j judging) save(n int) (int, error) {
	f := url.Values{}
	maps.Copy(f, j.form)
	f.Set("base", strconv.Itoa(n))
	f.Set("_key", account.Code())
	f.Set("note", "after version "+strconv.Itoa(n))
	res, err := j.v.client.PostForm(j.v.h.URL+"/jury/"+j.code+"/score", f)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// TestAFullDiskStopsUploadsAndNotJudging (P33): each piece of a film is refused
// with 507, with words, and with how much of it is kept; meanwhile every score is
// saved.
func TestAFullDiskStopsUploadsAndNotJudging(t *testing.T) {
	t.Parallel()
	const jurors, saves = 4, 50
	pool := pgtest.Pool(t)
	h := openWith(t, pool, func(c *site.Config) { c.Disk = &filling{c.Parts, 100_000} })
	st := jurytest.New(t, pool, jurors, 1)
	s := newSender(h, 300_000)
	s.begin(meta("role", "screener", "sha256", s.claim()))
	if res, said := s.patch(0, bytes.NewReader(s.film)); res.StatusCode != http.StatusInsufficientStorage || res.Header.Get("Upload-Offset") != "100000" {
		t.Fatalf("got %d at %s: %s", res.StatusCode, res.Header.Get("Upload-Offset"), said)
	}
	var list []judging
	for _, who := range st.Jurors {
		j := judging{v: h.visitor(), code: st.Give(who, st.Films[0])[0]}
		j.v.signInAs(who)
		j.v.get("/jury/"+j.code, 200)
		j.form = j.v.scored(st, j.code, "save", 8, 7).Values
		j.v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		list = append(list, j)
	}
	var all sync.WaitGroup
	over := make(chan struct{})
	for _, j := range list {
		all.Go(func() {
			for n := range saves {
				if status, err := j.save(n); err != nil || status != http.StatusSeeOther {
					t.Errorf("save %d is answered %d, %v", n+1, status, err)
				}
			}
		})
	}
	go func() { all.Wait(); close(over) }()
	refused := 0
	for going := true; going; refused++ {
		select {
		case <-over:
			going = false
		default:
		}
		res, said := s.patch(100_000, bytes.NewReader(s.film[100_000:]))
		if res.StatusCode != http.StatusInsufficientStorage || res.Header.Get("Upload-Offset") != "100000" || !strings.Contains(said, "100 kB of 300 kB have arrived and are safe") {
			t.Fatalf("got %d at %s: %s", res.StatusCode, res.Header.Get("Upload-Offset"), said)
		}
	}
	kept, err := pg.Value[int](t.Context(), pool, `select count(*)::integer from scores where note = 'after version ' || version - 1`, nil)
	if err != nil || kept != jurors*saves {
		t.Errorf("%d scores are kept of %d, %v", kept, jurors*saves, err)
	}
	if refused < 2 {
		t.Errorf("%d pieces were refused meanwhile", refused)
	}
	s.get(s.files(), 200).says("100 kB of 300 kB").says("What has arrived is safe.")
	if got := s.offset(); got != 100_000 {
		t.Errorf("it stands at %d", got)
	}
}
