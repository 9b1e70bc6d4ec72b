package site

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/report"
	"laurel/web/pages"
)

func (s *Site) downloadRoutes() []route {
	return []route{
		{"GET", "/account/download", signedIn, s.checked(s.showDownload)},
		{"GET", "/account/download/copy.zip", signedIn, s.checked(s.sendCopy)},
	}
}

func (s *Site) showDownload(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	files, err := report.Originals(ctx, s.db, actor(r).ID)
	if err != nil {
		return err
	}
	var size int64
	for _, f := range files {
		size += f.Size
	}
	v := pages.Download{Files: len(files), Size: locale.Size(ctx, size)}
	return s.page(w, r, http.StatusOK, pages.DownloadPage(s.filmmakerFrame(r, locale.T(ctx, "download.title", "A copy of everything")), v))
}

// A personalCopy is what is kept about somebody, read at one instant; the bytes
// of files follow while it is sent.
type personalCopy struct {
	parts []copyPart
	files []report.Original
}

// A copyPart is one file of words.
type copyPart struct {
	name    string
	content []byte
}

// sendCopy streams the copy. What breaks after the first byte breaks off the
// answer, so that nobody takes half a copy for a whole one.
func (s *Site) sendCopy(w http.ResponseWriter, r *http.Request) error {
	var c personalCopy
	err := pgx.BeginTxFunc(r.Context(), s.db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
		c, err = copyOf(r.Context(), tx, actor(r).ID)
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="copy.zip"`)
	h.Set("Cache-Control", "no-store")
	if err := s.writeCopy(r.Context(), w, c); err != nil {
		if r.Context().Err() == nil {
			s.log.ErrorContext(r.Context(), "copy of everything", "error", scrub(err))
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

func copyOf(ctx context.Context, tx pgx.Tx, who account.ID) (personalCopy, error) {
	var c personalCopy
	for _, share := range report.Shares {
		rows, err := share.Of(ctx, tx, who)
		if err != nil {
			return c, err
		}
		if len(rows) == 0 {
			continue
		}
		content, err := json.MarshalIndent(rows, "", "  ")
		if err != nil {
			return c, fmt.Errorf("write %s: %w", share.Name, err)
		}
		c.parts = append(c.parts, copyPart{share.Name + ".json", content})
	}
	sent, err := report.SentBy(ctx, tx, who)
	if err != nil {
		return c, err
	}
	for _, one := range sent {
		c.parts = append(c.parts, copyPart{"sent/" + one.Label + ".json", []byte(one.Document)})
		looks, err := report.Looked(ctx, tx, one.EntryID)
		if err != nil {
			return c, err
		}
		content, err := json.MarshalIndent(looks, "", "  ")
		if err != nil {
			return c, fmt.Errorf("write who looked: %w", err)
		}
		c.parts = append(c.parts, copyPart{"looked/" + one.Label + ".json", content})
	}
	c.files, err = report.Originals(ctx, tx, who)
	return c, err
}

func (s *Site) writeCopy(ctx context.Context, w io.Writer, c personalCopy) error {
	z := zip.NewWriter(w)
	if err := addPart(z, copyPart{"README.txt", []byte(copyReadme(ctx, c))}); err != nil {
		return err
	}
	for _, p := range c.parts {
		if err := addPart(z, p); err != nil {
			return err
		}
	}
	for _, f := range c.files {
		if err := s.addOriginal(ctx, z, f); err != nil {
			return err
		}
	}
	return z.Close()
}

func addPart(z *zip.Writer, p copyPart) error {
	w, err := z.Create(p.name)
	if err != nil {
		return fmt.Errorf("begin %s: %w", p.name, err)
	}
	_, err = io.Copy(w, bytes.NewReader(p.content))
	return err
}

// addOriginal adds a file as it was sent. One whose bytes are gone already is
// named with nothing in it.
func (s *Site) addOriginal(ctx context.Context, z *zip.Writer, f report.Original) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: "files/" + f.Code + extension(f.MediaType), Method: zip.Store})
	if err != nil {
		return fmt.Errorf("begin file %s: %w", f.Code, err)
	}
	content, err := media.OpenOriginal(ctx, s.db, s.vault(), f.ID)
	if errors.Is(err, blob.ErrMissing) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open file %s: %w", f.Code, err)
	}
	defer content.Close()
	if _, err := io.Copy(w, content); err != nil {
		return fmt.Errorf("copy file %s: %w", f.Code, err)
	}
	return nil
}

// vault is where originals are, and what opens them.
func (s *Site) vault() media.Vault { return media.Vault{Store: s.store, Seals: s.seals} }

// extension is how the name of a file of some kind ends.
func extension(mediaType string) string {
	switch mediaType {
	case "video/mp4":
		return ".mp4"
	case "video/quicktime":
		return ".mov"
	case "video/matroska":
		return ".mkv"
	case "image/jpeg":
		return ".jpg"
	case "application/x-subrip":
		return ".srt"
	case "text/vtt":
		return ".vtt"
	}
	if list, err := mime.ExtensionsByType(mediaType); err == nil && len(list) > 0 {
		return list[0]
	}
	return ".bin"
}

// copyReadme says in plain words what is in the copy, and what is not.
func copyReadme(ctx context.Context, c personalCopy) string {
	lines := []string{
		locale.T(ctx, "copy.readme", "This is everything that is kept about you here, as it was when you asked for it."), "",
		locale.T(ctx, "copy.json", "The files that end in .json are tables in a common format (JSON): any spreadsheet program or text editor opens them. Times are in UTC."),
		locale.T(ctx, "copy.sent", "In the folder “sent” is what you sent, one file for each entry. The SHA-256 sum of such a file stands on the receipt of the entry."),
		locale.T(ctx, "copy.looked", "In the folder “looked” is who saw each entry: the role and the day, and no person."),
		locale.T(ctx, "copy.files", "In the folder “files” is what you uploaded, as it came."),
		locale.T(ctx, "copy.left-out", "Left out are secrets that open doors, such as passwords, which are kept only as sums that cannot be turned back; and the names of those who judge."),
		locale.T(ctx, "copy.careful", "Whoever has this file can read all of it. Keep it where only you look, or delete it when you have read it."), "",
	}
	for _, p := range c.parts {
		lines = append(lines, p.name)
	}
	for _, f := range c.files {
		lines = append(lines, "files/"+f.Code+extension(f.MediaType))
	}
	return strings.Join(lines, "\n") + "\n"
}
