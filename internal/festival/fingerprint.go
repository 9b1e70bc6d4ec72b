package festival

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// FingerprintFigures is how many figures of a film's SHA-256 its fingerprint
// has at least: 128 bits, so that nobody finds two films with the same one.
const FingerprintFigures = 32

// A Fingerprint is how somebody told the festival of a film before the
// deadline: by the beginning of its SHA-256. Who called is not asked.
type Fingerprint struct {
	Code    string
	Figures string // hexadecimal, in small letters
	NotedAt time.Time
	By      string // name of the organizer; empty: not known any more
}

// Fingerprints lists those of an edition, the latest first.
func Fingerprints(ctx context.Context, db pg.DB, edition EditionID) ([]Fingerprint, error) {
	list, err := pg.Rows[Fingerprint](ctx, db, `
		select f.code, f.figures, f.noted_at, coalesce(a.name, '') as by
		from fingerprints f
		left join accounts a on a.id = f.actor_id
		where f.edition_id = @edition
		order by f.id desc`,
		pg.Args{"edition": edition})
	if err != nil {
		return nil, fmt.Errorf("list fingerprints: %w", err)
	}
	return list, nil
}

// heard gives figures that an ear or an eye may take for others.
var heard = strings.NewReplacer("o", "0", "i", "1", "l", "1")

// ReadFingerprint reads the figures however they were typed: with spaces,
// hyphens, colons or none, in capitals, in Persian figures.
func ReadFingerprint(typed string) (string, error) {
	figures := heard.Replace(strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.Is(unicode.Pd, c) || unicode.Is(unicode.Cf, c) || c == ':' {
			return -1
		}
		return unicode.ToLower(c)
	}, locale.ASCII(typed)))
	switch n := len(figures); {
	case strings.Trim(figures, "0123456789abcdef") != "":
		return "", problem.Field("fingerprint", "fingerprint.letters", "A fingerprint has the figures 0 to 9 and the letters a to f. Ask the caller again for what is none of them.")
	case n < FingerprintFigures:
		return "", problem.Field("fingerprint", "fingerprint.short", "Write at least the first 32 figures and letters. Here are {{.Count}}.", "Count", n)
	case n > 64:
		return "", problem.Field("fingerprint", "fingerprint.long", "A fingerprint has 64 figures and letters at most. Here are {{.Count}}.", "Count", n)
	}
	return figures, nil
}

// GroupFigures writes figures in fours, for reading aloud.
func GroupFigures(figures string) string {
	var b strings.Builder
	for i, c := range figures {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// ahead holds while a fingerprint can be in time somewhere in the edition.
const ahead = `moment.at < (
		select max(d.closes_at)
		from deadlines d
		join categories c on c.id = d.category_id
		where c.edition_id = @edition and c.bytes_hours > 0)`

var fingerprintsClosed = problem.New(problem.Denied, "fingerprint.closed",
	"No deadline lies ahead that a fingerprint could be told before. Nothing can be noted or taken back any more.")

// NoteFingerprint writes down what somebody told the festival, and returns its
// code. After the last deadline, by the database's clock, nothing is taken.
func NoteFingerprint(ctx context.Context, tx pgx.Tx, by account.ID, edition EditionID, figures string) (string, error) {
	code := account.Code()
	id, err := pg.Value[int64](ctx, tx, `
		with moment as materialized (select clock_timestamp() as at)
		insert into fingerprints (code, edition_id, figures, noted_at, actor_id)
		select @code, @edition, @figures, moment.at, @by
		from moment
		where `+ahead+`
		returning id`,
		pg.Args{"code": code, "edition": edition, "figures": figures, "by": by})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fingerprintsClosed
	}
	if err != nil {
		return "", fmt.Errorf("note fingerprint: %w", err)
	}
	return code, record(ctx, tx, by, edition, "noted", "fingerprint", id, map[string]string{"code": code})
}

// TakeBackFingerprint removes one that was noted by mistake, while another can
// still be noted in its place.
func TakeBackFingerprint(ctx context.Context, tx pgx.Tx, by account.ID, edition EditionID, code string) error {
	id, err := pg.Value[int64](ctx, tx, `
		select id
		from fingerprints
		where edition_id = @edition and code = @code
		for update`,
		pg.Args{"edition": edition, "code": code})
	if err != nil {
		return fmt.Errorf("find fingerprint %s: %w", code, err)
	}
	gone, err := tx.Exec(ctx, `
		with moment as materialized (select clock_timestamp() as at)
		delete from fingerprints
		using moment
		where id = @id and `+ahead,
		pg.Args{"id": id, "edition": edition})
	if err != nil {
		return fmt.Errorf("take back fingerprint %s: %w", code, err)
	}
	if gone.RowsAffected() == 0 {
		return fingerprintsClosed
	}
	return record(ctx, tx, by, edition, "taken-back", "fingerprint", id, map[string]string{"code": code})
}
