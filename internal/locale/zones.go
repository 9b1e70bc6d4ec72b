package locale

import (
	_ "embed"
	"strings"
	_ "time/tzdata" // deadlines need their zones on machines without a zone database
)

// zonesText has a zone name a line, from the IANA time zone database's
// zone1970.tab, which is in the public domain.
//
//go:embed zones.txt
var zonesText string

// Zones are the names of the world's time zones, for people to choose from.
func Zones() []string { return strings.Fields(zonesText) }
