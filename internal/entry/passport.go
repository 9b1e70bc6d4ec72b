package entry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"laurel/internal/pg"
	"laurel/internal/problem"
)

// PassportSchema names the kind of document that WritePassport writes.
const PassportSchema = "laurel-passport/1"

// How much a passport may hold.
const (
	MaxPassport      = 1 << 20 // bytes
	maxPassportDepth = 12      // of lists and objects within each other
	maxPassportMedia = 200
)

// A Passport is a work as one file that can be carried elsewhere: the film and
// what its files are, without the files, and nothing of any account.
type Passport struct {
	Schema string          `json:"schema"`
	Film   Film            `json:"film"`
	Media  []PassportMedia `json:"media"`
}

// PassportMedia is what is known of one file of a work.
type PassportMedia struct {
	Kind      string `json:"kind"` // a FileRole: screener, still
	SHA256    string `json:"sha256"`
	Size      int64  `json:"size"` // bytes
	MediaType string `json:"mediaType"`
	Seconds   int    `json:"seconds"` // of a moving picture; 0: not known, or none
}

// PassportOf makes the passport of a work.
func PassportOf(ctx context.Context, db pg.DB, w Work) (Passport, error) {
	p := Passport{Schema: PassportSchema, Film: w.Film}
	var err error
	p.Media, err = pg.Rows[PassportMedia](ctx, db, `
		select x.role as kind, encode(f.sha256, 'hex') as sha256, f.size, f.media_type, coalesce(f.seconds, 0) as seconds
		from work_files x
		join files f on f.id = x.file_id
		where x.work_id = @work and f.state <> 'refused'
		order by x.role, x.position, f.id`,
		pg.Args{"work": w.ID})
	if err != nil {
		return Passport{}, fmt.Errorf("list media of work: %w", err)
	}
	return p, nil
}

// WritePassport writes p as JSON that people can read too.
func WritePassport(w io.Writer, p Passport) error {
	p.Film.tidy()
	if p.Media == nil {
		p.Media = []PassportMedia{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(p); err != nil {
		return fmt.Errorf("write passport: %w", err)
	}
	return nil
}

// ReadPassport reads what WritePassport wrote, or what somebody made to look
// like it. What cannot be kept as it stands is mended or left out, and each
// such change is said; what is no passport is an Invalid problem at the field
// "text". now decides which dates lie in the future.
func ReadPassport(data []byte, now time.Time) (Passport, []Mended, error) {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err := errOfDocument(data); err != nil {
		return Passport{}, nil, err
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return Passport{}, nil, errOfJSON(err, "")
	}
	p := Passport{Schema: PassportSchema, Media: []PassportMedia{}}
	if err := errOfSchema(whole["schema"]); err != nil {
		return Passport{}, nil, err
	}
	film := whole["film"]
	if len(film) == 0 || film[0] != '{' {
		return Passport{}, nil, problem.Field("text", "passport.no-film", "There is no film in this passport.")
	}
	if err := json.Unmarshal(film, &p.Film); err != nil {
		return Passport{}, nil, errOfJSON(err, "film")
	}
	notes := Tame(&p.Film, now)
	if left := Vet(p.Film, now); len(left) > 0 {
		return Passport{}, nil, problem.Field("text", "passport.untamed", "Too much in this passport cannot be kept. It was not read.")
	}
	notes = append(notes, unknownKeys(whole, film)...)
	media, err := readMedia(whole["media"])
	if err != nil {
		return Passport{}, nil, err
	}
	for i, m := range media {
		if !m.known() || i >= maxPassportMedia {
			notes = append(notes, Mended{"media", problem.Say{Key: "passport.media-file", English: "The description of file {{.N}} is not complete; it was left out.", Args: []any{"N", i + 1}}})
			continue
		}
		p.Media = append(p.Media, m)
	}
	return p, notes, nil
}

// errOfDocument refuses what is too large, too deep, or no text.
func errOfDocument(data []byte) error {
	switch {
	case len(data) > MaxPassport:
		return problem.Field("text", "passport.large", "This is more than the passport of a film holds. It was not read.")
	case !utf8.Valid(data):
		return problem.Field("text", "passport.encoding", "This is not text in UTF-8. A passport is; the file may have been damaged on its way.")
	case depth(data) > maxPassportDepth:
		return problem.Field("text", "passport.deep", "This is more deeply nested than any passport. It was not read.")
	}
	return nil
}

// depth is how many lists and objects stand within each other at most.
func depth(data []byte) int {
	now, most, quoted := 0, 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}

// errOfJSON says why JSON could not be read; in is what it was read for.
func errOfJSON(err error, in string) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := strings.Trim(in+"."+wrong.Field, ".")
		if field == "" {
			field = "film"
		}
		return problem.Field("text", "passport.type", "“{{.Field}}” does not hold what belongs there, but another kind of value. The passport was not read.", "Field", field)
	}
	return problem.Field("text", "passport.json", "This is not whole: it breaks off, or something in it was changed by hand. A passport is a JSON document.")
}

var schemaName = regexp.MustCompile(`^laurel-passport/([0-9]{1,4})$`)

func errOfSchema(raw json.RawMessage) error {
	var schema string
	if err := json.Unmarshal(raw, &schema); err != nil {
		schema = ""
	}
	switch m := schemaName.FindStringSubmatch(schema); {
	case schema == PassportSchema:
		return nil
	case m == nil:
		return problem.Field("text", "passport.no-schema", "This is not a passport: it does not say “{{.Schema}}” at “schema”.", "Schema", PassportSchema)
	}
	return problem.Field("text", "passport.schema", "This passport is of a kind that is not known here ({{.Have}}); known is {{.Schema}}. Nothing was read.",
		"Have", schema, "Schema", PassportSchema)
}

var (
	sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)
	plainName = regexp.MustCompile(`^[a-z0-9][a-z0-9.+/-]{0,99}$`)
)

func (m PassportMedia) known() bool {
	return plainName.MatchString(m.Kind) && plainName.MatchString(m.MediaType) && sha256Hex.MatchString(m.SHA256) && m.Size > 0 &&
		m.Seconds >= 0 && m.Seconds <= MaxRuntime
}

func readMedia(raw json.RawMessage) ([]PassportMedia, error) {
	var media []PassportMedia
	if len(raw) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &media); err != nil {
		return nil, errOfJSON(err, "media")
	}
	return media, nil
}

// unknownKeys names what stands in a passport and has no field here.
func unknownKeys(whole map[string]json.RawMessage, film json.RawMessage) []Mended {
	var names []string
	for key := range whole {
		if !slices.Contains([]string{"schema", "film", "media"}, key) {
			names = append(names, key)
		}
	}
	var fields, ours map[string]json.RawMessage
	known, err := json.Marshal(Film{})
	if err != nil || json.Unmarshal(known, &ours) != nil || json.Unmarshal(film, &fields) != nil {
		return nil
	}
	for key := range fields {
		if _, ok := ours[key]; !ok {
			names = append(names, "film."+key)
		}
	}
	slices.Sort(names)
	var notes []Mended
	for _, name := range names[:min(len(names), maxPassportMedia)] {
		new(mender).text(text{"", &name, 100, false})
		notes = append(notes, Mended{"", problem.Say{Key: "passport.unknown", English: "“{{.Name}}” is not known here; it was left out.", Args: []any{"Name", name}}})
	}
	return notes
}
