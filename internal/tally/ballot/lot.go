package ballot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// A Slip is a candidate's lot.
type Slip struct {
	Candidate int    `json:"candidate"`
	Hash      string `json:"hash"` // SHA-256 of the seed followed by the candidate's name, hexadecimal
}

// DrawLot puts candidates into the order of their lots, the first the luckiest:
// the order of the SHA-256 of the seed's bytes followed by those of the name. The
// seed has to be fixed in public before the ballots are opened; then nobody can
// choose it, and everybody can draw again.
func DrawLot(seed string, names []string, among []int) []Slip {
	slips := make([]Slip, len(among))
	for i, c := range among {
		sum := sha256.Sum256([]byte(seed + names[c]))
		slips[i] = Slip{c, hex.EncodeToString(sum[:])}
	}
	slices.SortFunc(slips, func(a, b Slip) int { return cmp.Compare(a.Hash, b.Hash) })
	return slips
}
