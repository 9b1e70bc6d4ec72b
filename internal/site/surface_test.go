package site_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"laurel/internal/site"
)

// TestPlainWords: before the first field one short page says what is kept, who
// reads it, what cannot be stopped, how to erase and who helps, for somebody
// who reads slowly on a small phone.
func TestPlainWords(t *testing.T) {
	t.Parallel()
	v := open(t).visitor().get("/begin", 200)
	if size := len(v.Body); size > 6*1024 {
		t.Errorf("the page has %d bytes, want 6,144 at most", size)
	}
	main := v.Page.First("main")
	said := append(main.Texts("h1"), append(main.Texts("p"), main.Texts(".btn")...)...)
	text := strings.Join(said, " ")
	if n := len(strings.Fields(text)); n > 200 {
		t.Errorf("the page has %d words, want 200 at most", n)
	}
	if grade := readingGrade(strings.Join(main.Texts("p"), " ")); grade > 8 {
		t.Errorf("the page reads at grade %.1f, want 8 at most", grade)
	}
	for _, word := range []string{"We keep", "read", "cannot stop", "erase", "browsing history", "CPJ", "EFF", "Access Now", "Artists at Risk Connection (ARC)", "ICFR"} {
		if !strings.Contains(text, word) {
			t.Errorf("the page does not speak of %q", word)
		}
	}
	if main.Has("input[type=text]") || strings.Contains(main.HTML(), "http") {
		t.Error("the page has a field or a link elsewhere")
	}
}

var (
	sentenceEnds = regexp.MustCompile(`[.?:]+(\s|$)`)
	syllable     = regexp.MustCompile(`[aeiouy]+`)
)

// readingGrade is the school year of Flesch and Kincaid (1975): 0.39 words a
// sentence + 11.8 syllables a word − 15.59. Letters of an abbreviation are
// syllables; a silent e at the end is none.
func readingGrade(text string) float64 {
	words, syllables := 0, 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '’') }) {
		words++
		if word == strings.ToUpper(word) && len(word) > 1 {
			syllables += len(word)
			continue
		}
		word = strings.ToLower(word)
		n := len(syllable.FindAllString(word, -1))
		if strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") && n > 1 {
			n--
		}
		syllables += max(n, 1)
	}
	sentences := max(len(sentenceEnds.FindAllString(text, -1)), 1)
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59
}

// TestReadingGrade holds the measure against texts whose grade was counted by
// hand.
func TestReadingGrade(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text                     string
		sentences, words, sounds float64
	}{
		{"The cat sat on the mat. It was warm.", 2, 9, 9},
		{"Confidentiality considerations necessitate anonymization.", 1, 4, 22},
	} {
		want := 0.39*c.words/c.sentences + 11.8*c.sounds/c.words - 15.59
		if got := readingGrade(c.text); got < want-1.5*11.8/c.words || got > want+1.5*11.8/c.words {
			t.Errorf("%q reads at grade %.1f, want about %.1f", c.text, got, want)
		}
	}
}

// telling are the words that a window's title or an address of a private page
// never holds: it stands in the history of the browser.
var telling = regexp.MustCompile(`(?i)film|festival|farsang|cinema|movie|jur(y|or)|award|risk|screen|danger|asylum`)

// TestPrivateWindowsSayLittle: a crawl over a maker's pages. Neither title nor
// icon says what the site is about, and no two pages of one list look alike.
func TestPrivateWindowsSayLittle(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	v := s.visitor()
	v.signInAs(s.who["maker"])
	todo, seen := []string{"/my/entries", "/account", "/begin", "/code", "/freeze", "/sign-out-everywhere"}, 0
	out := s.visitor()
	for _, path := range []string{"/sign-in", "/sign-up", "/forgotten"} {
		saysLittle(t, out.get(path, 200), path)
	}
	known := slices.Clone(todo)
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		res, err := v.client.Get(v.h.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		v.read(res, res.StatusCode)
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			continue
		}
		seen++
		saysLittle(t, v, path)
		for _, link := range v.Page.All("a[href]") {
			next, _, _ := strings.Cut(link.Attr("href"), "#")
			if isPrivate := strings.HasPrefix(next, "/my/") || strings.HasPrefix(next, "/account"); isPrivate && !slices.Contains(known, next) {
				known, todo = append(known, next), append(todo, next)
			}
		}
	}
	if seen < 15 {
		t.Errorf("the crawl read %d pages, of %v", seen, known)
	}
}

