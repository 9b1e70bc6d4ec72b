package htmltest_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/htmltest"
)

const page = `<!doctype html><html><body>
<h1>Score  <em>a</em> film</h1>
<script>var x = "not read"</script>
<ul class="list wide"><li>One</li><li id="two" data-x="a b">Two</li></ul>
<form id="score" method="post" action="/score?x=1">
  <input type="hidden" name="token" value="abc">
  <input name="title" value="A &amp; B">
  <input type="checkbox" name="tags" value="a" checked><input type="checkbox" name="tags" value="b">
  <input type="checkbox" name="agree" checked>
  <input type="radio" name="v" value="1"><input type="radio" name="v" value="2" checked>
  <input name="off" value="x" disabled>
  <fieldset disabled><input name="shut" value="x"></fieldset>
  <select name="country"><option value="ir">Iran</option><option value="fr" selected>France</option></select>
  <select name="first"><option>Any</option></select>
  <select name="none" multiple><option>Any</option></select>
  <textarea name="note">
one
two</textarea>
  <button name="do" value="save">Save</button>
</form>
<button form="score" name="do" value="next">Save and next</button>
</body></html>`

func TestFind(t *testing.T) {
	t.Parallel()
	doc := htmltest.Parse(t, page)
	if got := doc.One("h1").Text(); got != "Score a film" {
		t.Errorf("got %q", got)
	}
	if got, want := doc.Texts("ul.list.wide li"), []string{"One", "Two"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := doc.One(`li[data-x="a b"]`).Attr("id"); got != "two" {
		t.Errorf("got %q", got)
	}
	if doc.Has("ol li") || !doc.Has("input[type=checkbox][checked]") {
		t.Error("found what is not there, or not what is")
	}
}

func TestForm(t *testing.T) {
	t.Parallel()
	f := htmltest.Parse(t, page).Form("#score").Set("note", "three").Press("Save and next")
	want := url.Values{
		"token": {"abc"}, "title": {"A & B"}, "tags": {"a"}, "agree": {"on"}, "v": {"2"},
		"country": {"fr"}, "first": {"Any"}, "note": {"three"}, "do": {"next"},
	}
	if d := cmp.Diff(want, f.Values); d != "" {
		t.Error(d)
	}
	if f.Method != "POST" || f.Action != "/score?x=1" {
		t.Errorf("got %s %s", f.Method, f.Action)
	}
}

func TestUntouchedTextarea(t *testing.T) {
	t.Parallel()
	if got := htmltest.Parse(t, page).Form("form").Values.Get("note"); got != "one\ntwo" {
		t.Errorf("got %q", got)
	}
}
