package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"laurel/internal/account"
	"laurel/internal/decision"
	"laurel/internal/entry"
	"laurel/internal/result"
)

// WriteResults writes a board as CSV with a header line: one line a film, in the
// order of the list that binds, values with four decimals. What is not known is
// empty. The ranges hold the value nineteen times in twenty.
func (b Board) WriteResults(w io.Writer, prefix string) error {
	header := []string{
		"rank", "number", "title", "directors", "countries", "scores", "mean", "spread", "lowest", "highest", "mean rank",
		"adjusted", "calibrated", "calibrated rank", "standard error", "from", "to", "rank from", "rank to", "probability",
	}
	for _, c := range b.Rubric {
		header = append(header, c.Name)
	}
	lines := [][]string{append(header, "decision", "told")}
	for _, r := range b.Rows {
		line := append([]string{
			count(r.Rank), entry.Label(prefix, r.Number), r.Title, strings.Join(r.Directors, ", "), strings.Join(r.Countries, ", "),
		}, figures(r.Out, b.Result.Body.Line != nil)...)
		for _, c := range r.Criteria {
			line = append(line, figure(c.Mean, c.Count > 0))
		}
		lines = append(lines, append(line, decided(r.Decision)...))
	}
	return write(w, lines)
}

// figures are a film's values in the order of the header; line says whether
// places end anywhere.
func figures(e result.Entry, line bool) []string {
	some := e.Scores > 0
	return []string{
		strconv.Itoa(e.Scores), figure(e.Raw, some), figure(e.Spread, e.Scores > 1), figure(e.Lowest, some), figure(e.Highest, some), count(e.RawRank),
		figure(e.Adjusted, some), figure(e.Calibrated, some), count(e.Rank), figure(e.SE, e.Known), figure(e.Low, e.Known), figure(e.High, e.Known),
		count(e.RankLow), count(e.RankHigh), figure(e.Selected, e.Known && line),
	}
}

// WriteScores writes every score that counts as CSV: one line a score. Jurors
// are numbered; their names stand there only when names is true.
func (b Board) WriteScores(w io.Writer, prefix string, names bool) error {
	header := []string{"number", "title", "juror", "score"}
	for _, c := range b.Rubric {
		header = append(header, c.Name)
	}
	lines := [][]string{append(header, "comment")}
	called := b.Called(names)
	for _, r := range b.Rows {
		for _, g := range r.Given {
			line := []string{entry.Label(prefix, r.Number), r.Title, called[g.JurorID], figure(g.Score, true)}
			for _, c := range b.Rubric {
				v, ok := g.Marks[int64(c.ID)]
				if !ok {
					line = append(line, "")
					continue
				}
				line = append(line, strconv.Itoa(v))
			}
			lines = append(lines, append(line, g.Feedback))
		}
	}
	return write(w, lines)
}

// Called is what each juror is called in a table: the name, or "Juror 3" in an
// order that says nothing about the person.
func (b Board) Called(names bool) map[account.ID]string {
	called := map[account.ID]string{}
	for _, r := range b.Rows {
		for _, g := range r.Given {
			if _, known := called[g.JurorID]; known {
				continue
			}
			called[g.JurorID] = fmt.Sprintf("Juror %d", len(called)+1)
			if names {
				called[g.JurorID] = g.Juror
			}
		}
	}
	return called
}

func write(w io.Writer, lines [][]string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, line := range lines {
		for i := range line {
			line[i] = safe(line[i])
		}
		if err := out.Write(line); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// safe keeps a spreadsheet from taking a text for a formula: a leading
// apostrophe makes it text again.
func safe(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func figure(v float64, known bool) string {
	if !known {
		return ""
	}
	return strconv.FormatFloat(v, 'f', 4, 64)
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func decided(d *decision.Decision) []string {
	if d == nil {
		return []string{"", ""}
	}
	if d.ReleasedAt == nil {
		return []string{string(d.Outcome), "no"}
	}
	return []string{string(d.Outcome), "yes"}
}
