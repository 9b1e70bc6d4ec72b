package emails

import (
	"context"
	"time"

	"laurel/internal/locale"
	"laurel/internal/mail"
)

func messageWaits(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.message-waits.subject", "A message waits for you"),
		Paragraphs: []string{locale.T(ctx, "letter.message-waits.body",
			"There is a new message about entry {{.Number}}, {{.Edition}} of {{.Festival}}. It stands behind the link.",
			"Number", a.Number, "Edition", a.Edition, "Festival", a.Festival)},
		Action: locale.T(ctx, "letter.message-waits.action", "Read the message"),
	}
}

func taskSet(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.task-set.subject", "Something is needed of you"),
		Paragraphs: []string{locale.T(ctx, "letter.task-set.body",
			"{{.Festival}} needs something for entry {{.Number}}, {{.Edition}}, until {{.Day}}:",
			"Festival", a.Festival, "Number", a.Number, "Edition", a.Edition, "Day", day(ctx, a))},
		Quote:  a.Message,
		Action: locale.T(ctx, "letter.task-set.action", "See what is needed"),
	}
}

func filmFault(ctx context.Context, a mail.Args) Content {
	return Content{
		Subject: locale.T(ctx, "letter.film-fault.subject", "A file needs another look"),
		Paragraphs: []string{locale.T(ctx, "letter.film-fault.body",
			"Somebody could not watch what was sent with entry {{.Number}}, {{.Edition}} of {{.Festival}}. What is wrong with it stands behind the link.",
			"Number", a.Number, "Edition", a.Edition, "Festival", a.Festival)},
		Action: locale.T(ctx, "letter.film-fault.action", "See what is wrong"),
	}
}

// day is the day on which something ends, by the festival's calendar.
func day(ctx context.Context, a mail.Args) string {
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		zone = time.UTC
	}
	return locale.Date(ctx, a.Until.In(zone))
}
