package entry

import (
	"context"

	"laurel/internal/locale"
)

// roleNames are said above a list of names.
var roleNames = map[Role]func(context.Context) string{
	Director:      func(ctx context.Context) string { return locale.T(ctx, "role.director", "Director") },
	"co-director": func(ctx context.Context) string { return locale.T(ctx, "role.co-director", "Co-director") },
	Writer:        func(ctx context.Context) string { return locale.T(ctx, "role.writer", "Writer") },
	"story":       func(ctx context.Context) string { return locale.T(ctx, "role.story", "Story") },
	Producer:      func(ctx context.Context) string { return locale.T(ctx, "role.producer", "Producer") },
	"co-producer": func(ctx context.Context) string { return locale.T(ctx, "role.co-producer", "Co-producer") },
	"executive-producer": func(ctx context.Context) string {
		return locale.T(ctx, "role.executive-producer", "Executive producer")
	},
	Cast:              func(ctx context.Context) string { return locale.T(ctx, "role.cast", "Cast") },
	"voice":           func(ctx context.Context) string { return locale.T(ctx, "role.voice", "Voice") },
	"narration":       func(ctx context.Context) string { return locale.T(ctx, "role.narration", "Narration") },
	"participant":     func(ctx context.Context) string { return locale.T(ctx, "role.participant", "Participant") },
	Photography:       func(ctx context.Context) string { return locale.T(ctx, "role.photography", "Photography") },
	"camera":          func(ctx context.Context) string { return locale.T(ctx, "role.camera", "Camera") },
	"light":           func(ctx context.Context) string { return locale.T(ctx, "role.light", "Light") },
	Editing:           func(ctx context.Context) string { return locale.T(ctx, "role.editing", "Editing") },
	SoundDesign:       func(ctx context.Context) string { return locale.T(ctx, "role.sound", "Sound") },
	"sound-recording": func(ctx context.Context) string { return locale.T(ctx, "role.sound-recording", "Sound recording") },
	"sound-mix":       func(ctx context.Context) string { return locale.T(ctx, "role.sound-mix", "Sound mix") },
	Music:             func(ctx context.Context) string { return locale.T(ctx, "role.music", "Music") },
	AnimationRole:     func(ctx context.Context) string { return locale.T(ctx, "role.animation", "Animation") },
	"storyboard":      func(ctx context.Context) string { return locale.T(ctx, "role.storyboard", "Storyboard") },
	"visual-effects":  func(ctx context.Context) string { return locale.T(ctx, "role.visual-effects", "Visual effects") },
	Design:            func(ctx context.Context) string { return locale.T(ctx, "role.design", "Design") },
	"costume":         func(ctx context.Context) string { return locale.T(ctx, "role.costume", "Costume") },
	"make-up":         func(ctx context.Context) string { return locale.T(ctx, "role.make-up", "Make-up") },
	"colour":          func(ctx context.Context) string { return locale.T(ctx, "role.colour", "Colour") },
	"assistant-director": func(ctx context.Context) string {
		return locale.T(ctx, "role.assistant-director", "Assistant director")
	},
	"production-manager": func(ctx context.Context) string {
		return locale.T(ctx, "role.production-manager", "Production management")
	},
	"research":    func(ctx context.Context) string { return locale.T(ctx, "role.research", "Research") },
	"translation": func(ctx context.Context) string { return locale.T(ctx, "role.translation", "Translation") },
	"consultant":  func(ctx context.Context) string { return locale.T(ctx, "role.consultant", "Consultant") },
	OtherRole:     func(ctx context.Context) string { return locale.T(ctx, "role.other", "Other") },
}

// companyRoleNames are said before the name of a company.
var companyRoleNames = map[CompanyRole]func(context.Context) string{
	"production":       func(ctx context.Context) string { return locale.T(ctx, "company.production", "Production") },
	"co-production":    func(ctx context.Context) string { return locale.T(ctx, "company.co-production", "Co-production") },
	"school":           func(ctx context.Context) string { return locale.T(ctx, "company.school", "School") },
	"sales":            func(ctx context.Context) string { return locale.T(ctx, "company.sales", "World sales") },
	"distribution":     func(ctx context.Context) string { return locale.T(ctx, "company.distribution", "Distribution") },
	"broadcaster":      func(ctx context.Context) string { return locale.T(ctx, "company.broadcaster", "Broadcaster") },
	"fund":             func(ctx context.Context) string { return locale.T(ctx, "company.fund", "Fund") },
	"animation-studio": func(ctx context.Context) string { return locale.T(ctx, "company.animation-studio", "Animation studio") },
	"post-production":  func(ctx context.Context) string { return locale.T(ctx, "company.post-production", "Post-production") },
	"other":            func(ctx context.Context) string { return locale.T(ctx, "company.other", "Other") },
}

