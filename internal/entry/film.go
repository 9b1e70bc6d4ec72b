// Package entry owns works and entries: what a film is, who may change it,
// whether it is eligible, and the way of an entry from draft to decision.
package entry

import (
	"strings"
)

// A Film is everything that its makers say of a work. It is kept as one JSON
// document in works.film; an entry holds a frozen copy of it in entries.film.
// Documents that were written before a field was there are read as legacy says.
type Film struct {
	Title            string  `json:"title"`            // English
	TitleOriginal    string  `json:"titleOriginal"`    // in its own language and script
	LanguageOriginal string  `json:"languageOriginal"` // of the original title: ISO 639; empty: not said
	Transliteration  string  `json:"transliteration"`  // of the original title, in Latin letters
	Titles           []Title `json:"titles"`           // further ones

	Logline       string  `json:"logline"`
	SynopsisShort string  `json:"synopsisShort"` // for a catalogue
	Synopsis      string  `json:"synopsis"`
	Statement     string  `json:"statement"` // of the director
	Biography     string  `json:"biography"`
	TextLanguage  string  `json:"textLanguage"` // of the five texts above: ISO 639; empty: English
	Texts         []Texts `json:"texts"`        // the same in further languages

	Runtime    int         `json:"runtime"`   // seconds with all credits; 0: not said
	Completed  string      `json:"completed"` // 2026, 2026-03 or 2026-03-14; empty: not said
	Form       Form        `json:"form"`
	Techniques []Technique `json:"techniques"` // of animation
	Genres     []Genre     `json:"genres"`
	Tags       []string    `json:"tags"` // in the makers' own words

	Languages      []string        `json:"languages"`      // spoken or signed: ISO 639; zxx: no dialogue
	SubtitleTracks []SubtitleTrack `json:"subtitleTracks"` // of the screener

	Credits   []Credit  `json:"credits"`
	Companies []Company `json:"companies"`
	Student   bool      `json:"student"`
	School    string    `json:"school"`

	Countries        []string       `json:"countries"` // of production: ISO 3166-1 alpha-2, majority first
	Shares           map[string]int `json:"shares"`    // in per cent, of those countries of which it was said
	CountriesFilming []string       `json:"countriesFilming"`
	HideFilming      bool           `json:"hideFilming"` // nobody but the makers learns where

	AspectRatio    string       `json:"aspectRatio"`
	FrameRate      string       `json:"frameRate"`
	Sound          string       `json:"sound"`
	Colour         string       `json:"colour"`
	ShootingFormat string       `json:"shootingFormat"`
	Exhibition     []Exhibition `json:"exhibition"` // in which it can be sent to a cinema
	Budget         string       `json:"budget"`     // as written; never shown to jurors or the public

	Shown      Shown       `json:"shown"`
	Screenings []Screening `json:"screenings"`
	Awards     []Prize     `json:"awards"`

	ContentWarnings []Warning `json:"contentWarnings"`
	Warnings        string    `json:"warnings"` // what else some viewers should know beforehand
	AI              AI        `json:"ai"`

	Website string `json:"website"`
	Trailer string `json:"trailer"`
	Links   []Link `json:"links"` // further ones

	ScreenerLink     string `json:"screenerLink"`
	ScreenerPassword string `json:"screenerPassword"`
	StillsBy         string `json:"stillsBy"` // who took the photographs
}

// A Title is a further title of a film. Its script is that of its letters.
type Title struct {
	Kind            TitleKind `json:"kind"`
	Language        string    `json:"language"` // ISO 639; empty: not said
	Text            string    `json:"text"`
	Script          string    `json:"script"` // ISO 15924, as tidy finds it
	Transliteration string    `json:"transliteration"`
}

// A TitleKind says what a title is for.
type TitleKind string

// The kinds of a title. Original and International are also those of the two
// titles that every film has.
const (
	OriginalTitle      TitleKind = "original"
	InternationalTitle TitleKind = "international"
	LocalTitle         TitleKind = "local"   // where it was or will be shown
	WorkingTitle       TitleKind = "working" // before it was finished
)

// TitleKinds in the order in which people choose them.
var TitleKinds = []TitleKind{LocalTitle, InternationalTitle, OriginalTitle, WorkingTitle}

// Texts are a film's texts in one further language.
type Texts struct {
	Language      string `json:"language"` // ISO 639
	Logline       string `json:"logline"`
	SynopsisShort string `json:"synopsisShort"`
	Synopsis      string `json:"synopsis"`
	Statement     string `json:"statement"`
	Biography     string `json:"biography"`
}

// Shown says whether the film has been seen before, as its makers answer it.
type Shown string

// The answers to "Has the film been shown?".
const (
	NotAnswered   Shown = ""
	NotShown      Shown = "no"
	ShownInPublic Shown = "public" // at festivals or in cinemas
	ShownOnline   Shown = "online"
)

