package site

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/internal/upload"
	"laurel/web/components"
	"laurel/web/pages"
)

// uploads says of each role what is taken for it in one piece.
var uploads = map[entry.FileRole]struct {
	kind  media.Kind
	limit int64
	part  entry.Part
}{
	entry.ScreenerFile:  {media.Screener, media.MaxScreener, entry.Screener},
	entry.StillFile:     {media.Still, media.MaxStill, entry.Stills},
	entry.SubtitlesFile: {media.Subtitle, media.MaxSubtitles, "subtitles"},
}

// filesURL is the page of a work's screener and stills.
func filesURL(work entry.Work) string { return workURL(work) + "/files" }

func (s *Site) showFiles(w http.ResponseWriter, r *http.Request) error {
	work, err := s.work(r)
	if err != nil {
		return err
	}
	return s.filesPage(w, r, http.StatusOK, work, func(*pages.FilmForm) {})
}

// showFilesState is the part of the page that says what is being done to a film.
func (s *Site) showFilesState(w http.ResponseWriter, r *http.Request) error {
	work, err := s.work(r)
	if err != nil {
		return err
	}
	files, err := entry.FilesOf(r.Context(), s.db, []entry.WorkID{work.ID})
	if err != nil {
		return err
	}
	film := screenerState(r.Context(), work, files[work.ID])
	if film == nil {
		return problem.Missing()
	}
	return s.page(w, r, http.StatusOK, pages.FilmScreenerState(*film))
}

// filesPage shows screener and stills, with the changes that the answer to a
// sent form makes to their page.
func (s *Site) filesPage(w http.ResponseWriter, r *http.Request, status int, work entry.Work, change func(*pages.FilmForm)) error {
	ctx := r.Context()
	form, err := s.formOf(r, work, entry.Screener)
	if err != nil {
		return err
	}
	all, err := entry.FilesOf(ctx, s.db, []entry.WorkID{work.ID})
	if err != nil {
		return err
	}
	files := all[work.ID]
	tracks, err := media.Tracks(ctx, s.db, fileIDs(files))
	if err != nil {
		return err
	}
	form.Name = locale.T(ctx, "part.files", "Screener and stills")
	v := pages.FilmFiles{
		FilmForm: form, ScreenerMark: entry.Screener.Mark(work.Film), StillsMark: entry.Stills.Mark(work.Film),
		JustSaved: r.URL.Query().Get("saved"), Screener: screenerState(ctx, work, files), Stills: stills(ctx, files),
		Subtitles: subtitles(ctx, files, tracks), Languages: subtitleLanguages(ctx, work.Film),
		MaxFilm: locale.Size(ctx, s.room.Screener), MaxPlain: locale.Size(ctx, uploads[entry.ScreenerFile].limit),
		MaxStill: locale.Size(ctx, media.MaxStill), MaxSubtitles: locale.Size(ctx, media.MaxSubtitles),
	}
	if v.Sending, err = s.sending(r, work); err != nil {
		return err
	}
	sum, err := entry.FilmSum(ctx, s.db, work.ID)
	if err != nil {
		return err
	}
	v.Fingerprint = festival.GroupFigures(hex.EncodeToString(sum))
	if err := s.filesWatched(r, work, &v); err != nil {
		return err
	}
	change(&v.FilmForm)
	switch r.PathValue("part") {
	case string(entry.Screener):
		v.ScreenerMark, v.ScreenerConflict = v.Mark, v.Conflict
	case string(entry.Stills):
		v.StillsMark, v.StillsConflict = v.Mark, v.Conflict
	}
	f := s.filmmakerFrame(r, v.Heading)
	f.Bare, f.Bad = true, v.Errors.Any()
	if v.Screener != nil && v.Screener.Player.Playable() {
		f = withPlayer(w, f)
	}
	return s.page(w, r, status, pages.FilmFilesPage(f, v))
}

// editable is the work of the path, if the reader may change it.
func (s *Site) editable(r *http.Request) (entry.Work, error) {
	work, err := s.work(r)
	if err != nil {
		return entry.Work{}, err
	}
	return work, work.Level.Refuse(entry.LevelEdit)
}

// uploadFile takes a file in one piece, read as a stream. The same form sent
// again is not read again.
func (s *Site) uploadFile(w http.ResponseWriter, r *http.Request) error {
	role := entry.FileRole(r.PathValue("role"))
	if _, known := uploads[role]; !known {
		return problem.Missing()
	}
	work, err := s.editable(r)
	if err != nil {
		return err
	}
	switch answer, answered, err := account.AnswerOf(r.Context(), s.db, actor(r).ID, sending(r, key(r))); {
	case err != nil:
		return err
	case answered:
		drain(r)
		return to(w, r, answer)
	}
	take := s.takeSmall
	if role == entry.ScreenerFile {
		take = s.takeFilm
	}
	if err := take(w, r, work, role); err != nil {
		return s.uploadRefused(w, r, work, role, err)
	}
	return nil
}

// afterFile is the page of a work's files after one has come.
func afterFile(work entry.Work, role entry.FileRole) string {
	part := string(uploads[role].part)
	return filesURL(work) + "?saved=" + part + "#" + part
}

// takeFilm makes an upload of a film.
func (s *Site) takeFilm(w http.ResponseWriter, r *http.Request, work entry.Work, role entry.FileRole) error {
	_, err := s.pourWhole(w, r, actor(r).ID, work, upload.Wish{Role: role}, min(uploads[role].limit, s.room.Screener))
	if err != nil {
		return err
	}
	return s.once(w, r, func(context.Context, pgx.Tx) (string, error) { return afterFile(work, role), nil })
}

