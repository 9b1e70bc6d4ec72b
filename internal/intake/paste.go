package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"laurel/internal/entry"
)

// pasted is a text on its way to a project: what stands behind each label.
type pasted struct {
	labels  []string            // columns of an export, in the order of the text
	values  map[string][]string // lines
	left    []string
	lines   []string // that belong to nothing
	credits []entry.Credit
	intro   []string // paragraphs before the first label
	title   string
}

// pageLogline is a label of texts that are sent along with a project; the export
// has no column for it.
const pageLogline = "Logline"

// pageLabels are what FilmFreeway's pages and letters call the columns of its
// export.
var pageLabels = map[string]string{
	"title": ffTitle, "film title": ffTitle, "english title": ffTitle, "original title": ffTitleOwn, "runtime": ffDuration, "running time": ffDuration,
	"director": ffDirectors, "writer": ffWriters, "producer": ffProducers, "cast": ffCast, "credits": ffOthers, "genre": ffGenres,
	"type": ffType, "website": ffWebsite, "trailer": ffTrailer, "country": ffCountry, "countries of origin": ffCountry, "country of production": ffCountry,
	"countries of filming": ffFilmedIn, "languages": ffLanguage, "film language": ffLanguage, "color": ffColour, "film colour": ffColour, "budget": ffBudget,
	"logline": pageLogline, "log line": pageLogline, "tagline": pageLogline, "short synopsis": pageLogline,
	"screenings": ffShowings, "awards": ffShowings, "project overview": ffSynopsis, "overview": ffSynopsis, "link": ffLink, "password": ffPassword,
}

// ofPerson are labels that carry the name of the person: "Director Biography -
// Ada Canary".
var ofPerson = regexp.MustCompile(`^(?:director|submitter|writer|producer)s? (biography|statement)(?: .*)?$`)

// oneLine are the columns whose value ends with its line.
var oneLine = []string{ffTitle, ffTitleOwn, ffDuration, ffCompleted, ffBudget, ffFormat, ffAspect, ffColour, ffFirst, ffStudent, ffType, ffLink, ffPassword,
	ffTrailer, ffWebsite, pageLogline}

// column is the column of an export that a label means; known is also true for
// those that are not taken over, which have none.
func column(label string) (name string, known bool) {
	key := fold(label)
	if m := ofPerson.FindStringSubmatch(key); m != nil {
		return map[string]string{"biography": ffBiography, "statement": ffStatement}[m[1]], true
	}
	if name, ok := pageLabels[key]; ok {
		return name, true
	}
	for _, name := range projectColumns {
		if fold(name) == key {
			return name, true
		}
	}
	return "", left[key] || taken[key] || slices.Contains([]string{"lyrics", "tracking number", "camera", "lens", "distributor information", "distribution information"}, key)
}

// projectColumns are those of an export that describe the film itself.
var projectColumns = []string{ffTitle, ffTitleOwn, ffSynopsis, ffSynopsis2, ffDuration, ffCountry, ffFilmedIn, ffLanguage, ffTrailer, ffWebsite, ffType,
	ffGenres, ffStudent, ffCompleted, ffBudget, ffFormat, ffAspect, ffColour, ffFirst, ffDirectors, ffWriters, ffProducers, ffCast, ffOthers,
	ffStatement, ffBiography, ffLink, ffPassword, ffShowings}

var (
	rule      = regexp.MustCompile(`^[-–—•·*_=\s]*$`)
	withLabel = regexp.MustCompile(`^([^:]{2,60}):\s*(.*)$`)
)

// paragraphs are the columns whose value goes on over empty lines.
var paragraphs = []string{ffSynopsis, ffSynopsis2, ffStatement, ffBiography, ffShowings}

// read goes through the text line by line. A label is alone on its line or has
// a colon after it; what follows belongs to it until the next one.
func (p *pasted) read(text string) {
	var now string     // the column that lines belong to; empty: none
	open := false      // a label that is not taken over has begun
	var block []string // lines before the first label
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		label, value := line, ""
		if m := withLabel.FindStringSubmatch(line); m != nil {
			label, value = m[1], strings.TrimSpace(m[2])
		}
		name, known := column(label)
		begun := len(p.labels)+len(p.left) > 0
		switch {
		case line == "":
			known = false
		case !begun && isJob(line) && len(block) > 0 && block[len(block)-1] != "":
			known = false // what the person on the line above did
		}
		switch {
		case known:
			p.introduce(block)
			block, now, open = nil, name, name == "" && value == ""
			p.begin(label, name, value)
		case !begun:
			block = append(block, line)
		case rule.MatchString(line):
			now, open = p.pause(now), false
		case now != "" && (!slices.Contains(oneLine, now) || len(p.values[now]) == 0):
			p.values[now] = append(p.values[now], line)
		case !open:
			p.lines = append(p.lines, line)
		}
	}
	p.introduce(block)
}

// pause is the column that lines belong to after an empty line.
func (p *pasted) pause(now string) string {
	switch {
	case slices.Contains(paragraphs, now):
		p.values[now] = append(p.values[now], "")
	case len(p.values[now]) > 0:
		return ""
	}
	return now
}

// begin starts what stands behind a label.
func (p *pasted) begin(label, name, value string) {
	if name == "" {
		p.left = append(p.left, label)
		return
	}
	if !slices.Contains(p.labels, name) {
		p.labels = append(p.labels, name)
	}
	if value != "" {
		p.values[name] = append(p.values[name], value)
	}
}

