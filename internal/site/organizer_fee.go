package site

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/money"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) showFees(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.feesPage(w, r, http.StatusOK, e, pages.Fees{Words: e.FeeWords, Form: pages.FeeCodeForm{Kind: "free"}})
}

func (s *Site) feesPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, v pages.Fees) error {
	ctx := r.Context()
	sums, err := entry.FeeSums(ctx, s.db, e.ID, actor(r).ID)
	if err != nil {
		return err
	}
	codes, err := entry.FeeCodes(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	categories, err := festival.Categories(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	v.Desk, v.Online, v.Stands = e.Desk(), s.till != nil, sumWords(ctx, sums)
	if len(sums) > 0 && sums[0].Fee == entry.FeeDue {
		v.Due = e.Desk() + "/entries?fee=" + string(entry.FeeDue)
	}
	for _, c := range codes {
		v.Codes = append(v.Codes, feeCodeRow(ctx, e, c, s.now()))
	}
	v.Form.Categories = []components.Option{{Label: locale.T(ctx, "fees.all-categories", "All categories")}}
	for _, c := range categories {
		v.Form.Categories = append(v.Form.Categories, components.Option{Value: c.Slug, Label: c.Name})
		if last := c.Last(); last != nil && v.Form.Currency == "" {
			v.Form.Currency = last.FeeCurrency
		}
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "fees.title", "Fees"), "fees")
	f.Bad = v.Form.Errors.Any() || v.WordsErrors.Any()
	return s.page(w, r, status, pages.FeesPage(f, v))
}

// sumWords says what is due and what is paid.
func sumWords(ctx context.Context, sums []entry.FeeSum) string {
	var due, paid []string
	for _, x := range sums {
		if x.Fee == entry.FeeDue {
			due = append(due, locale.N(ctx, "fees.due-sum", x.Entries, "{{.Amount}} of one entry", "{{.Amount}} of {{.Count}} entries", "Amount", x.Amount().Format(ctx)))
		} else {
			paid = append(paid, locale.N(ctx, "fees.paid-sum", x.Entries, "{{.Amount}} by one entry", "{{.Amount}} by {{.Count}} entries", "Amount", x.Amount().Format(ctx)))
		}
	}
	switch {
	case len(sums) == 0:
		return locale.T(ctx, "fees.nothing", "Nothing is due, and nothing has been paid.")
	case len(due) == 0:
		return locale.T(ctx, "fees.all-paid", "Nothing is due; paid: {{.Paid}}.", "Paid", locale.List(ctx, paid))
	case len(paid) == 0:
		return locale.T(ctx, "fees.none-paid", "Due: {{.Due}}. Nothing has been paid yet.", "Due", locale.List(ctx, due))
	}
	return locale.T(ctx, "fees.both", "Due: {{.Due}}; paid: {{.Paid}}.", "Due", locale.List(ctx, due), "Paid", locale.List(ctx, paid))
}

func feeCodeRow(ctx context.Context, e festival.Edition, c entry.FeeCode, now time.Time) pages.FeeCodeRow {
	at := func(t time.Time) string { return locale.DateTime(ctx, t, e.Location(), e.City) }
	v := pages.FeeCodeRow{
		Code: c.Code, Word: *c.Word, Does: reductionWords(ctx, c.Reduction), Note: c.Note, Uses: locale.Number(ctx, c.Uses),
		For: locale.T(ctx, "fees.all-categories", "All categories"),
	}
	if c.LateUntil != nil {
		v.Does += " " + locale.T(ctx, "fees.lets-in", "Lets in until {{.When}}.", "When", at(*c.LateUntil))
	}
	if c.Category != nil {
		v.For = *c.Category
	}
	if c.UsesMost != nil {
		v.Uses = locale.T(ctx, "fees.used-of", "{{.Uses}} of {{.Most}}", "Uses", locale.Number(ctx, c.Uses), "Most", locale.Number(ctx, *c.UsesMost))
	}
	if c.ExpiresAt != nil {
		v.Until = at(*c.ExpiresAt)
	}
	v.Over = c.EndedAt != nil || c.ExpiresAt != nil && !now.Before(*c.ExpiresAt) || c.LateUntil != nil && !now.Before(*c.LateUntil)
	return v
}

func (s *Site) addFeeCode(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	code, form := newReader(r).feeCode(e)
	if id, err := s.categoryChosen(r, e, form.Category); err != nil {
		return err
	} else if id != 0 {
		code.CategoryID = &id
	}
	if form.Errors.Any() {
		return s.feesPage(w, r, http.StatusUnprocessableEntity, e, pages.Fees{Words: e.FeeWords, Form: form})
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "fees.added", "The code is good from now on.")
		return e.Desk() + "/fees", entry.AddFeeCode(ctx, tx, actor(r).ID, e.ID, code)
	})
	if errs, status, ok := s.refused(r, err); ok {
		form.Errors = errs
		return s.feesPage(w, r, status, e, pages.Fees{Words: e.FeeWords, Form: form})
	}
	return err
}

