//go:build browser

package main

import "time"

// deliberate lets the jury vote on the prize, two of them without script, and
// gives it to the film that came out.
func deliberate(darya *tab, jurors []juror) {
	darya.open(desk+"/awards").fill("name", "Grand prize").press("Add the prize")
	darya.open(desk + "/ballots").press("Set up a final ballot")
	darya.fill("award", "Grand prize").fill("publish", "yes").fill("opens_at", inMahabar(time.Now().Add(-time.Hour))).
		press("Save the ballot").sees("The jury knows nothing of it yet")
	darya.press("Fix the rules, and call 3 jurors").sees("The jury is called")
	page := darya.path()
	for i, j := range jurors {
		j.open("/jury/ballots").press("Rank it").press("Rank it")
		if i == 1 {
			j.click(`document.querySelector('button[name=down]:not([disabled])')`, "down")
		}
		darya.open(page).sees("sealed")
		j.press("Cast my ballot")
	}
	jurors[0].open("/jury/ballots").sees("one against one")
	darya.open(page).sees("how it was decided", "Ballot C", "laurel count ballots.json")
	darya.pressIn("/award", "Give")
	darya.open(page).sees("is given to")
}

// weigh looks at everything that a result says.
func weigh(darya *tab) {
	darya.open(desk + "/results").press("Results")
	page := darya.path()
	for _, view := range []string{"raw", "criteria", "scores", "discussion", "correction", "viewings"} {
		darya.open(page + "?view=" + view)
	}
}
