package site

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/money"
	"laurel/internal/problem"
	"laurel/web/pages"
)

func (s *Site) feeRoutes() []route {
	const edition = "/organize/{festival}/{edition}"
	return []route{
		{"GET", "/my/entries/{entry}/fee", signedIn, s.showFee},
		{"POST", "/my/entries/{entry}/fee", signedIn, s.saveFee},
		{"POST", "/my/entries/{entry}/fee/payment", signedIn, s.beginPayment},
		{"POST", noticePath, public, s.takeNotice},
		{"GET", edition + "/fees", organizer, s.showFees},
		{"POST", edition + "/fees", organizer, s.addFeeCode},
		{"POST", edition + "/fees/words", organizer, s.saveFeeWords},
		{"POST", edition + "/fees/{feecode}/end", organizer, s.endFeeCode},
		{"POST", edition + "/entries/{entry}/fee", organizer, s.saveEntryFee},
	}
}

func (s *Site) showFee(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	return s.feePage(w, r, http.StatusOK, m, pages.FeeAsk{})
}

// feePage shows how the fee stands; a form that came back with errors keeps
// what was typed.
func (s *Site) feePage(w http.ResponseWriter, r *http.Request, status int, m entry.Mine, back pages.FeeAsk) error {
	ctx := r.Context()
	fee, err := entry.FeeOf(ctx, s.db, m.ID)
	if err != nil {
		return err
	}
	payments, err := entry.Payments(ctx, s.db, m.ID)
	if err != nil {
		return err
	}
	v := pages.FilmmakerFee{Code: m.Code, Label: m.Label(), Stands: feeSentence(ctx, m, fee)}
	if m.State == entry.Draft && costs(m.Category) {
		v.Ladder = feeLadder(ctx, m)
	}
	mayAsk := m.Level.May(entry.LevelSubmit) && m.State != entry.Withdrawn
	if mayAsk && (fee.Fee == entry.FeeDue || m.State == entry.Draft) && (costs(m.Category) || fee.Fee == entry.FeeDue && m.State != entry.Draft) {
		v.Ask = feeAsk(ctx, fee, back)
	}
	if fee.Fee == entry.FeeDue && fee.FeeMinor != nil {
		v.Due, v.How, v.Pay = fee.Amount().Format(ctx), m.Edition.FeeWords, s.till != nil && mayAsk
		v.PayURL, v.Until = openPayment(ctx, m, fee, payments)
	}
	v.Past = paymentWords(ctx, m.Edition, payments)
	f := s.makerFrame(r, m, locale.T(ctx, "fee.title", "Fee"))
	f.Bad = back.Errors.Any()
	return s.page(w, r, status, pages.FilmmakerFeePage(f, v))
}

// costs says whether any rung of a category has a fee.
func costs(c festival.Category) bool {
	for _, d := range c.Deadlines {
		if !d.Fee().IsZero() {
			return true
		}
	}
	return false
}

// feeSentence says where the fee stands.
func feeSentence(ctx context.Context, m entry.Mine, f entry.Fee) string {
	switch {
	case f.Fee == entry.FeePaid:
		return locale.T(ctx, "fee.is-paid", "{{.Amount}} is paid.", "Amount", f.Amount().Format(ctx))
	case f.Fee == entry.FeeNotDue, m.State == entry.Withdrawn:
		return locale.T(ctx, "fee.is-not-due", "Nothing is due for this entry.")
	case f.FeeMinor != nil:
		return locale.T(ctx, "fee.is-due", "{{.Amount}} is due. Your entry counts meanwhile.", "Amount", f.Amount().Format(ctx))
	case !costs(m.Category):
		return locale.T(ctx, "fee.is-free", "{{.Category}} takes entries without a fee.", "Category", m.Category.Name)
	}
	rung := m.RungAt(m.Category, m.Now)
	if rung == nil {
		return locale.T(ctx, "fee.is-over", "The call has closed, and nothing is due.")
	}
	return priceSentence(ctx, m, f, *rung)
}

// priceSentence says what a draft costs if it is sent now, and from when more.
func priceSentence(ctx context.Context, m entry.Mine, f entry.Fee, rung festival.Deadline) string {
	now := f.Off(rung.Fee())
	for _, d := range m.Category.Deadlines {
		later := f.Off(d.Fee())
		if d.ClosesAt.After(rung.ClosesAt) && later.Minor > now.Minor {
			return locale.T(ctx, "fee.price-rises", "Sent now, this entry costs {{.Now}}; from {{.When}} on it costs {{.Later}}. It is due once you have sent it, and keeps you from nothing before.",
				"Now", now.Format(ctx), "When", locale.DateTime(ctx, rung.ClosesAt.In(m.Edition.Location()), m.Edition.Location(), m.Edition.City), "Later", later.Format(ctx))
		}
	}
	if now.IsZero() {
		return locale.T(ctx, "fee.price-nothing", "Sent now, this entry costs nothing.")
	}
	return locale.T(ctx, "fee.price", "This entry costs {{.Now}}. It is due once you have sent it, and keeps you from nothing before.", "Now", now.Format(ctx))
}

