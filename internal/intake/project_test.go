package intake_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/entry"
	"laurel/internal/intake"
	"laurel/internal/problem"
)

var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// page is the text of a project's public page, as it is copied from a browser.
const page = `The Salt Ledger

A clerk counts salt for a king who has been dead for years, and nobody dares to tell him.

-

Ada Canary
Director

-

Jonna WarsameKey Cast"Hana"

Yann FauDirector of Photography

Project Title (Original Language):دفتر نمک

Project Type:
Documentary, Short

Runtime:10 minutes 39 seconds

Completion Date:January 2, 2020

Production Budget:3,800 EUR

Country of Origin:
Iran, Islamic Republic of, Narnia

Country of Filming:Greece

Language:Modern Greek (1453-), Persian

Aspect Ratio:16:9

First-time Filmmaker:Yes

Student Project:No

Kalakari film festival
Dewas

Director Biography - Ada Canary

Ada lives by the sea.

She has made three films.

Email: ada@example.org
Favourite colour: blue
`

func TestAProjectsPageIsUnderstood(t *testing.T) {
	t.Parallel()
	p, err := intake.ReadProject(page, today)
	if err != nil {
		t.Fatal(err)
	}
	f := p.Film
	want := []any{"The Salt Ledger", "دفتر نمک", "A clerk counts salt for a king who has been dead for years, and nobody dares to tell him.", 639, "2020-01-02",
		entry.Documentary, []string{"IR"}, []string{"GR"}, []string{"el", "fa"}, "16:9", "3,800 EUR", false, "Ada lives by the sea.\n\nShe has made three films."}
	got := []any{f.Title, f.TitleOriginal, f.Synopsis, f.Runtime, f.Completed, f.Form, f.Countries, f.CountriesFilming, f.Languages, f.AspectRatio, f.Budget, f.Student, f.Biography}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("understood (-want +got):\n%s", d)
	}
	var people []string
	for _, c := range f.Credits {
		people = append(people, string(c.Role)+" "+c.Name+" "+c.Note)
	}
	if d := cmp.Diff([]string{"director Ada Canary ", "cast Jonna Warsame Hana", "photography Yann Fau "}, people); d != "" {
		t.Errorf("people (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"Email"}, p.Left); d != "" {
		t.Errorf("left (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"Kalakari film festival", "Dewas", "Favourite colour: blue"}, p.Lines); d != "" {
		t.Errorf("not understood (-want +got):\n%s", d)
	}
	if len(p.Notes) != 1 || p.Notes[0].Column != "Country of Origin" {
		t.Errorf("notes: %+v", p.Notes)
	}
}

// TestALineOfAnExportIsAProject: the film is the one that the import of the
// same line makes, and nothing of the person is taken over.
func TestALineOfAnExportIsAProject(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/filmfreeway-export-500.csv")
	if err != nil {
		t.Fatal(err)
	}
	table, err := intake.ReadCSV(content)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := intake.FilmFreeway(table, time.UTC, today)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range table.Rows {
		var b strings.Builder
		w := csv.NewWriter(&b)
		if err := w.WriteAll([][]string{table.Header, line.Cells}); err != nil {
			t.Fatal(err)
		}
		p, err := intake.ReadProject(b.String(), today)
		if err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		if d := cmp.Diff(sheet.Rows[i].Film, p.Film); d != "" {
			t.Fatalf("row %d, the import's film and the project's (-import +project):\n%s", i, d)
		}
	}
}

func TestWhatIsNoProjectIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "prose": "Dear festival,\nhere is my film. It is long and has no labels at all, which is a pity.", "large": strings.Repeat("Runtime: 1\n", 30_000),
		"broken letters": "Project Title: \xff", "columns alone": "Submission ID,Project Title,Synopsis,Duration,Language,Genres\n",
	} {
		_, err := intake.ReadProject(text, today)
		if p := problem.Of(err); p == nil || p.Kind != problem.Invalid || p.Fields["text"].English == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzReadProject: whatever is pasted becomes a film that can be kept, or a
// sentence.
func FuzzReadProject(f *testing.F) {
	f.Add(page)
	f.Add("Project Title: =cmd()\u202e\nRuntime: 99 hours\nCompletion Date: 2999-01-01\nGenres: a, b")
	f.Add("Project Title,Synopsis,Duration,Language,Genres,Submission ID\n\"a\nb\",=1+1,x,,,\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := intake.ReadProject(text, today)
		if err != nil {
			if q := problem.Of(err); q.Kind != problem.Invalid {
				t.Fatalf("not a sentence: %v", err)
			}
			return
		}
		if wrong := entry.Vet(p.Film, today); len(wrong) > 0 {
			t.Fatalf("cannot be kept: %v", wrong)
		}
	})
}

func TestALoglineIsUnderstood(t *testing.T) {
	t.Parallel()
	p, err := intake.ReadProject("Title: Salt\nLogline: A clerk counts salt.\nSynopsis: He counts.\n\nAnd counts.\nRuntime: 10 minutes", today)
	if err != nil || p.Film.Logline != "A clerk counts salt." || p.Film.Synopsis != "He counts.\n\nAnd counts." || p.Film.Runtime != 600 || len(p.Lines) > 0 {
		t.Errorf("%+v, %v", p, err)
	}
}
