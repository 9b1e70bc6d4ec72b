package entry

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

// A Technique is a way of animating.
type Technique string

// Techniques in the order in which people choose them.
var Techniques = []Technique{"drawn", "computer-2d", "computer-3d", "stop-motion", "puppet", "clay", "cut-out", "paint",
	"sand", "pinscreen", "pixilation", "rotoscope", "collage", "scratch", "mixed", "other"}

// A Genre is one of the genres that lists and filters know.
type Genre string

// Genres in the order in which people choose them.
var Genres = []Genre{"action", "adventure", "biography", "comedy", "coming-of-age", "crime", "dance", "drama", "essay", "family", "fantasy",
	"history", "horror", "musical", "mystery", "nature", "poetic", "political", "portrait", "romance", "satire", "science-fiction", "social",
	"sport", "thriller", "war", "western"}

// A Warning names something that some viewers should know beforehand.
type Warning string

// FlashingLight can bring on a seizure; it is the one warning that is about
// bodies and not about feelings.
const FlashingLight Warning = "flashing-light"

// ContentWarnings in the order in which people choose them.
var ContentWarnings = []Warning{FlashingLight, "loud-noise", "violence", "sexual-violence", "suicide", "self-harm", "death", "child-harm",
	"animal-harm", "war", "torture", "discrimination", "sexual-content", "nudity", "drug-use", "strong-language"}

// An Exhibition is a format in which a film can be sent to a cinema.
type Exhibition string

// Exhibitions in the order in which people choose them.
var Exhibitions = []Exhibition{"dcp", "prores", "mp4", "blu-ray", "35mm", "16mm", "super-8", "other"}

// A Role is what a credited person did.
type Role string

// The roles of a credit that the house itself asks for.
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
var Roles = []Role{Director, "co-director", Writer, "story", Producer, "co-producer", "executive-producer", Cast, "voice", "narration", "participant",
	Photography, "camera", "light", Editing, SoundDesign, "sound-recording", "sound-mix", Music, AnimationRole, "storyboard", "visual-effects",
	Design, "costume", "make-up", "colour", "assistant-director", "production-manager", "research", "translation", "consultant", OtherRole}

// A CompanyRole is what a company or a school did for a film.
type CompanyRole string

// Schooling is the role of a school beside the one that a student film names.
const Schooling CompanyRole = "school"

// CompanyRoles in the order of a list.
var CompanyRoles = []CompanyRole{"production", "co-production", Schooling, "sales", "distribution", "broadcaster", "fund", "animation-studio",
	"post-production", "other"}

// A Company is a company or a school in a role.
type Company struct {
	Role    CompanyRole `json:"role"`
	Name    string      `json:"name"`
	Country string      `json:"country"` // ISO 3166-1 alpha-2 or empty
}

// A LengthClass is a class of films by their length.
type LengthClass string

// The classes of length.
const (
	NoLength   LengthClass = ""
	ShortFilm  LengthClass = "short"  // 40 minutes or less
	MediumFilm LengthClass = "medium" // more than 40 and less than 60 minutes
	LongFilm   LengthClass = "long"   // 60 minutes or more
)

// Class is the class of the film's length; NoLength while that is not said.
func (f Film) Class() LengthClass {
	switch {
	case f.Runtime <= 0:
		return NoLength
	case f.Runtime <= 40*60:
		return ShortFilm
	case f.Runtime < 60*60:
		return MediumFilm
	}
	return LongFilm
}