func feeLadder(ctx context.Context, m entry.Mine) []pages.FeeRung {
	rung := m.RungAt(m.Category, m.Now)
	var list []pages.FeeRung
	for _, d := range m.Category.Deadlines {
		list = append(list, pages.FeeRung{
			Name: d.Name, Fee: d.Fee().Format(ctx), Until: locale.DateTime(ctx, d.ClosesAt, m.Edition.Location(), m.Edition.City),
			Over: !m.Now.Before(d.ClosesAt) && (rung == nil || rung.ID != d.ID), Now: rung != nil && rung.ID == d.ID,
		})
	}
	return list
}

func feeAsk(ctx context.Context, f entry.Fee, back pages.FeeAsk) *pages.FeeAsk {
	v := back
	if !v.Errors.Any() {
		v.Waived = f.Fee == entry.FeeNotDue
		if f.Word != nil {
			v.Word = *f.Word
		}
	}
	if f.Word != nil {
		v.Reduced = reductionWords(ctx, f.Reduction)
	}
	return &v
}

// reductionWords says what a code does to a fee.
func reductionWords(ctx context.Context, r entry.Reduction) string {
	switch {
	case r.Percent != nil && *r.Percent == 100:
		return locale.T(ctx, "fee.code-free", "Free.")
	case r.Percent != nil:
		return locale.T(ctx, "fee.code-percent", "{{.Percent}} % off.", "Percent", locale.Number(ctx, *r.Percent))
	case r.Minor != nil:
		return locale.T(ctx, "fee.code-amount", "{{.Amount}} off.", "Amount", money.Amount{Minor: *r.Minor, Currency: *r.Currency}.Format(ctx))
	}
	return locale.T(ctx, "fee.code-none", "The fee stays as it is.")
}

// saveFee takes no note of the form itself, as others do: that somebody asked
// for a waiver must stand nowhere. Sent twice, it says the same twice.
func (s *Site) saveFee(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	ctx, waive, word := r.Context(), text(r, "waive") != "", text(r, "code")
	err = s.slow(w, r, "")
	if err == nil {
		err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
			if err := entry.Waive(ctx, tx, actor(r).ID, m.Code, waive); err != nil || waive {
				return err
			}
			return entry.UseFeeCode(ctx, tx, actor(r).ID, m.Code, word)
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.feePage(w, r, status, m, pages.FeeAsk{Word: word, Waived: waive, Errors: errs})
	}
	if err != nil {
		return err
	}
	s.flash(w, "profile.saved", "Saved.")
	return to(w, r, "/my/entries/"+m.Code+"/fee")
}

// openPayment is the page on which what is due can still be paid.
func openPayment(ctx context.Context, m entry.Mine, f entry.Fee, payments []entry.Payment) (url, until string) {
	for _, p := range payments {
		if p.State == "begun" && p.URL != nil && p.Amount() == f.Amount() && m.Now.Before(p.Until().Add(-time.Minute)) {
			url, until = *p.URL, locale.Time(ctx, p.Until().In(m.Edition.Location()))
		}
	}
	return url, until
}

// paymentWords lists what was paid and given back.
func paymentWords(ctx context.Context, e festival.Edition, payments []entry.Payment) []string {
	var list []string
	for _, p := range payments {
		if p.PaidAt == nil {
			continue
		}
		list = append(list, locale.T(ctx, "fee.was-paid", "{{.Amount}} paid on {{.Day}}", "Amount", p.Amount().Format(ctx), "Day", locale.Date(ctx, p.PaidAt.In(e.Location()))))
		if p.Refunded > 0 {
			list = append(list, locale.T(ctx, "fee.was-refunded", "{{.Amount}} given back", "Amount", money.Amount{Minor: p.Refunded, Currency: p.Currency}.Format(ctx)))
		}
	}
	return list
}

// beginPayment makes a page for paying. The reader goes there by a link of
// ours: browsers stop a form that leads to another site.
func (s *Site) beginPayment(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	if s.till == nil {
		return problem.Missing()
	}
	ctx := r.Context()
	var p entry.Payment
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
		p, err = entry.BeginPayment(ctx, tx, actor(r).ID, m.Code)
		return err
	})
	if err == nil && p.URL == nil {
		err = s.openPaymentPage(ctx, m, p)
	}
	if err != nil {
		return err
	}
	return to(w, r, "/my/entries/"+m.Code+"/fee")
}

func (s *Site) openPaymentPage(ctx context.Context, m entry.Mine, p entry.Payment) error {
	url, err := s.till.Open(ctx, money.Order{
		Reference: p.Code, Amount: p.Amount(), Label: m.Label(), Until: p.Until(),
		Back: s.base.JoinPath("/my/entries", m.Code, "fee").String(),
	})
	if err != nil {
		s.log.ErrorContext(ctx, "payment service", "error", scrub(err))
		return problem.New(problem.Busy, "fee.no-service", "The payment service does not answer. Try again in a while; your entry counts meanwhile.")
	}
	return entry.SetPaymentURL(ctx, s.db, p.Code, url)
}
