package site

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) consentRoutes() []route {
	return []route{
		{"GET", "/my/entries/{entry}/publication", signedIn, s.showPublication},
		{"POST", "/my/entries/{entry}/publication", signedIn, s.savePublication},
		{"POST", "/my/entries/{entry}/embargo", signedIn, s.saveEmbargo},
		{"GET", "/my/entries/{entry}/public", signedIn, s.showAsPublic},
		{"GET", "/my/entries/{entry}/readers", signedIn, s.showAsJury},
		{"GET", "/my/entries/{entry}/looked", signedIn, s.showLooked},
	}
}

func (s *Site) showPublication(w http.ResponseWriter, r *http.Request) error {
	return s.publicationPage(w, r, http.StatusOK, nil)
}

// publicationPage asks about everything that could be public, one by one.
func (s *Site) publicationPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	asked, err := entry.Asks(ctx, s.db, m.ID)
	if err != nil {
		return err
	}
	acts, err := entry.Ledger(ctx, s.db, m.ID, actor(r).ID)
	if err != nil {
		return err
	}
	embargo, err := entry.EmbargoOf(ctx, s.db, m.ID)
	if err != nil {
		return err
	}
	v := pages.Publication{
		URL: "/my/entries/" + m.Code, Label: m.Label(), Category: m.Category.Name, City: m.Edition.City,
		Lede: publicationLede(ctx, asked), Embargo: text(r, "until"), Errors: errs, Public: m.Edition.LineupAt != nil,
	}
	if embargo != nil && !r.PostForm.Has("until") {
		v.Embargo = forInput(*embargo, m.Edition.Location())
	}
	if err := m.Work.Level.Refuse(entry.LevelSubmit); err != nil {
		v.Locked = locale.Say(ctx, problem.Of(err).Say)
	}
	for _, a := range asked {
		v.Add(chosenBefore(r, a, askedView(ctx, a, actor(r).Zone)))
	}
	for _, a := range acts {
		v.History = append(v.History, actView(ctx, a, asked, actor(r).Zone))
	}
	f := s.makerFrame(r, m, locale.T(ctx, "publication.title", "What may be public"))
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.PublicationPage(f, v))
}

// publicationLede says how many of the questions have an answer.
func publicationLede(ctx context.Context, asked []entry.Asked) string {
	yes, open := 0, 0
	for _, a := range asked {
		switch a.Answer {
		case entry.Agreed:
			if a.Item.OnPages() {
				yes++
			}
		case entry.Refused:
		default:
			open++
		}
	}
	if open == 0 {
		return locale.N(ctx, "publication.answered", yes, "Everything is answered: one thing may be public.", "Everything is answered: {{.Count}} things may be public.")
	}
	return locale.N(ctx, "publication.open", open, "One thing waits for your answer. What has no answer is not public.",
		"{{.Count}} things wait for your answer. What has no answer is not public.")
}

func permissionName(ctx context.Context, p entry.Permission) string {
	switch p {
	case entry.Agreed:
		return locale.T(ctx, "permission.yes", "Yes, it may be public")
	case entry.Refused:
		return locale.T(ctx, "permission.no", "No")
	case entry.Later:
		return locale.T(ctx, "permission.later", "Not now, perhaps later")
	}
	return locale.T(ctx, "permission.none", "No answer yet")
}

// answerName is permissionName for one item: not everything that is asked is
// about the public.
func answerName(ctx context.Context, item entry.Item, p entry.Permission) string {
	switch {
	case p != entry.Agreed || item.OnPages():
		return permissionName(ctx, p)
	case item == entry.ShowOriginal:
		return locale.T(ctx, "permission.original", "Yes, the festival may have it")
	}
	return locale.T(ctx, "permission.contact", "Yes, the festival may tell them")
}

// fieldOf is the name of the form's field for a question.
func fieldOf(a entry.Asked) string {
	if a.Subject != "" {
		return string(a.Item) + "." + a.Subject
	}
	return string(a.Item)
}

func askedView(ctx context.Context, a entry.Asked, zone string) pages.PublicationAsked {
	v := pages.PublicationAsked{
		Names: a.Item == entry.PublishNames, Contact: a.Item == entry.TellPress || a.Item == entry.TellPartners, Screen: a.Item == entry.ShowOriginal,
		Field: components.Field{Name: fieldOf(a), Label: a.Name, Hint: a.Shown, Value: string(a.Answer), Class: "w-m"}, Hash: a.Hash(),
	}
	if a.Answered != nil {
		v.Said = locale.T(ctx, "publication.said", "Answered on {{.When}}.", "When", stamp(ctx, *a.Answered, zone))
	}
	if a.Changed {
		v.Said += " " + locale.T(ctx, "publication.text-changed", "The text was another one then.")
	}
	if a.Answer == "" {
		v.Options = append(v.Options, components.Option{Label: permissionName(ctx, "")})
	}
	for _, p := range entry.Permissions {
		v.Options = append(v.Options, components.Option{Value: string(p), Label: answerName(ctx, a.Item, p)})
	}
	return v
}

