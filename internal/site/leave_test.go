package site_test

import (
	"net/http"
	"strings"
	"testing"

	"laurel/internal/site"
)

// answer asks for a page as a browser does that follows no redirect.
func (v *visitor) answer(path string, header map[string]string) *http.Response {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.h.URL+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	client := *v.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	res.Body.Close()
	return res
}

// TestLeave: the link ends the session on the server, has the browser forget
// what it kept, and leads to the page that the festival chose.
func TestLeave(t *testing.T) {
	t.Parallel()
	h, _ := logged(t, site.Config{NoLimits: true, ExitURL: "https://weather.example.org/"})
	v, id := h.person("Mana", "mana@example.org")
	v.get("/account", 200).says("It does not delete your browsing history.")
	if link := v.Page.One(`a[href="/leave"]`); link.Text() != "Leave" {
		t.Errorf("the link says %q", link.Text())
	}
	res := v.answer("/leave", map[string]string{"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"})
	for name, want := range map[string]string{
		"Location": "https://weather.example.org/", "Clear-Site-Data": `"cache", "storage"`, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if res.StatusCode != http.StatusSeeOther {
		t.Errorf("status %d", res.StatusCode)
	}
	var sessions int
	if err := h.DB.QueryRow(t.Context(), `select count(*) from sessions where account_id = $1`, id).Scan(&sessions); err != nil || sessions != 0 {
		t.Errorf("%d sessions are left, %v", sessions, err)
	}
	if v.get("/account", 200); !strings.HasPrefix(v.Path, "/sign-in") {
		t.Errorf("afterwards one stands at %s", v.Path)
	}
}

// TestLeaveOnlyByGoingThere: no picture, frame or prefetch of a page ends a
// session; a browser that does not say what it wants may.
func TestLeaveOnlyByGoingThere(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Mana", "mana@example.org")
	for _, header := range []map[string]string{
		{"Sec-Fetch-Dest": "image"}, {"Sec-Fetch-Dest": "iframe"}, {"Sec-Fetch-Dest": "empty"},
		{"Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch;prerender"},
	} {
		if res := v.answer("/leave", header); res.StatusCode != http.StatusNotFound {
			t.Errorf("%v is answered %d", header, res.StatusCode)
		}
	}
	v.get("/account", 200).says("Account and sessions")
	if res := v.answer("/leave", nil); res.Header.Get("Location") != "/blank" {
		t.Errorf("without a choice it leads to %q", res.Header.Get("Location"))
	}
	v.get("/blank", 200)
	for _, word := range []string{"laurel", "film", "festival"} {
		if strings.Contains(strings.ToLower(v.Body), word) {
			t.Errorf("the blank page says %q", word)
		}
	}
}

// TestBackShowsNothing: no copy of a private page is kept, so that the way back
// after leaving asks who one is.
func TestBackShowsNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Mana", "mana@example.org")
	for _, path := range []string{"/account", "/my/entries", "/my/entries/new", "/begin", "/code", "/sign-in"} {
		if got := v.get(path, 200).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s may be kept: %q", path, got)
		}
	}
}

// TestSessionCookieEndsWithTheBrowser: the browser keeps it in memory only.
func TestSessionCookieEndsWithTheBrowser(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, _ = h.person("Mana", "mana@example.org")
	v := h.visitor().get("/sign-in", 200)
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	v.send(v.form("/sign-in").Set("email", "mana@example.org").Set("password", password), http.StatusSeeOther)
	for _, line := range v.Header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		if c.Name == "laurel" && (c.MaxAge != 0 || !c.Expires.IsZero() || !c.HttpOnly) {
			t.Errorf("the session's cookie is %s", line)
		}
	}
}
