package site

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"laurel/internal/deliberation"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
)

// The files of an opened ballot, by the last part of their addresses.
const (
	ballotsJSON = "ballots.json"
	ballotsCSV  = "ballots.csv"
	recordJSON  = "record.json"
)

// files are the links to what can be taken away.
func (in reading) files(url string) []components.Link {
	record := components.Link{URL: url + "/" + recordJSON, Label: locale.T(in.ctx, "count.file-record", "The record, JSON")}
	if in.record.Shown != deliberation.Everything {
		return []components.Link{record}
	}
	return []components.Link{
		{URL: url + "/" + ballotsJSON, Label: locale.T(in.ctx, "count.file-json", "Ballots, JSON")},
		{URL: url + "/" + ballotsCSV, Label: locale.T(in.ctx, "count.file-csv", "Ballots, CSV")},
		record,
	}
}

// serve writes one of the files. The two of ballots are in the shape that
// `laurel count` reads, and are missing where ballots are not shown.
func (in reading) serve(w http.ResponseWriter, file string) error {
	if file != recordJSON && in.record.Shown != deliberation.Everything {
		return problem.Missing()
	}
	var content []byte
	var err error
	kind := "application/json"
	switch file {
	case ballotsJSON:
		content, err = in.ballotsDocument()
	case ballotsCSV:
		kind = "text/csv; charset=utf-8"
		content, err = in.ballotsTable()
	default:
		content, err = json.MarshalIndent(struct {
			Titles map[string]string   `json:"titles"`
			Record deliberation.Record `json:"record"`
		}{in.named(), in.record}, "", " ")
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="`+file+`"`)
	_, err = w.Write(content)
	return ignoreGone(err)
}

// named are the titles that the reader may know, by key.
func (in reading) named() map[string]string {
	titles := map[string]string{}
	for key, f := range in.films {
		titles[key] = f.Title
	}
	return titles
}

func (in reading) ballotsDocument() ([]byte, error) {
	type line struct {
		Name    string     `json:"name"`
		Weight  int        `json:"weight"`
		Ranking [][]string `json:"ranking"`
		Recused []string   `json:"recused"`
	}
	doc := struct {
		Titles     map[string]string `json:"titles"`
		Candidates []string          `json:"candidates"`
		Unranked   string            `json:"unranked"`
		Ballots    []line            `json:"ballots"`
	}{in.named(), in.record.Candidates, "tied last", nil}
	for _, b := range in.record.Ballots {
		doc.Ballots = append(doc.Ballots, line{b.Name, 1, b.Ranking, append([]string{}, b.Recused...)})
	}
	return json.MarshalIndent(doc, "", " ")
}

// ballotsTable has a line for each ballot and a column for each film: its place,
// a blank when it was left out, a dash when the juror did not judge it.
func (in reading) ballotsTable() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{append([]string{"weight"}, in.record.Candidates...)}
	for _, sheet := range in.record.Ballots {
		row := []string{"1"}
		for _, key := range in.record.Candidates {
			level := slices.IndexFunc(sheet.Ranking, func(level []string) bool { return slices.Contains(level, key) })
			switch {
			case slices.Contains(sheet.Recused, key):
				row = append(row, "-")
			case level < 0:
				row = append(row, "")
			default:
				row = append(row, strconv.Itoa(level+1))
			}
		}
		rows = append(rows, row)
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}
