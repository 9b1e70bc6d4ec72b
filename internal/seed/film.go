package seed

import (
	"fmt"
	"slices"
	"time"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
)

// A submission is a film on its way into an edition.
type submission struct {
	film      entry.Film
	category  festival.Category
	owner     account.ID // 0: an account is made for its director
	state     entry.State
	reason    string // of a refusal or a withdrawal
	created   time.Time
	submitted time.Time // zero for a draft
	stills    []int     // into files.stills
	screener  bool
	known     bool
	withheld  []entry.Item // what its makers did not agree to
	quality   float64      // what a fair jury would give on average, 1 to 10

	id     entry.ID
	number int
}

// speakers is how often a language comes, out of their sum.
var speakers = []struct {
	code  string
	share int
}{
	{"fa", 150}, {"ar", 58}, {"en", 62}, {"uk", 22}, {"ru", 20}, {"ko", 30}, {"fr", 32}, {"es", 32}, {"tr", 20},
	{"de", 18}, {"it", 16}, {"pt", 15}, {"pl", 16}, {"ja", 13}, {"fi", 11},
}

// tongueOf is a language's people and titles.
func (h *house) tongueOf(code string) tongue {
	i := slices.IndexFunc(h.tongues, func(t tongue) bool { return t.code == code })
	return h.tongues[i]
}

// tongue is a language by chance that has a title left.
func (h *house) tongue() tongue {
	sum := 0
	for _, s := range speakers {
		sum += s.share
	}
	n := h.r.IntN(sum)
	for _, s := range speakers {
		if n -= s.share; n < 0 {
			t := h.tongueOf(s.code)
			if _, left := t.title(h.told[t.code]); left {
				return t
			}
			break
		}
	}
	return h.tongueOf("fa")
}

// title takes the next title of a language that no film has yet.
func (h *house) title(t tongue) word {
	for {
		w, ok := t.title(h.told[t.code])
		h.told[t.code]++
		if !ok {
			return word{fmt.Sprintf("Untitled %d", h.told[t.code]), fmt.Sprintf("Untitled %d", h.told[t.code])}
		}
		if !h.taken[w.latin] {
			h.taken[w.latin] = true
			return w
		}
	}
}

// film is a film by chance that meets a category's rules.
func (h *house) film(c festival.Category) entry.Film {
	t := h.tongue()
	title := h.title(t)
	f := entry.Film{
		Title: title.latin, TitleOriginal: title.own, LanguageOriginal: original(t),
		Logline: h.logline(), Runtime: h.runtime(c), Completed: h.completed(), Form: form(c),
		Countries: h.countries(t), Languages: h.languages(t, c),
		Credits: h.crew(t, c), Student: c.Slug == "first-steps",
		AspectRatio: pick(h.r, []string{"1.85 : 1", "1.66 : 1", "2.39 : 1", "4 : 3", "16 : 9"}),
		FrameRate:   pick(h.r, []string{"24", "24", "25", "25", "30"}), Sound: pick(h.r, []string{"Stereo", "5.1", "5.1"}),
		Colour: pick(h.r, []string{"Colour", "Colour", "Colour", "Black and white"}), Shown: pick(h.r, []entry.Shown{entry.NotShown, entry.NotShown, entry.ShownInPublic, entry.ShownOnline}),
	}
	f.Synopsis = f.Logline + " " + pick(h.r, h.phrases["turn"])
	if f.Student {
		f.School = pick(h.r, []string{"Mahabar School of Art", "Atelier Demi-Lune", "The Harbour Workshop", "Sorna Film Course"})
	}
	if slices.ContainsFunc(f.Languages, func(code string) bool { return code != "en" && code != entry.NoDialogue }) {
		f.SubtitleTracks = inEnglish()
	}
	if chance(h.r, 8) {
		f.Warnings = pick(h.r, []string{"A drowning is described, not shown.", "Strobing light.", "Sounds of explosions.", "An animal dies of old age."})
	}
	f.StillsBy = f.Credits[len(f.Credits)-1].Latin()
	h.further(&f)
	return f
}

