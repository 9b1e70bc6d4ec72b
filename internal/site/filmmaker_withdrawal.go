package site

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/web/pages"
)

func (s *Site) askWithdrawal(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	if err := m.Level.Refuse(entry.LevelSubmit); err != nil {
		return err
	}
	if m.State == entry.Withdrawn {
		return to(w, r, "/my/entries/"+m.Code)
	}
	ctx := r.Context()
	v := pages.FilmmakerWithdrawal{
		Code: m.Code, Label: m.Label(), Title: m.Work.Film.MainTitle(), Category: m.Category.Name, Draft: m.State == entry.Draft,
	}
	title := locale.T(ctx, "withdraw.title", "Withdraw this entry?")
	if v.Draft {
		title = locale.T(ctx, "withdraw.discard", "Remove this draft?")
	}
	return s.page(w, r, http.StatusOK, pages.FilmmakerWithdrawalPage(s.makerFrame(r, m, title), v))
}

func (s *Site) withdrawEntry(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if err := entry.Withdraw(ctx, tx, actor(r).ID, r.PathValue("entry")); err != nil {
			return "", err
		}
		s.flash(w, "withdraw.done", "It is done. The festival no longer has this entry.")
		return "/my/entries", nil
	})
}
