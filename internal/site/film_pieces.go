package site

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/upload"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) pieceRoutes() []route {
	return []route{
		{"GET", "/my/works/{work}/files/pieces", signedIn, s.showFilmPieces},
		{"POST", "/my/works/{work}/files/pieces", signedIn, s.beginPieces},
		{"POST", "/my/works/{work}/files/pieces/next", signedIn, s.takePiece},
		{"POST", "/my/works/{work}/files/pieces/end", signedIn, s.endPieces},
		{"POST", "/my/works/{work}/uploads/{upload}/key", signedIn, s.newUploadKey},
	}
}

func piecesURL(work entry.Work) string { return filesURL(work) + "/pieces" }

// inPieces is the film of a work that is on its way in pieces; ok is false when
// there is none.
func inPieces(ctx context.Context, db *pgxpool.Pool, work entry.Work) (u upload.Upload, ok bool, err error) {
	all, err := upload.Of(ctx, db, work.ID)
	for _, u := range all {
		if u.ByPieces && u.State == upload.Open && !u.Over {
			return u, true, err
		}
	}
	return upload.Upload{}, false, err
}

func (s *Site) showFilmPieces(w http.ResponseWriter, r *http.Request) error {
	work, err := s.editable(r)
	if err != nil {
		return err
	}
	return s.piecesPage(w, r, http.StatusOK, work, nil)
}

// piecesPage says what has arrived and which piece is next.
func (s *Site) piecesPage(w http.ResponseWriter, r *http.Request, status int, work entry.Work, errs components.Errors) error {
	ctx := r.Context()
	u, begun, err := inPieces(ctx, s.db, work)
	if err != nil {
		return err
	}
	v := pages.FilmPieces{
		Work: workURL(work), Heading: work.Film.MainTitle(), Errors: errs,
		MaxFilm: locale.Size(ctx, s.room.Screener), MaxPiece: locale.Size(ctx, upload.MaxPiece),
		Size: text(r, "size"), SHA256: text(r, "sha256"),
	}
	if begun {
		v.Next, v.Arrived, v.Open = u.Pieces+1, locale.Size(ctx, u.Durable), u.Size == nil
		v.Until = stamp(ctx, u.ExpiresAt, actor(r).Zone)
		if u.Size != nil {
			v.Whole = locale.Size(ctx, *u.Size)
		}
	}
	f := s.filmmakerFrame(r, v.Heading)
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.FilmPiecesPage(f, v))
}

// piecesRefused shows the page again with what was wrong.
func (s *Site) piecesRefused(w http.ResponseWriter, r *http.Request, work entry.Work, err error) error {
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	return s.piecesPage(w, r, status, work, errs)
}

// beginPieces makes room for a film that comes in pieces.
func (s *Site) beginPieces(w http.ResponseWriter, r *http.Request) error {
	work, err := s.editable(r)
	if err != nil {
		return err
	}
	wish, err := wishOf(r)
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			_, err := upload.Create(ctx, tx, s.parts, s.room, actor(r).ID, work.Code, wish)
			return piecesURL(work), err
		})
	}
	if err != nil {
		return s.piecesRefused(w, r, work, err)
	}
	return nil
}

// wishOf reads the length and the SHA-256 of the form, both of which may be
// empty.
func wishOf(r *http.Request) (upload.Wish, error) {
	wish := upload.Wish{Role: entry.ScreenerFile, ByPieces: true}
	if size := strings.NewReplacer(" ", "", ",", "", ".", "", "\u00a0", "").Replace(locale.ASCII(text(r, "size"))); size != "" {
		n, err := strconv.ParseInt(size, 10, 64)
		if err != nil || n < 1 {
			return wish, problem.Field("size", "upload.size-shape", "Write the length in bytes, in figures only, or leave it empty.")
		}
		wish.Size = n
	}
	if claim := text(r, "sha256"); claim != "" {
		sum, err := hex.DecodeString(strings.ToLower(claim))
		if err != nil {
			sum = []byte{}
		}
		wish.SHA256 = sum
	}
	return wish, nil
}

