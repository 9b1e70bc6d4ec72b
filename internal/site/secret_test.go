package site

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"laurel/web/pages"
)

// TestNoSecretWaitsInAPage: what lets somebody in is written into no page, not
// to be copied and not to be sent again.
func TestNoSecretWaitsInAPage(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"password", "current", "secret", "code", "credential", "screener_password"} {
		r := httptest.NewRequest("POST", "/sign-in/code", nil)
		r.PostForm = url.Values{name: {"canary"}, "name": {"Noor"}, "kept.title": {"Salt"}}
		if resendable(r) != nil {
			t.Errorf("%s is offered to be sent again", name)
		}
		kept := append(typed(r), keptTyped(r)...)
		for _, one := range append(kept, keeping(r).Kept...) {
			if strings.Contains(one.Value, "canary") {
				t.Errorf("%s waits in a page", name)
			}
		}
		if len(typed(r)) != 2 || keptTyped(r)[0] != (pages.Typed{Name: "title", Value: "Salt"}) {
			t.Errorf("what is no secret is lost: %v", typed(r))
		}
	}
}
