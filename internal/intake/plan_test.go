package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/intake"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

var categoryNames = []string{"Documentary", "First Films", "Student Competition", "International Features", "International Shorts", "Health Defenders", "Animation"}

type stage struct {
	intake.Target
	categories []festival.Category
}

var stages atomic.Int64

// set makes an edition with the categories of the sample, and an organizer.
func set(t testing.TB, db pg.DB) stage {
	t.Helper()
	n := stages.Add(1)
	id := func(sql string, args pg.Args) int64 {
		t.Helper()
		v, err := pg.Value[int64](t.Context(), db, sql, args)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	by := id(`insert into accounts (code, email, name) values (@code, @email, 'Darya') returning id`,
		pg.Args{"code": fmt.Sprint("intake-", n), "email": fmt.Sprintf("darya%d@mail.example", n)})
	f := id(`insert into festivals (slug, name) values (@slug, 'Farsang') returning id`, pg.Args{"slug": fmt.Sprint("intake-", n)})
	e := id(`
		insert into editions (festival_id, slug, name, prefix, city, zone, starts_on, ends_on, call_opened_at)
		values (@festival, '9', '9th edition', 'F9', 'Mahabar', 'UTC', '2027-05-01', '2027-05-09', now())
		returning id`, pg.Args{"festival": f})
	s := stage{Target: intake.Target{Kind: intake.FromFilmFreeway, Edition: festival.EditionID(e), By: account.ID(by)}}
	for i, name := range categoryNames {
		c := id(`insert into categories (edition_id, slug, position, name) values (@edition, @slug, @position, @name) returning id`,
			pg.Args{"edition": e, "slug": fmt.Sprint("c", i), "position": i + 1, "name": name})
		id(`insert into deadlines (category_id, name, closes_at) values (@category, 'Regular', now()) returning id`, pg.Args{"category": c})
		s.categories = append(s.categories, festival.Category{ID: festival.CategoryID(c), Name: name})
	}
	return s
}

// bring imports content and gives the report.
func (s stage) bring(t testing.TB, tx pgx.Tx, content []byte) intake.Report {
	t.Helper()
	sheet := filmFreeway(t, content)
	r, err := intake.Apply(t.Context(), tx, s.Target, sheet, intake.Mapping{Categories: intake.Suggest(sheet.CategoryNames(), s.categories)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// counts are the figures of a report.
func counts(r intake.Report) [6]int {
	return [6]int{r.Rows, r.New, r.Updated, r.Unchanged, r.Claimed, r.Skipped}
}

func count(t testing.TB, db pg.DB, sql string, edition festival.EditionID) int {
	t.Helper()
	n, err := pg.Value[int](t.Context(), db, sql, pg.Args{"edition": edition})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestImportTwiceDoublesNothing(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s, content := set(t, tx), read(t, "filmfreeway-export-500.csv")
	sheet := filmFreeway(t, content)
	mapping := intake.Mapping{Categories: intake.Suggest(sheet.CategoryNames(), s.categories)}
	plan, err := intake.Plan(t.Context(), tx, s.Target, sheet, mapping)
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, tx, `select count(*)::integer from entries where edition_id = @edition`, s.Edition); n != 0 {
		t.Errorf("the dry run wrote %d entries", n)
	}
	first := s.bring(t, tx, content)
	if d := cmp.Diff(plan, first); d != "" {
		t.Errorf("the dry run said something else:\n%s", d)
	}
	if got, want := counts(first), [6]int{500, 553, 0, 0, 0, 16}; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := counts(s.bring(t, tx, content)), [6]int{500, 0, 0, 553, 0, 16}; got != want {
		t.Errorf("again got %v, want %v", got, want)
	}
	withdrawn, regular := 0, 0
	for _, r := range sheet.Rows {
		if r.Status == "Withdrawn" {
			withdrawn += len(r.Categories)
		}
		if r.Status != "Incomplete" && r.Deadline == "Regular" {
			regular += len(r.Categories)
		}
	}
	for sql, want := range map[string]int{
		`select count(*)::integer from entries where edition_id = @edition`:                                                                   553,
		`select count(distinct work_id)::integer from entries where edition_id = @edition`:                                                    484,
		`select count(*)::integer from entries where edition_id = @edition and state = 'withdrawn'`:                                           withdrawn,
		`select max(number)::integer from entries where edition_id = @edition`:                                                                553,
		`select last_number from editions where id = @edition`:                                                                                553,
		`select count(*)::integer from events where edition_id = @edition`:                                                                    553,
		`select count(distinct slug)::integer from entries where edition_id = @edition`:                                                       553,
		`select count(*)::integer from entries where edition_id = @edition and deadline_id is not null`:                                       regular,
		`select count(*)::integer from letters where edition_id = @edition`:                                                                   0,
		`select count(*)::integer from entries where edition_id = @edition and film::text || contact::text || answers::text like '%+00 555%'`: 0,
	} {
		if n := count(t, tx, sql, s.Edition); n != want {
			t.Errorf("%s: got %d, want %d", sql, n, want)
		}
	}
}

func TestImportOverWhatIsHere(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx)
	row := func(id, title, category, status string) string {
		return fmt.Sprintf("%s,%s,%q,%s,Ann\n", id, title, category, status)
	}
	const header = "Submission ID,Project Title,Submission Categories,Submission Status,Directors\n"
	s.bring(t, tx, []byte(header+row("1", "A", "Animation", "In Consideration")+row("2", "B", "Animation", "In Consideration")+
		row("3", "C", "Animation, Documentary", "In Consideration")+row("4", "D", "Animation", "In Consideration")+row("5", "E", "Animation", "")))
	mine := entryOf(t, tx, s, "5")
	if _, err := tx.Exec(t.Context(), `update works set owner_id = @by where id = @id`, pg.Args{"by": s.By, "id": mine.WorkID}); err != nil {
		t.Fatal(err)
	}
	if err := entry.Move(t.Context(), tx, entryOf(t, tx, s, "4").ID, entry.Accepted, "", s.By); err != nil {
		t.Fatal(err)
	}
	r := s.bring(t, tx, []byte(header+row("1", "A new", "Animation", "In Consideration")+row("2", "B", "Documentary", "Withdrawn")+
		row("3", "C", "Animation, Documentary, First Films", "")+row("4", "D", "Animation", "In Consideration")+row("5", "E stolen", "Animation", "")+
		row("6", "F", "Nowhere", "")+row("1", "A twice", "Animation", "")))
	if got, want := counts(r), [6]int{7, 1, 2, 3, 1, 1}; got != want {
		t.Errorf("got %v, want %v: %v", got, want, r.Outcomes)
	}
	one, two, four, five := entryOf(t, tx, s, "1"), entryOf(t, tx, s, "2"), entryOf(t, tx, s, "4"), entryOf(t, tx, s, "5")
	if one.Film.Title != "A new" || *one.FilmVersion != 2 || one.State != entry.Submitted {
		t.Errorf("got %+v", one)
	}
	if two.CategoryID != s.categories[0].ID || two.State != entry.Withdrawn {
		t.Errorf("got %+v", two)
	}
	if four.State != entry.Accepted || five.Film.Title != "E" {
		t.Errorf("got %+v, %+v", four, five)
	}
	want := []string{"Submission Categories intake.category-left", " intake.twice"}
	if d := cmp.Diff(want, []string{r.Problems[0].Column + " " + r.Problems[0].Say.Key, r.Problems[1].Column + " " + r.Problems[1].Say.Key}); d != "" {
		t.Error(d)
	}
	if !r.Problems[0].Skips {
		t.Error("a row of which no category is known is not said to stay out")
	}
}

func entryOf(t testing.TB, db pg.DB, s stage, source string) entry.Entry {
	t.Helper()
	code, err := pg.Value[string](t.Context(), db, `
		select code from entries where edition_id = @edition and source_id = @source`, pg.Args{"edition": s.Edition, "source": source})
	if err != nil {
		t.Fatal(err)
	}
	e, err := entry.ByCode(t.Context(), db, code)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := set(t, pool)
	cut := errors.New("the line was cut")
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		s.bring(t, tx, read(t, "filmfreeway-export-500.csv"))
		return cut
	})
	if !errors.Is(err, cut) {
		t.Fatal(err)
	}
	if n := count(t, pool, `select count(*)::integer + (select last_number from editions where id = @edition) from works`, s.Edition); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestImportRefusesAnotherEditionsCategory(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s, other := set(t, tx), set(t, tx)
	sheet := filmFreeway(t, read(t, "filmfreeway-export-500.csv"))
	_, err := intake.Apply(t.Context(), tx, s.Target, sheet, intake.Mapping{Categories: intake.Suggest(sheet.CategoryNames(), other.categories)})
	if err == nil {
		t.Error("entries went into the category of another edition")
	}
}

func TestLineupByColumns(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx)
	s.Kind = intake.FromCSV
	content := read(t, "lineup-real.csv")
	i, err := intake.Upload(t.Context(), tx, s.Target, content)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]intake.Field{"section": "category", "kind": "form", "title": "title", "directors": "directors", "countries": "countries"}
	if d := cmp.Diff(want, i.Mapping.Columns); d != "" {
		t.Error(d)
	}
	sheet, err := i.Sheet(time.UTC, now)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]intake.Name{{Text: "Official competition", Rows: 26}}, sheet.CategoryNames()); d != "" {
		t.Error(d)
	}
	i.Mapping.Categories = map[string]festival.CategoryID{"Official competition": s.categories[0].ID}
	i.Mapping.Publish = true
	if err := intake.Map(t.Context(), tx, i, i.Mapping); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := intake.ApplyImport(t.Context(), tx, s.By, s.Edition, i.Code, time.UTC, now)
		if got, want := counts(r), [6]int{26, 26, 0, 0, 0, 0}; err != nil || got != want || len(r.Problems) != 0 {
			t.Errorf("got %v, %v, %v", got, r.Problems, err)
		}
	}
	if err := intake.Map(t.Context(), tx, i, i.Mapping); err == nil {
		t.Error("an applied import was mapped again")
	}
	libya, err := pg.One[struct {
		Directors []string
		Countries []string
		Items     int
	}](t.Context(), tx, `
		select directors, countries, (select count(*)::integer from consents where entry_id = e.id) as items
		from entries e
		where edition_id = @edition and title = 'Prisoner & Jailer'`, pg.Args{"edition": s.Edition})
	if err != nil || !cmp.Equal(libya.Countries, []string{"LY", "QA"}) || !cmp.Equal(libya.Directors, []string{"Muhannad Lamin"}) || libya.Items != len(entry.Items) {
		t.Errorf("got %v, %v", libya, err)
	}
	past, err := intake.Imports(t.Context(), tx, s.Edition)
	if err != nil || len(past) != 1 || past[0].Report.New != 26 {
		t.Errorf("got %v, %v", past, err)
	}
}

