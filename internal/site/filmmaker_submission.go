package site

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// submitEntry sends the entry, or the changes to it. What keeps it from being
// sent comes back beside each answer.
func (s *Site) submitEntry(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	if err := m.Level.Refuse(entry.LevelSubmit); err != nil {
		return err
	}
	ctx, errs := r.Context(), components.Errors{}
	if text(r, "rights") == "" {
		errs["rights"] = locale.T(ctx, "review.rights-missing", "Confirm that you may enter the film")
	}
	if m.MayChange() == nil {
		for _, f := range m.Check(ctx) {
			errs[f.Field] = f.Sentence
		}
	}
	if errs.Any() {
		return s.submissionRefused(w, r, m, errs, http.StatusUnprocessableEntity)
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return "/my/entries/" + m.Code + "/receipt", entry.Submit(ctx, tx, actor(r).ID, m.Code, s.waited(r))
	})
	if p := problem.Of(err); p != nil && p.Kind == problem.Invalid && len(p.Fields) > 0 {
		errs, status, _ := s.refused(r, err)
		return s.submissionRefused(w, r, m, errs, status)
	}
	return err
}

func (s *Site) submissionRefused(w http.ResponseWriter, r *http.Request, m entry.Mine, errs components.Errors, status int) error {
	if err := m.MayChange(); err != nil {
		return err
	}
	return s.entryOverview(w, r, status, m, errs)
}

// waited is how long ago the beginning of the request reached us.
func (s *Site) waited(r *http.Request) time.Duration {
	if arrived, ok := r.Context().Value(arrivedKey).(time.Time); ok {
		return s.now().Sub(arrived)
	}
	return 0
}

func (s *Site) showReceipt(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	at := lastSent(m)
	if m.Film == nil || at == nil {
		return problem.Missing()
	}
	ctx, zone := r.Context(), m.Edition.Location()
	contact, err := mail.ContactOf(ctx, s.db, int64(actor(r).ID))
	if err != nil {
		return err
	}
	v := pages.FilmmakerReceipt{
		Code: m.Code, Label: m.Label(), Title: m.Film.MainTitle(), TitleIn: m.Film.MainTitleIn(), Other: m.Film.OtherTitle(), OtherIn: m.Film.LanguageOriginal,
		Category: m.Category.Name, Edition: m.Edition.Name, Festival: m.Edition.FestivalName, Hash: m.SentHash,
		At: locale.DateTime(ctx, *at, zone, m.Edition.City), ISO: at.In(zone).Format(time.RFC3339), Yours: yours(ctx, m.Edition, *at, actor(r).Zone),
		Facts: receiptFacts(ctx, m),
	}
	for _, c := range consents(ctx, m.Consents) {
		if c.On && entry.Item(c.Item).OnPages() {
			v.Consents = append(v.Consents, c.Label)
		}
	}
	if m.Edition.DecisionsOn != nil && m.Decision == nil {
		v.Next = locale.Date(ctx, *m.Edition.DecisionsOn)
	}
	if until := m.Until(m.Category, m.Now); until != nil && m.MayChange() == nil {
		v.Until = locale.DateTime(ctx, *until, zone, m.Edition.City)
	}
	if m.ToldAt != nil {
		v.Told = toldWords(ctx, m.Edition, *m.ToldAt)
	}
	if contact.Channel == mail.Letters {
		v.Email = contact.Email
	}
	title := locale.T(ctx, "receipt.title", "{{.Festival}} has received your film", "Festival", m.Edition.FestivalName)
	return s.page(w, r, http.StatusOK, pages.FilmmakerReceiptPage(s.makerFrame(r, m, title), v))
}

// receiptFacts are the answers by which people recognise a film.
func receiptFacts(ctx context.Context, m entry.Mine) []pages.FilmFact {
	f, list := *m.Film, factList{}
	list.add(locale.T(ctx, "review.directors", "Directors"), locale.List(ctx, f.Credited(entry.Director)))
	list.add(entry.PartName(ctx, entry.Places), locale.CountryNames(ctx, f.Countries))
	list.add(locale.T(ctx, "film.length", "Length"), entry.Length(ctx, f.Runtime))
	film := f.ScreenerLink
	if s := screener(ctx, m.Sent); s != nil {
		film = s.Words
	}
	list.add(entry.PartName(ctx, entry.Screener), film)
	list.add(entry.PartName(ctx, entry.Stills), countWords(ctx, len(stills(ctx, m.Sent))))
	return list.facts
}
