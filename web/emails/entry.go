package emails

import (
	"context"

	"laurel/internal/locale"
	"laurel/internal/mail"
)

func entryReceived(ctx context.Context, a mail.Args) Content {
	c := Content{
		Subject: locale.T(ctx, "letter.entry-received.subject", "We have what you sent"),
		Paragraphs: []string{locale.T(ctx, "letter.entry-received.body",
			"{{.Festival}} has received your entry {{.Number}} for {{.Category}}, {{.Edition}}. Keep this letter: it is your receipt.",
			"Festival", a.Festival, "Number", a.Number, "Category", a.Category, "Edition", a.Edition)},
		Action: seeEntry(ctx),
	}
	if !a.Until.IsZero() {
		c.Paragraphs = append(c.Paragraphs, locale.T(ctx, "letter.entry-received.until",
			"You can change what you sent until {{.When}}, and withdraw at any time.", "When", until(ctx, a)))
	}
	return c
}

func entryWithdrawn(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.entry-withdrawn.subject", "Taken back, as you asked"),
		Paragraphs: []string{locale.T(ctx, "letter.entry-withdrawn.body",
			"Your entry {{.Number}} for {{.Category}}, {{.Edition}}, is withdrawn. The jury no longer sees it. Nothing was deleted from your films.",
			"Number", a.Number, "Category", a.Category, "Edition", a.Edition)},
		Action: seeEntry(ctx),
	}
}

// The subjects of both decisions are one and the same: the lock screen of a
// telephone tells nobody the news.
func decisionSubject(ctx context.Context) string {
	return locale.T(ctx, "letter.decision.subject", "An answer waits for you")
}

func selected(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: decisionSubject(ctx),
		Paragraphs: []string{locale.T(ctx, "letter.selected.body",
			"The committee of {{.Festival}} has selected your film, entry {{.Number}}, for {{.Category}}, {{.Edition}}. The festival will write to you about the screening.",
			"Festival", a.Festival, "Number", a.Number, "Category", a.Category, "Edition", a.Edition)},
		Quote:      a.Message,
		QuotesLead: jurorsWrote(ctx),
		Quotes:     a.Comments,
		Action:     seeEntry(ctx),
	}
}

func notSelected(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: decisionSubject(ctx),
		Paragraphs: []string{locale.T(ctx, "letter.not-selected.body",
			"The committee of {{.Festival}} did not select your film, entry {{.Number}}, for {{.Category}}, {{.Edition}}. Thank you for letting the jury see it.",
			"Festival", a.Festival, "Number", a.Number, "Category", a.Category, "Edition", a.Edition)},
		Quote:      a.Message,
		QuotesLead: jurorsWrote(ctx),
		Quotes:     a.Comments,
		Action:     seeEntry(ctx),
	}
}

func jurorsWrote(ctx context.Context) string {
	return locale.T(ctx, "letter.jurors-wrote", "What the jurors wrote for you:")
}

func seeEntry(ctx context.Context) string {
	return locale.T(ctx, "letter.see-entry", "See the entry")
}

func assignments(ctx context.Context, a mail.Args) Content {
	c := Content{
		Subject: locale.T(ctx, "letter.assignments.subject", "Films for you to watch"),
		Action:  locale.T(ctx, "letter.assignments.action", "Open your list"),
	}
	if a.Count > 0 || a.Fewer == 0 {
		c.Paragraphs = append(c.Paragraphs, locale.N(ctx, "letter.assignments.body", a.Count,
			"{{.Count}} film waits for you in {{.Panel}}, {{.Edition}}.",
			"{{.Count}} films wait for you in {{.Panel}}, {{.Edition}}.",
			"Panel", a.Panel, "Edition", a.Edition))
	}
	if a.Fewer > 0 {
		c.Subject = locale.T(ctx, "letter.assignments.changed", "Your list of films has changed")
		c.Paragraphs = append(c.Paragraphs, locale.N(ctx, "letter.assignments.fewer", a.Fewer,
			"{{.Count}} film that you had not begun has gone to somebody else in {{.Panel}}, {{.Edition}}. Nothing that you scored has changed.",
			"{{.Count}} films that you had not begun have gone to somebody else in {{.Panel}}, {{.Edition}}. Nothing that you scored has changed.",
			"Panel", a.Panel, "Edition", a.Edition))
	}
	if !a.Until.IsZero() {
		c.Paragraphs = append(c.Paragraphs, locale.T(ctx, "letter.assignments.until",
			"The round closes on {{.When}}. Until then you can change every score.", "When", until(ctx, a)))
	}
	return c
}

func finalBallot(ctx context.Context, a mail.Args) Content {
	c := Content{
		Subject: locale.T(ctx, "letter.ballot.subject", "Your vote is asked for"),
		Paragraphs: []string{locale.T(ctx, "letter.ballot.body",
			"{{.Panel}} of {{.Edition}} holds its final ballot. You put the finalists in your order; nobody sees an order before the ballots are opened, and then they carry no names.",
			"Panel", a.Panel, "Edition", a.Edition)},
		Action: locale.T(ctx, "letter.ballot.action", "Open your ballot"),
	}
	if !a.Until.IsZero() {
		c.Paragraphs = append(c.Paragraphs, locale.T(ctx, "letter.ballot.until",
			"The vote closes on {{.When}}.", "When", until(ctx, a)))
	}
	return c
}

func draftIdle(ctx context.Context, a mail.Args) Content {
	c := Content{
		Subject: locale.T(ctx, "letter.draft-idle.subject", "Something you began waits for you"),
		Paragraphs: []string{locale.T(ctx, "letter.draft-idle.work",
			"You began something at {{.Festival}}, and nobody has changed it for a month. It will be deleted on {{.Day}}.",
			"Festival", a.Festival, "Day", day(ctx, a))},
		Action: locale.T(ctx, "letter.draft-idle.action", "See what you began"),
	}
	if a.Category != "" {
		c.Paragraphs[0] = locale.T(ctx, "letter.draft-idle.body",
			"Your draft for {{.Category}}, {{.Edition}} of {{.Festival}}, was not sent, and nobody has changed it for a month. It will be deleted on {{.Day}}.",
			"Category", a.Category, "Edition", a.Edition, "Festival", a.Festival, "Day", day(ctx, a))
	}
	c.Paragraphs = append(c.Paragraphs, locale.T(ctx, "letter.draft-idle.keep",
		"Any change, however small, keeps it for another 60 days. To let it go, do nothing."))
	return c
}

func fileRefused(ctx context.Context, _ mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.file-refused.subject", "Something that you sent needs you"),
		Paragraphs: []string{locale.T(ctx, "letter.file-refused.body",
			"A file that you sent could not be used. What is the matter with it, and what to do, stands beside it.")},
		Action: seeFiles(ctx),
	}
}

func fileChecked(ctx context.Context, _ mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.file-checked.subject", "What you sent was looked at"),
		Paragraphs: []string{locale.T(ctx, "letter.file-checked.body",
			"A file that you sent can be used. Something about it may not be as you think: it stands beside the file.")},
		Action: seeFiles(ctx),
	}
}

func seeFiles(ctx context.Context) string {
	return locale.T(ctx, "letter.file.action", "See what you sent")
}
