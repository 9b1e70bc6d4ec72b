package entry

import (
	"context"

	"laurel/internal/locale"
)

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
	case Words:
		return locale.T(ctx, "part.texts", "Texts")
	case Tongues:
		return locale.T(ctx, "part.languages", "Languages and subtitles")
	case People:
		return locale.T(ctx, "part.people", "People")
	case Companies:
		return locale.T(ctx, "part.companies", "Companies and schools")
	case Places:
		return locale.T(ctx, "part.countries", "Countries")
	case Technical:
		return locale.T(ctx, "part.technical", "Technical")
	case Showings:
		return locale.T(ctx, "part.showings", "Earlier showings")
	case Declarations:
		return locale.T(ctx, "part.declarations", "Warnings and AI")
	case Links:
		return locale.T(ctx, "part.links", "Links")
	case Screener:
		return locale.T(ctx, "part.screener", "Screener")
	case Stills:
		return locale.T(ctx, "part.stills", "Stills")
	case CategoryPart:
		return locale.T(ctx, "part.questions", "Questions of the category")
	case Publication:
		return locale.T(ctx, "part.publication", "Protection and publication")
	case Review:
		return locale.T(ctx, "part.review", "Review and submit")
	}
	return string(p)
}

// ItemName says what a consent lets everybody know.
func ItemName(ctx context.Context, i Item) string {
	switch i {
	case PublishFilm:
		return locale.T(ctx, "consent.film", "The film in the line-up")
	case PublishNames:
		return locale.T(ctx, "consent.people", "Names")
	case PublishCountries:
		return locale.T(ctx, "consent.countries", "The countries of production")
	case PublishSynopsis:
		return locale.T(ctx, "consent.synopsis", "The synopsis")
	case PublishStatement:
		return locale.T(ctx, "consent.statement", "The statement and the biography")
	case PublishStills:
		return locale.T(ctx, "consent.stills", "The stills")
	case PublishTrailer:
		return locale.T(ctx, "consent.trailer", "The trailer")
	case PublishLinks:
		return locale.T(ctx, "consent.links", "Website and links")
	case TellPress:
		return locale.T(ctx, "consent.press", "Contact for the press")
	case TellPartners:
		return locale.T(ctx, "consent.partners", "Contact for other festivals and distributors")
	case ShowOriginal:
		return locale.T(ctx, "consent.original", "The file as you sent it, for the projection")
	}
	return string(i)
}