// categoryChosen is the category of a slug; 0: all.
func (s *Site) categoryChosen(r *http.Request, e festival.Edition, slug string) (festival.CategoryID, error) {
	if slug == "" {
		return 0, nil
	}
	c, err := festival.CategoryAt(r.Context(), s.db, e.ID, slug)
	return c.ID, err
}

// feeCode reads the form of a new code; its form keeps what was typed.
func (in *reader) feeCode(e festival.Edition) (entry.FeeCode, pages.FeeCodeForm) {
	v := pages.FeeCodeForm{
		Word: text(in.r, "word"), Kind: text(in.r, "kind"), Value: in.figure("value"), Currency: strings.ToUpper(text(in.r, "currency")),
		Category: text(in.r, "category"), Uses: in.figure("uses_most"), Expires: in.figure("expires_at"), Late: in.figure("late_until"),
		Note: text(in.r, "note"), Errors: in.errors,
	}
	c := entry.FeeCode{Note: v.Note}
	c.Word = &v.Word
	switch v.Kind {
	case "free":
		c.Percent = new(100)
	case "percent":
		c.Percent = new(in.number("value"))
	case "amount":
		off, err := money.Parse(v.Value, v.Currency)
		in.wrong("value", err)
		c.Minor, c.Currency = &off.Minor, &off.Currency
	}
	if v.Uses != "" {
		c.UsesMost = new(in.number("uses_most"))
	}
	if v.Expires != "" {
		c.ExpiresAt = new(in.instant("expires_at", e.Location()))
	}
	if v.Late != "" {
		c.LateUntil = new(in.instant("late_until", e.Location()))
	}
	return c, v
}

func (s *Site) endFeeCode(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "fees.ended", "The code is over. Who took it keeps what it gave.")
		return e.Desk() + "/fees", entry.EndFeeCode(ctx, tx, actor(r).ID, e.ID, r.PathValue("feecode"))
	})
}

func (s *Site) saveFeeWords(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	words := text(r, "fee_words")
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "profile.saved", "Saved.")
		return e.Desk() + "/fees#how", festival.SaveFeeWords(ctx, tx, actor(r).ID, e.ID, words)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.feesPage(w, r, status, e, pages.Fees{Words: words, WordsErrors: errs, Form: pages.FeeCodeForm{Kind: "free"}})
	}
	return err
}

// entryFee is the panel on the organizers' page of an entry.
func (s *Site) entryFee(r *http.Request, e festival.Edition, x entry.Entry) (pages.EntryFee, error) {
	ctx := r.Context()
	fee, err := entry.FeeOf(ctx, s.db, x.ID)
	if err != nil {
		return pages.EntryFee{}, err
	}
	payments, err := entry.Payments(ctx, s.db, x.ID)
	if err != nil {
		return pages.EntryFee{}, err
	}
	v := pages.EntryFee{Action: e.Desk() + "/entries/" + x.Code + "/fee", Past: paymentWords(ctx, e, payments)}
	v.Kind, v.State = feeTag(ctx, fee.Fee)
	if fee.FeeMinor != nil {
		v.Amount, v.Open = fee.Amount().Format(ctx), fee.Fee == entry.FeeDue
	}
	if fee.Word != nil {
		v.Code = *fee.Word
	}
	return v, nil
}

// feeTag is the shape and the word of a fee's state.
func feeTag(ctx context.Context, state entry.FeeState) (kind, word string) {
	switch state {
	case entry.FeeDue:
		kind = "warn"
	case entry.FeePaid:
		kind = "on"
	case entry.FeeNotDue:
	}
	return kind, entry.FeeName(ctx, state)
}

// saveEntryFee is the festival's word about a fee. That nothing is due goes
// without a note of the form: it must look like a waiver.
func (s *Site) saveEntryFee(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	x, err := s.organizersEntry(r, e)
	if err != nil {
		return err
	}
	page := e.Desk() + "/entries/" + x.Code
	switch entry.FeeState(r.PostForm.Get("fee")) {
	case entry.FeePaid:
		return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "profile.saved", "Saved.")
			return page, entry.MarkPaid(ctx, tx, actor(r).ID, x.ID, text(r, "note"))
		})
	case entry.FeeNotDue:
		err := pgx.BeginFunc(r.Context(), s.db, func(tx pgx.Tx) error { return entry.Forgive(r.Context(), tx, x.ID) })
		if err != nil {
			return err
		}
		s.flash(w, "profile.saved", "Saved.")
		return to(w, r, page)
	case entry.FeeDue:
	}
	return problem.New(problem.Invalid, "fee.no-word", "Say whether the fee is paid, or that nothing is due.")
}
