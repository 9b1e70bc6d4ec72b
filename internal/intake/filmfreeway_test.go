package intake_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"laurel/internal/entry"
	"laurel/internal/intake"
	"laurel/internal/money"
	"laurel/internal/problem"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func read(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func filmFreeway(t testing.TB, content []byte) intake.Sheet {
	t.Helper()
	s, err := intake.Read(intake.FromFilmFreeway, content, intake.Mapping{}, time.UTC, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFilmFreewayExport(t *testing.T) {
	t.Parallel()
	s := filmFreeway(t, read(t, "filmfreeway-export-500.csv"))
	if len(s.Rows) != 500 || len(s.Problems) != 0 {
		t.Fatalf("%d rows, %v", len(s.Rows), s.Problems)
	}
	said := map[string]int{}
	for _, r := range s.Rows {
		for _, p := range r.Problems {
			said[p.Say.Key]++
			if p.Say.Key != "intake.incomplete" {
				t.Logf("line %d %s: %s %v", p.Row, p.Column, p.Say.Key, p.Say.Args)
			}
		}
	}
	if d := cmp.Diff(map[string]int{"intake.incomplete": 16}, said); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Birthdate", "Gender", "Phone", "Address", "City", "Postal Code", "Country", "Rating", "Flag",
		"Judging Status", "Submission Fee", "Discount Code"}, s.Left); d != "" {
		t.Error(d)
	}
	want := intake.Row{
		Number: 4, SourceID: "20000002",
		Film: entry.Film{
			Title: "Under Dust", TitleOriginal: "Последний сад", Runtime: 28*60 + 40, Completed: "2026-03-06", Form: entry.Documentary,
			Synopsis: "Two brothers repairs a broken bridge before the last train leaves.\n\n\"The ferryman of a drying lake\", says the narrator, \"searches for a lost reel\"; nothing more.",
			Genres:   []entry.Genre{"social"}, Tags: []string{"Poetry"}, Countries: []string{"RU"}, CountriesFilming: []string{"RU"}, Languages: []string{"ru", "en"},
			Credits: []entry.Credit{
				{Role: entry.Director, Name: "Bela Grieg"}, {Role: entry.Writer, Name: "Quim Adeyemi"}, {Role: entry.Producer, Name: "Goran Quispe"},
				{Role: entry.Cast, Name: "Emre Warsame", Note: "Rosa"}, {Role: entry.Cast, Name: "Amara Yilmaz", Note: "Quim"},
				{Role: entry.Editing, Name: "Jonna Uyar"},
			},
			AspectRatio: "2.39", Colour: "Black & White", ShootingFormat: "4K", Budget: "52000 USD",
			Screenings: []entry.Screening{}, Awards: []entry.Prize{},
			Trailer: "https://video.example/8818005", ScreenerLink: "https://video.example/7722368",
		},
		Contact: entry.Contact{Name: "Emre Rahimi", Email: "emre.rahimi2@mail.example"}, Categories: []string{"Documentary"},
		SubmittedAt: time.Date(2026, 5, 23, 12, 0, 0, 0, time.UTC), State: entry.Submitted, Status: "In Consideration", Judging: "Undecided",
		Deadline: "Regular", Fee: money.Amount{Currency: "USD"},
		Answers: []entry.Answer{{Question: "Tracking Number", Answer: "MER00002"}},
	}
	if d := cmp.Diff(want, s.Rows[2], cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".categoryColumn" }, cmp.Ignore()), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
}

func TestFilmFreewayScreeningsAndQuestions(t *testing.T) {
	t.Parallel()
	s := filmFreeway(t, read(t, "filmfreeway-export-500.csv"))
	f := s.Rows[0].Film
	shown := []entry.Screening{{Event: "Sample Film Days", City: "Sampleton", Date: "2023-11-02", Kind: entry.PublicScreening, Premiere: "world"}}
	won := []entry.Prize{{Event: "Sample Film Days", Year: "2023", Name: "Best Short"}}
	if !cmp.Equal(shown, f.Screenings, cmpopts.EquateEmpty()) || !cmp.Equal(won, f.Awards) || f.Shown != entry.ShownInPublic {
		t.Errorf("got %v, %v, %s", f.Screenings, f.Awards, f.Shown)
	}
	questions := map[string]int{}
	for _, r := range s.Rows {
		for _, a := range r.Answers {
			questions[a.Question]++
		}
	}
	want := map[string]int{"Tracking Number": 500, "Has the film been shown publicly before? If so, where?": 346, "Animation technique": 87}
	if d := cmp.Diff(want, questions); d != "" {
		t.Error(d)
	}
}

// table writes a small FilmFreeway export of the given columns.
func table(columns ...string) []byte {
	var b strings.Builder
	w := csv.NewWriter(&b)
	var header, cells []string
	for i := 0; i < len(columns); i += 2 {
		header, cells = append(header, columns[i]), append(cells, columns[i+1])
	}
	w.Write(header)
	w.Write(cells)
	w.Flush()
	return []byte(b.String())
}

