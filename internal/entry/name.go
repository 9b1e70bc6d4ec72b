package entry

import (
	"context"

	"laurel/internal/locale"
)

// FormName says a form of film-making in words.
func FormName(ctx context.Context, f Form) string {
	switch f {
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
	return string(f)
}

// RoleName says a role of a credit in words, as above a list of names.
func RoleName(ctx context.Context, r Role) string {
	switch r {
	case Director:
		return locale.T(ctx, "role.director", "Director")
	case Writer:
		return locale.T(ctx, "role.writer", "Writer")
	case Producer:
		return locale.T(ctx, "role.producer", "Producer")
	case Cast:
		return locale.T(ctx, "role.cast", "Cast")
	case Photography:
		return locale.T(ctx, "role.photography", "Photography")
	case Editing:
		return locale.T(ctx, "role.editing", "Editing")
	case SoundDesign:
		return locale.T(ctx, "role.sound", "Sound")
	case Music:
		return locale.T(ctx, "role.music", "Music")
	case AnimationRole:
		return locale.T(ctx, "role.animation", "Animation")
	case Design:
		return locale.T(ctx, "role.design", "Design")
	case OtherRole:
		return locale.T(ctx, "role.other", "Other")
	}
	return string(r)
}

// StateName says a state, or a step of a timeline, in words.
func StateName(ctx context.Context, s State) string {
	switch s {
	case Draft:
		return locale.T(ctx, "state.draft", "Draft")
	case Submitted:
		return locale.T(ctx, "state.submitted", "Submitted")
	case Resubmitted:
		return locale.T(ctx, "state.resubmitted", "Changes sent")
	case Accepted:
		return locale.T(ctx, "state.eligible", "Eligible")
	case Ineligible:
		return locale.T(ctx, "state.ineligible", "Not eligible")
	case Withdrawn:
		return locale.T(ctx, "state.withdrawn", "Withdrawn")
	}
	return string(s)
}

// PartName is the heading of a part of the form.
func PartName(ctx context.Context, p Part) string {
	switch p {
	case TheFilm:
		return locale.T(ctx, "part.film", "The film")
	case People:
		return locale.T(ctx, "part.people", "People")
	case Places:
		return locale.T(ctx, "part.countries", "Countries")
	case Technical:
		return locale.T(ctx, "part.technical", "Technical")
	case Showings:
		return locale.T(ctx, "part.showings", "Earlier showings")
	case Screener:
		return locale.T(ctx, "part.screener", "Screener")
	case Stills:
		return locale.T(ctx, "part.stills", "Stills")
	case Publication:
		return locale.T(ctx, "part.publication", "Protection and publication")
	case Review:
		return locale.T(ctx, "part.review", "Review and submit")
	}
	return string(p)
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

// ItemName says what a consent lets stand on public pages.
func ItemName(ctx context.Context, i Item) string {
	switch i {
	case PublishFilm:
		return locale.T(ctx, "consent.film", "The film in the line-up")
	case PublishNames:
		return locale.T(ctx, "consent.names", "The names in this form")
	case PublishCountries:
		return locale.T(ctx, "consent.countries", "The countries of production")
	case PublishSynopsis:
		return locale.T(ctx, "consent.synopsis", "The synopsis")
	case PublishStills:
		return locale.T(ctx, "consent.stills", "The stills")
	}
	return string(i)
}
