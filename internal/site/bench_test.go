package site_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"laurel/internal/account"
	"laurel/internal/jurytest"
	"laurel/internal/pgtest"
	"laurel/internal/score"
)

// BenchmarkSaveScore saves a whole score through the handler: the form's
// proof, the session, the round's lock, a new version, its marks, the record,
// and the answer.
func BenchmarkSaveScore(b *testing.B) {
	pool := pgtest.Pool(b)
	st := jurytest.New(b, pool, 1, 1)
	code := st.Give(st.Jurors[0], st.Films[0])[0]
	v := openOn(b, pool).visitor()
	v.signInAs(st.Jurors[0])
	v.get("/jury/"+code, 200)
	token := v.Page.First(`input[name="_token"]`).Attr("value")
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	version := 0
	for b.Loop() {
		values := url.Values{"_token": {token}, "_key": {account.Code()}, "base": {strconv.Itoa(version)}, "act": {"save"}, "note": {"watch the hands again"}}
		for i, c := range st.Criteria {
			values.Set(score.FieldOf(c), strconv.Itoa(4+(version+i)%5))
		}
		res, err := v.client.PostForm(v.h.URL+"/jury/"+code+"/score", values)
		if err != nil {
			b.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 303 {
			b.Fatalf("saving answered %d", res.StatusCode)
		}
		version++
	}
}

// BenchmarkEntriesTable opens the organizers' list of entries.
func BenchmarkEntriesTable(b *testing.B) {
	for _, n := range []int{500, 15_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			pool := pgtest.Pool(b)
			st := jurytest.New(b, pool, 0, 0)
			_, err := pool.Exec(b.Context(), fmt.Sprintf(`
				with made as (
					insert into works (code, film)
					select 'work ' || i, jsonb_build_object('title', md5(i::text), 'titleOriginal', 'عنوان ' || i, 'runtime', 60 + i %% 1700,
						'countries', jsonb_build_array((array['IR', 'FR', 'KE', 'KR', 'AR'])[1 + i %% 5]),
						'credits', jsonb_build_array(jsonb_build_object('role', 'director', 'name', 'Name ' || md5('d' || i))))
					from generate_series(1, %d) i
					returning id, film
				)
				insert into entries (code, edition_id, category_id, work_id, number, state, film, film_version, submitted_at)
				select 'entry ' || id, %d, %d, id, id, 'eligible', film, 1, now()
				from made`, n, st.Edition, st.Category))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := pool.Exec(b.Context(), `analyze`); err != nil {
				b.Fatal(err)
			}
			v := openOn(b, pool).visitor()
			v.signInAs(st.Organizer)
			path := "/organize/" + st.Slug + "/9/entries"
			for name, query := range map[string]string{"first": "", "search": "?q=name+3f", "country": "?country=KR&sort=length&page=3"} {
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						v.get(path+query, 200)
					}
				})
			}
		})
	}
}
