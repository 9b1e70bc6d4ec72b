package intake

import (
	"strings"
	"time"
	"unicode/utf8"

	"laurel/internal/entry"
	"laurel/internal/problem"
)

// maxProject bounds a pasted text, in bytes.
const maxProject = 200_000

// A Project is a film as FilmFreeway describes it in a text: on the public page
// of a project, in a letter, or in a line of its export.
type Project struct {
	Film  entry.Film
	Notes []Problem // what was not understood or had to be changed, by the label
	Left  []string  // labels of what is known and not taken over
	Lines []string  // lines that belong to nothing
}

// ReadProject understands a pasted text as far as it can. What is no
// description of a project at all is an Invalid problem at the field "text".
func ReadProject(text string, now time.Time) (Project, error) {
	switch {
	case len(text) > maxProject:
		return Project{}, problem.Field("text", "project.large", "This is more text than the description of one film. Paste that alone.")
	case !utf8.ValidString(text):
		return Project{}, problem.Field("text", "text.encoding", "Some letters did not arrive whole. Write this again.")
	}
	t := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\u202f", " ", "\ufeff", "").Replace(text)
	if head, _, _ := strings.Cut(strings.TrimSpace(t), "\n"); isHeader(head) {
		return readExport([]byte(strings.TrimSpace(t)), now)
	}
	p := &pasted{values: map[string][]string{}}
	p.read(t)
	if len(p.labels) == 0 && len(p.credits) == 0 {
		return Project{}, problem.Field("text", "project.nothing",
			"Nothing here looks like a passport, or like FilmFreeway’s description of a film, which has lines such as “Project Title: …”, “Runtime: …” and “Country of Origin: …”.")
	}
	return p.project(now), nil
}

// isHeader says whether a line names the columns of an export.
func isHeader(line string) bool {
	return strings.Contains(line, ffTitle) && strings.Count(line, ",")+strings.Count(line, "\t")+strings.Count(line, ";") >= 5
}

// readExport takes the first film of an export.
func readExport(content []byte, now time.Time) (Project, error) {
	table, err := ReadCSV(content)
	if err != nil || len(table.Rows) == 0 {
		return Project{}, problem.Field("text", "project.no-row", "There are the names of columns here and no film below them.")
	}
	row := Row{Number: 1}
	c := cursor{&row, columnsOf(table.Header), table.Rows[0].Cells}
	c.project(nil, now)
	p := Project{Film: row.Film, Notes: row.Problems}
	for i, h := range table.Header {
		if !taken[fold(h)] && i < len(c.cells) && c.cells[i] != "" {
			p.Left = append(p.Left, h)
		}
	}
	return p, nil
}

// project reads what a film is made of, and nothing of who sent it where.
func (c cursor) project(credits []entry.Credit, now time.Time) {
	c.texts()
	c.facts()
	c.ownSynopsis()
	c.people()
	c.Film.Credits = append(c.Film.Credits, credits...)
	c.Film.Screenings, c.Film.Awards = showings(c.get(ffShowings))
	if len(c.Film.Screenings) > 0 {
		c.Film.Shown = entry.ShownInPublic
	}
	for _, m := range entry.Tame(&c.Film, now) {
		field, _, _ := strings.Cut(m.Field, ".")
		c.Problems = append(c.Problems, Problem{Row: c.Number, Column: filmFreewayColumns[field], Say: m.Say})
	}
}
