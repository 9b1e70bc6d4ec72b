package site_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

const questionsDesk = "/organize/farsang/ninth/categories/documentary/questions"

// ask adds a question to the call's category.
func (c openCall) ask(q festival.FormQuestion) festival.FormQuestion {
	c.t.Helper()
	q.CategoryID = c.category
	c.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		q, err = festival.SaveQuestion(ctx, tx, c.organizer, q)
		return err
	})
	return q
}

// complete starts an entry that wants nothing but answers to questions.
func (c openCall) complete(who account.ID, title string) string {
	c.t.Helper()
	var e entry.Entry
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		w, err := entry.Create(ctx, tx, who, entry.Film{
			Title: title, Form: entry.Documentary, Runtime: 600, Completed: "2026", Languages: []string{"fa"}, Synopsis: "A clerk counts salt.",
			Credits: []entry.Credit{{Role: entry.Director, Name: "Ada"}}, Countries: []string{"IR"}, Shown: entry.NotShown, ScreenerLink: "https://example.org/salt",
		})
		if err != nil {
			return err
		}
		still := account.Code()
		_, err = tx.Exec(ctx, `
			with f as (insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key)
			           values ($1, $2, 'still', 'ready', 'image/jpeg', 1, '', $1) returning id)
			insert into work_files (work_id, file_id, role) select $3, id, 'still' from f`, still, who, w.ID)
		if err != nil {
			return err
		}
		e, err = entry.Start(ctx, tx, who, w.Code, c.category)
		return err
	})
	return e.Code
}

// sent sends an entry and gives the problem that kept it, or nil.
func (c openCall) sent(who account.ID, code string) *problem.Problem {
	err := pgx.BeginFunc(c.t.Context(), c.DB, func(tx pgx.Tx) error { return entry.Submit(c.t.Context(), tx, who, code, 0) })
	return problem.Of(err)
}

