package report

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/pg"
)

//go:embed entries.sql
var entriesSQL string

// A Search narrows and orders the list of entries. Its zero value is the first
// page of all, by title.
type Search struct {
	Words    string // in titles and credits, any script; or an entry's number
	State    string // empty: any but drafts
	Category festival.CategoryID
	Country  string // ISO code
	Fee      string // due or paid; empty: any. There is no list of those of whom nothing is due.
	Sort     string // a key of Sorts; empty: title
	Down     bool
	Page     int // from 1
}

// PerPage is how many entries a page of the list holds.
const PerPage = 50

// Sorts are the columns that the list can be ordered by. The texts are
// constants and the only ones that are ever put into the statement.
var Sorts = map[string]string{
	"title":    "e.title",
	"number":   "e.number",
	"country":  "e.countries",
	"category": "e.category_id",
	"length":   "e.runtime",
	"state":    "e.state",
}

// An Entry is a row of the list. Given and Done count jurors, never their values.
type Entry struct {
	ID               entry.ID
	CategoryID       festival.CategoryID
	Code             string
	Number           int
	State            string
	Title            string
	TitleOriginal    string
	LanguageOriginal string
	Countries        []string
	Directors        []string
	Runtime          int // seconds; 0: not said
	Category         string
	Fee              entry.FeeState
	Still            string // file code; empty: none
	Given            int
	Done             int
	Total            int // of all pages
}

// Entries lists a page of an edition's entries as viewer may see them: those
// of films that the viewer made or has a conflict with are not there.
func Entries(ctx context.Context, db pg.DB, edition festival.EditionID, viewer account.ID, s Search) ([]Entry, error) {
	list, err := pg.Rows[Entry](ctx, db, s.statement(), s.args(edition, viewer, PerPage))
	if err != nil {
		return nil, fmt.Errorf("list entries: %w", err)
	}
	return list, nil
}

// AllEntries is Entries without pages, for files.
func AllEntries(ctx context.Context, db pg.DB, edition festival.EditionID, viewer account.ID, s Search) ([]Entry, error) {
	s.Page = 1
	list, err := pg.Rows[Entry](ctx, db, s.statement(), s.args(edition, viewer, 1_000_000))
	if err != nil {
		return nil, fmt.Errorf("list all entries: %w", err)
	}
	return list, nil
}

func (s Search) statement() string {
	column, ok := Sorts[s.Sort]
	if !ok {
		column = Sorts["title"]
	}
	direction := "asc"
	if s.Down {
		direction = "desc"
	}
	return strings.ReplaceAll(entriesSQL, "/*order*/", column+" "+direction+", e.id "+direction)
}

var numbered = regexp.MustCompile(`^(?:[A-Za-z0-9]{1,6}-)?0*([0-9]{1,7})$`)

func (s Search) args(edition festival.EditionID, viewer account.ID, limit int) pg.Args {
	patterns, number := strings.Fields(s.Words), 0
	if m := numbered.FindStringSubmatch(strings.TrimSpace(s.Words)); m != nil {
		number, _ = strconv.Atoi(m[1])
		patterns = nil
	}
	if patterns == nil {
		patterns = []string{}
	}
	return pg.Args{
		"edition": edition, "viewer": viewer, "state": s.State, "category": s.Category, "country": s.Country, "fee": s.Fee,
		"patterns": patterns, "number": number, "limit": limit, "offset": (max(s.Page, 1) - 1) * limit,
	}
}

// A StateCount says how many entries are in a state.
type StateCount struct {
	State string
	Count int
}

// EntryCounts counts an edition's entries by state, drafts too.
func EntryCounts(ctx context.Context, db pg.DB, edition festival.EditionID) (map[string]int, error) {
	rows, err := pg.Rows[StateCount](ctx, db, `
		select state, count(*)::int as count
		from present_entries
		where edition_id = @edition
		group by state`,
		pg.Args{"edition": edition})
	if err != nil {
		return nil, fmt.Errorf("count entries: %w", err)
	}
	counts := map[string]int{}
	for _, r := range rows {
		counts[r.State] = r.Count
	}
	return counts, nil
}

// EntryCountries lists the countries of an edition's entries, for a filter.
func EntryCountries(ctx context.Context, db pg.DB, edition festival.EditionID) ([]string, error) {
	return pg.Values[string](ctx, db, `
		select distinct unnest(countries) as country
		from present_entries
		where edition_id = @edition and state <> 'draft'
		order by country`,
		pg.Args{"edition": edition})
}

// WriteEntries writes the list as a spreadsheet, without mail addresses and
// without anything of the jury's work: what each film says, and the answers. Each question of a category that
// somebody in the list has answered is a column.
func WriteEntries(ctx context.Context, w io.Writer, prefix string, list []Entry, films Films, replies Replies) error {
	header := []string{"Number", "Title", "Original title", "Directors", "Countries", "Category", "Seconds", "Status", "Fee"}
	lines := [][]string{slices.Concat(header, filmColumns, replies.header)}
	for _, x := range list {
		lines = append(lines, slices.Concat([]string{
			entry.Label(prefix, x.Number), x.Title, x.TitleOriginal, strings.Join(x.Directors, "; "),
			locale.CountryNames(ctx, x.Countries), x.Category, strconv.Itoa(x.Runtime), entry.StateName(ctx, entry.State(x.State)), entry.FeeName(ctx, x.Fee),
		}, films.cells(ctx, x.ID), replies.cells(x)))
	}
	return write(w, lines)
}