// genreNames are those of Genres.
var genreNames = map[Genre]func(context.Context) string{
	"action":          func(ctx context.Context) string { return locale.T(ctx, "genre.action", "Action") },
	"adventure":       func(ctx context.Context) string { return locale.T(ctx, "genre.adventure", "Adventure") },
	"biography":       func(ctx context.Context) string { return locale.T(ctx, "genre.biography", "Biography") },
	"comedy":          func(ctx context.Context) string { return locale.T(ctx, "genre.comedy", "Comedy") },
	"coming-of-age":   func(ctx context.Context) string { return locale.T(ctx, "genre.coming-of-age", "Coming of age") },
	"crime":           func(ctx context.Context) string { return locale.T(ctx, "genre.crime", "Crime") },
	"dance":           func(ctx context.Context) string { return locale.T(ctx, "genre.dance", "Dance") },
	"drama":           func(ctx context.Context) string { return locale.T(ctx, "genre.drama", "Drama") },
	"essay":           func(ctx context.Context) string { return locale.T(ctx, "genre.essay", "Essay") },
	"family":          func(ctx context.Context) string { return locale.T(ctx, "genre.family", "Family") },
	"fantasy":         func(ctx context.Context) string { return locale.T(ctx, "genre.fantasy", "Fantasy") },
	"history":         func(ctx context.Context) string { return locale.T(ctx, "genre.history", "History") },
	"horror":          func(ctx context.Context) string { return locale.T(ctx, "genre.horror", "Horror") },
	"musical":         func(ctx context.Context) string { return locale.T(ctx, "genre.musical", "Musical") },
	"mystery":         func(ctx context.Context) string { return locale.T(ctx, "genre.mystery", "Mystery") },
	"nature":          func(ctx context.Context) string { return locale.T(ctx, "genre.nature", "Nature") },
	"poetic":          func(ctx context.Context) string { return locale.T(ctx, "genre.poetic", "Poetic") },
	"political":       func(ctx context.Context) string { return locale.T(ctx, "genre.political", "Political") },
	"portrait":        func(ctx context.Context) string { return locale.T(ctx, "genre.portrait", "Portrait") },
	"romance":         func(ctx context.Context) string { return locale.T(ctx, "genre.romance", "Romance") },
	"satire":          func(ctx context.Context) string { return locale.T(ctx, "genre.satire", "Satire") },
	"science-fiction": func(ctx context.Context) string { return locale.T(ctx, "genre.science-fiction", "Science fiction") },
	"social":          func(ctx context.Context) string { return locale.T(ctx, "genre.social", "Social") },
	"sport":           func(ctx context.Context) string { return locale.T(ctx, "genre.sport", "Sport") },
	"thriller":        func(ctx context.Context) string { return locale.T(ctx, "genre.thriller", "Thriller") },
	"war":             func(ctx context.Context) string { return locale.T(ctx, "genre.war", "War") },
	"western":         func(ctx context.Context) string { return locale.T(ctx, "genre.western", "Western") },
}

// techniqueNames are those of Techniques.
var techniqueNames = map[Technique]func(context.Context) string{
	"drawn":       func(ctx context.Context) string { return locale.T(ctx, "technique.drawn", "Drawn by hand") },
	"computer-2d": func(ctx context.Context) string { return locale.T(ctx, "technique.computer-2d", "Computer, 2D") },
	"computer-3d": func(ctx context.Context) string { return locale.T(ctx, "technique.computer-3d", "Computer, 3D") },
	"stop-motion": func(ctx context.Context) string { return locale.T(ctx, "technique.stop-motion", "Stop motion") },
	"puppet":      func(ctx context.Context) string { return locale.T(ctx, "technique.puppet", "Puppets") },
	"clay":        func(ctx context.Context) string { return locale.T(ctx, "technique.clay", "Clay") },
	"cut-out":     func(ctx context.Context) string { return locale.T(ctx, "technique.cut-out", "Cut-outs") },
	"paint":       func(ctx context.Context) string { return locale.T(ctx, "technique.paint", "Paint") },
	"sand":        func(ctx context.Context) string { return locale.T(ctx, "technique.sand", "Sand or powder") },
	"pinscreen":   func(ctx context.Context) string { return locale.T(ctx, "technique.pinscreen", "Pinscreen") },
	"pixilation":  func(ctx context.Context) string { return locale.T(ctx, "technique.pixilation", "Pixilation") },
	"rotoscope":   func(ctx context.Context) string { return locale.T(ctx, "technique.rotoscope", "Rotoscope") },
	"collage":     func(ctx context.Context) string { return locale.T(ctx, "technique.collage", "Collage") },
	"scratch": func(ctx context.Context) string {
		return locale.T(ctx, "technique.scratch", "On film stock, without a camera")
	},
	"mixed": func(ctx context.Context) string { return locale.T(ctx, "technique.mixed", "Mixed") },
	"other": func(ctx context.Context) string { return locale.T(ctx, "technique.other", "Another technique") },
}