// set moves a date of a question.
func (c openCall) set(q festival.FormQuestion, column, value string) {
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update questions set `+column+` = clock_timestamp() + $1::interval where id = $2`, value, q.ID)
		return err
	})
}

func questionsOf(code string) string { return "/my/entries/" + code + "/questions" }

func TestOrganizersAskOrderAndArchive(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v := c.visitor()
	v.signInAs(c.organizer)
	v.get("/organize/farsang/ninth/categories/documentary", 200)
	if !v.Page.Has(`a[href="` + questionsDesk + `"]`) {
		t.Error("the category does not lead to its questions")
	}
	v.get(questionsDesk, 200).says("No question yet")
	v.get(questionsDesk+"/new", 200)
	form := v.form(questionsDesk+"/new").Set("label", "Is a guest coming?").Set("kind", "choice").Set("options", "Yes\nYes\n")
	v.send(form, 422).says("“Yes” stands here twice")
	v.send(v.form(questionsDesk+"/new").Set("options", " Yes \r\n\r\nNo"), 200).says("Is a guest coming?").says("One of several options")
	v.get(questionsDesk+"/new", 200)
	v.send(v.form(questionsDesk+"/new").Set("label", "Who?").Set("condition", v.Page.All(`select[name="condition"] option`)[1].Attr("value")), 200).
		says("Asked only when “Is a guest coming?” is answered with “Yes”.")
	v.get(questionsDesk+"/new", 200)
	v.send(v.form(questionsDesk+"/new").Set("label", "Since when?").Set("kind", "date").Set("required", "1").
		Set("required_after", "2027-01-02T10:00").Set("frozen_after", "2027-01-01T10:00"), 422).says("fixed before it is required")
	v.send(v.form(questionsDesk+"/new").Set("frozen_after", "2027-01-03T10:00"), 200).says("required from Sat 2 January 2027")

	labels := func() string { return strings.Join(v.Page.Texts("main h2.h3"), " / ") }
	if got := labels(); got != "Is a guest coming? / Who? / Since when?" {
		t.Fatalf("the list is %s", got)
	}
	v.send(v.form(questionsDesk+"/order").Set("do", v.Page.First(`button[aria-label="Move up: Since when?"]`).Attr("value")), 200)
	if got := labels(); got != "Is a guest coming? / Since when? / Who?" {
		t.Errorf("moved up, the list is %s", got)
	}
	v.send(v.form(questionsDesk+"/order").Set("do", v.Page.First(`button[aria-label="Move up: Who?"]`).Attr("value")), 200)
	v.send(v.form(questionsDesk+"/order").Set("do", v.Page.First(`button[aria-label="Move up: Who?"]`).Attr("value")), 422).says("stays behind it")
	v.send(v.form(questionsDesk+"/order").Press("Archive Is a guest coming?"), 422).says("“Who?” waits for the answer to this question")

	v.get(questionsDesk+"/preview", 200).says("Is a guest coming?").says("1 question waits")
	if strings.Contains(v.mainText(), "Who?") {
		t.Error("the preview asks who, though nobody comes")
	}
	first := v.Page.First("fieldset.choices").Attr("id")
	v.get(questionsDesk+"/preview?"+first+"=Yes", 200).says("Who?")
}

func TestAnAnsweredQuestionIsArchivedAndKeepsItsKind(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	q := c.ask(festival.FormQuestion{Kind: festival.AsksChoice, Label: "Is a guest coming?", Options: []string{"Yes", "No"}})
	unanswered := c.ask(festival.FormQuestion{Kind: festival.AsksText, Label: "Nobody answers this"})
	v, who := c.person("Siavash", "siavash@example.org")
	code := c.complete(who, "Salt")
	v.get(questionsOf(code), 200)
	v.send(v.form(questionsOf(code)).Set(q.Field(), "Yes"), 200).says("1 of 2 questions are answered")

	o := c.visitor()
	o.signInAs(c.organizer)
	o.get(questionsDesk+"/"+q.Code, 200)
	o.send(o.form(questionsDesk+"/"+q.Code).Set("kind", "text").Set("options", ""), 422).says("Somebody has answered this already")
	o.send(o.form(questionsDesk+"/"+q.Code).Set("kind", "choice").Set("options", "Perhaps\nNo"), 422).says("Somebody has chosen “Yes”")
	o.get(questionsDesk, 200)
	o.send(o.form(questionsDesk+"/order").Press("Archive Nobody answers this"), 200)
	o.send(o.form(questionsDesk+"/order").Press("Archive Is a guest coming?"), 200).says("Asked no more").says("1 answer")
	if strings.Contains(o.mainText(), unanswered.Label) {
		t.Error("a question that nobody answered is still there")
	}
	v.get(questionsOf(code), 200).says("Documentary asks nothing besides the film.")
	o.send(o.form(questionsDesk+"/order").Press("Ask again Is a guest coming?"), 200)
	v.get(questionsOf(code), 200).says("1 of 1 question is answered")
}

func TestAMissingAnswerKeepsAnEntryBack(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	q := c.ask(festival.FormQuestion{Kind: festival.AsksText, Label: "Where was it edited?", Required: true})
	v, who := c.person("Siavash", "siavash@example.org")
	code := c.complete(who, "Salt")
	v.get("/my/entries", 200).says("Answer the question “Where was it edited?”")
	v.get(questionsOf(code), 200).says("1 answer is needed before the entry can be sent")
	p := c.sent(who, code)
	if p == nil || p.Kind != problem.Invalid || len(p.Fields) != 1 || p.Fields[q.Field()].English == "" {
		t.Fatalf("sent without the answer: %v", p)
	}

	later := time.Now().Add(48 * time.Hour)
	c.set(q, "required_after", "2 days")
	v.get(questionsOf(code), 200).says("Needed by " + later.In(tehran(t)).Format("Mon 2 January 2006"))
	if p := c.sent(who, code); p != nil {
		t.Fatalf("an answer that is needed in two days keeps the entry back: %v", p)
	}
	c.set(q, "required_after", "-1 second")
	v.get(questionsOf(code), 200).says("The festival waits for 1 answer.")
	v.send(v.form(questionsOf(code)).Set(q.Field(), "At home"), 200).says("1 of 1 question is answered").says("Your answers are saved.")
}

func tehran(t *testing.T) *time.Location {
	zone, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestAFrozenAnswerStays(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	dated := c.ask(festival.FormQuestion{Kind: festival.AsksDate, Label: "When does the guest arrive?"})
	open := c.ask(festival.FormQuestion{Kind: festival.AsksLong, Label: "What else?"})
	v, who := c.person("Siavash", "siavash@example.org")
	code := c.complete(who, "Salt")
	v.get(questionsOf(code), 200)
	v.send(v.form(questionsOf(code)).Set(dated.Field(), "2027-05-01").Set(open.Field(), "Nothing"), 200)
	late := v.form(questionsOf(code)).Set(dated.Field(), "2027-05-02").Set(open.Field(), "A chair")
	c.set(dated, "frozen_after", "-1 second")

	v.send(late, 422).says("The date until which this could be answered has passed").says("2027-05-02").says("1 May 2027").says("It could be changed until")
	if v.Page.Has(`[name="` + dated.Field() + `"]`) {
		t.Error("a fixed answer can be typed over")
	}
	v.get(questionsOf(code), 200)
	if got := v.Page.First(`textarea`).Text(); got != "Nothing" {
		t.Errorf("the refused form changed the other answer to %q", got)
	}
	v.Page = nil
	v.get(questionsOf(code), 200)
	v.send(v.form(questionsOf(code)).Set(open.Field(), "A chair"), 200).says("saved")

	// After the call: what has a later date stays open, the rest is fixed.
	if p := c.sent(who, code); p != nil {
		t.Fatal(p)
	}
	form := v.form(questionsOf(code)).Set(open.Field(), "Two chairs")
	c.set(dated, "frozen_after", "2 days")
	c.close()
	v.send(form, 422).says("The call has closed").says("Two chairs")
	v.get(questionsOf(code), 200)
	v.send(v.form(questionsOf(code)).Set(dated.Field(), "2027-05-03"), 200).says("saved")
	v.get(questionsOf(code), 200).says("A chair")
}

func TestAQuestionFollowsFromAnAnswer(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	first := c.ask(festival.FormQuestion{Kind: festival.AsksSeveral, Label: "How was it made?", Options: []string{"Archive", "Animation"}})
	second := c.ask(festival.FormQuestion{Kind: festival.AsksText, Label: "Which archive?", Required: true, IfQuestionID: &first.ID, IfAnswer: "Archive"})
	v, who := c.person("Siavash", "siavash@example.org")
	code := c.complete(who, "Salt")
	v.get(questionsOf(code), 200).says("1 more question is asked only after certain answers")
	if strings.Contains(v.mainText(), second.Label) {
		t.Fatal("it is asked before it follows")
	}
	v.send(v.form(questionsOf(code)).Set(first.Field(), "Animation", "Archive"), 200).
		says("Something more is asked because of your answer").says("Which archive?").says("Asked because the answer to “How was it made?” is “Archive”.")
	v.send(v.form(questionsOf(code)).Set(second.Field(), "CANARY-archive"), 200)
	v.send(v.form(questionsOf(code)).Set(first.Field(), "Animation"), 200)
	if p := c.sent(who, code); p != nil {
		t.Fatal(p)
	}
	o := c.visitor()
	o.signInAs(c.organizer)
	o.get("/organize/farsang/ninth/entries/"+code, 200).says("Animation")
	if strings.Contains(o.mainText(), "CANARY") {
		t.Error("an answer to what is not asked any more is read")
	}
	v.send(v.form(questionsOf(code)).Set(first.Field(), "Archive"), 200).says("Which archive?")
	if got := v.Page.First(`[name="` + second.Field() + `"]`).Attr("value"); got != "CANARY-archive" {
		t.Errorf("the answer came back as %q", got)
	}
}

func TestTheSecondSaverSeesBothAnswers(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	a := c.ask(festival.FormQuestion{Kind: festival.AsksText, Label: "First"})
	b := c.ask(festival.FormQuestion{Kind: festival.AsksText, Label: "Second"})
	v, who := c.person("Siavash", "siavash@example.org")
	code := c.complete(who, "Salt")
	other := c.visitor()
	other.signInAs(who)
	v.get(questionsOf(code), 200)
	other.get(questionsOf(code), 200)
	v.send(v.form(questionsOf(code)).Set(a.Field(), "from one"), 200)
	other.send(other.form(questionsOf(code)).Set(a.Field(), "from two").Set(b.Field(), "mine"), http.StatusConflict).
		says("changed from another window meanwhile").says("from one")
	if got := other.Page.First(`[name="` + a.Field() + `"]`).Attr("value"); got != "from two" {
		t.Errorf("what was typed is %q", got)
	}
	other.send(other.form(questionsOf(code)), 200).says("saved")
	// A form that was drawn before, and in which only the other answer is
	// touched, takes nothing back.
	v.send(v.form(questionsOf(code)).Set(b.Field(), "mine too"), http.StatusConflict).says("mine")
	v.get(questionsOf(code), 200)
	if got := v.Page.First(`[name="` + a.Field() + `"]`).Attr("value"); got != "from two" {
		t.Errorf("an untouched field overwrote the answer with %q", got)
	}
}

func TestWhoMayAnswer(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	q := c.ask(festival.FormQuestion{Kind: festival.AsksText, Label: "First"})
	v, who := c.person("Siavash", "siavash@example.org")
	code := c.complete(who, "Salt")
	v.get(questionsOf(code), 200)
	form := v.form(questionsOf(code)).Set(q.Field(), "CANARY")
	reader, readerID := c.person("Reader", "reader@example.org")
	editor, editorID := c.person("Editor", "editor@example.org")
	stranger, _ := c.person("Stranger", "stranger@example.org")
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into collaborators (work_id, account_id, level)
			select work_id, x.who, x.level
			from entries, (values ($1::bigint, 'view'), ($2::bigint, 'edit')) as x (who, level)
			where code = $3`, readerID, editorID, code)
		return err
	})
	stranger.get(questionsOf(code), 404)
	reader.get(questionsOf(code), 200).says("First")
	if reader.Page.Has(`[name="`+q.Field()+`"]`) || reader.Page.Has("main button.btn-main") {
		t.Error("who may only read is offered a form")
	}
	reader.get("/account", 200)
	values := url.Values{q.Field(): form.Values[q.Field()], "m-" + q.Code: {""}, "_key": {account.Code()}, "_token": {reader.Page.First(`input[name="_token"]`).Attr("value")}}
	reader.post(questionsOf(code), values, 403)
	editor.get(questionsOf(code), 200)
	editor.send(editor.form(questionsOf(code)).Set(q.Field(), "from the editor"), 200).says("saved")
	v.get(questionsOf(code), 200)
	if got := v.Page.First(`[name="` + q.Field() + `"]`).Attr("value"); got != "from the editor" {
		t.Errorf("the answer is %q", got)
	}
}