// takePiece takes one piece of a film and puts it behind the others.
func (s *Site) takePiece(w http.ResponseWriter, r *http.Request) error {
	work, err := s.editable(r)
	if err != nil {
		return err
	}
	u, begun, err := inPieces(r.Context(), s.db, work)
	if err != nil {
		return err
	}
	if !begun {
		return to(w, r, piecesURL(work))
	}
	piece, err := s.receivePiece(w, r)
	if err != nil {
		return s.piecesRefused(w, r, work, err)
	}
	defer func() {
		if err := piece.Discard(r.Context(), s.parts); err != nil {
			s.log.WarnContext(r.Context(), "piece not removed", "error", scrub(err))
		}
	}()
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		u, err = upload.Join(ctx, tx, s.parts, s.room, u, piece)
		return s.afterPiece(work, u), err
	})
	return s.pieceTaken(w, r, work, u, err)
}

// afterPiece is the page that follows a piece.
func (s *Site) afterPiece(work entry.Work, u upload.Upload) string {
	if u.Whole() {
		return filesURL(work) + "?saved=screener#screener"
	}
	return piecesURL(work)
}

// pieceTaken ends an upload whose last piece has arrived, and shows what was
// wrong with one that was not taken. The answer to a piece that was has left
// already; an end that is cut off here is taken up by the sweep.
func (s *Site) pieceTaken(w http.ResponseWriter, r *http.Request, work entry.Work, u upload.Upload, err error) error {
	if err == nil {
		if _, failed := s.finishUpload(context.WithoutCancel(r.Context()), u); failed != nil {
			s.log.ErrorContext(r.Context(), "upload not finished", "error", scrub(failed))
		}
		return nil
	}
	if p := problem.Of(err); p.Kind == problem.Invalid || p.Kind == problem.Full || p.Kind == problem.TooLarge {
		return s.piecesRefused(w, r, work, err)
	}
	return err
}

// receivePiece reads the piece of a form. Its number is read from the end of its
// name; the name goes no further.
func (s *Site) receivePiece(w http.ResponseWriter, r *http.Request) (upload.Piece, error) {
	r.Body = &patient{r.Body, http.NewResponseController(w), s.now}
	part, err := filePart(r)
	if err != nil {
		return upload.Piece{}, err
	}
	number, _ := strconv.Atoi(strings.TrimPrefix(path.Ext(part.FileName()), "."))
	return upload.ReceivePiece(r.Context(), s.parts, number, part)
}

// endPieces says that the last piece has arrived, or that none will come.
func (s *Site) endPieces(w http.ResponseWriter, r *http.Request) error {
	work, err := s.editable(r)
	if err != nil {
		return err
	}
	u, begun, err := inPieces(r.Context(), s.db, work)
	if err != nil {
		return err
	}
	if !begun {
		return to(w, r, piecesURL(work))
	}
	if text(r, "stop") != "" {
		return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			_, err := upload.Stop(ctx, tx, s.parts, u)
			return piecesURL(work), err
		})
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		u, err = upload.Last(ctx, tx, u)
		return s.afterPiece(work, u), err
	})
	return s.pieceTaken(w, r, work, u, err)
}

// uploadOf is the upload of the path, if the reader may change its work.
func (s *Site) uploadOf(r *http.Request) (upload.Upload, error) {
	work, err := s.editable(r)
	if err != nil {
		return upload.Upload{}, err
	}
	u, err := upload.ByCode(r.Context(), s.db, work.ID, r.PathValue("upload"))
	if err == nil && u.State != upload.Open {
		err = problem.Missing()
	}
	return u, err
}

// newUploadKey lets this device, which may be another one than the upload began
// on, send the rest. The key stands in the answer and nowhere else; beside it
// stand length and SHA-256 of what has arrived, by which the device sees whether
// its file is the same.
func (s *Site) newUploadKey(w http.ResponseWriter, r *http.Request) error {
	u, err := s.uploadOf(r)
	if err != nil {
		return err
	}
	return s.giveKey(w, r, u, &tusRequest{})
}

// giveKey answers with a further key of an upload, for whom v says.
func (s *Site) giveKey(w http.ResponseWriter, r *http.Request, u upload.Upload, v *tusRequest) error {
	arrived, err := u.Arrived()
	if err != nil {
		return err
	}
	var address string
	err = pgx.BeginFunc(r.Context(), s.db, func(tx pgx.Tx) error {
		key, err := v.newKey(r.Context(), tx, u)
		address = s.base.JoinPath("/uploads/", string(key)).String()
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Location", address)
	h.Set("Upload-Offset", strconv.FormatInt(u.Durable, 10))
	h.Set("Upload-Checksum", "sha256 "+base64.StdEncoding.EncodeToString(arrived))
	if u.Size != nil {
		h.Set("Upload-Length", strconv.FormatInt(*u.Size, 10))
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusCreated)
	return nil
}
