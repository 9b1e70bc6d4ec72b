package site

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/intake"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) passportRoutes() []route {
	return []route{
		{"GET", "/my/works/{work}/passport", signedIn, s.sendPassport},
		{"GET", "/my/works/import", signedIn, s.newWorkImport},
		{"POST", "/my/works/import", signedIn, s.importWork},
	}
}

// sendPassport sends a work as one file. Neither its name nor that of the page
// it comes from says what it is.
func (s *Site) sendPassport(w http.ResponseWriter, r *http.Request) error {
	work, err := s.work(r)
	if err != nil {
		return err
	}
	p, err := entry.PassportOf(r.Context(), s.db, work)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := entry.WritePassport(&b, p); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="document.json"`)
	h.Set("Cache-Control", "no-store")
	_, err = b.WriteTo(w)
	return ignoreGone(err)
}

func (s *Site) newWorkImport(w http.ResponseWriter, r *http.Request) error {
	return s.workImportPage(w, r, http.StatusOK, pages.WorkImport{})
}

func (s *Site) workImportPage(w http.ResponseWriter, r *http.Request, status int, v pages.WorkImport) error {
	v.Large = len(url.QueryEscape(v.Text)) > maxForm*9/10
	f := s.filmmakerFrame(r, locale.T(r.Context(), "passport.title", "Bring in a work"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.WorkImportPage(f, v))
}

// importWork reads a text and shows what it means, or makes a work of it.
// Nothing is kept in between: the text stands in the page.
func (s *Site) importWork(w http.ResponseWriter, r *http.Request) error {
	form, err := sentText(r)
	sent := form["text"]
	v := pages.WorkImport{Text: sent, Shown: entry.ReplyMark([]string{sent})}
	var read understood
	if err == nil {
		read, err = readWork(sent, s)
	}
	if err == nil && form["do"] == "create" && form["shown"] == v.Shown { // what was changed is shown once more
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			made, err := entry.CreateFrom(ctx, tx, actor(r).ID, read.Passport)
			if err != nil {
				return "", err
			}
			s.flash(w, "passport.made", "The work is made. What is missing stands below.")
			return workURL(made), nil
		})
		if err == nil {
			return nil
		}
	}
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = besideText(errs)
		return s.workImportPage(w, r, status, v)
	}
	if err != nil {
		return err
	}
	if v.Read, err = s.understoodWords(r, read); err != nil {
		return err
	}
	return s.workImportPage(w, r, http.StatusOK, v)
}

// besideText puts a sentence about a field that the form does not have beside
// the text that it is about.
func besideText(errs components.Errors) components.Errors {
	if errs["text"]+errs["file"] != "" {
		return errs
	}
	return components.Errors{"text": errs[slices.Min(slices.Collect(maps.Keys(errs)))]}
}

// sentText reads the form: its text, or that of the file that was sent, what
// to do with it, and which text was shown.
func sentText(r *http.Request) (map[string]string, error) {
	if !isUpload(r) {
		return map[string]string{"text": plainText(r.PostForm.Get("text")), "do": text(r, "do"), "shown": text(r, "shown")}, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, noFile()
	}
	form := map[string]string{}
	for range 8 { // more fields than the form has
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return form, problem.Field("file", "upload.cut", "The connection was lost before the file had arrived. Send it again.")
		}
		name := part.FormName()
		if name == "file" {
			name = "text"
		}
		if form[name], err = sentPart(part); err != nil {
			return form, err
		}
	}
	if form["text"] == "" {
		return form, noFile()
	}
	return form, nil
}

// sentPart reads a field or a file of a form, which has to be text.
func sentPart(part io.Reader) (string, error) {
	content, err := io.ReadAll(io.LimitReader(part, entry.MaxPassport+1))
	switch {
	case err != nil:
		return "", problem.Field("file", "upload.cut", "The connection was lost before the file had arrived. Send it again.")
	case len(content) > entry.MaxPassport:
		return "", problem.Field("file", "passport.large", "This is more than the passport of a film holds. It was not read.")
	case !utf8.Valid(content) || bytes.ContainsRune(content, 0):
		return "", problem.Field("file", "passport.encoding", "This is not text in UTF-8. A passport is; the file may have been damaged on its way.")
	}
	return plainText(string(content)), nil
}

// plainText is a text as it is compared with what was shown: browsers end
// lines in their own way.
func plainText(sent string) string {
	return strings.TrimSpace(strings.ReplaceAll(sent, "\r\n", "\n"))
}

// understood is a text as it was read.
type understood struct {
	entry.Passport
	passport bool // it was one
	notes    []entry.Mended
	problems []intake.Problem
	left     []string
	lines    []string
}

// readWork reads a passport, or the text of a page of FilmFreeway's.
func readWork(sent string, s *Site) (understood, error) {
	switch {
	case sent == "":
		return understood{}, problem.Field("text", "passport.nothing", "Paste a text first, or choose a file.")
	case strings.HasPrefix(strings.TrimPrefix(sent, "\ufeff"), "{"):
		p, notes, err := entry.ReadPassport([]byte(sent), s.now())
		return understood{Passport: p, passport: true, notes: notes}, err
	}
	p, err := intake.ReadProject(sent, s.now())
	return understood{Passport: entry.Passport{Film: p.Film}, problems: p.Notes, left: p.Left, lines: p.Lines}, err
}

// understoodWords says what was read.
func (s *Site) understoodWords(r *http.Request, u understood) (*pages.WorkUnderstood, error) {
	ctx := r.Context()
	v := &pages.WorkUnderstood{Title: u.Film.MainTitle(), Passport: u.passport, Left: u.left, Lines: u.lines}
	if v.Title == "" {
		v.Title = locale.T(ctx, "entries.untitled", "A film without a title")
	}
	for _, part := range entry.FilmParts {
		v.Facts = append(v.Facts, facts(ctx, part, u.Film)...)
	}
	for _, n := range u.notes {
		v.Notes = append(v.Notes, pages.FilmFact{Label: documentPlace(ctx, n.Field), Value: locale.Say(ctx, n.Say)})
	}
	for _, n := range u.problems {
		v.Notes = append(v.Notes, pages.FilmFact{Label: n.Column, Value: locale.Say(ctx, n.Say)})
	}
	held, err := entry.Held(ctx, s.db, actor(r).ID, u.Media)
	if err != nil {
		return nil, err
	}
	for i, m := range u.Media {
		v.Media = append(v.Media, mediaWords(ctx, m, held[i]))
	}
	return v, nil
}

// documentPlace names a place in a passport: "credits 2, role".
func documentPlace(ctx context.Context, field string) string {
	parts := strings.Split(field, ".")
	if len(parts) == 1 {
		return field
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return strings.Join(parts, ", ")
	}
	parts[0] += " " + locale.Number(ctx, n+1)
	return strings.Join(append(parts[:1], parts[2:]...), ", ")
}

func mediaWords(ctx context.Context, m entry.PassportMedia, held media.ID) pages.WorkMedia {
	name := m.Kind
	switch entry.FileRole(m.Kind) {
	case entry.ScreenerFile:
		name = entry.PartName(ctx, entry.Screener)
	case entry.StillFile:
		name = locale.T(ctx, "passport.still", "A still")
	}
	words := []string{m.MediaType, locale.Size(ctx, m.Size)}
	if m.Seconds > 0 {
		words = append(words, entry.Length(ctx, m.Seconds))
	}
	return pages.WorkMedia{Name: name, Words: strings.Join(words, " · "), Held: held != 0}
}