// chosenBefore puts what was chosen in a form that came back where the stored
// answer stands. A text that changed meanwhile was not what was agreed to: the
// choice is repeated in words, and made anew.
func chosenBefore(r *http.Request, a entry.Asked, v pages.PublicationAsked) pages.PublicationAsked {
	typed := entry.Permission(text(r, v.Field.Name))
	switch {
	case !slices.Contains(entry.Permissions, typed):
	case text(r, "hash."+v.Field.Name) == v.Hash:
		v.Field.Value = string(typed)
	default:
		v.Field.Error = locale.T(r.Context(), "publication.again", "You chose “{{.Answer}}”, for another text. Read this one, and answer again.", "Answer", answerName(r.Context(), a.Item, typed))
	}
	return v
}

func actView(ctx context.Context, a entry.Act, asked []entry.Asked, zone string) pages.PublicationAct {
	name := entry.ItemName(ctx, a.Item)
	if i := slices.IndexFunc(asked, func(x entry.Asked) bool { return x.Item == a.Item && x.Subject == a.Subject }); i >= 0 && a.Subject != "" {
		name = asked[i].Name + ": " + asked[i].Shown
	}
	return pages.PublicationAct{When: stamp(ctx, a.At, zone), What: name, Answer: answerName(ctx, a.Item, a.Decision)}
}

// savePublication writes down what was answered. It works at any time, also
// after the deadline: who is in danger tomorrow did not know it today.
func (s *Site) savePublication(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		asked, err := entry.Asks(ctx, tx, m.ID)
		if err != nil {
			return "", err
		}
		var choices []entry.Choice
		for _, a := range asked {
			if answer := text(r, fieldOf(a)); answer != "" {
				choices = append(choices, entry.Choice{Item: a.Item, Subject: a.Subject, Answer: entry.Permission(answer), Hash: text(r, "hash."+fieldOf(a))})
			}
		}
		s.flash(w, "publication.saved", "Saved. It holds from now on, on every page.")
		return "/my/entries/" + m.Code + "/publication", entry.Consent(ctx, tx, actor(r).ID, m.Code, choices)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.publicationPage(w, r, status, errs)
	}
	return err
}

// saveEmbargo says before when nothing may be public.
func (s *Site) saveEmbargo(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	in := newReader(r)
	var until *time.Time
	if text(r, "until") != "" {
		until = new(in.instant("until", m.Edition.Location()))
	}
	if in.errors.Any() {
		return s.publicationPage(w, r, http.StatusUnprocessableEntity, in.errors)
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "publication.embargo-saved", "Saved. Nothing is public before then.")
		if until == nil {
			s.flash(w, "publication.embargo-none", "Saved. What you agreed to goes out with the line-up.")
		}
		return "/my/entries/" + m.Code + "/publication", entry.Embargo(ctx, tx, actor(r).ID, m.Code, until)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.publicationPage(w, r, status, errs)
	}
	return err
}

// showAsPublic is the public page of the film as it would be now: the same page
// from the same projection, before anybody else sees it.
func (s *Site) showAsPublic(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	film, shown, err := entry.Previewed(ctx, s.db, m.ID)
	if err != nil {
		return err
	}
	if !shown {
		v := pages.NotPublic{URL: "/my/entries/" + m.Code, Label: m.Label()}
		return s.page(w, r, http.StatusOK, pages.NotPublicPage(s.makerFrame(r, m, locale.T(ctx, "publication.nothing", "Nothing would be public")), v))
	}
	var films []entry.Published
	if m.Edition.LineupAt != nil {
		if films, err = entry.Lineup(ctx, s.db, m.EditionID); err != nil {
			return err
		}
	}
	i := slices.IndexFunc(films, func(p entry.Published) bool { return p.EntryID == m.ID })
	if i < 0 {
		films, i = append(films, film), len(films)
	}
	awards, err := s.publicAwards(ctx, m.Edition)
	if err != nil {
		return err
	}
	f, v := s.filmPage(r, m.Edition, films, i, awards)
	f.Back = &components.Link{URL: "/my/entries/" + m.Code, Label: m.Label()}
	f.Aside = locale.T(ctx, "publication.preview", "Preview")
	if m.Edition.LineupAt == nil {
		v.Lineup = ""
	}
	return s.page(w, r, http.StatusOK, pages.PublicFilmPage(f, v))
}
