package site_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
)

// files is the page of the sender's files.
func (s *sender) files() string { return "/my/works/" + s.work + "/files" }

// A film that was begun elsewhere stands on the page with what has arrived of
// it, also for who has no script, and can be stopped there.
func TestAFilmOnItsWayIsShown(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 400_000)
	s.begin(meta("role", "screener", "sha256", s.claim()))
	s.get(s.files(), 200).says("Nothing of it has arrived yet.")
	if res, said := s.patch(0, bytes.NewReader(s.film[:250_000])); res.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", res.StatusCode, said)
	}
	s.get(s.files(), 200).says("250 kB of 400 kB").says("62 % have arrived, the last of it on").says("What has arrived is safe. It is kept until")
	if !s.Page.Has(`progress[max="1000"][value="625"]`) {
		t.Error("no bar shows how much has arrived")
	}
	again := s.Page.First("[data-again]").Attr("data-again")
	code := s.Page.First(`button[name="stop"]`).Attr("value")
	if !strings.HasPrefix(again, "/my/works/"+s.work+"/uploads/"+code+"/key?_token=") {
		t.Errorf("another device goes on at %q", again)
	}
	other, _ := s.h.person("Noor", "noor@example.org")
	other.get(s.files(), 404)
	s.get(s.files(), 200)
	s.post(s.files(), withProof(s.visitor, "stop", code), 200)
	if s.Page.Has("[data-again]") {
		t.Error("a stopped film is still on its way")
	}
	if res, _ := s.patch(250_000, bytes.NewReader(s.film[250_000:])); res.StatusCode < 400 {
		t.Errorf("bytes of a stopped film were taken: %d", res.StatusCode)
	}
}

// measured puts a film that was measured in the sender's work.
func (s *sender) measured(state, step, findings string) {
	s.t.Helper()
	s.h.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with f as (
				insert into files (code, owner_id, kind, state, step, progress, findings, media_type, size, sha256, blob_key, seconds)
				select @code, w.owner_id, 'screener', @state, @step, 37, nullif(@findings, '')::jsonb, 'video/mp4', 1500000000, sha256('x'), @code, 5520
				from works w
				where w.code = @work
				returning id)
			insert into work_files (work_id, file_id, role, position)
			select w.id, f.id, 'screener', 1
			from works w, f
			where w.code = @work`,
			pg.Args{"code": account.Code(), "state": state, "step": step, "findings": findings, "work": s.work})
		return err
	})
}

// What is being done to a film is said with how far it is, on the page and in
// the part of it that the script asks for; without script there is a link.
func TestWhatIsDoneToAFilmIsSaid(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 1)
	s.get(s.files()+"/state", 404)
	s.measured("checking", "making", "")
	for _, page := range []string{s.files(), s.files() + "/state"} {
		s.get(page, 200)
		if text := s.Page.Text(); !strings.Contains(text, "We make the copies that jurors watch: 37 %.") || !strings.Contains(text, "Look again") {
			t.Errorf("%s says %q", page, text)
		}
		if !s.Page.Has(`progress[value="37"][data-going]`) || !s.Page.Has(`a[href="`+s.files()+`#screener"]`) {
			t.Errorf("%s has no bar, or no way to look again", page)
		}
	}
}

// What was found in a film stands beside what its makers wrote, and what may be
// wrong with what to do.
func TestWhatWasFoundInAFilmIsSaid(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 1)
	s.measured("ready", "", `{"seconds": 5520, "video": "h264", "width": 1920, "height": 1080, "rate": 25, "bits": 8}`)
	s.get(s.files(), 200).says("92 minutes, 1,920 × 1,080, no sound, 1.5 GB. You stated 10 minutes.").
		says("The file plays for 1:32:00, and you wrote 10:00.").says("There is no sound in this file.").says("This is what the jury sees.")
	if s.Page.Has("[data-going]") || !s.Page.Has("video") {
		t.Error("a film that is ready is not to be played, or still being looked at")
	}
}

// subtitle sends a file of subtitles by the page's form.
func (s *sender) subtitle(language, content string, want int) *visitor {
	s.t.Helper()
	action := ""
	for _, f := range s.Page.All("form") {
		if strings.Contains(f.Attr("action"), "/files/subtitles?") {
			action = f.Attr("action")
		}
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("language", language)
	part, err := form.CreateFormFile("file", "director's cut.srt")
	if err != nil {
		s.t.Fatal(err)
	}
	fmt.Fprint(part, content)
	form.Close()
	req, err := http.NewRequestWithContext(s.t.Context(), "POST", s.h.URL+action, &body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.read(res, want)
}

func TestSubtitles(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 1)
	const lines = "1\n00:00:01,000 --> 00:00:02,000\nSalt.\n\n2\n00:00:03,000 --> 00:00:04,500\nAnd more of it.\n"
	s.get(s.files(), 200)
	s.subtitle("", lines, 422).says("Choose the language of the subtitles.")
	s.subtitle("fr", "This is a letter.", 422)
	if !s.Page.Has("#subtitles-file-e") {
		t.Error("no sentence beside the file")
	}
	s.subtitle("fr", lines, 200).says("French 2 lines")
	s.subtitle("fa", lines, 200).says("Persian 2 lines")
	works, err := pg.Value[entry.WorkID](t.Context(), s.h.DB, `select id from works where code = @code`, pg.Args{"code": s.work})
	if err != nil {
		t.Fatal(err)
	}
	all, err := entry.FilesOf(t.Context(), s.h.DB, []entry.WorkID{works})
	if files := all[works]; err != nil || len(files) != 2 || files[0].Role != entry.SubtitlesFile || files[0].Position == files[1].Position {
		t.Fatalf("got %+v, %v", all, err)
	}
	s.post(s.files(), withProof(s.visitor, "remove", s.Page.First(`#subtitles button[name="remove"]`).Attr("value")), 200)
	s.says("Persian 2 lines")
	if strings.Contains(s.mainText(), "French 2 lines") {
		t.Error("what was removed is still there")
	}
	s.post(s.files(), url.Values{"_token": {"guessed"}, "remove": {"x"}}, 403)
}

// Until when what has arrived is kept is said by the page, by the page of
// pieces and by the protocol alike, also when a shutdown moves the day.
func TestADeclaredShutdownMovesTheDay(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := newSender(h, 10_000)
	s.begin(meta("role", "screener"))
	s.patch(0, bytes.NewReader(s.film[:3000]))
	other := newSender(h, 1)
	other.get(other.files()+"/pieces", 200)
	other.send(other.form(other.files()+"/pieces"), 200)
	day := func(days int) string { return time.Now().AddDate(0, 0, days).UTC().Format("2 January 2006") }
	told := func(days int) {
		t.Helper()
		res, _ := s.tus("HEAD", s.at, nil)
		until, err := http.ParseTime(res.Header.Get("Upload-Expires"))
		if err != nil || until.Format("2 January 2006") != day(days) {
			t.Errorf("the protocol says %v, %v; want %s", until, err, day(days))
		}
		s.get(s.files(), 200).says("It is kept until " + day(days))
		other.get(other.files()+"/pieces", 200).says("kept until " + day(days))
	}
	told(30)
	jurytest.New(t, h.DB, 0, 0)
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into shutdowns (code, edition_id, words) select 's', id, 'The net is down.' from editions`)
		return err
	})
	told(90)
}
