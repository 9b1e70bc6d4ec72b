package seed

import (
	"context"
	"fmt"
	"time"

	"laurel/internal/festival"
)

// A rung is a deadline so many days from today, with its fee in euros.
type rung struct {
	name string
	days int
	fee  int64
}

// room is a category of the demo festival.
type room struct {
	slug, name, description string
	places                  int
	minutes                 int // at most
	rungs                   []rung
}

// rooms9 are the categories of the present edition: two still take entries,
// three are closed, each one longer than the next.
var rooms9 = []room{
	{"short-fiction", "Short fiction", "Scripted works.", 14, 30, []rung{{"Early", -38, 8}, {"Regular", -8, 12}, {"Late", 23, 18}}},
	{"documentary", "Documentary", "Reality, told in any manner you like.", 10, 30, []rung{{"Early", -66, 8}, {"Regular", -40, 12}, {"Late", -21, 18}}},
	{"animation", "Animation", "Any technique: hand-drawn, digital, puppets, or all at once.", 8, 20, []rung{{"Early", -80, 8}, {"Regular", -62, 12}, {"Late", -48, 18}}},
	{"hybrid", "Hybrid & experimental", "Works that fit in none of the other rooms.", 8, 30, []rung{{"Early", -84, 8}, {"Regular", -70, 12}, {"Late", -58, 18}}},
	{"first-steps", "First steps", "Films made in a school, a course or a workshop.", 6, 20, []rung{{"Free of charge", 23, 0}}},
}

// rooms8 are those of the past edition.
var rooms8 = []room{
	{"short-fiction", "Short fiction", "Scripted works.", 8, 30, []rung{{"Early", -430, 8}, {"Late", -385, 18}}},
	{"documentary", "Documentary", "Reality, told in any manner you like.", 6, 30, []rung{{"Early", -430, 8}, {"Late", -385, 18}}},
	{"animation", "Animation", "Any technique: hand-drawn, digital, puppets, or all at once.", 5, 20, []rung{{"Early", -430, 8}, {"Late", -385, 18}}},
	{"hybrid", "Hybrid & experimental", "Works that fit in none of the other rooms.", 5, 30, []rung{{"Early", -430, 8}, {"Late", -385, 18}}},
}

// categories makes an edition's categories.
func (h *house) categories(ctx context.Context, edition festival.EditionID, rooms []room, completed time.Time) ([]festival.Category, error) {
	for _, r := range rooms {
		c := festival.Category{
			EditionID: edition, Slug: r.slug, Name: r.name, Description: r.description, Places: &r.places, BytesHours: festival.UsualBytesHours,
			Rules: []festival.Rule{
				{Kind: festival.RuntimeMax, Seconds: new(60 * r.minutes)},
				{Kind: festival.CompletedAfter, Day: &completed},
				{Kind: festival.WithSubtitles, Codes: []string{"en", "fa"}},
			},
		}
		if r.slug == "first-steps" {
			c.Rules = append(c.Rules, festival.Rule{Kind: festival.StudentFilm})
		}
		for _, d := range r.rungs {
			c.Deadlines = append(c.Deadlines, festival.Deadline{Name: d.name, ClosesAt: h.night(d.days), FeeMinor: 100 * d.fee, FeeCurrency: "EUR"})
		}
		if _, err := festival.CreateCategory(ctx, h.tx, h.organizer, c); err != nil {
			return nil, fmt.Errorf("make category %s: %w", r.slug, err)
		}
	}
	return festival.Categories(ctx, h.tx, edition)
}

const regulations = `The festival takes films of up to thirty minutes, from anywhere and in any language. Each category says how long its films may be and when they must have been completed.

One film may enter one category. Everybody who directed it is named, in the order that the filmmakers give; so is every country of production, the one with the largest part first.

Films that are not spoken in English or Persian carry subtitles in one of the two. Films without dialogue need none.

Every film that meets these rules is watched to its end by at least three people. They score it on their own; nobody sees what the others gave before the round is closed. A person who made a film, or who knows its makers well, does not judge it.

The festival decides after the jurors have scored and answers for its choice. Everybody who entered hears of the decision before the line-up is public, with the jurors’ comments.

A film can be withdrawn at any time, also after it was selected. What its makers agreed to publish is shown on the festival’s pages, and nothing else; they can change their mind later.

The festival shows selected films in its cinemas only, with the consent of those who hold their rights. It keeps no copy after the last day.`

// notes are the small print of the call.
var notes = []festival.Note{
	{Kind: festival.Before, Title: "15 to 25 minutes, in as many sittings as you like"},
	{Kind: festival.Before, Title: "A screener as a file, or a link to one with its password"},
	{Kind: festival.Before, Title: "A synopsis, in Persian or English"},
	{Kind: festival.Before, Title: "The names of all directors, in their order"},
	{Kind: festival.Before, Title: "One still or more, best 1920 pixels wide"},
	{Kind: festival.Before, Title: "What may be public if the film is selected: you decide, item by item"},
	{Kind: festival.Question, Title: "What if the film is already online?", Body: "It is welcome. Tell us so in the form; premiere status plays no part in the selection."},
	{Kind: festival.Question, Title: "Who will see my screener?", Body: "The jurors of your category and the festival’s organizers, on this site."},
	{Kind: festival.Question, Title: "Can I change the entry after I sent it?", Body: "Yes, until the deadline of your category. What the jury sees is what you sent last."},
	{Kind: festival.Question, Title: "Can I withdraw?", Body: "Yes, at any time, from “My entries”."},
	{Kind: festival.Question, Title: "When do I hear?", Body: "Everybody who entered gets the decision in one letter, on the same day, before the line-up is public."},
}

// stages9 are the parts of the present edition.
func (h *house) stages9() []festival.Stage {
	return []festival.Stage{
		{Name: "Enter with a screener", StartsOn: h.day(-85), EndsOn: h.day(23),
			Body: "Fill in the form at your own pace and save it section by section. Every film is watched to the end by at least three people. You get their decision, and their comments."},
		{Name: "Selected films only", StartsOn: h.day(86), EndsOn: h.day(126),
			Body: "Send the screening copy, subtitles and stills. Nothing here costs money, and nothing of it is asked of you before selection."},
	}
}
