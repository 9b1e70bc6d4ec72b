package site_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/money"
	"laurel/internal/pgtest"
	"laurel/internal/site"
)

// A drawer is a till that the test holds open: it remembers orders, and takes
// for signed what carries the test's word.
type drawer struct {
	orders []money.Order
	broken bool
}

func (d *drawer) Open(_ context.Context, o money.Order) (string, error) {
	if d.broken {
		return "", errors.New("no line")
	}
	d.orders = append(d.orders, o)
	return "https://checkout.example.net/" + o.Reference, nil
}

func (d *drawer) Read(message []byte, signature string) (money.Notice, error) {
	if signature != "signed by the test" {
		return money.Notice{}, errors.New("not signed")
	}
	kind, reference, _ := strings.Cut(string(message), " ")
	return money.Notice{ID: string(message), Kind: money.NoticeKind(kind), Reference: reference, Intent: "pi", Amount: money.Amount{Minor: 1800, Currency: "EUR"}}, nil
}

// A counter is a call whose category costs 18 euros, then 25, with a filmmaker who
// has an entry that can be sent, and an organizer.
type counter struct {
	openCall
	maker, organizer *visitor
	who              account.ID
	code             string
}

func newCounter(h *house) *counter {
	h.t.Helper()
	d := &counter{openCall: openTheCallOn(h)}
	d.maker, d.who = d.person("Mana", "mana@example.org")
	d.organizer = d.visitor()
	d.organizer.signInAs(d.openCall.organizer)
	d.code = d.ready("The Salt Ledger")
	d.sql(`update deadlines set fee_minor = 1800`)
	d.sql(`insert into deadlines (category_id, name, closes_at, fee_minor, fee_currency) select category_id, 'Late', closes_at + interval '10 days', 2500, 'EUR' from deadlines`)
	return d
}

func (d *counter) sql(statement string) {
	d.t.Helper()
	if _, err := d.DB.Exec(d.t.Context(), statement); err != nil {
		d.t.Fatal(err)
	}
}

