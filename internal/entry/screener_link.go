package entry

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"laurel/internal/problem"
)

// hostShape is a name as the public web has them: labels with a dot between, of
// which the last is no number, so that no address of a machine can look like one.
var hostShape = regexp.MustCompile(`^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$`)

// housebound are the ends of names that lead to machines of one's own.
var housebound = []string{".local", ".localhost", ".internal", ".intranet", ".lan", ".home", ".corp", ".private", ".home.arpa", ".onion"}

// WatchableLink says whether an address of a screener can be shown to jurors as
// a link: one on the public web, without a name or password in it, and without
// what would make it look like another. Nobody here ever opens it: whether it
// plays, only people find out.
func WatchableLink(link string) bool {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.Opaque != "" {
		return false
	}
	return !strings.ContainsFunc(link, deceives) && publicHost(u.Hostname())
}

// deceives says whether a letter is a space, a control or a turn of direction,
// or outside what addresses are written with.
func deceives(r rune) bool {
	return r <= ' ' || r == '\\' || r == '"' || r == '<' || r == '>' || r >= 0x7f
}

func publicHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	for _, end := range housebound {
		if strings.HasSuffix(host, end) {
			return false
		}
	}
	return hostShape.MatchString(host)
}

// screenerLink finds what is wrong with the address of a screener.
func (v findings) screenerLink(link string) {
	switch {
	case link == "":
	case strings.HasPrefix(strings.ToLower(link), "http://"):
		v.add(problem.Field("screenerLink", "film.link-open", "Write an address that begins with https://: over http:// everybody on the way sees the film’s password."))
	case strings.Contains(link, "@") && !WatchableLink(link) && strings.HasPrefix(link, "https://"):
		v.add(problem.Field("screenerLink", "film.link-name", "Leave names and passwords out of the address. There is a field for the password."))
	case !WatchableLink(link):
		v.add(problem.Field("screenerLink", "film.link-public", "Write the address of a page that everybody on the web can reach, beginning with https://."))
	}
}
