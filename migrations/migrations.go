// Package migrations embeds the schema's history, one numbered up and down
// pair a change. A pair that has landed is never edited: SUMS holds it fast.
package migrations

import "embed"

// FS holds every migration at its top level.
//
//go:embed *.sql
var FS embed.FS