// ready is an entry of the filmmaker's that lacks nothing.
func (d *counter) ready(title string) (code string) {
	d.t.Helper()
	film := entry.Film{
		Title: title, Form: entry.Documentary, Runtime: 1500, Completed: "2026", Languages: []string{"fa"},
		SubtitleTracks: []entry.SubtitleTrack{{Language: "en"}}, Synopsis: "A clerk counts salt.", Countries: []string{"IR"}, Shown: entry.NotShown,
		Credits: []entry.Credit{{Role: entry.Director, Name: "Mana"}}, ScreenerLink: "https://example.org/salt",
	}
	d.do(func(ctx context.Context, tx pgx.Tx) error {
		w, err := entry.Create(ctx, tx, d.who, film)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			with f as (
				insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key)
				values ($1, $2, 'still', 'ready', 'image/jpeg', 1, '\x00', $1)
				returning id)
			insert into work_files (work_id, file_id, role)
			select $3, id, 'still'
			from f`, account.Code(), d.who, w.ID)
		if err != nil {
			return err
		}
		e, err := entry.Start(ctx, tx, d.who, w.Code, d.category)
		code = e.Code
		return err
	})
	return code
}

func (d *counter) submit(code string) {
	d.t.Helper()
	d.do(func(ctx context.Context, tx pgx.Tx) error { return entry.Submit(ctx, tx, d.who, code, 0) })
}

func (d *counter) fee(code string) *visitor {
	d.t.Helper()
	return d.maker.get("/my/entries/"+code+"/fee", 200)
}

// ask sends the form for a code or a waiver.
func (d *counter) ask(code, word string, waive bool, want int) *visitor {
	d.t.Helper()
	page := "/my/entries/" + code + "/fee"
	form := d.fee(code).form(page).Set("code", word)
	form.Values.Del("waive")
	if waive {
		form.Set("waive", "1")
	}
	return d.maker.send(form, want)
}

func TestTheFeeOfADraft(t *testing.T) {
	t.Parallel()
	d := newCounter(open(t))
	d.fee(d.code).says("Sent now, this entry costs €18; from").says("it costs €25").says("Waive the fee")
	d.organizer.get("/organize/farsang/ninth/fees", 200).says("No codes yet")
	form := d.organizer.form("/organize/farsang/ninth/fees").Set("word", "friends-27").Set("kind", "percent").Set("value", "۵۰").Set("uses_most", "2")
	d.organizer.send(form, 200).says("FRIENDS-27").says("50 % off").says("0 of 2")
	d.organizer.send(d.organizer.form("/organize/farsang/ninth/fees").Set("word", "friends-27"), 409).says("There is such a code already")
	d.organizer.send(d.organizer.form("/organize/farsang/ninth/fees").Set("word", "x").Set("kind", "percent").Set("value", "half"), 422).says("Write a whole number")
	d.organizer.send(d.organizer.form("/organize/farsang/ninth/fees").Set("word", "nothing").Set("kind", "none").Set("value", ""), 422).says("Say what the code does")

	d.ask(d.code, "no-such-code", false, 422).says("There is no such code")
	if got := d.maker.form("/my/entries/" + d.code + "/fee").Values.Get("code"); got != "no-such-code" {
		t.Errorf("the typed code is lost: %q", got)
	}
	d.ask(d.code, " Friends-27 ", false, 200).says("costs €9").says("50 % off")
	d.organizer.get("/organize/farsang/ninth/fees", 200).says("1 of 2")
	d.ask(d.code, "FRIENDS-27", true, 200).says("Nothing is due")
	d.ask(d.code, "", false, 200).says("costs €18")
	d.submit(d.code)
	d.fee(d.code).says("€18 is due. Your entry counts meanwhile.").says("The festival will tell you how to pay.")
	words := d.organizer.get("/organize/farsang/ninth/fees", 200).says("Due: €18 of one entry").form("/organize/farsang/ninth/fees/words")
	d.organizer.send(words.Set("fee_words", "By bank, with the number of the entry."), 200)
	d.fee(d.code).says("By bank, with the number of the entry.")
	d.organizer.send(d.organizer.get("/organize/farsang/ninth/fees", 200).Page.First("main").Form(`table form`), 200).says("Over")
}

func TestSomebodyElsesFeeIsNowhere(t *testing.T) {
	t.Parallel()
	d := newCounter(open(t))
	other, _ := d.person("Sam", "sam@example.org")
	other.get("/my/entries/"+d.code+"/fee", 404)
}

// A code opens a closed call to who has it, and to nobody else.
func TestACodeOpensAClosedCall(t *testing.T) {
	t.Parallel()
	d := newCounter(open(t))
	d.sql(`update deadlines set closes_at = closes_at - interval '60 days'`)
	d.sql(`insert into fee_codes (code, edition_id, word, late_until) select 'x', id, 'COME-LATE', clock_timestamp() + interval '1 day' from editions`)
	d.maker.get("/my/entries/new", 200).says("No call is open")
	d.maker.get("/my/entries/new?code=never-made", 200).says("No call is open")
	d.maker.get("/my/entries/new?code=come-late", 200).says("Documentary").says("€25")
	d.maker.send(d.maker.Page.First("main").Form(`form[action="/my/entries/new"]`).Set("category", documentary).Set("title", "The Late Ledger"), 200).says("The Late Ledger")
}

// The organizers read due and paid, in the list, the file and the entry; a
// waiver reads like everything else of which nothing is due.
func TestWhatOrganizersReadOfFees(t *testing.T) {
	t.Parallel()
	d := newCounter(open(t))
	waived, free, paid := d.code, d.ready("The Free Ledger"), d.ready("The Paid Ledger")
	d.ask(waived, "", true, 200)
	d.sql(`update deadlines set fee_minor = 0`)
	d.submit(free)
	d.sql(`update deadlines set fee_minor = 1800`)
	d.submit(waived)
	d.submit(paid)
	desk := "/organize/farsang/ninth/entries"
	d.organizer.get(desk+"?fee=due", 200).says("The Paid Ledger")
	if text := d.organizer.mainText(); strings.Contains(text, "Free Ledger") || strings.Contains(text, "Salt Ledger") {
		t.Error("the list of what is due holds what is not")
	}
	d.organizer.get(desk+"?fee=not_due", 200).says("No entry fits")
	d.organizer.get(desk+"/"+paid, 200).says("Due")
	form := d.organizer.form(desk+"/"+paid+"/fee").Set("note", "bank, 3 March").Press("Mark as paid")
	d.organizer.send(form, 200).says("€18 paid on")
	d.organizer.send(form, 200) // pressed twice
	d.fee(paid).says("€18 is paid.")
	d.organizer.get("/organize/farsang/ninth/fees", 200).says("paid: €18 by one entry")

	rows := map[string]int{}
	for _, row := range d.organizer.get(desk, 200).Page.First("main").All("tbody tr") {
		for _, word := range []string{"Not due", "Due", "Paid"} {
			if cell := row.All("td"); strings.Contains(cell[6].Text(), word) {
				rows[word]++
			}
		}
	}
	if rows["Not due"] != 2 || rows["Due"] != 0 || rows["Paid"] != 1 {
		t.Errorf("the list says %v", rows)
	}
	d.organizer.get("/organize/farsang/ninth/entries.csv", 200)
	if n := strings.Count(d.organizer.Body, "Not due"); n != 2 || strings.Contains(strings.ToLower(d.organizer.Body), "waiv") {
		t.Errorf("the file has %d entries of which nothing is due, want 2:\n%s", n, d.organizer.Body)
	}
	for _, code := range []string{waived, free} {
		if text := d.organizer.get(desk+"/"+code, 200).Page.First("main").Text(); strings.Contains(strings.ToLower(text), "waiv") || !strings.Contains(text, "Not due") {
			t.Errorf("the page of %s tells more than that nothing is due", code)
		}
	}
}

// Neither a form that was sent nor a line of the log tells that somebody asked
// for a waiver.
func TestNobodyNotesAWaiver(t *testing.T) {
	t.Parallel()
	h, log := logged(t, site.Config{NoLimits: true})
	d := newCounter(h)
	before := log.String()
	d.ask(d.code, "", true, 200).says("Nothing is due")
	var forms int
	if err := d.DB.QueryRow(t.Context(), `select count(*) from form_answers where route like '%fee%'`).Scan(&forms); err != nil || forms != 0 {
		t.Errorf("%d forms about fees are kept, %v", forms, err)
	}
	for _, word := range []string{d.code, "waiv", "mana"} {
		if strings.Contains(strings.ToLower(strings.TrimPrefix(log.String(), before)), word) {
			t.Errorf("the log holds %q", word)
		}
	}
	if rest := strings.TrimPrefix(log.String(), before); !strings.Contains(rest, "/my/entries/{entry}/fee") {
		t.Error("the log would not show the request: it proves nothing")
	}
}

// payable tells whether the page offers a way to pay.
func (d *counter) payable() bool {
	return d.maker.Page.Has(`form[action="/my/entries/` + d.code + `/fee/payment"]`)
}

// notice sends what a payment service would.
func (d *counter) notice(message, signature string) (status int) {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.URL+"/payments/notices", strings.NewReader(message))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Stripe-Signature", signature)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		d.t.Fatal(err)
	}
	return res.StatusCode
}

func TestAFeeIsPaidHere(t *testing.T) {
	t.Parallel()
	till := &drawer{}
	h, log := logged(t, site.Config{NoLimits: true, Till: till})
	d := newCounter(h)
	d.fee(d.code)
	if d.payable() {
		t.Error("a draft can be paid")
	}
	d.maker.post("/my/entries/"+d.code+"/fee/payment", url.Values{"_token": {d.maker.Page.First(`input[name="_token"]`).Attr("value")}}, 409).says("Nothing is due")
	d.submit(d.code)
	till.broken = true
	pay := func(want int) *visitor {
		d.fee(d.code)
		return d.maker.send(d.maker.form("/my/entries/"+d.code+"/fee/payment"), want)
	}
	pay(503).says("The payment service does not answer")
	till.broken = false
	pay(200)
	link := d.maker.Page.First("main").First(`a[rel="noreferrer"]`).Attr("href")
	o := till.orders[0]
	if link != "https://checkout.example.net/"+o.Reference {
		t.Errorf("the way to the payment page is %q", link)
	}
	if o.Label != "F9-0001" || o.Back != h.URL+"/my/entries/"+d.code+"/fee" || o.Amount != (money.Amount{Minor: 1800, Currency: "EUR"}) {
		t.Errorf("the payment service is told %+v", o)
	}
	for name, c := range map[string]struct {
		message, signature string
		want               int
	}{
		"not signed":      {"paid " + o.Reference, "by somebody", 403},
		"unknown payment": {"paid another", "signed by the test", 200},
		"something else":  {"other " + o.Reference, "signed by the test", 200},
	} {
		if got := d.notice(c.message, c.signature); got != c.want {
			t.Errorf("%s: answered %d, want %d", name, got, c.want)
		}
		d.fee(d.code).says("€18 is due")
	}
	for range 3 {
		if got := d.notice("paid "+o.Reference, "signed by the test"); got != 200 {
			t.Errorf("answered %d", got)
		}
	}
	d.fee(d.code).says("€18 is paid.")
	if d.payable() || d.maker.Page.First("main").Has(`a[rel="noreferrer"]`) {
		t.Error("what is paid can be paid again")
	}
	for _, line := range []string{"not the payment service's", "unknown payment"} {
		if !strings.Contains(log.String(), line) {
			t.Errorf("the log does not say %q", line)
		}
	}
}

func TestWithoutATillNothingIsPaidHere(t *testing.T) {
	t.Parallel()
	d := newCounter(open(t))
	d.submit(d.code)
	d.fee(d.code)
	if d.payable() {
		t.Error("there is a way to pay")
	}
	if got := d.notice("paid x", "signed by the test"); got != 404 {
		t.Errorf("a notice is answered with %d", got)
	}
}

// TestForgedNoticesDoNotFillTheLog: strangers can send as many as they like, and
// one an hour is written about.
func TestForgedNoticesDoNotFillTheLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	served := site.New(site.Config{DB: pgtest.Pool(t), Store: store, BaseURL: "http://laurel.example", Till: new(drawer), Log: slog.New(slog.NewTextHandler(&log, nil))})
	for range 50 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/payments/notices", strings.NewReader("paid x"))
		r.Header.Set("Stripe-Signature", "forged")
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Fatalf("a forged notice is answered with %d", w.Code)
		}
	}
	if n := strings.Count(log.String(), "level=WARN"); n != 1 {
		t.Errorf("%d warnings, want 1:\n%.2000s", n, log.String())
	}
}