// introduce reads the lines before the first label: the title, people with
// what they did, and paragraphs about the film.
func (p *pasted) introduce(block []string) {
	block = slices.DeleteFunc(block, rule.MatchString)
	for len(block) > 0 {
		line, used := block[0], 1
		credit, lines := creditAt(block)
		switch {
		case lines > 0:
			p.credits, used = append(p.credits, credit), lines
		case p.title == "" && len(p.credits) == 0 && len([]rune(line)) <= 120:
			p.title = line
		case len([]rune(line)) > 60:
			p.intro = append(p.intro, line)
		default:
			p.lines = append(p.lines, line)
		}
		block = block[used:]
	}
}

// creditAt reads a person at the beginning of some lines, and says how many
// lines that took: the name with what was done below it or right behind it,
// and the part played in quotes.
func creditAt(lines []string) (entry.Credit, int) {
	if m := glued.FindStringSubmatch(lines[0]); m != nil {
		return creditFor(m[1], m[2], m[3]), 1
	}
	if len(lines) < 2 || !isJob(lines[1]) {
		return entry.Credit{}, 0
	}
	if len(lines) > 2 && inWholeQuotes.MatchString(lines[2]) {
		return creditFor(lines[0], lines[1], lines[2]), 3
	}
	return creditFor(lines[0], lines[1], ""), 2
}

// creditFor is the credit of a person under the name that a page gives a job.
func creditFor(name, job, part string) entry.Credit {
	switch fold(job) {
	case "director":
		return entry.Credit{Role: entry.Director, Name: name}
	case "key cast":
		return entry.Credit{Role: entry.Cast, Name: name, Note: unquote(part)}
	}
	return worked(name, job)
}

// jobNames are what FilmFreeway's pages write under a name.
var jobNames = []string{"Director of Photography", "Assistant Director", "Director", "Writer", "Executive Producer", "Co-Producer", "Producer", "Key Cast",
	"Cinematographer", "Cinematography", "Editor", "Original Music", "Composer", "Music", "Sound Design", "Sound", "Production Design", "Set Design",
	"Costumes", "Costume Design", "Animator", "Animation", "Screenwriter", "Narrator"}

func isJob(line string) bool {
	return slices.ContainsFunc(jobNames, func(job string) bool { return fold(job) == fold(line) })
}

var (
	inWholeQuotes = regexp.MustCompile(`^["“].+["”]$`)
	// glued is a name with what the person did, as a copied page runs them together.
	glued = regexp.MustCompile(`^(.*[\p{Ll}\p{Lu}.)])(` + strings.Join(jobNames, "|") + `)(["“].+["”])?$`)
)

// project makes a film of what was read, as of one line of an export.
func (p *pasted) project(now time.Time) Project {
	if len(p.values[ffTitle]) == 0 && p.title != "" {
		p.begin(ffTitle, ffTitle, p.title)
	} else if p.title != "" && !slices.Contains(p.values[ffTitle], p.title) {
		p.lines = append([]string{p.title}, p.lines...)
	}
	if len(p.values[ffSynopsis]) == 0 && len(p.intro) > 0 {
		p.begin(ffSynopsis, ffSynopsis, strings.Join(p.intro, "\n\n"))
	} else {
		p.lines = append(p.lines, p.intro...)
	}
	cells := make([]string, len(p.labels))
	for i, name := range p.labels {
		cells[i] = p.cell(name)
	}
	row := Row{Number: 1, Film: entry.Film{Logline: strings.Join(p.values[pageLogline], " ")}}
	c := cursor{&row, columnsOf(p.labels), cells}
	c.project(p.credits, now)
	return Project{Film: row.Film, Notes: row.Problems, Left: p.left, Lines: p.lines}
}

// cell is the value of a column as an export has it.
func (p *pasted) cell(name string) string {
	cell := strings.TrimSpace(strings.Join(p.values[name], "\n"))
	switch name {
	case ffDuration:
		return spelledDuration(cell)
	case ffCompleted:
		return spelledDay(cell)
	case ffLanguage:
		return plainLanguages(cell)
	case ffShowings:
		if !yearIn.MatchString(cell) { // a page has no dates, and nothing that keeps one showing from the next
			p.lines = append(p.lines, slices.DeleteFunc(strings.Split(cell, "\n"), rule.MatchString)...)
			return ""
		}
	}
	return cell
}

var yearIn = regexp.MustCompile(`\b(?:19|20)[0-9]{2}\b`)

var spelled = regexp.MustCompile(`(?i)([0-9]+)\s*(hour|hr|h|minute|min|m|second|sec|s)[a-z]*`)

// spelledDuration writes "1 hour 2 minutes 3 seconds" as 01:02:03. What does
// not look so stays as it is.
func spelledDuration(cell string) string {
	all := spelled.FindAllStringSubmatch(cell, -1)
	if len(all) == 0 {
		return cell
	}
	seconds := 0
	for _, m := range all {
		n, err := strconv.Atoi(m[1])
		if err != nil || n > 100_000 {
			return cell
		}
		seconds += n * map[byte]int{'h': 3600, 'm': 60, 's': 1}[strings.ToLower(m[2])[0]]
	}
	return strconv.Itoa(seconds/3600) + ":" + strconv.Itoa(seconds/60%60) + ":" + strconv.Itoa(seconds%60)
}

// spelledDay writes "January 2, 2020" as 2020-01-02.
func spelledDay(cell string) string {
	for _, layout := range []string{"January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006"} {
		if t, err := time.Parse(layout, cell); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	if t, err := time.Parse("January 2006", cell); err == nil {
		return t.Format("2006-01")
	}
	return cell
}

var years = regexp.MustCompile(`\s*\([^)]*[0-9][^)]*\)`)

// plainLanguages takes the years off names such as "Modern Greek (1453-)".
func plainLanguages(cell string) string {
	return strings.ReplaceAll(years.ReplaceAllString(cell, ""), "Modern Greek", "Greek")
}
