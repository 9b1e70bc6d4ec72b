//go:build browser

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const desk = "/organize/farsang/2027"

// A juror is somebody who judges, and how.
type juror struct {
	*tab
	name  string
	email string
	marks []int
}

// judge checks the films, seats three jurors, one of them without script,
// spreads the films and lets them score; it ends with the round closed.
func judge(t *testing.T, b *browser, darya *tab, post *postOffice, films []film) []juror {
	t.Helper()
	for _, f := range films {
		darya.open(desk + "/entries?state=submitted").press(f.title)
		darya.sees("It meets all rules").fill("state", "eligible").press("Change the status").sees("The entry has a new status")
	}
	panel := seatJurors(b, darya, post)
	darya.open(desk+"/rounds/new?category=documentary").fill("panel", "Documentary jury").fill("reviews_per_entry", "3").
		fill("opens_at", inMahabar(time.Now().Add(-time.Hour))).
		fill("closes_at", time.Now().AddDate(0, 0, 9).Format("2006-01-02T15:04")).press("Save the round")
	round, _, _ := strings.Cut(darya.path(), "?")
	darya.press("Assign films").press("New draft").sees("3 of 3")
	darya.pressIn("/assignment", "Apply")
	darya.open(round).press("Open the round, and tell the jurors")
	byDaylight(panel[0])
	for i, j := range panel {
		post.link(j.email, "")
		scoreAll(j, i)
	}
	darya.open(round + "/results").sees("sealed")
	darya.open(round).press("Close the round")
	panel[0].open("/jury").sees("closed")
	return panel
}

// inMahabar is an instant on the festival's clock, as fields take it.
func inMahabar(at time.Time) string {
	return at.In(time.FixedZone("Mahabar", int(3.5*3600))).Format("2006-01-02T15:04")
}

func seatJurors(b *browser, darya *tab, post *postOffice) []juror {
	darya.open(desk+"/juries").fill("name", "Documentary jury").press("Create the jury")
	page, _, _ := strings.Cut(darya.path(), "?")
	panel := []juror{
		{b.tab(true), "Roya Kamravan", "roya@farsang.example", []int{8, 7, 9, 6}},
		{b.tab(false), "Odile Verhaerens", "odile@farsang.example", []int{5, 5, 6, 4}},
		{b.tab(false), "Nima Safarian", "nima@farsang.example", []int{9, 8, 8, 9}},
	}
	for _, j := range panel {
		darya.open(page).fill("name", j.name).fill("email", j.email).press("Send the invitation").sees("No answer yet")
		j.open(post.link(j.email, "")).sees("Documentary jury").fill("name", j.name).fill("password", secret).press("Accept the invitation")
	}
	darya.open(page).sees("Roya Kamravan", "Odile Verhaerens", "Nima Safarian")
	return panel
}

// byDaylight looks at the juror's pages, which are dark by themselves, in
// their light form too.
func byDaylight(j juror) {
	eval[string](j.tab, `document.cookie = 'laurel_theme=light; path=/'`)
	j.open("/jury").press("Watch")
	if theme := eval[string](j.tab, `document.documentElement.dataset.theme`); theme != "light" {
		j.t.Errorf("the juror chose light and got %q", theme)
	}
	eval[string](j.tab, `document.cookie = 'laurel_theme=; path=/; max-age=0'`)
}

// scoreAll scores a juror's films one after the other, each a little lower;
// the first with the number keys, if there is script.
func scoreAll(j juror, harsh int) {
	for n := range 3 {
		j.open("/jury").press("Watch")
		at, _, _ := strings.Cut(j.path(), "?")
		j.keys(j.marks, n, j.script && n == 0)
		j.fill("note", "Watch the hands again.").fill("feedback", fmt.Sprintf("The sound stays with me, %d.", n))
		if n == 0 && j.script {
			staleTab(j, at)
			continue
		}
		j.press("Submit")
	}
	j.open("/jury").sees("3 of 3")
}

// keys gives a value to each criterion of the page.
func (j juror) keys(marks []int, lower int, byKey bool) {
	j.t.Helper()
	if byKey {
		for _, m := range marks {
			j.do(chromedp.KeyEvent(fmt.Sprint(m - lower)))
		}
	} else {
		for i, m := range marks {
			eval[bool](j.tab, fmt.Sprintf(`(document.querySelectorAll('.crit')[%d].querySelector('input[value="%d"]').checked = true)`, i, m-lower))
		}
	}
	if got := eval[int64](j.tab, `document.querySelectorAll('.crit input:checked').length`); int(got) != len(marks) {
		j.t.Fatalf("%d criteria have a value, want %d", got, len(marks))
	}
}

// staleTab: a second window saves first; what is written in this one is kept,
// and both are shown.
func staleTab(j juror, at string) {
	second := juror{tab: j.twin(), marks: j.marks}
	second.open(at)
	second.keys([]int{3, 3, 3, 3}, 0, false)
	second.fill("note", "Written in the second window.").press("Save")
	j.press("Submit").sees("Written in the second window.")
	if kept := eval[string](j.tab, `document.querySelector('#note').value`); kept != "Watch the hands again." {
		j.t.Errorf("the first window lost its words: %q", kept)
	}
	j.press("Submit")
}

// decide selects the best two, releases, and looks at what was sealed before.
func decide(darya *tab, jurors []juror) {
	darya.open(desk + "/results").press("Results")
	darya.sees("Adjusted").fill("first", "2").press("Select these, turn down the others")
	darya.open(desk + "/line-up").press("See what a release would do").sees("2 places")
	darya.pressIn("/line-up/release", "")
	jurors[0].open("/jury")
}

// hear looks at the decision where its maker finds it.
func hear(films []film, post *postOffice) {
	selected := 0
	for _, f := range films {
		post.link(f.email, "An answer waits for you")
		f.maker.open("/my/entries")
		if strings.Contains(f.maker.text(), "Selected") {
			selected++
		}
		f.maker.press("Read the decision").sees("The sound stays with me")
	}
	if selected != 2 {
		films[0].maker.t.Errorf("%d makers read that their film is selected, want 2", selected)
	}
}

// publish puts line-up and awards on the public pages and reads them as
// somebody who is not signed in, with and without script.
func publish(b *browser, darya *tab) {
	visitor := b.tab(true)
	visitor.open("/farsang/2027/line-up").sees("nothing at this address")
	darya.open(desk + "/line-up").press("Publish the line-up")
	darya.open(desk + "/awards").press("Grand prize")
	darya.fill("citation", "For the courage to count.").press("Save the prize")
	darya.open(desk + "/awards").press("Publish the awards")
	for _, script := range []bool{true, false} {
		p := b.tab(script)
		p.open("/farsang/2027/line-up").sees("Documentary")
		p.open("/farsang/2027/awards").sees("Grand prize", "For the courage to count.")
		p.press("How it was decided").sees("Without names")
		p.open("/farsang/2027/line-up").press("T") // one of the titles
		p.sees("A harbour clerk counts salt.")
	}
	visitor.open("/privacy")
	visitor.open("/farsang/2027/regulations").sees("Everybody.")
}
