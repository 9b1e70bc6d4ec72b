package media

// Findings are what was measured of a film: figures and names of formats. No
// word that its maker wrote is among them.
type Findings struct {
	Seconds    float64  `json:"seconds"`
	Video      string   `json:"video"` // of the picture: "h264", "prores"
	Width      int      `json:"width"` // pixels, as it is looked at
	Height     int      `json:"height"`
	Rate       float64  `json:"rate"` // pictures a second
	Interlaced bool     `json:"interlaced,omitzero"`
	HDR        bool     `json:"hdr,omitzero"`
	Bits       int      `json:"bits"`               // of each colour
	Audio      string   `json:"audio,omitzero"`     // of the sound; empty: there is none
	Channels   int      `json:"channels,omitzero"`  // of the sound
	Tracks     int      `json:"tracks,omitzero"`    // of sound, of which the first is heard
	Peak       *float64 `json:"peak,omitzero"`      // the loudest sound, in dB under the loudest that can be
	Silence    float64  `json:"silence,omitzero"`   // seconds in which nothing is heard
	Subtitles  int      `json:"subtitles,omitzero"` // tracks of text in the film
	Unread     int      `json:"unread,omitzero"`    // of which so many could not be taken
}

// A Step is what is being done to a file.
type Step string

// The steps, in the order in which they are taken.
const (
	Waiting   Step = "waiting"   // for its turn
	Measuring Step = "measuring" // what is in it
	Making    Step = "making"    // what people are shown
	Keeping   Step = "keeping"   // what was made
	Sealing   Step = "sealing"   // the original
	Idle      Step = ""          // nothing is left to do
)
