package site_test

import (
	"strings"
	"testing"
)

func TestAShutdownIsDeclaredForEverybodyToRead(t *testing.T) {
	t.Parallel()
	d := newCounter(open(t))
	const page = "/organize/farsang/ninth/shutdowns"
	form := d.organizer.get(page, 200).form(page)
	d.organizer.send(form.Set("words", "The net is cut."), 422).says("Name at least one country")
	d.organizer.send(form.Set("countries", "Atlantis"), 422).says("does not know “Atlantis”").says("The net is cut.")
	d.organizer.send(form.Set("countries", "Iran").Set("everybody", "1"), 422).says("not both")
	form.Values.Del("everybody")
	d.organizer.send(form.Set("countries", "Iran").Set("words", ""), 422).says("Write up to 500 letters")
	d.organizer.send(form.Set("words", "The net is cut."), 200).says("Films from Iran").says("The net is cut.")
	d.maker.get("/farsang/ninth", 200).says("Films from Iran: the film may arrive up to fourteen days after the deadline. The net is cut.")
}

func TestTheCallSaysHowLongFilmsMayTravel(t *testing.T) {
	t.Parallel()
	d := newCounter(open(t))
	const page = "/organize/farsang/ninth/categories/documentary"
	form := d.organizer.get(page, 200).form(page)
	d.organizer.send(form.Set("bytes_hours", "721"), 422).says("from 0 to 720")
	d.organizer.send(form.Set("bytes_hours", "48"), 200)
	d.maker.get("/farsang/ninth", 200).says("the film may arrive up to 48 hours later")
	d.organizer.send(d.organizer.get(page, 200).form(page).Set("bytes_hours", "0"), 200)
	if text := d.maker.get("/farsang/ninth", 200).mainText(); strings.Contains(text, "slow line") {
		t.Errorf("the call promises a later film: %s", text)
	}
}
