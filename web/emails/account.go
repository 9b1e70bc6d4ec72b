package emails

import (
	"context"

	"laurel/internal/locale"
	"laurel/internal/mail"
)

// writers has the words of each kind of letter.
var writers = map[mail.Kind]func(context.Context, mail.Args) Content{
	mail.Verify:          verify,
	mail.AddressTaken:    addressTaken,
	mail.Reset:           reset,
	mail.PasswordChanged: passwordChanged,
	mail.ChangeEmail:     changeEmail,
	mail.EmailChanged:    emailChanged,
	mail.InviteJuror:     inviteJuror,
	mail.InviteOrganizer: inviteOrganizer,
	mail.InviteMaker:     inviteMaker,
	mail.EntryReceived:   entryReceived,
	mail.EntryWithdrawn:  entryWithdrawn,
	mail.Selected:        selected,
	mail.NotSelected:     notSelected,
	mail.Assignments:     assignments,
	mail.Ballot:          finalBallot,
	mail.MessageWaits:    messageWaits,
	mail.TaskSet:         taskSet,
	mail.FilmFault:       filmFault,
	mail.DraftIdle:       draftIdle,
	mail.FileRefused:     fileRefused,
	mail.FileChecked:     fileChecked,
}

func verify(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.verify.subject", "Confirm your e-mail address"),
		Paragraphs: []string{locale.T(ctx, "letter.verify.body",
			"Somebody wants to open an account at {{.Festival}} with this address. If it was you, go on behind the link: it proves that the address is yours, and there you choose a name and a password.",
			"Festival", a.Festival)},
		Action: locale.T(ctx, "letter.verify.action", "Make the account"),
		After:  append(linkEnds(ctx, a), notYou(ctx)),
	}
}

// addressTaken has the subject of the letter that a free address gets: who sees
// only the list of letters learns nothing.
func addressTaken(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.verify.subject", "Confirm your e-mail address"),
		Paragraphs: []string{
			locale.T(ctx, "letter.address-taken.body",
				"Somebody wanted to use this address for an account at {{.Festival}}. You have an account with it already, so there is nothing to confirm, and nothing has changed.",
				"Festival", a.Festival),
			locale.T(ctx, "letter.address-taken.ways",
				"If it was you, sign in as before. If you no longer know the password, choose Forgotten password there: a letter with a link to a new one follows. If it was not you, do nothing."),
		},
		Action: locale.T(ctx, "sign-in.do", "Sign in"),
	}
}

func reset(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.reset.subject", "Choose a new password"),
		Paragraphs: []string{locale.T(ctx, "letter.reset.body",
			"Somebody asked for a new password for your account at {{.Festival}}. The old one works until you choose another.",
			"Festival", a.Festival)},
		Action: locale.T(ctx, "letter.reset.action", "Choose a new password"),
		After:  append(linkEnds(ctx, a), notYou(ctx)),
	}
}

// notYou says what to do with a letter that somebody else caused.
func notYou(ctx context.Context) string {
	return locale.T(ctx, "letter.not-you", "If it was not you, do nothing: without the link nothing happens.")
}

func passwordChanged(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.password-changed.subject", "Your password was changed"),
		Paragraphs: []string{locale.T(ctx, "letter.password-changed.body",
			"The password of your account at {{.Festival}} was changed. If it was you, there is nothing to do. If it was not, choose a new one now and sign out everywhere.",
			"Festival", a.Festival)},
		Action: locale.T(ctx, "letter.password-changed.action", "See your account"),
	}
}

func changeEmail(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.change-email.subject", "Confirm your new e-mail address"),
		Paragraphs: []string{locale.T(ctx, "letter.change-email.body",
			"You asked {{.Festival}} to write to this address from now on. Until you confirm it, letters go to the old one.",
			"Festival", a.Festival)},
		Action: locale.T(ctx, "letter.change-email.action", "Use this address"),
		After:  append(linkEnds(ctx, a), notYou(ctx)),
	}
}

func emailChanged(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.email-changed.subject", "Your e-mail address was changed"),
		Paragraphs: []string{locale.T(ctx, "letter.email-changed.body",
			"Letters from {{.Festival}} go to another address from now on; this is the last one here. If you did not change it, write to the festival at once.",
			"Festival", a.Festival)},
		Action: locale.T(ctx, "letter.email-changed.action", "See your account"),
	}
}

func inviteJuror(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.invite-juror.subject", "An invitation to a jury"),
		Paragraphs: []string{locale.T(ctx, "letter.invite-juror.body",
			"{{.Festival}} invites you to join a jury, {{.Panel}}. Behind the link you can accept or decline.",
			"Festival", a.Festival, "Panel", a.Panel)},
		Quote:  a.Message,
		Action: locale.T(ctx, "letter.invite.action", "Open the invitation"),
		After:  linkEnds(ctx, a),
	}
}

func inviteOrganizer(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.invite-organizer.subject", "An invitation to organize"),
		Paragraphs: []string{locale.T(ctx, "letter.invite-organizer.body",
			"{{.Festival}} invites you to organize its editions in Laurel: entries, juries and results. Behind the link you can accept or decline.",
			"Festival", a.Festival)},
		Quote:  a.Message,
		Action: locale.T(ctx, "letter.invite.action", "Open the invitation"),
		After:  linkEnds(ctx, a),
	}
}

func inviteMaker(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.invite-maker.subject", "An invitation to work together"),
		Paragraphs: []string{locale.T(ctx, "letter.invite-maker.body",
			"Somebody would like to work with you on a form at {{.Festival}}, and gave this address for you. Who it is stands behind the link. It works once: do not pass it on.",
			"Festival", a.Festival)},
		Action: locale.T(ctx, "letter.invite.action", "Open the invitation"),
		After:  append(linkEnds(ctx, a), notYou(ctx)),
	}
}
