package site

import (
	"context"
	"net/http"
	"time"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/thread"
	"laurel/web/pages"
)

// waits is what waits for the makers of entries besides what their films lack.
type waits struct {
	unread map[entry.ID]int
	tasks  map[entry.ID][]thread.Task
}

// waiting reads it for all the entries at once.
func (s *Site) waiting(ctx context.Context, all []entry.Mine) (w waits, err error) {
	ids := make([]entry.ID, len(all))
	for i, m := range all {
		ids[i] = m.ID
	}
	if w.unread, err = thread.Unread(ctx, s.db, thread.Makers, ids); err != nil {
		return w, err
	}
	w.tasks, err = thread.TasksOf(ctx, s.db, ids)
	return w, err
}

// toDo is what waits at one entry.
func (w waits) toDo(ctx context.Context, m entry.Mine) []pages.FilmmakerToDo {
	page := "/my/entries/" + m.Code + "/messages"
	list := owed(ctx, m)
	if n := w.unread[m.ID]; n > 0 {
		list = append(list, pages.FilmmakerToDo{URL: page, Text: newMessages(ctx, n), Icon: "circle-alert", Kind: "warnc"})
	}
	for _, t := range w.tasks[m.ID] {
		if t.Open() {
			list = append(list, pages.FilmmakerToDo{URL: page, Icon: "circle", Kind: "warnc",
				Text: locale.T(ctx, "line.task", "{{.What}} – by {{.Day}}", "What", t.Body, "Day", locale.Date(ctx, t.DueOn))})
		}
	}
	return list
}

// owed is the film that an entry was sent without.
func owed(ctx context.Context, m entry.Mine) []pages.FilmmakerToDo {
	p := m.Promise
	if p == nil || p.KeptAt != nil || m.State == entry.Withdrawn {
		return nil
	}
	when := locale.DateTime(ctx, p.Until, m.Edition.Location(), m.Edition.City)
	if p.Over {
		return []pages.FilmmakerToDo{{URL: "/my/entries/" + m.Code + "/messages", Icon: "circle-alert", Kind: "badc",
			Text: locale.T(ctx, "line.owed-over", "The film had not arrived by {{.When}}. Write to the festival", "When", when)}}
	}
	return []pages.FilmmakerToDo{{URL: filesURL(m.Work), Icon: "circle-alert", Kind: "warnc",
		Text: locale.T(ctx, "line.owed", "Your entry counts. The film itself has to arrive by {{.When}}", "When", when)}}
}

func newMessages(ctx context.Context, n int) string {
	return locale.N(ctx, "line.unread", n, "The festival wrote to you", "The festival wrote to you {{.Count}} times")
}

// entryLines are the ways on from the overview of an entry, each with where
// things stand there. Who withdrew it still reads what was said and sent.
func (s *Site) entryLines(r *http.Request, m entry.Mine, w waits) ([]pages.Line, error) {
	ctx, page := r.Context(), "/my/entries/"+m.Code
	list := []pages.Line{{
		Name: locale.T(ctx, "line.work", "The description of the film"), URL: workURL(m.Work),
		Words: locale.T(ctx, "entry.saved", "Saved on {{.When}}", "When", stamp(ctx, m.Work.UpdatedAt, actor(r).Zone)),
	}}
	if m.State != entry.Withdrawn {
		list = append(list, showingLines(ctx, m)...)
	}
	messages := pages.Line{Name: locale.T(ctx, "line.messages", "Messages with the festival"), URL: page + "/messages"}
	if n := w.unread[m.ID]; n > 0 {
		messages.Words, messages.Kind = newMessages(ctx, n), "warnc"
	}
	fee, err := s.feeLine(r, m)
	if err != nil {
		return nil, err
	}
	list = append(append(list, messages), fee...)
	if m.Film != nil {
		list = append(list,
			pages.Line{Name: locale.T(ctx, "review.receipt", "Receipt"), URL: page + "/receipt", Words: locale.T(ctx, "line.receipt", "What arrived, and when; for printing.")},
			pages.Line{Name: locale.T(ctx, "line.looked", "Who looked"), URL: page + "/looked", Words: locale.T(ctx, "line.looked-words", "By role, not by name.")})
	}
	list = append(list, keptLines(ctx, m)...)
	if given := honours(ctx, m); len(given) > 0 {
		list = append(list, pages.Line{Name: locale.T(ctx, "line.certificate", "Certificate and laurel"), URL: page + "/certificate", Words: locale.List(ctx, given)})
	}
	return list, nil
}