// takeSmall takes a still or subtitles, which are looked at before the answer.
// There has to be room for them as for uploads: before they come, by what the
// sender says, and when they are kept.
func (s *Site) takeSmall(w http.ResponseWriter, r *http.Request, work entry.Work, role entry.FileRole) error {
	r.Body = &patient{r.Body, http.NewResponseController(w), s.now}
	arrival, err := s.receiveSmall(r, work, role)
	if err != nil {
		drain(r)
		return upload.OrFull(err)
	}
	kept := false
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if err := upload.Room(ctx, tx, s.parts, s.room, work.ID, arrival.Size()); err != nil {
			return "", err
		}
		file, err := arrival.Keep(ctx, tx, new(int64(actor(r).ID)))
		if err != nil {
			return "", err
		}
		kept = true
		return afterFile(work, role), entry.Attach(ctx, tx, actor(r).ID, work.Code, role, file.ID)
	})
	if err != nil || !kept {
		if gone := arrival.Discard(r.Context(), s.store); gone != nil {
			s.log.WarnContext(r.Context(), "upload not discarded", "error", scrub(gone))
		}
	}
	return err
}

func (s *Site) receiveSmall(r *http.Request, work entry.Work, role entry.FileRole) (media.Arrival, error) {
	if role == entry.SubtitlesFile {
		return s.receiveSubtitles(r, work)
	}
	u := uploads[role]
	if err := s.roomFor(r.Context(), work.ID, min(likely(r), u.limit)); err != nil {
		return media.Arrival{}, err
	}
	return s.receive(r, u.kind, u.limit)
}

// uploadRefused shows the page again with the reason beside the upload.
func (s *Site) uploadRefused(w http.ResponseWriter, r *http.Request, work entry.Work, role entry.FileRole, err error) error {
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	shown := components.Errors{}
	for field, sentence := range errs {
		if field != "language" {
			field = "file"
		}
		shown[string(role)+"-"+field] = sentence
	}
	return s.filesPage(w, r, status, work, func(v *pages.FilmForm) {
		v.Errors = shown
		v.Sheet["subtitles-language"] = text(r, "language")
	})
}

// A patient body may take as long as it needs while bytes keep coming: each
// read moves the connection's deadlines on.
type patient struct {
	io.ReadCloser
	conn *http.ResponseController
	now  func() time.Time
}

// pause is the longest silence on a line.
const pause = time.Minute

func (p *patient) Read(b []byte) (int, error) {
	until := p.now().Add(pause)
	// A connection without deadlines, as in a test, needs none moved.
	_ = p.conn.SetReadDeadline(until)
	_ = p.conn.SetWriteDeadline(until.Add(pause))
	return p.ReadCloser.Read(b)
}

// changeFiles removes a file, moves a still one place up, or stops what is on
// its way.
func (s *Site) changeFiles(w http.ResponseWriter, r *http.Request) error {
	work, err := s.editable(r)
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		back := filesURL(work) + "?saved=files"
		if up := text(r, "up"); up != "" {
			return back, entry.MoveStill(ctx, tx, actor(r).ID, work.Code, up, -1)
		}
		if code := text(r, "stop"); code != "" {
			u, err := upload.ByCode(ctx, tx, work.ID, code)
			if err != nil {
				return "", err
			}
			_, err = upload.Stop(ctx, tx, s.parts, u)
			return filesURL(work), err
		}
		return back, entry.Remove(ctx, tx, actor(r).ID, work.Code, text(r, "remove"))
	})
}

// fileIDs are those of all files, in their order.
func fileIDs(files []entry.File) []media.ID {
	ids := make([]media.ID, len(files))
	for i, f := range files {
		ids[i] = f.FileID
	}
	return ids
}

// stills are the pictures among files, in order.
func stills(ctx context.Context, files []entry.File) []pages.FilmmakerFile {
	var list []pages.FilmmakerFile
	for _, f := range files {
		if f.Role != entry.StillFile {
			continue
		}
		one := pages.FilmmakerFile{
			Code: f.Code, State: string(f.State), First: len(list) == 0,
			Name: locale.T(ctx, "stills.n", "Still {{.N}}", "N", locale.Number(ctx, len(list)+1)), Words: fileWords(ctx, f),
		}
		list = append(list, one)
	}
	return list
}

// screener is the film among files, or nil.
func screener(ctx context.Context, files []entry.File) *pages.FilmmakerFile {
	for _, f := range files {
		if f.Role == entry.ScreenerFile {
			return &pages.FilmmakerFile{Code: f.Code, State: string(f.State), Words: fileWords(ctx, f), Playable: f.State == media.Ready}
		}
	}
	return nil
}

// fileWords says what a file is, or what is the matter with it.
func fileWords(ctx context.Context, f entry.File) string {
	switch {
	case f.State == media.Refused:
		return locale.Say(ctx, media.Why(f.Refusal))
	case f.Role == entry.StillFile && f.Width != nil && f.Height != nil:
		return strconv.Itoa(*f.Width) + " × " + strconv.Itoa(*f.Height)
	case f.State == media.Checking:
		return locale.T(ctx, "file.checking", "{{.Size}}. We make the copy that jurors watch. You can go on meanwhile.", "Size", locale.Size(ctx, f.Size))
	case f.Seconds != nil:
		return locale.T(ctx, "file.ready", "{{.Length}}, {{.Size}}", "Length", entry.Length(ctx, *f.Seconds), "Size", locale.Size(ctx, f.Size))
	}
	return locale.Size(ctx, f.Size)
}