func TestQuestionsAskOnce(t *testing.T) {
	t.Parallel()
	pool, asked := pgtest.Counted(t)
	c := openTheCallOn(openOn(t, pool))
	v, who := c.person("Siavash", "siavash@example.org")
	o := c.visitor()
	o.signInAs(c.organizer)
	code := ""
	more := func(n int) {
		code = c.complete(who, fmt.Sprintf("Film %d", n))
		q := c.ask(festival.FormQuestion{Kind: festival.AsksText, Label: fmt.Sprintf("Question %d", n)})
		v.get(questionsOf(code), 200)
		v.send(v.form(questionsOf(code)).Set(q.Field(), "yes"), 200)
		if p := c.sent(who, code); p != nil {
			t.Fatal(p)
		}
	}
	count := func() map[string]int64 {
		n := map[string]int64{}
		for name, open := range map[string]func(){
			"mine":    func() { v.get("/my/entries", 200) },
			"form":    func() { v.get(questionsOf(code), 200) },
			"list":    func() { o.get(questionsDesk, 200) },
			"preview": func() { o.get(questionsDesk+"/preview", 200) },
			"entry":   func() { o.get("/organize/farsang/ninth/entries/"+code, 200) },
			"csv":     func() { o.get("/organize/farsang/ninth/entries.csv", 200) },
		} {
			asked.Take()
			open()
			n[name] = asked.Take()
		}
		return n
	}
	more(1)
	count()
	few := count()
	more(2)
	more(3)
	for name, n := range count() {
		if n != few[name] {
			t.Errorf("%s asks %d times with three rows and %d times with one", name, n, few[name])
		}
	}
}

