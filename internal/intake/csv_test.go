package intake_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/intake"
	"laurel/internal/problem"
)

func TestReadCSV(t *testing.T) {
	t.Parallel()
	want := intake.Table{
		Header: []string{"Title", "Director"},
		Rows:   []intake.Line{{2, []string{"Café, noir", "Zoë"}}, {3, []string{"Two\nlines \"here\"", ""}}, {5, []string{"12\" reel", "A"}}},
	}
	comma := "Title,Director\r\n\"Café, noir\",Zoë\r\n\"Two\r\nlines \"\"here\"\"\",\r\n12\" reel,A\r\n\r\n"
	for name, content := range map[string]string{
		"comma":        comma,
		"no last line": strings.TrimRight(comma, "\r\n"),
		"mark":         "\ufeff" + comma,
		"line feeds":   strings.ReplaceAll(comma, "\r", ""),
		"semicolon":    "Title;Director;\n\"Café, noir\";Zoë\n\"Two\nlines \"\"here\"\"\"\n12\" reel;A;;\n",
		"tab":          "Title\tDirector\nCafé, noir\tZoë\n\"Two\nlines \"\"here\"\"\"\t\n12\" reel\tA\n",
		"windows":      strings.NewReplacer("é", "\xe9", "ë", "\xeb").Replace(comma),
		"UTF-16 LE":    wide(comma, true, "\xff\xfe"),
		"UTF-16 BE":    wide(comma, false, "\xfe\xff"),
		"UTF-16 bare":  wide(comma, true, ""),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := intake.ReadCSV([]byte(content))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadCSVForgivesQuotesInsideACell(t *testing.T) {
	t.Parallel()
	got, err := intake.ReadCSV([]byte("A,B\n\"a \"b\" c\",d\n"))
	if want := []intake.Line{{2, []string{`a "b" c`, "d"}}}; err != nil || !cmp.Equal(want, got.Rows) {
		t.Errorf("got %v, %v", got, err)
	}
}

func wide(text string, little bool, mark string) string {
	b := []byte(mark)
	for _, u := range utf16.Encode([]rune(text)) {
		if little {
			b = append(b, byte(u), byte(u>>8))
		} else {
			b = append(b, byte(u>>8), byte(u))
		}
	}
	return string(b)
}

func TestReadCSVNamesBrokenRows(t *testing.T) {
	t.Parallel()
	got, err := intake.ReadCSV([]byte("A,B\n1,2\n1,2,3\n1\n\"never\nends,2\n3,4\n"))
	if err != nil {
		t.Fatal(err)
	}
	type broken struct {
		Row   int
		Key   string
		Skips bool
	}
	all := []broken{}
	for _, p := range got.Problems {
		all = append(all, broken{p.Row, p.Say.Key, p.Skips})
	}
	if d := cmp.Diff([]broken{{3, "intake.slipped", true}, {5, "intake.open-quote", true}}, all); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]intake.Line{{2, []string{"1", "2"}}, {4, []string{"1", ""}}}, got.Rows); d != "" {
		t.Error(d)
	}
}

func TestReadCSVRefuses(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"":                              "intake.empty",
		" \n\n":                         "intake.empty",
		"PK\x03\x04…":                   "intake.workbook",
		"\xd0\xcf\x11\xe0":              "intake.workbook",
		"A,B\n\x00\x01,2":               "intake.not-text",
		"just words":                    "intake.no-columns",
		strings.Repeat("a,b\n", 50_002): "intake.too-many",
		strings.Repeat("a,b\n", 17<<20): "intake.too-large",
	} {
		_, err := intake.ReadCSV([]byte(content))
		if p := problem.Of(err); p == nil || p.Fields["file"].Key != want {
			t.Errorf("%.20q: got %v, want %s", content, err, want)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("A,B\n\"x\"\"y\",\"z\n\"\n"))
	f.Add([]byte("\xff\xfeA\x00"))
	f.Fuzz(func(t *testing.T, content []byte) {
		table, err := intake.ReadCSV(content)
		if err != nil {
			return
		}
		for _, r := range table.Rows {
			if len(r.Cells) != len(table.Header) {
				t.Fatalf("line %d has %d cells of %d", r.Number, len(r.Cells), len(table.Header))
			}
		}
	})
}
