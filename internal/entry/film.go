// Package entry owns works and entries: what a film is, who may change it,
// whether it is eligible, and the way of an entry from draft to decision.
package entry

import (
	"strings"
)

// A Film is everything that its makers say of a work. It is kept as one JSON
// document in works.film; an entry holds a frozen copy of it in entries.film.
type Film struct {
	Title            string      `json:"title"`            // English
	TitleOriginal    string      `json:"titleOriginal"`    // in its own language and script
	LanguageOriginal string      `json:"languageOriginal"` // of the original title: ISO 639; empty: not said
	Logline          string      `json:"logline"`
	Synopsis         string      `json:"synopsis"`
	Statement        string      `json:"statement"` // of the director
	Biography        string      `json:"biography"`
	Runtime          int         `json:"runtime"`   // seconds with all credits; 0: not said
	Completed        string      `json:"completed"` // 2026, 2026-03 or 2026-03-14; empty: not said
	Form             Form        `json:"form"`
	Genres           []string    `json:"genres"`
	Countries        []string    `json:"countries"` // of production: ISO 3166-1 alpha-2, majority first
	CountriesFilming []string    `json:"countriesFilming"`
	Languages        []string    `json:"languages"` // spoken: ISO 639; zxx: no dialogue
	Subtitles        []string    `json:"subtitles"` // of the screener: ISO 639
	Credits          []Credit    `json:"credits"`
	FirstFilm        bool        `json:"firstFilm"`
	Student          bool        `json:"student"`
	School           string      `json:"school"`
	AspectRatio      string      `json:"aspectRatio"`
	FrameRate        string      `json:"frameRate"`
	Sound            string      `json:"sound"`
	Colour           string      `json:"colour"`
	ShootingFormat   string      `json:"shootingFormat"`
	Budget           string      `json:"budget"` // as written; never shown to jurors or the public
	Shown            Shown       `json:"shown"`
	Screenings       []Screening `json:"screenings"`
	Awards           []Prize     `json:"awards"`
	Website          string      `json:"website"`
	Trailer          string      `json:"trailer"`
	Warnings         string      `json:"warnings"` // content that some viewers should know beforehand
	ScreenerLink     string      `json:"screenerLink"`
	ScreenerPassword string      `json:"screenerPassword"`
	StillsBy         string      `json:"stillsBy"` // who took the photographs
}

// A Form is the kind of film-making.
type Form string

// The forms of a film.
const (
	Fiction      Form = "fiction"
	Documentary  Form = "documentary"
	Animation    Form = "animation"
	Experimental Form = "experimental"
	Hybrid       Form = "hybrid"
	MusicVideo   Form = "music-video"
	OtherForm    Form = "other"
)

// Forms in the order in which people choose them.
var Forms = []Form{Fiction, Documentary, Animation, Experimental, Hybrid, MusicVideo, OtherForm}

// Shown says whether the film has been seen before, as its makers answer it.
type Shown string

// The answers to "Has the film been shown?".
const (
	NotAnswered   Shown = ""
	NotShown      Shown = "no"
	ShownInPublic Shown = "public" // at festivals or in cinemas
	ShownOnline   Shown = "online"
)

// A Role is what a credited person did.
type Role string

// The roles of a credit.
const (
	Director      Role = "director"
	Writer        Role = "writer"
	Producer      Role = "producer"
	Cast          Role = "cast"
	Photography   Role = "photography"
	Editing       Role = "editing"
	SoundDesign   Role = "sound"
	Music         Role = "music"
	AnimationRole Role = "animation"
	Design        Role = "design"
	OtherRole     Role = "other"
)

// Roles in the order of a credit list.
var Roles = []Role{Director, Writer, Producer, Cast, Photography, Editing, SoundDesign, Music, AnimationRole, Design, OtherRole}

// A Credit is a person in a role, with the name to print. Their order in the
// film is the order of the list.
type Credit struct {
	Role      Role   `json:"role"`
	Name      string `json:"name"`
	NameLatin string `json:"nameLatin"` // empty when Name is Latin already
	Note      string `json:"note"`      // the part played, or the job of an "other"
}

// A Screening is an earlier showing.
type Screening struct {
	Event   string `json:"event"`
	City    string `json:"city"`
	Country string `json:"country"` // ISO 3166-1 alpha-2 or empty
	Date    string `json:"date"`    // like Completed
	Kind    string `json:"kind"`    // world, international, national, online or empty
}

// Premieres are the kinds of an earlier showing.
var Premieres = []string{"world", "international", "national", "online"}

// A Prize is an award that the film has won elsewhere.
type Prize struct {
	Event string `json:"event"`
	Year  string `json:"year"`
	Name  string `json:"name"`
}

// NoDialogue is the language code of a film in which nobody speaks.
const NoDialogue = "zxx"

// MainTitle is the English title, or the original one when there is no other.
func (f Film) MainTitle() string {
	if f.Title != "" {
		return f.Title
	}
	return f.TitleOriginal
}

// OtherTitle is the original title when it differs from the main one, else empty.
func (f Film) OtherTitle() string {
	if f.Title == "" || strings.EqualFold(f.Title, f.TitleOriginal) {
		return ""
	}
	return f.TitleOriginal
}

// Credited lists the names in a role, in order, as they are to be printed in
// Latin letters where there are such.
func (f Film) Credited(role Role) []string {
	var names []string
	for _, c := range f.Credits {
		if c.Role == role && c.Name != "" {
			names = append(names, c.Latin())
		}
	}
	return names
}

// Latin is the name in Latin letters if it was given so, else the name.
func (c Credit) Latin() string {
	if c.NameLatin != "" {
		return c.NameLatin
	}
	return c.Name
}

// Year is the year of completion, or empty.
func (f Film) Year() string {
	if len(f.Completed) < 4 {
		return ""
	}
	return f.Completed[:4]
}