// keptLines say until when an entry is kept; a film that the festival took is
// kept until its makers erase it.
func keptLines(ctx context.Context, m entry.Mine) []pages.Line {
	kept := entry.Kept(m)
	if kept.Data == nil {
		return nil
	}
	day := func(t time.Time) string { return locale.Date(ctx, t.In(m.Edition.Location())) }
	l := pages.Line{Name: locale.T(ctx, "line.kept", "How long it is kept"), URL: "/my/works/" + m.Work.Code + "/erasure"}
	switch {
	case kept.Films != nil:
		l.Words = locale.T(ctx, "line.kept-out", "The screener will be deleted on {{.Films}}, everything else on {{.Data}}.", "Films", day(*kept.Films), "Data", day(*kept.Data))
	default:
		l.Words = locale.T(ctx, "line.kept-draft", "This draft will be deleted on {{.Day}}, unless you change something before.", "Day", day(*kept.Data))
	}
	if kept.Idle {
		l.Kind = "warnc"
	}
	return []pages.Line{l}
}

// showingLines lead to what others see of an entry, and to what decides it.
func showingLines(ctx context.Context, m entry.Mine) []pages.Line {
	page := "/my/entries/" + m.Code
	var list []pages.Line
	if m.Unsent() {
		list = append(list, pages.Line{Name: locale.T(ctx, "line.changes", "What differs from what you sent"), URL: page + "/changes", Kind: "warnc"})
	}
	if len(m.Asked.Asked()) > 0 {
		list = append(list, pages.Line{Name: entry.PartName(ctx, entry.CategoryPart), URL: page + "/questions", Words: questionsStanding(ctx, m)})
	}
	return append(list,
		pages.Line{Name: locale.T(ctx, "part.publication", "Protection and publication"), URL: page + "/publication", Words: locale.T(ctx, "line.may-be-public", "May be public: {{.Items}}", "Items", consentWords(ctx, m.Consents))},
		pages.Line{Name: locale.T(ctx, "line.public", "The public page, exactly as it would be"), URL: page + "/public"},
		pages.Line{Name: locale.T(ctx, "line.jury", "As the jury sees it"), URL: page + "/readers"})
}

// feeLine leads to the fee, where there is one.
func (s *Site) feeLine(r *http.Request, m entry.Mine) ([]pages.Line, error) {
	ctx := r.Context()
	fee, err := entry.FeeOf(ctx, s.db, m.ID)
	if err != nil || !costs(m.Category) && fee.FeeMinor == nil {
		return nil, err
	}
	l := pages.Line{Name: locale.T(ctx, "fee.title", "Fee"), URL: "/my/entries/" + m.Code + "/fee", Words: feeSentence(ctx, m, fee)}
	if fee.Fee == entry.FeeDue && fee.FeeMinor != nil {
		l.Kind = "warnc"
	}
	return []pages.Line{l}, nil
}

// entriesLines are the other ways on from a filmmaker's first page.
func entriesLines(ctx context.Context) []pages.Line {
	return []pages.Line{
		{Name: locale.T(ctx, "line.inbox", "All messages"), URL: "/my/messages", Words: locale.T(ctx, "line.inbox-words", "Every letter and every answer waits here too.")},
		{Name: locale.T(ctx, "passport.title", "Bring in a work"), URL: "/my/works/import", Words: locale.T(ctx, "passport.from", "From another installation, or from FilmFreeway.")},
	}
}
