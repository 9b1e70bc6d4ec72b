package entry

import (
	"context"

	"laurel/internal/locale"
)

// FormName says a form of film-making in words.
func FormName(ctx context.Context, v Form) string {
	switch v {
	case Fiction:
		return locale.T(ctx, "form.fiction", "Fiction")
	case Documentary:
		return locale.T(ctx, "form.documentary", "Documentary")
	case Animation:
		return locale.T(ctx, "form.animation", "Animation")
	case Experimental:
		return locale.T(ctx, "form.experimental", "Experimental")
	case Hybrid:
		return locale.T(ctx, "form.hybrid", "Hybrid")
	case MusicVideo:
		return locale.T(ctx, "form.music-video", "Music video")
	case OtherForm:
		return locale.T(ctx, "form.other", "Another kind")
	}
	return string(v)
}

// TitleKindName says what a title is for.
func TitleKindName(ctx context.Context, v TitleKind) string {
	switch v {
	case OriginalTitle:
		return locale.T(ctx, "title-kind.original", "Original")
	case InternationalTitle:
		return locale.T(ctx, "title-kind.international", "International")
	case LocalTitle:
		return locale.T(ctx, "title-kind.local", "For one country")
	case WorkingTitle:
		return locale.T(ctx, "title-kind.working", "Working title")
	}
	return string(v)
}

// ClassName says a class of length in words, with its bounds.
func ClassName(ctx context.Context, v LengthClass) string {
	switch v {
	case NoLength:
		return ""
	case ShortFilm:
		return locale.T(ctx, "length.short", "Short film (40 minutes or less)")
	case MediumFilm:
		return locale.T(ctx, "length.medium", "Medium-length film (more than 40 and less than 60 minutes)")
	case LongFilm:
		return locale.T(ctx, "length.feature", "Feature-length film (60 minutes or more)")
	}
	return string(v)
}

// SubtitleHowName says how subtitles come with a film.
func SubtitleHowName(ctx context.Context, v SubtitleHow) string {
	switch v {
	case BurnedIn:
		return locale.T(ctx, "subtitle.burned-in", "In the picture")
	case Sidecar:
		return locale.T(ctx, "subtitle.sidecar", "In a file of their own")
	}
	return string(v)
}

// ScreeningKindName says before whom a film was shown.
func ScreeningKindName(ctx context.Context, v ScreeningKind) string {
	switch v {
	case PublicScreening:
		return locale.T(ctx, "screening.public", "In public")
	case PressScreening:
		return locale.T(ctx, "screening.press", "For the press")
	case MarketScreening:
		return locale.T(ctx, "screening.market", "At a market")
	case OnlineScreening:
		return locale.T(ctx, "screening.online", "Online")
	case TelevisionShow:
		return locale.T(ctx, "screening.television", "On television")
	}
	return string(v)
}

// CreditWayName says how a person is to be credited.
func CreditWayName(ctx context.Context, v As) string {
	switch v {
	case ByName:
		return locale.T(ctx, "credit.name", "By name")
	case ByInitials:
		return locale.T(ctx, "credit.initials", "By initials")
	case Unnamed:
		return locale.T(ctx, "credit.none", "Not at all")
	}
	return string(v)
}

// AIPartName says what of a film a machine made.
func AIPartName(ctx context.Context, v AIPart) string {
	switch v {
	case AIImage:
		return locale.T(ctx, "ai.image", "Images")
	case AIVoice:
		return locale.T(ctx, "ai.voice", "Voices")
	case AIText:
		return locale.T(ctx, "ai.text", "Text or script")
	case AIMusic:
		return locale.T(ctx, "ai.music", "Music or sound")
	case AIRestoration:
		return locale.T(ctx, "ai.restoration", "Restoration or clean-up")
	case AIOther:
		return locale.T(ctx, "ai.other", "Something else")
	}
	return string(v)
}

// AIConsentName says whether people whose face or voice was made have agreed.
func AIConsentName(ctx context.Context, v string) string {
	switch v {
	case "yes":
		return locale.T(ctx, "ai-consent.yes", "Yes, all of them")
	case "no":
		return locale.T(ctx, "ai-consent.no", "No, or not all of them")
	case "not-applicable":
		return locale.T(ctx, "ai-consent.not-applicable", "Nobody was simulated")
	}
	return v
}

// LinkKindName says where a link leads.
func LinkKindName(ctx context.Context, v LinkKind) string {
	switch v {
	case PressKit:
		return locale.T(ctx, "link.press-kit", "Press kit")
	case Catalogue:
		return locale.T(ctx, "link.catalogue", "Catalogue or database")
	case ReviewLink:
		return locale.T(ctx, "link.review", "Review or article")
	case OtherLink:
		return locale.T(ctx, "link.other", "Something else")
	}
	return string(v)
}

// AnnouncedName says what a showing was announced as.
func AnnouncedName(ctx context.Context, v string) string {
	switch v {
	case "world":
		return locale.T(ctx, "premiere.world", "World premiere")
	case "international":
		return locale.T(ctx, "premiere.international", "International premiere")
	case "continental":
		return locale.T(ctx, "premiere.continental", "Continental premiere")
	case "national":
		return locale.T(ctx, "premiere.national", "National premiere")
	}
	return v
}

// ShownName says whether a film has been seen before.
func ShownName(ctx context.Context, s Shown) string {
	switch s {
	case NotAnswered:
		return ""
	case NotShown:
		return locale.T(ctx, "shown.no", "No, this would be the first time")
	case ShownInPublic:
		return locale.T(ctx, "shown.public", "Yes, at festivals or in cinemas")
	case ShownOnline:
		return locale.T(ctx, "shown.online", "Yes, it is online")
	}
	return string(s)
}