// TestAnswersStayWithThoseWhoMayReadThem: jurors read what is marked for them,
// and nothing else; the public reads nothing.
func TestAnswersStayWithThoseWhoMayReadThem(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	marked := map[string]bool{"CANARY-hidden": false, "CANARY-for-jurors": true}
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		for canary, jury := range marked {
			_, err := tx.Exec(ctx, `
				with q as (
				  insert into questions (code, category_id, position, kind, label, for_jury)
				  select $1, category_id, case when $2::boolean then 11 else 12 end, 'text', 'Asked: ' || $1, $2 from entries where code = $3
				  returning id)
				insert into replies (entry_id, question_id, value)
				select e.id, q.id, array[$1 || ' me@example.org'] from entries e, q where e.code = $3`, canary, jury, s.entryCode)
			if err != nil {
				return err
			}
		}
		for _, sql := range []string{
			`update editions set lineup_at = now(), awards_at = now()`,
			`insert into consent_acts (entry_id, edition_id, item, decision, actor_id) select id, edition_id, 'film', 'yes', (select min(id) from accounts) from entries`,
			`insert into decisions (entry_id, outcome, actor_id, released_at) select e.id, 'selected', (select id from accounts limit 1), now() from entries e on conflict do nothing`,
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
	desk := s.path("/jury/{assignment}")
	for _, blind := range []bool{false, true} {
		s.do(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update rounds set blind = $1`, blind)
			return err
		})
		v := s.visitor()
		v.signInAs(s.who["juror"])
		v.get(desk, 200).says("CANARY-for-jurors me@example.org")
		if strings.Contains(v.Body, "CANARY-hidden") {
			t.Errorf("blind %v: the juror's page holds what is not marked for jurors", blind)
		}
	}
	everybody := s.visitor()
	for _, path := range []string{"/{festival}/{edition}", "/{festival}/{edition}/line-up", "/{festival}/{edition}/films/{film}", "/{festival}/{edition}/awards"} {
		res, err := everybody.client.Get(s.URL + s.path(path))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || strings.Contains(string(body), "CANARY") {
			t.Errorf("%s shows an answer (%v)", path, err)
		}
	}
	o := s.visitor()
	o.signInAs(s.who["organizer"])
	o.get(s.path("/organize/{festival}/{edition}/entries/{entry}"), 200).says("CANARY-hidden").says("CANARY-for-jurors")
	o.get(s.path("/organize/{festival}/{edition}/entries.csv"), 200)
	if !strings.Contains(o.Body, "Short fiction: Asked: CANARY-hidden") || !strings.Contains(o.Body, "CANARY-hidden […@…]") {
		t.Errorf("the spreadsheet lacks the answers, or holds an address:\n%s", o.Body)
	}
	stranger := s.visitor()
	stranger.signInAs(s.who["elsewhere"])
	stranger.get(s.path("/organize/{festival}/{edition}/categories/{category}/questions"), 404)
}