// warningNames are those of ContentWarnings.
var warningNames = map[Warning]func(context.Context) string{
	"flashing-light":  func(ctx context.Context) string { return locale.T(ctx, "warning.flashing-light", "Flashing light") },
	"loud-noise":      func(ctx context.Context) string { return locale.T(ctx, "warning.loud-noise", "Sudden loud noise") },
	"violence":        func(ctx context.Context) string { return locale.T(ctx, "warning.violence", "Violence") },
	"sexual-violence": func(ctx context.Context) string { return locale.T(ctx, "warning.sexual-violence", "Sexual violence") },
	"suicide":         func(ctx context.Context) string { return locale.T(ctx, "warning.suicide", "Suicide") },
	"self-harm":       func(ctx context.Context) string { return locale.T(ctx, "warning.self-harm", "Self-harm") },
	"death":           func(ctx context.Context) string { return locale.T(ctx, "warning.death", "Death or grief") },
	"child-harm":      func(ctx context.Context) string { return locale.T(ctx, "warning.child-harm", "Harm to children") },
	"animal-harm":     func(ctx context.Context) string { return locale.T(ctx, "warning.animal-harm", "Harm to animals") },
	"war":             func(ctx context.Context) string { return locale.T(ctx, "warning.war", "War") },
	"torture":         func(ctx context.Context) string { return locale.T(ctx, "warning.torture", "Torture") },
	"discrimination":  func(ctx context.Context) string { return locale.T(ctx, "warning.discrimination", "Discrimination") },
	"sexual-content":  func(ctx context.Context) string { return locale.T(ctx, "warning.sexual-content", "Sexual content") },
	"nudity":          func(ctx context.Context) string { return locale.T(ctx, "warning.nudity", "Nudity") },
	"drug-use":        func(ctx context.Context) string { return locale.T(ctx, "warning.drug-use", "Drugs") },
	"strong-language": func(ctx context.Context) string { return locale.T(ctx, "warning.strong-language", "Strong language") },
}

// exhibitionNames are those of Exhibitions.
var exhibitionNames = map[Exhibition]func(context.Context) string{
	"dcp":     func(ctx context.Context) string { return locale.T(ctx, "exhibition.dcp", "DCP") },
	"prores":  func(ctx context.Context) string { return locale.T(ctx, "exhibition.prores", "ProRes") },
	"mp4":     func(ctx context.Context) string { return locale.T(ctx, "exhibition.mp4", "MP4 (H.264 or H.265)") },
	"blu-ray": func(ctx context.Context) string { return locale.T(ctx, "exhibition.blu-ray", "Blu-ray") },
	"35mm":    func(ctx context.Context) string { return locale.T(ctx, "exhibition.35mm", "35 mm") },
	"16mm":    func(ctx context.Context) string { return locale.T(ctx, "exhibition.16mm", "16 mm") },
	"super-8": func(ctx context.Context) string { return locale.T(ctx, "exhibition.super-8", "Super 8") },
	"other":   func(ctx context.Context) string { return locale.T(ctx, "exhibition.other", "Another format") },
}

// named looks a value up among names; one that is not there is its own name.
func named[T ~string](ctx context.Context, names map[T]func(context.Context) string, value T) string {
	if name := names[value]; name != nil {
		return name(ctx)
	}
	return string(value)
}

// RoleName says a role of a credit in words, as above a list of names.
func RoleName(ctx context.Context, r Role) string { return named(ctx, roleNames, r) }

// CompanyRoleName says what a company did for a film.
func CompanyRoleName(ctx context.Context, r CompanyRole) string {
	return named(ctx, companyRoleNames, r)
}

// GenreName says a genre in words.
func GenreName(ctx context.Context, g Genre) string { return named(ctx, genreNames, g) }

// TechniqueName says a technique of animation in words.
func TechniqueName(ctx context.Context, t Technique) string { return named(ctx, techniqueNames, t) }

// WarningName says in words what a warning is of.
func WarningName(ctx context.Context, w Warning) string { return named(ctx, warningNames, w) }

// ExhibitionName says a format in words.
func ExhibitionName(ctx context.Context, e Exhibition) string { return named(ctx, exhibitionNames, e) }

// Names says each of some values by its name, in order.
func Names[T ~string](ctx context.Context, values []T, name func(context.Context, T) string) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = name(ctx, v)
	}
	return all
}

// GenresOf are a film's genres and tags in words.
func GenresOf(ctx context.Context, f Film) []string {
	return append(Names(ctx, f.Genres, GenreName), f.Tags...)
}

// WarningsOf are what viewers should know beforehand in one sentence's words.
func WarningsOf(ctx context.Context, f Film) string {
	words := Names(ctx, f.ContentWarnings, WarningName)
	if f.Warnings != "" {
		words = append(words, f.Warnings)
	}
	return locale.List(ctx, words)
}