func TestFilmFreewayVariants(t *testing.T) {
	t.Parallel()
	s := filmFreeway(t, table(
		"Submission ID", "7", "submission  status", "Withdrawn", "Project Title", `"Ash"`, "Directors", `Director: "Doe, Jane", Ali Rad, Sam Doe, Jr.`,
		"Country of Origin", "Korea, Republic of, France, Atlantis", "Language", "Farsi, Klingon", "Duration", "99:00:00",
		"Key Cast", "KEY CAST – Mina (Hana), Reza as Wen", "Other Credits", "Cinematographer: Bo, Sound design: Al, Caterer: Zed",
		"Completion Date", "2025-13-40", "Email", "not an address", "Project Website", "ash.example/film", "Trailer URL", "ftp://x",
		"Submission Custom Field 1", "Is it a premiere?", "Submission Custom Answer 1", "Yes", "What else?", "=1+1",
		"Submission Date", "2026-06-06 10:00:00 UTC", "Submission Categories", "Shorts, Animation", "Synopsis (Original Language)", "خلاصه",
	))
	r := s.Rows[0]
	f := r.Film
	wantFilm := entry.Film{
		Title: "Ash", Synopsis: "خلاصه", TextLanguage: "fa", Completed: "2025", Countries: []string{"KR", "FR"}, Languages: []string{"fa"}, CountriesFilming: []string{},
		Website: "https://ash.example/film", Screenings: []entry.Screening{}, Awards: []entry.Prize{},
		Credits: []entry.Credit{
			{Role: entry.Director, Name: "Doe, Jane"}, {Role: entry.Director, Name: "Ali Rad"}, {Role: entry.Director, Name: "Sam Doe, Jr."},
			{Role: entry.Cast, Name: "Mina", Note: "Hana"}, {Role: entry.Cast, Name: "Reza", Note: "Wen"},
			{Role: entry.Photography, Name: "Bo"}, {Role: entry.SoundDesign, Name: "Al"}, {Role: entry.OtherRole, Name: "Zed", Note: "Caterer"},
		},
	}
	if d := cmp.Diff(wantFilm, f, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	if r.State != entry.Withdrawn || !r.SubmittedAt.Equal(time.Date(2026, 6, 6, 10, 0, 0, 0, time.UTC)) || !cmp.Equal(r.Categories, []string{"Shorts", "Animation"}) {
		t.Errorf("got %+v", r)
	}
	if d := cmp.Diff([]entry.Answer{{Question: "Is it a premiere?", Answer: "Yes"}, {Question: "What else?", Answer: "=1+1"}}, r.Answers); d != "" {
		t.Error(d)
	}
	want := []string{"Country of Origin intake.unknown-country", "Duration intake.runtime", "Email intake.email", "Language intake.unknown-language", "Trailer URL import.link"}
	if d := cmp.Diff(want, said(r.Problems)); d != "" {
		t.Error(d)
	}
}

// said are the columns and keys of problems, sorted.
func said(problems []intake.Problem) []string {
	all := []string{}
	for _, p := range problems {
		all = append(all, p.Column+" "+p.Say.Key)
	}
	slices.Sort(all)
	return all
}

func TestFilmFreewayHostileTexts(t *testing.T) {
	t.Parallel()
	s := filmFreeway(t, table(
		"Submission ID", "7", "Project Title", strings.Repeat("ف", 1000), "Synopsis", "<script>alert(1)</script>\n=cmd|'/c calc'!A0",
		"Directors", "Ann \u202egnp.exe, \x01Bo", "Completion Date", "2099-01-01", "Key Cast", strings.Repeat("x,", 500)+names(60),
	))
	r := s.Rows[0]
	if len([]rune(r.Film.Title)) != 300 || r.Film.Completed != "" || len(r.Film.Credits) != entry.MaxCredits {
		t.Errorf("got %d letters, %q, %d credits", len([]rune(r.Film.Title)), r.Film.Completed, len(r.Film.Credits))
	}
	if r.Film.Synopsis != "<script>alert(1)</script>\n=cmd|'/c calc'!A0" || r.Film.Credits[0].Name != "Ann gnp.exe" || r.Film.Credits[1].Name != "Bo" {
		t.Errorf("got %q, %v", r.Film.Synopsis, r.Film.Credits[:2])
	}
	want := []string{"Completion Date import.date", "Directors import.direction", "Directors import.list-cut", "Project Title import.cut"}
	if d := cmp.Diff(want, said(r.Problems)); d != "" {
		t.Error(d)
	}
}

func names(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("Name %d", i)
	}
	return strings.Join(all, ", ")
}

func TestFilmFreewayRefuses(t *testing.T) {
	t.Parallel()
	_, err := intake.Read(intake.FromFilmFreeway, []byte("Title,Director\nA,B\n"), intake.Mapping{}, time.UTC, now)
	if p := problem.Of(err); p == nil || p.Fields["file"].Key != "intake.not-filmfreeway" {
		t.Errorf("got %v", err)
	}
	s := filmFreeway(t, []byte("Submission ID,Project Title\n,A\n7,\n8 / 9,B\n"))
	got := []string{}
	for _, r := range s.Rows {
		got = append(got, said(r.Problems)...)
	}
	if d := cmp.Diff([]string{"Submission ID intake.no-id", "Project Title intake.no-title", "Submission ID intake.no-id"}, got); d != "" {
		t.Error(d)
	}
}
