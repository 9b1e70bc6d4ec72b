package entry

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/media"
	"laurel/internal/pg"
)

// Checked writes to the makers of the works that hold a file, if what became of
// it is for them to act on: it was refused, or something about it may not be as
// they think. The letter names neither; what to do stands beside the file.
func Checked(ctx context.Context, tx pgx.Tx, made *media.Remake) error {
	type maker struct {
		ID     int64
		Locale locale.Locale
		Code   string
		Stated int
	}
	makers, err := pg.Rows[maker](ctx, tx, `
		select a.id, a.locale, w.code, coalesce((w.film ->> 'runtime')::integer, 0) as stated
		from work_files x
		join works w on w.id = x.work_id
		join makers m on m.work_id = w.id
		join accounts a on a.id = m.account_id
		where x.file_id = @file
		order by w.id, a.id`,
		pg.Args{"file": made.ID})
	if err != nil {
		return fmt.Errorf("list makers of file %d: %w", made.ID, err)
	}
	for _, m := range makers {
		kind := mail.FileRefused
		if made.Refusal == "" {
			if made.Findings == nil || len(made.Findings.Warnings(ctx, m.Stated)) == 0 {
				continue
			}
			kind = mail.FileChecked
		}
		_, err := mail.Queue(ctx, tx, mail.Letter{Kind: kind, Account: &m.ID, Locale: m.Locale,
			EventKey: fmt.Sprintf("%s:%d:%d", kind, made.ID, m.ID), Args: mail.Args{Link: "/my/works/" + m.Code + "/files"}})
		if err != nil {
			return fmt.Errorf("tell of file %d: %w", made.ID, err)
		}
	}
	return nil
}
