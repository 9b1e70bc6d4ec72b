package htmltest_test

import (
	"strings"
	"testing"

	"laurel/internal/htmltest"
)

// TestReading: each thing that cannot be read is found, and what can be is left
// alone.
func TestReading(t *testing.T) {
	t.Parallel()
	ways := `<ol><li><a href="/a">A</a></li><li><a href="/b">B</a></li><li><a href="/c">C</a></li></ol>`
	for part, want := range map[string]string{
		`<div hidden><p>Later</p></div>`:           `[hidden] holds text: "Later"`,
		`<dialog>Soon</dialog>`:                    `dialog holds text: "Soon"`,
		`<template>Soon</template>`:                `template holds text: "Soon"`,
		`<button type="button">Fold</button>`:      `the button "Fold" takes script`,
		`<p><span>Draft</span><span>F9</span></p>`: `read as one: "Draft" and "F9"`,
		`<h3>Deep</h3>`:                            `<h3> "Deep" follows a heading of rank 1`,
		`<h1>Twice</h1>`:                           `<h1> "Twice" follows a heading of rank 1`,
		ways + ways:                                `a list of 3 links stands twice, from /a on`,
		`<fieldset><legend>Person 1</legend><div><b>Person 1</b></div></fieldset>`:                         `the group "Person 1" says its name twice`,
		`<fieldset><legend>Q</legend><p class="error" id="q-e">Choose</p></fieldset>`:                      `nothing ties the group to what is wrong with it: "Choose"`,
		`<fieldset aria-describedby="q-e"><p class="error" id="q-e">Choose</p></fieldset>`:                 "",
		`<div role="alert"><p>Put this right:</p></div>`:                                                   `"Put this right:" announces something, and nothing follows`,
		`<table><tr><td>1</td></tr></table>`:                                                               `a table has no caption, or no heads: "1"`,
		`<form id="f" action="/x"><button>Go on</button></form><label>Q <input name="q" form="f"></label>`: `the field "q" stands outside its form`,
		`<input name="q" aria-label="Find">`:                                                               `no words stand before the field "q"`,
		`<input id="q" name="q"><label for="q">Q</label>`:                                                  `no words stand before the field "q"`,
		`<label>Q <input name="q" aria-invalid="true"></label>`:                                            `nothing ties the field "q" to what is wrong with it`,
		`<a href="/x">here</a>`:                       `"here" leads to /x`,
		`<a href="/x"><svg></svg></a>`:                `"" leads to /x`,
		`<a href="/x">Film</a> <a href="/y">Film</a>`: `"Film" under "Top" leads to /x, and leads to /y`,
		`<form action="/x"><button name="a" value="1">Go on</button> <button name="a" value="2">Go on</button></form>`: `"Go on" under "Top" sends a=1 to /x, and sends a=2 to /x`,
		`<form action="/x"><label>Q <input name="q"></label></form>`:                                                   `the form to /x cannot be sent`,
		`<p id="a">A</p><p id="a">B</p>`:                                                           `the id "a" is given twice`,
		`<p aria-labelledby="b">A</p>`:                                                             `aria-labelledby of <p> names "b", which is not there`,
		`<p><a href="#b">To B</a></p>`:                                                             `the link "To B" leads to "b", which is not there`,
		`<img src="/x.png">`:                                                                       `the picture "/x.png" has no words`,
		`<p><span>Draft</span> <span>F9</span>, <b>x</b>: y</p><p>Next</p>`:                        "",
		`<svg role="img" aria-label="1 to 2"><text>1</text><text>2</text></svg>`:                   "",
		`<label>Q <input name="q"></label><label for="r">R</label><select id="r"></select>`:        "",
		`<ul><li><a href="/x">Film</a></li><li><a href="/y">Film</a></li></ul>`:                    "",
		`<form action="/x"><fieldset disabled><label>Q <input name="q"></label></fieldset></form>`: "",
		`<script type="text/html"><p hidden>Later</p></script>`:                                    "",
	} {
		page := htmltest.Parse(t, `<html><body><h1>Top</h1>`+part+`</body></html>`)
		if got := strings.Join(page.Reading(), "; "); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", part, got, want)
		}
	}
}