func TestImportWithBrokenRows(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx)
	content := bytes.Replace(read(t, "filmfreeway-export-500.csv"), []byte("Quiet Map,"), []byte("Quiet Map,,,,,,,"), 1)
	r := s.bring(t, tx, content)
	if r.Rows != 500 || r.Skipped != 17 {
		t.Errorf("got %v", counts(r))
	}
	if p := r.Problems[0]; p.Say.Key != "intake.slipped" || !p.Skips {
		t.Errorf("got %v", p)
	}
}

// many repeats the sample with other numbers until it has n rows.
func many(tb testing.TB, n int) []byte {
	tb.Helper()
	table, err := intake.ReadCSV(read(tb, "filmfreeway-export-500.csv"))
	if err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	quote := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `"%s"`, strings.ReplaceAll(c, `"`, `""`))
		}
		b.WriteByte('\n')
	}
	quote(table.Header)
	at := 0
	for i, h := range table.Header {
		if h == "Submission ID" {
			at = i
		}
	}
	for i := range n {
		cells := append([]string{}, table.Rows[i%len(table.Rows)].Cells...)
		cells[at] = fmt.Sprint(30_000_000 + i)
		quote(cells)
	}
	return b.Bytes()
}

func BenchmarkImport(b *testing.B) {
	for _, n := range []int{500, 15_000} {
		content := many(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			tx := pgtest.Tx(b)
			s := set(b, tx)
			for b.Loop() {
				s.bring(b, tx, content)
				b.StopTimer()
				s = set(b, tx)
				b.StartTimer()
			}
		})
		b.Run(fmt.Sprint(n, " again"), func(b *testing.B) {
			tx := pgtest.Tx(b)
			s := set(b, tx)
			s.bring(b, tx, content)
			for b.Loop() {
				s.bring(b, tx, content)
			}
		})
	}
}
