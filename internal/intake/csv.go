// Package intake brings other systems' spreadsheets in: it reads them, maps
// their columns, shows what would happen, and imports all or nothing.
package intake

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"laurel/internal/problem"
)

// MaxContent is the largest file that is read, in bytes; MaxRows the most rows.
const (
	MaxContent = 64 << 20
	MaxRows    = 50_000
)

// A Table is a spreadsheet as text.
type Table struct {
	Header   []string
	Rows     []Line
	Problems []Problem // rows that could not be read; they are not in Rows
}

// A Line is one row of a table. Cells are as many as the header has.
type Line struct {
	Number int // of the file's line on which the row begins; the header is on 1
	Cells  []string
}

// A Problem is something that is wrong with one cell or one row.
type Problem struct {
	Row    int    // number of the line
	Column string // name of the column; empty: the row as a whole
	Say    problem.Say
	Skips  bool // the row stays out; otherwise it comes in without this value
}

// ReadCSV reads comma-, semicolon- or tab-separated text in UTF-8 (with or
// without its mark), UTF-16 or Windows-1252, with cells in quotes that may
// span lines. What is not such a table at all is an Invalid problem at the
// field "file"; rows that cannot be read are among the table's problems.
func ReadCSV(content []byte) (Table, error) {
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return Table{}, problem.Field("file", "intake.empty", "There is nothing in this file. Choose the export that you downloaded.")
	case bytes.HasPrefix(content, []byte("PK\x03\x04")), bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return Table{}, problem.Field("file", "intake.workbook", "This is an Excel workbook. Save it as CSV, and choose that file.")
	case len(content) > MaxContent:
		return Table{}, problem.Field("file", "intake.too-large", "This file is larger than 64 MB. Split it, and import the parts one after the other.")
	}
	text := decode(content)
	if strings.ContainsRune(text, 0) {
		return Table{}, problem.Field("file", "intake.not-text", "This is not a table of text. Export it as CSV, and choose that file.")
	}
	p := &parser{text: text, line: 1, separator: separator(text)}
	return p.table()
}

// decode turns the bytes into text. Bytes that are not UTF-8 or UTF-16 are
// Windows-1252, in which every byte means something.
func decode(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("\xef\xbb\xbf")):
		content = content[3:]
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		return fromUTF16(content[2:], false)
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		return fromUTF16(content[2:], true)
	case len(content) > 3 && content[1] == 0 && content[3] == 0:
		return fromUTF16(content, false)
	}
	if utf8.Valid(content) {
		return string(content)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(content)
	if err != nil {
		return strings.ToValidUTF8(string(content), "\ufffd")
	}
	return string(text)
}

func fromUTF16(content []byte, bigEndian bool) string {
	units := make([]uint16, len(content)/2)
	for i := range units {
		low, high := content[2*i], content[2*i+1]
		if bigEndian {
			low, high = high, low
		}
		units[i] = uint16(low) | uint16(high)<<8
	}
	return string(utf16.Decode(units))
}

// separator is the one of comma, semicolon and tab that stands most often in
// the first line, outside quotes.
func separator(text string) byte {
	counts, quoted := map[byte]int{}, false
	for i := 0; i < len(text) && (quoted || text[i] != '\n'); i++ {
		if text[i] == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[text[i]]++
		}
	}
	best := byte(',')
	for _, s := range []byte{';', '\t'} {
		if counts[s] > counts[best] {
			best = s
		}
	}
	return best
}

// A parser walks through the text. It is more forgiving than RFC 4180 where
// people's exports are careless: a quote inside a cell is a quote.
type parser struct {
	text      string
	at        int
	line      int
	separator byte
	open      int // line of a quote that is never closed; 0: none
}

func (p *parser) table() (Table, error) {
	t := Table{}
	for p.at < len(p.text) {
		start := p.line
		cells := p.row()
		switch {
		case p.open > 0:
			t.problem(p.open, "intake.open-quote", "A quotation mark begins here and never ends. Everything after it was left out: repair this row, and choose the file again.")
		case blank(cells):
		case t.Header == nil:
			t.Header = header(cells)
		case len(t.Rows) == MaxRows:
			return Table{}, problem.Field("file", "intake.too-many", "This file has more than 50,000 rows. Split it, and import the parts one after the other.")
		default:
			t.add(start, cells)
		}
	}
	if len(t.Header) < 2 {
		return Table{}, problem.Field("file", "intake.no-columns", "There are no columns in this file. Export the table as CSV, with the names of the columns in its first row.")
	}
	return t, nil
}

// add takes a row as long as the header: a shorter one ends in empty cells, a
// longer one has slipped and is left out.
func (t *Table) add(line int, cells []string) {
	if len(cells) > len(t.Header) {
		if !blank(cells[len(t.Header):]) {
			t.problem(line, "intake.slipped", "This row has more cells than there are columns. A comma or a quotation mark is probably missing.")
			return
		}
		cells = cells[:len(t.Header)]
	}
	for len(cells) < len(t.Header) {
		cells = append(cells, "")
	}
	t.Rows = append(t.Rows, Line{line, cells})
}

func (t *Table) problem(line int, key, english string) {
	t.Problems = append(t.Problems, Problem{Row: line, Say: problem.Say{Key: key, English: english}, Skips: true})
}

// row reads cells up to the end of the row.
func (p *parser) row() []string {
	var cells []string
	for {
		cells = append(cells, p.cell())
		if p.at >= len(p.text) {
			return cells
		}
		c := p.text[p.at]
		p.at++
		if c == '\n' {
			p.line++
			return cells
		}
	}
}

// cell reads one cell and stops at what ends it.
func (p *parser) cell() string {
	if p.at < len(p.text) && p.text[p.at] == '"' {
		return p.quoted()
	}
	start := p.at
	for p.at < len(p.text) && p.text[p.at] != p.separator && p.text[p.at] != '\n' {
		p.at++
	}
	return strings.TrimSpace(p.text[start:p.at])
}

// quoted reads a cell in quotes: two quotes are one, and a quote ends the cell
// only before a separator or the end of the row.
func (p *parser) quoted() string {
	var b strings.Builder
	began := p.line
	for p.at++; p.at < len(p.text); p.at++ {
		c := p.text[p.at]
		if c == '\n' {
			p.line++
		}
		if c != '"' {
			b.WriteByte(c)
			continue
		}
		rest := p.text[p.at+1:]
		if strings.HasPrefix(rest, `"`) {
			b.WriteByte('"')
			p.at++
			continue
		}
		if trimmed := strings.TrimLeft(rest, " \r"); trimmed == "" || trimmed[0] == p.separator || trimmed[0] == '\n' {
			p.at = len(p.text) - len(trimmed)
			return strings.TrimSpace(strings.ReplaceAll(b.String(), "\r\n", "\n"))
		}
		b.WriteByte(c)
	}
	p.open = began
	return b.String()
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return c != "" })
}

// header tidies the names of the columns; empty ones at the end fall away.
func header(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	for i, c := range cells {
		cells[i] = strings.Join(strings.Fields(c), " ")
	}
	return cells
}