// inEnglish are the subtitles that most films come with.
func inEnglish() []entry.SubtitleTrack {
	return []entry.SubtitleTrack{{Language: "en", How: entry.BurnedIn}}
}

// original is the language of a film's own title when it says more than the
// English one.
func original(t tongue) string {
	if t.code == "fi" {
		return "" // several languages of the north stand together
	}
	return t.code
}

func (h *house) logline() string {
	return pick(h.r, h.phrases["who"]) + " " + pick(h.r, h.phrases["does"]) + "."
}

func (h *house) runtime(c festival.Category) int {
	most := 30 * 60
	if rule, ok := c.Rule(festival.RuntimeMax); ok {
		most = *rule.Seconds
	}
	least := 4 * 60
	if c.Slug == "documentary" {
		least = 9 * 60
	}
	return least + h.r.IntN(most-least)
}

// completed is a month of the last year and a half.
func (h *house) completed() string {
	return h.today.AddDate(0, -2-h.r.IntN(14), 0).Format("2006-01")
}

func form(c festival.Category) entry.Form {
	switch c.Slug {
	case "documentary":
		return entry.Documentary
	case "animation":
		return entry.Animation
	case "hybrid":
		return entry.Hybrid
	}
	return entry.Fiction
}

func (h *house) countries(t tongue) []string {
	list := []string{pick(h.r, t.countries)}
	for chance(h.r, 22) && len(list) < 4 {
		other := pick(h.r, []string{"FR", "DE", "BE", "QA", "NO", "NL", "CA", "IR", "GB", "LT", "ES", "TR"})
		if !slices.Contains(list, other) {
			list = append(list, other)
		}
	}
	return list
}

func (h *house) languages(t tongue, c festival.Category) []string {
	switch {
	case c.Slug == "animation" && chance(h.r, 40), chance(h.r, 4):
		return []string{entry.NoDialogue}
	case t.code == "fi":
		return []string{pick(h.r, []string{"fi", "et", "sv", "nb"})}
	case chance(h.r, 12):
		if other := pick(h.r, []string{"en", "ar", "fr", "ku", "tr"}); other != t.code {
			return []string{t.code, other}
		}
	}
	return []string{t.code}
}

// credits name the people of a film; the director is the first, and who took
// the pictures the last.
func (h *house) credits(t tongue, c festival.Category) []entry.Credit {
	roles := []entry.Role{entry.Director}
	if chance(h.r, 14) {
		roles = append(roles, entry.Director)
	}
	roles = append(roles, entry.Writer, entry.Producer)
	switch {
	case c.Slug == "animation":
		roles = append(roles, entry.AnimationRole, entry.AnimationRole)
	case c.Slug != "documentary":
		roles = append(roles, entry.Cast, entry.Cast)
	}
	roles = append(roles, entry.Editing, entry.SoundDesign)
	if chance(h.r, 60) {
		roles = append(roles, entry.Music)
	}
	roles = append(roles, entry.Photography)
	credits := make([]entry.Credit, len(roles))
	for i, role := range roles {
		credits[i] = credit(role, h.somebody(t))
	}
	return credits
}

// crew are the credits of a film, which is a first one now and then.
func (h *house) crew(t tongue, c festival.Category) []entry.Credit {
	credits := h.credits(t, c)
	if chance(h.r, 30) {
		for i := range credits {
			credits[i].First = credits[i].Role == entry.Director
		}
	}
	return credits
}

// somebody is a name out of a tongue that none of the festival's own people has.
func (h *house) somebody(t tongue) word {
	for {
		if w := t.person(h.r); !h.own[w.latin] && !related(w.latin) {
			return w
		}
	}
}

func credit(role entry.Role, name word) entry.Credit {
	c := entry.Credit{Role: role, Name: name.own}
	if name.own != name.latin {
		c.NameLatin = name.latin
	}
	return c
}
