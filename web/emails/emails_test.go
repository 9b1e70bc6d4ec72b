package emails_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"laurel/internal/mail"
	"laurel/web/emails"
)

var args = mail.Args{
	Festival: "Mahabar Film Festival", Edition: "Ninth edition", Category: "Short films", Panel: "Short film jury",
	Number: "F9-0417", Link: "/somewhere/secret", Until: time.Date(2026, 9, 30, 20, 29, 0, 0, time.UTC),
	Zone: "Asia/Tehran", City: "Mahabar", Message: "First line\n<b>second</b> line", Comments: []string{"The ending\nstays.", "=1+1"}, Count: 12,
}

func TestEveryKindHasWords(t *testing.T) {
	t.Parallel()
	for _, kind := range mail.Kinds {
		text, err := emails.Render(t.Context(), "https://laurel.example/", mail.Copy{Kind: kind, Args: args, Locale: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(text.Subject, "\r\n{") || text.Subject == "" {
			t.Errorf("%s: subject %q", kind, text.Subject)
		}
		for _, fact := range []string{args.Festival, args.Edition, args.Category, args.Panel, args.Number} {
			if strings.Contains(text.Subject, fact) {
				t.Errorf("%s: the subject says %q", kind, fact)
			}
		}
		for _, body := range []string{text.Plain, text.HTML} {
			if !strings.Contains(body, "https://laurel.example/somewhere/secret") || strings.Contains(body, "{{") {
				t.Errorf("%s: %s", kind, body)
			}
		}
		if strings.Contains(text.HTML, "<b>") || strings.Contains(text.HTML, "style=") {
			t.Errorf("%s: %s", kind, text.HTML)
		}
	}
}

func TestPlainLetter(t *testing.T) {
	t.Parallel()
	text, err := emails.Renderer("https://laurel.example")(t.Context(), mail.Copy{Kind: mail.NotSelected, Args: args, Locale: "en"})
	want := `The committee of Mahabar Film Festival did not select your film, entry F9-0417, for Short films, Ninth edition. Thank you for letting the jury see it.

First line
<b>second</b> line

What the jurors wrote for you:

> The ending
> stays.

> =1+1

See the entry:
https://laurel.example/somewhere/secret
`
	if err != nil || text.Plain != want {
		t.Errorf("got %v:\n%s", err, text.Plain)
	}
}

func TestDecisionsLookTheSameFromOutside(t *testing.T) {
	t.Parallel()
	yes, _ := emails.Render(t.Context(), "", mail.Copy{Kind: mail.Selected, Args: args})
	no, _ := emails.Render(t.Context(), "", mail.Copy{Kind: mail.NotSelected, Args: args})
	if yes.Subject != no.Subject {
		t.Errorf("got %q and %q", yes.Subject, no.Subject)
	}
}

func TestLinkEndsOnTheFestivalsClock(t *testing.T) {
	t.Parallel()
	text, _ := emails.Render(t.Context(), "", mail.Copy{Kind: mail.InviteJuror, Args: args})
	if want := "The link works once, until Wed 30 September 2026, 23:59 in Mahabar."; !strings.Contains(text.Plain, want) {
		t.Error(text.Plain)
	}
	text, _ = emails.Render(t.Context(), "", mail.Copy{Kind: mail.Reset, Args: mail.Args{Until: args.Until, Link: "/x"}})
	if want := "until Wed 30 September 2026, 20:29 UTC."; !strings.Contains(text.Plain, want) {
		t.Error(text.Plain)
	}
}

// What a lock screen shows of a filmmaker's letters says nothing of films,
// festivals, entries or their fate.
func TestFilmmakersSubjectsAreNeutral(t *testing.T) {
	t.Parallel()
	telling := regexp.MustCompile(`(?i)film|movie|cinema|festival|jur(y|or)|award|prize|edition|screen|entr(y|ies)|select|reject|decision|risk`)
	for _, kind := range []mail.Kind{
		mail.Verify, mail.AddressTaken, mail.Reset, mail.PasswordChanged, mail.ChangeEmail, mail.EmailChanged,
		mail.EntryReceived, mail.EntryWithdrawn, mail.Selected, mail.NotSelected, mail.MessageWaits, mail.TaskSet, mail.FilmFault, mail.DraftIdle,
		mail.FileRefused, mail.FileChecked,
	} {
		text, err := emails.Render(t.Context(), "https://laurel.example", mail.Copy{Kind: kind, Args: args})
		if err != nil || telling.MatchString(text.Subject) {
			t.Errorf("%s: subject %q, %v", kind, text.Subject, err)
		}
	}
}

func TestNeutralLettersSayOneSentence(t *testing.T) {
	t.Parallel()
	for _, kind := range mail.Kinds {
		text, err := emails.Render(t.Context(), "https://laurel.example:8443/", mail.Copy{Kind: kind, Args: args, Neutral: "library"})
		if err != nil {
			t.Fatal(err)
		}
		if text.Subject != "The library has news." || text.Plain != "The library has news.\n\nlaurel.example:8443\n" {
			t.Errorf("%s: got %q and %q", kind, text.Subject, text.Plain)
		}
		if got := strings.Join(strings.Fields(tags.ReplaceAllString(text.HTML, " ")), " "); got != "The library has news. The library has news. laurel.example:8443" {
			t.Errorf("%s: got %q", kind, got)
		}
	}
	said := map[string]bool{}
	for _, s := range mail.Sentences {
		said[emails.Sentence(t.Context(), s)] = true
	}
	if len(said) != len(mail.Sentences) {
		t.Errorf("%d sentences say %d things", len(mail.Sentences), len(said))
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// Mail programs drop html and body: the direction stands inside as well.
func TestPersianLettersRunFromTheRight(t *testing.T) {
	t.Parallel()
	text, err := emails.Renderer("https://laurel.example")(t.Context(), mail.Copy{Kind: mail.Selected, Args: args, Locale: "fa"})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text.HTML, `lang="fa" dir="rtl"`); n != 2 {
		t.Errorf("said %d times:\n%s", n, text.HTML)
	}
}
