package site

import (
	"context"
	"net/http"
	"path"
	"strings"

	"laurel/internal/locale"
)

// private are the beginnings of the paths whose windows say nothing of what the
// site is about: a title stands in the list of open windows and in the history.
var private = []string{"/my/", "/account", "/begin", "/code", "/freeze", "/leave", "/sign-out-everywhere", "/sign-in", "/sign-up", "/forgotten", "/reset/", "/erasures/", "/join/", "/send/"}

// isPrivate tells whether a request is for one of these.
func isPrivate(r *http.Request) bool {
	for _, p := range private {
		if strings.HasPrefix(r.URL.Path, p) {
			return true
		}
	}
	return false
}

// window is the title of a private page's window; empty for all other pages.
func window(r *http.Request) string {
	if !isPrivate(r) {
		return ""
	}
	ctx, last := r.Context(), path.Base(pattern(r))
	if last == "{part}" {
		last = path.Base(r.URL.Path)
	}
	about := windowAbout(ctx, last)
	switch {
	case strings.HasPrefix(r.URL.Path, "/my/messages"):
		return locale.T(ctx, "window.messages", "Messages")
	case strings.HasPrefix(r.URL.Path, "/my/") && about != "":
		return locale.T(ctx, "window.form-about", "Form – {{.What}}", "What", about)
	case strings.HasPrefix(r.URL.Path, "/my/entries") && last == "entries":
		return locale.T(ctx, "window.list", "Your forms")
	case strings.HasPrefix(r.URL.Path, "/my/"), strings.HasPrefix(r.URL.Path, "/join/"), strings.HasPrefix(r.URL.Path, "/send/"):
		return locale.T(ctx, "window.form", "Form")
	case about != "":
		return locale.T(ctx, "window.account-about", "Account – {{.What}}", "What", about)
	}
	return locale.T(ctx, "window.account", "Account")
}

// windowAbout names the page by the last part of its path; empty: it has no
// name of its own.
func windowAbout(ctx context.Context, last string) string {
	if about := windowOfForm(ctx, last); about != "" {
		return about
	}
	switch last {
	case "begin":
		return locale.T(ctx, "window.begin", "before you begin")
	case "sign-in":
		return locale.T(ctx, "window.sign-in", "sign in")
	case "sign-up":
		return locale.T(ctx, "window.sign-up", "new")
	case "code":
		return locale.T(ctx, "window.code", "code")
	case "freeze":
		return locale.T(ctx, "window.freeze", "shut")
	case "sign-out-everywhere":
		return locale.T(ctx, "window.everywhere", "sign out")
	case "passkeys":
		return locale.T(ctx, "window.passkeys", "passkeys")
	case "second-factor":
		return locale.T(ctx, "window.factor", "second step")
	case "channel":
		return locale.T(ctx, "window.channel", "how to reach you")
	case "download":
		return locale.T(ctx, "window.download", "download")
	case "erasure":
		return locale.T(ctx, "window.erasure", "erase")
	}
	return ""
}

// windowOfForm names the pages of a form and what belongs to it.
func windowOfForm(ctx context.Context, last string) string {
	switch last {
	case "basics":
		return locale.T(ctx, "window.basics", "basics")
	case "texts":
		return locale.T(ctx, "window.texts", "texts")
	case "languages":
		return locale.T(ctx, "window.languages", "languages")
	case "people", "makers":
		return locale.T(ctx, "window.people", "people")
	case "companies":
		return locale.T(ctx, "window.companies", "companies")
	case "countries":
		return locale.T(ctx, "window.countries", "countries")
	case "technical", "declarations", "links", "showings":
		return locale.T(ctx, "window.details", "details")
	case "screener", "stills", "files":
		return locale.T(ctx, "window.files", "files")
	case "questions":
		return locale.T(ctx, "window.questions", "questions")
	case "publication", "public", "readers", "looked":
		return locale.T(ctx, "window.preview", "who sees what")
	case "versions", "changes":
		return locale.T(ctx, "window.changes", "changes")
	case "receipt":
		return locale.T(ctx, "window.receipt", "receipt")
	case "messages":
		return locale.T(ctx, "window.messages-of", "messages")
	}
	return ""
}
