// Package static holds the files that browsers get as they are: styles,
// scripts, fonts and pictures. Their addresses carry a hash of their content,
// so that a browser may keep them for ever.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
)

//go:embed css js fonts img icons
var files embed.FS

// Prefix is where the files are served.
const Prefix = "/static/"

type file struct {
	body []byte
	kind string
}

var (
	byURL  = map[string]file{}
	urlOf  = map[string]string{}
	inside = regexp.MustCompile(`url\(([^)]+)\)`)
	fonts  = regexp.MustCompile(`@font-face\{[^}]*\}`)
	kinds  = map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2",
		".jpg": "image/jpeg", ".svg": "image/svg+xml", ".png": "image/png", ".mp4": "video/mp4",
	}
)

func init() {
	for _, dir := range []string{"fonts", "img", "icons", "js", "css"} { // css last: it names the others
		err := fs.WalkDir(files, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := files.ReadFile(name)
			add(name, body)
			return err
		})
		if err != nil {
			panic(err) // the files are part of the program
		}
	}
	styles := joined("css/laurel.css", "css/old.css")
	add(Styles, styles)
	add(Lean, fonts.ReplaceAll(styles, nil))
	add(Script, joined("js/laurel.js", "js/session.js", "js/entry.js", "js/passkey.js"))
}

// Styles is the name of the styles that every page has: those of today's
// browsers, and the few rules that older ones take instead.
const Styles = "css/house.css"

// Script is the name of the one script that every page has. A page asks for
// three things: itself, the styles and this. Only pages that send or show a film
// need another.
const Script = "js/house.js"

// joined is several files as one: on a bad line a request costs more than what
// it brings.
func joined(parts ...string) (whole []byte) {
	for _, part := range parts {
		body, err := files.ReadFile(part)
		if err != nil {
			panic(err)
		}
		whole = append(append(whole, body...), '\n')
	}
	return whole
}

// Lean is the name of the styles for readers who asked for little data: the
// same without fonts.
const Lean = "css/lean.css"

func add(name string, body []byte) {
	kind, ok := kinds[path.Ext(name)]
	if !ok {
		return
	}
	if path.Ext(name) == ".css" {
		body = inside.ReplaceAllFunc(body, func(m []byte) []byte {
			ref := strings.Trim(string(m[4:len(m)-1]), `"'`)
			return []byte("url(" + URL(path.Join(path.Dir(name), ref)) + ")")
		})
	}
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	url := Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	urlOf[name] = url
	byURL[url] = file{body, kind}
}

// URL is the address of a file by its name in this folder, such as
// css/laurel.css. An unknown name is a fault of ours and panics.
func URL(name string) string {
	url, ok := urlOf[name]
	if !ok {
		panic("static: no file " + name)
	}
	return url
}

// Read returns a file's content by its name.
func Read(name string) ([]byte, error) { return files.ReadFile(name) }

// Handler serves the files under Prefix.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := byURL[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", f.kind)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Write(f.body)
	})
}