// A SubtitleTrack is one set of subtitles.
type SubtitleTrack struct {
	Language string      `json:"language"` // ISO 639
	How      SubtitleHow `json:"how"`
	SDH      bool        `json:"sdh"` // for the deaf and hard of hearing
}

// A SubtitleHow says how subtitles come with the film.
type SubtitleHow string

// The ways of subtitles.
const (
	BurnedIn SubtitleHow = "burned-in" // part of the picture
	Sidecar  SubtitleHow = "sidecar"   // a file beside it
)

// SubtitleHows in the order in which people choose them.
var SubtitleHows = []SubtitleHow{BurnedIn, Sidecar}

// A Screening is an earlier showing.
type Screening struct {
	Event     string        `json:"event"`
	City      string        `json:"city"`
	Country   string        `json:"country"` // ISO 3166-1 alpha-2 or empty
	Date      string        `json:"date"`    // like Completed
	Kind      ScreeningKind `json:"kind"`
	Territory []string      `json:"territory"` // where it could be seen online or on television; empty online: everywhere
	Premiere  string        `json:"premiere"`  // what it was announced as: one of Premieres, or empty
}

// A ScreeningKind says before whom a film was shown.
type ScreeningKind string

// The kinds of a screening. What is not said counts as public.
const (
	PublicScreening ScreeningKind = "public"
	PressScreening  ScreeningKind = "press"
	MarketScreening ScreeningKind = "market"
	OnlineScreening ScreeningKind = "online"
	TelevisionShow  ScreeningKind = "television"
)

// ScreeningKinds in the order in which people choose them.
var ScreeningKinds = []ScreeningKind{PublicScreening, OnlineScreening, TelevisionShow, PressScreening, MarketScreening}

// Premieres are what an earlier showing can have been announced as.
var Premieres = []string{"world", "international", "continental", "national"}

// A Prize is an award that the film has won elsewhere.
type Prize struct {
	Event string `json:"event"`
	Year  string `json:"year"`
	Name  string `json:"name"`
}

// AI declares what of a film a machine has made.
type AI struct {
	Used    string   `json:"used"` // yes, no; empty: not said
	Where   []AIPart `json:"where"`
	Tool    string   `json:"tool"`
	Consent string   `json:"consent"` // of people whose face or voice was made: one of AIConsents, or empty
	Told    string   `json:"told"`    // how audiences learn of it
}

// An AIPart is a part of a film that a machine can make.
type AIPart string

// The parts of a declaration.
const (
	AIImage       AIPart = "image"
	AIVoice       AIPart = "voice"
	AIText        AIPart = "text"
	AIMusic       AIPart = "music"
	AIRestoration AIPart = "restoration"
	AIOther       AIPart = "other"
)

// AIParts in the order of the form.
var AIParts = []AIPart{AIImage, AIVoice, AIText, AIMusic, AIRestoration, AIOther}

// AIConsents are the answers to whether simulated people have agreed.
var AIConsents = []string{"yes", "no", "not-applicable"}

// A Link is a further address on the web.
type Link struct {
	Kind LinkKind `json:"kind"`
	URL  string   `json:"url"`
}

// A LinkKind says where a link leads.
type LinkKind string

// The kinds of a link. What people do elsewhere under their own name is not
// asked for.
const (
	PressKit   LinkKind = "press-kit"
	Catalogue  LinkKind = "catalogue"
	ReviewLink LinkKind = "review"
	OtherLink  LinkKind = "other"
)

// LinkKinds in the order in which people choose them.
var LinkKinds = []LinkKind{PressKit, Catalogue, ReviewLink, OtherLink}

// NoDialogue is the language code of a film in which nobody speaks.
const NoDialogue = "zxx"

// MainTitle is the English title, or the original one when there is no other.
func (f Film) MainTitle() string {
	if f.Title != "" {
		return f.Title
	}
	return f.TitleOriginal
}

// MainTitleIn is the language of the main title when it is the original one,
// else empty.
func (f Film) MainTitleIn() string {
	if f.TitleOriginal == "" || f.OtherTitle() != "" {
		return ""
	}
	return f.LanguageOriginal
}

// OtherTitle is the original title when it differs from the main one, else empty.
func (f Film) OtherTitle() string {
	if f.Title == "" || strings.EqualFold(f.Title, f.TitleOriginal) {
		return ""
	}
	return f.TitleOriginal
}

// Subtitles are the languages of the film's subtitles, each once.
func (f Film) Subtitles() []string {
	codes := []string{}
	for _, t := range f.SubtitleTracks {
		codes = addOnce(codes, t.Language)
	}
	return codes
}

// Year is the year of completion, or empty.
func (f Film) Year() string {
	if len(f.Completed) < 4 {
		return ""
	}
	return f.Completed[:4]
}
