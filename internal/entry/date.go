package entry

import (
	"strings"
	"time"
)

// A Date is a day, a month or a year, as precisely as it was written.
type Date struct {
	First, Last time.Time // the first and the last day that it can mean, in UTC
}

// dateLayouts from the least precise, with what comes after one of them.
var dateLayouts = []struct {
	layout        string
	years, months int
}{
	{"2006", 1, 0},
	{"2006-1", 0, 1},
	{"2006-1-2", 0, 0},
}

// ParseDate reads 2026, 2026-03 or 2026-03-14; slashes and points do for the
// hyphens. It is false for anything else, and for years before the first film.
func ParseDate(written string) (Date, bool) {
	plain := strings.NewReplacer("/", "-", ".", "-").Replace(written)
	for _, l := range dateLayouts {
		first, err := time.Parse(l.layout, plain)
		if err != nil {
			continue
		}
		last := first
		if l.years+l.months > 0 {
			last = first.AddDate(l.years, l.months, -1)
		}
		return Date{first, last}, first.Year() >= 1870
	}
	return Date{}, false
}

// WriteDate is the form in which a date is kept: 2026, 2026-03 or 2026-03-14.
// What ParseDate cannot read comes back as it was written.
func WriteDate(written string) string {
	d, ok := ParseDate(written)
	switch {
	case !ok:
		return written
	case d.First.Equal(d.Last):
		return d.First.Format("2006-01-02")
	case d.Last.Sub(d.First) < 32*24*time.Hour:
		return d.First.Format("2006-01")
	}
	return d.First.Format("2006")
}