func saysLittle(t *testing.T, v *visitor, path string) {
	t.Helper()
	if title := v.Page.First("title").Text(); telling.MatchString(title) {
		t.Errorf("the window of %s is called %q", path, title)
	}
	if telling.MatchString(path) {
		t.Errorf("the address %s tells what it is about", path)
	}
	if icon := v.Page.First("link[rel=icon]").Attr("href"); !strings.Contains(icon, "/plain.") {
		t.Errorf("the icon of %s is %s", path, icon)
	}
}

// TestRoutesSayLittle: no private address tells what it is about, also not one
// that the crawl does not reach.
func TestRoutesSayLittle(t *testing.T) {
	t.Parallel()
	for _, r := range site.Routes() {
		if (strings.HasPrefix(r[1], "/my/") || strings.HasPrefix(r[1], "/account")) && telling.MatchString(inPath.ReplaceAllString(r[1], "")) {
			t.Errorf("%s %s tells what it is about", r[0], r[1])
		}
	}
}

// TestNoAddressIsKept drives what people do from an address and a browser with
// names of their own, and looks for both in the log and in every table.
func TestNoAddressIsKept(t *testing.T) {
	t.Parallel()
	h, log := logged(t, site.Config{ProxyHeader: "X-Real-IP", Demo: true})
	const address, browser = "203.0.113.77", "CanaryBrowser/7.7"
	v := h.visitor()
	v.client.Transport = named{address, browser}
	v.signUp("Mana", "mana@example.org")
	v.get("/account", 200).send(v.form("/account").Set("name", "Mana K.").Set("zone", "Asia/Tehran"), 200)
	v.get("/account/code", 403).send(v.form("/account/check").Set("secret", "wrong"), 422)
	v.send(v.form("/account/check").Set("secret", password), 200).send(v.form("/account/code"), 200)
	written, _ := v.shownCode()
	v.send(v.form("/code").Set("secret", written), 200)
	v.get("/forgotten", 200).send(v.form("/forgotten").Set("email", "mana@example.org"), 200)
	v.answer("/leave", nil)
	v.get("/sign-in", 200).send(v.form("/sign-in").Set("email", "mana@example.org").Set("password", "a wrong password"), 422)
	v.get("/no/such/page", 404)
	v.post("/account", url.Values{"name": {"no proof"}}, 403)
	v.get("/freeze", 200).send(v.form("/freeze").Set("secret", sound("ABCDE000000000000000")), 422)
	everything := log.String() + h.kept()
	if !strings.Contains(everything, "Mana K.") || !strings.Contains(everything, "route=/freeze") {
		t.Fatal("the log and the tables were not read")
	}
	for _, canary := range []string{address, "203.0.113", browser, "CanaryBrowser", "127.0.0.1"} {
		if strings.Contains(everything, canary) {
			t.Errorf("%q is written down", canary)
		}
	}
}

// named sends each request from an address, as the proxy tells it, and with a
// browser's name.
type named struct{ address, browser string }

func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Real-IP", n.address)
	r.Header.Set("X-Forwarded-For", n.address)
	r.Header.Set("User-Agent", n.browser)
	return http.DefaultTransport.RoundTrip(r)
}

// outward finds what a browser would ask of another host.
var outward = regexp.MustCompile(`(?i)(?:src|srcset|poster|data|action|formaction|background)="(?:https?:)?//[^"]*"|<link[^>]+href="(?:https?:)?//[^"]*"|url\((?:https?:)?//[^)]*\)|@import`)

// TestPagesNameNoOtherHost: what a page loads or sends comes from here, and the
// policy of every answer forbids all else.
func TestPagesNameNoOtherHost(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, role := range []string{"nobody", "maker", "juror", "organizer"} {
		v := s.visitor()
		if id := s.who[role]; id != 0 {
			v.signInAs(id)
		}
		for _, r := range site.Routes() {
			if r[0] != "GET" || r[1] == "/leave" {
				continue
			}
			v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			res, err := v.client.Get(v.h.URL + s.path(r[1]))
			if err != nil {
				t.Fatal(err)
			}
			v.read(res, res.StatusCode)
			if policy := v.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'self'; ") || strings.Contains(policy, "http") || strings.Contains(policy, "*") {
				t.Errorf("%s, %s: policy %q", role, r[1], policy)
			}
			if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
				for _, m := range outward.FindAllString(strings.ReplaceAll(v.Body, v.h.URL, ""), -1) {
					t.Errorf("%s, %s asks elsewhere: %s", role, r[1], m)
				}
			}
		}
	}
}
