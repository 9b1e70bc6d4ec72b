package site

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/erasure"
	"laurel/internal/locale"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) erasureRoutes() []route {
	return []route{
		{"GET", "/my/works/{work}/erasure", signedIn, s.askErasure},
		{"POST", "/my/works/{work}/erasure", signedIn, s.checked(s.eraseWork)},
		{"GET", "/account/erasure", signedIn, s.askAccountErasure},
		{"POST", "/account/erasure", signedIn, s.checked(s.eraseAccount)},
		{"GET", "/erasures/{code}", public, s.showErasure},
		{"GET", "/erasures/{code}/receipt", public, s.downloadErasure},
	}
}

func (s *Site) askErasure(w http.ResponseWriter, r *http.Request) error {
	return s.askErasurePage(w, r, http.StatusOK, nil)
}

// askErasurePage lists what is known of a work, and what will stay.
func (s *Site) askErasurePage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx, code := r.Context(), r.PathValue("work")
	sum, err := erasure.SummaryOfWork(ctx, s.db, actor(r).ID, code)
	if err != nil {
		return err
	}
	v := s.erasureView(ctx, sum)
	v.Action, v.Back, v.Errors = "/my/works/"+code+"/erasure", "/my/works/"+code, errs
	return s.page(w, r, status, pages.EraseWorkPage(s.filmmakerFrame(r, locale.T(ctx, "erase.title", "Erase this work?")), v))
}

func (s *Site) erasureView(ctx context.Context, sum erasure.Summary) pages.Erase {
	v := pages.Erase{Title: sum.Title, Works: sum.Works, Entries: sum.Entries, Files: sum.Files, Stores: storeFacts(ctx, sum.Stores)}
	v.Backups = locale.Number(ctx, s.erase.Backups)
	return v
}

func storeFacts(ctx context.Context, stores []erasure.Store) []pages.Fact {
	facts := make([]pages.Fact, len(stores))
	for i, x := range stores {
		facts[i] = pages.Fact{Label: storeName(ctx, x.Name), Value: locale.N(ctx, "erase.records", x.Records, "One record", "{{.Count}} records")}
	}
	return facts
}

// storeName says in words what an erasure empties.
func storeName(ctx context.Context, name string) string {
	switch name {
	case "work":
		return locale.T(ctx, "erase.store-work", "The description, its earlier versions and who made it")
	case "files":
		return locale.T(ctx, "erase.store-files", "Films and stills, with the copies made of them")
	case "entry":
		return locale.T(ctx, "erase.store-entry", "Entries: the film as it was entered, answers, contact, the way through the festival")
	case "messages":
		return locale.T(ctx, "erase.store-messages", "Letters, messages and tasks")
	case "jury":
		return locale.T(ctx, "erase.store-jury", "Jurors’ notes, comments and reasons")
	case "festival":
		return locale.T(ctx, "erase.store-festival", "The festival’s own words about it")
	case "consent":
		return locale.T(ctx, "erase.store-consent", "The texts that you were asked about")
	case "traces":
		return locale.T(ctx, "erase.store-traces", "The record of acts")
	case "account":
		return locale.T(ctx, "erase.store-account", "Your account: name, address, codes, keys and sessions")
	}
	return name
}

func (s *Site) eraseWork(w http.ResponseWriter, r *http.Request) error {
	err := s.eraseOnce(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return s.erase.Work(ctx, tx, actor(r).ID, r.PathValue("work"))
	}, func() {})
	if errs, status, ok := s.refused(r, err); ok {
		return s.askErasurePage(w, r, status, errs)
	}
	return err
}

// eraseOnce erases and leads to the receipt. When the transaction fails after
// the record was written, the record is told so.
func (s *Site) eraseOnce(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, tx pgx.Tx) (string, error), then func()) error {
	var code string
	err := s.onceThen(w, r, func(ctx context.Context, tx pgx.Tx) (to string, err error) {
		code, err = act(ctx, tx)
		return "/erasures/" + code, err
	}, then)
	if err != nil && code != "" {
		return errors.Join(err, s.erase.Book.Void(code))
	}
	return err
}

func (s *Site) askAccountErasure(w http.ResponseWriter, r *http.Request) error {
	return s.askAccountErasurePage(w, r, http.StatusOK, nil)
}

func (s *Site) askAccountErasurePage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	sum, err := erasure.SummaryOfAccount(ctx, s.db, actor(r).ID)
	if err != nil {
		return err
	}
	v := s.erasureView(ctx, sum)
	v.Account, v.Action, v.Back, v.Errors = true, "/account/erasure", "/account", errs
	return s.page(w, r, status, pages.EraseWorkPage(s.frame(r, locale.T(ctx, "erase.account-title", "Erase your account?")), v))
}

func (s *Site) eraseAccount(w http.ResponseWriter, r *http.Request) error {
	err := s.eraseOnce(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return s.erase.Account(ctx, tx, actor(r).ID)
	}, func() { s.signOut(w) })
	if errs, status, ok := s.refused(r, err); ok {
		return s.askAccountErasurePage(w, r, status, errs)
	}
	return err
}

// showErasure is the receipt, for whoever holds its code.
func (s *Site) showErasure(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	given, err := erasure.ReceiptOf(ctx, s.db, r.PathValue("code"))
	if err != nil {
		return err
	}
	receipt, err := erasure.Check([]byte(given.Receipt), s.erase.Book.PublicKey())
	v := pages.Erasure{URL: "/erasures/" + r.PathValue("code") + "/receipt", Key: s.erase.Book.PublicKey(), Forged: err != nil}
	if err != nil {
		if receipt, err = erasure.Check([]byte(given.Receipt), ""); err != nil {
			return err
		}
	}
	v.Code, v.Account = receipt.Code, receipt.Kind == erasure.OfAccount
	v.When = locale.Date(ctx, receipt.ErasedAt) + ", " + locale.Time(ctx, receipt.ErasedAt) + " UTC"
	if day, err := time.Parse(time.DateOnly, receipt.BackupsUntil); err == nil {
		v.Until = locale.Date(ctx, day)
	}
	v.Stores = storeFacts(ctx, receipt.Stores)
	v.Gone = given.FinishedAt != nil
	v.Files = receipt.Files
	return s.page(w, r, http.StatusOK, pages.ErasurePage(s.branded(r, s.frame(r, locale.T(ctx, "erased.title", "Receipt"))), v))
}

// downloadErasure is the receipt as a file that can be checked anywhere.
func (s *Site) downloadErasure(w http.ResponseWriter, r *http.Request) error {
	given, err := erasure.ReceiptOf(r.Context(), s.db, r.PathValue("code"))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="receipt.json"`)
	h.Set("Content-Length", strconv.Itoa(len(given.Receipt)))
	_, err = w.Write([]byte(given.Receipt))
	return ignoreGone(err)
}
