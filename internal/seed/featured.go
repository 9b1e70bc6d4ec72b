package seed

import (
	"strings"

	"laurel/internal/entry"
	"laurel/internal/festival"
)

// A known film is one that people meet on the demo festival's first pages.
type known struct {
	category           string
	title, own, tongue string
	directors          []word
	countries          string
	minutes            int
	still              string
	quality            float64
	logline            string
}

// known9 are the better known films of the present edition.
var known9 = []known{
	{"documentary", "The Salt Ledger, or How My Father Counted the Sea", `دفترِ نمک، یا پدرم چگونه دریا را می‌شمرد`, "fa",
		[]word{{"سیاوش مهرابادی", "Siavash Mehrabadi"}, {"نور القطّان", "Noor Al-Qattan"}}, "IR KW FR", 27, "skiff", 8.5,
		"For thirty-one years a harbour clerk wrote down every sack of salt that left Bandar-e Sorna. After his death his two children, one on each shore, read the ledger aloud to each other over a bad line, and find a second book hidden in the margins."},
	{"documentary", "The Wind of One Hundred and Twenty Days", "بادِ صد و بیست روزه", "fa", []word{{`گلنار رخشانی‌آزاد`, "Golnar Rakhshani-Azad"}}, "IR BE", 29, "dune", 7.4,
		"From June to October the wind does not stop. A village at the edge of the sand keeps house with it, as one would with a difficult relative."},
	{"documentary", "The Tent Lamp", "چراغِ چادر", "fa", []word{{`کاوه بهمن‌زاده`, "Kaveh Bahmanzadeh"}}, "AF IR", 20, "tent", 7.0,
		"A travelling teacher, one lamp and nineteen pupils: a winter of lessons on the road between two pastures."},
	{"documentary", "Fog Inventory", "Spis mgieł", "pl", []word{{"Tomasz Wielgórzyn", "Tomasz Wielgórzyn"}, {"Hana Ligetvári", "Hana Ligetvári"}}, "PL HU", 24, "valley", 5.6,
		"A meteorologist has catalogued every fog in her valley since 1981. The catalogue has outlived the valley."},
	{"documentary", "Slow Train to Somebody Else’s Wedding", "", "en", []word{{"Arindam Sarbadhi", "Arindam Sarbadhi"}}, "IN BD", 19, "carriage", 7.1,
		"Two days, eleven stops and one uninvited guest: the brass band of a small town travels to play at a wedding."},
	{"hybrid", "Every Lit Window Is a Film I Haven’t Seen", "Işığı Yanan Her Pencere", "tr", []word{{"Deniz Aksoylu", "Deniz Aksoylu"}}, "TR", 9, "block", 7.6,
		"Four hundred windows, filmed over four hundred evenings from a kitchen table."},
	{"hybrid", "Two Reflections", "دو بازتاب", "fa", []word{{"لاله فروهرنیا", "Laleh Foruharnia"}, {"لادن فروهرنیا", "Ladan Foruharnia"}}, "IR", 11, "salt", 7.3,
		"Twin sisters film each other on a salt lake until neither can tell who holds the camera."},
	{"hybrid", "Ember, Ember", "", "en", []word{{"Ruanda Okelo-Vance", "Ruanda Okelo-Vance"}}, "KE GB", 12, "ember", 5.5,
		"A charcoal burner’s songs, set to what is left of the fire."},
	{"hybrid", "Nobody’s Dunes", "Dunas de nadie", "es", []word{{"Lucía Arrabales", "Lucía Arrabales"}}, "CL", 12, "pale-dune", 4.6,
		"A border commission measures a desert that moves nine metres a year."},
	{"animation", "Eleven Metres", "Onze mètres", "fr", []word{{"Théo Marchetanne", "Théo Marchetanne"}}, "FR", 8, "diver", 6.9,
		"A diver, a swimming pool and the longest breath of an afternoon."},
	{"animation", "Wet Neon", "", "en", []word{{"Minh Lê-Tràn", "Minh Lê-Tràn"}}, "VN", 10, "rain", 6.2,
		"A sign painter loses his colours one by one in a season of rain."},
	{"short-fiction", "Where the Wall Keeps Its Warmth", `جایی که دیوار گرمایش را نگه می‌دارد`, "fa", []word{{"پروانه ایزدفر", "Parvaneh Izadfar"}}, "IR", 18, "ridge", 8.1,
		"On the coldest night of the year a girl finds out why her grandmother sleeps with one hand on the wall."},
	{"short-fiction", "The Lineman’s Daughter", "Дочка лінійника", "uk", []word{{"Євгенія Горбатко", "Yevheniya Horbatko"}}, "UA LT", 22, "wires", 7.6,
		"When her father does not come down from the pylon, a girl climbs up to bring him his lunch."},
	{"short-fiction", "Kilometre Nought", "کیلومتر صفر", "fa", []word{{"بهرنگ توسلی", "Behrang Tavassoli"}}, "IR DE", 21, "road", 6.9,
		"A toll collector decides to let one car pass, and then another."},
	{"short-fiction", "Visiting Hours Are Over", "", "en", []word{{"Aoife Brannoch", "Aoife Brannoch"}}, "IE", 17, "ward", 5.8,
		"A ward sister lets one visitor stay, and regrets it by a little after three."},
	{"short-fiction", "Encore for an Empty House", "Bis para una sala vacía", "es", []word{{"Camila Undarraga", "Camila Undarraga"}}, "AR", 13, "curtain", 5.4,
		"The theatre is sold. The prompter asks for one last performance, for the seats."},
	{"short-fiction", "Moonlight Saving Time", "Kuutamoaika", "fi", []word{{"Ilkka Saarnivuo", "Ilkka Saarnivuo"}}, "FI", 15, "tide", 5.7,
		"Once a year the ferryman of a small island gives everybody an hour that the clocks do not know of."},
	{"first-steps", "The House Opposite", `خانهٔ روبه‌رو`, "fa", []word{{"مهسا دلاوریان", "Mahsa Delavarian"}}, "IR", 14, "window", 6.8,
		"A boy who is ill for a whole summer writes the lives of the people across the street, and is corrected by one of them."},
}

// known8 are the better known films of the past edition.
var known8 = []known{
	{"short-fiction", "A Bridge for Two Goats", "پلی برای دو بز", "fa", []word{{"سیاوش مهرابادی", "Siavash Mehrabadi"}}, "IR", 16, "ridge", 8.3,
		"Two shepherds, two goats, one plank. A comedy about who goes first."},
	{"short-fiction", "The Understudy’s Coat", "Płaszcz dublerki", "pl", []word{{"Kalina Sadowierska", "Kalina Sadowierska"}}, "PL", 19, "curtain", 8.6,
		"On the last night of the season the understudy goes on in somebody else’s coat, and finds a letter in it."},
	{"documentary", "What the Lighthouse Was Told", "آنچه به فانوس گفتند", "fa", []word{{"ترانه بندرخواه", "Taraneh Bandarkhah"}, {"زياد الملّاح", "Ziad Al-Mallah"}}, "IR LB", 28, "tide", 8.8,
		"For forty years two keepers spoke every evening by radio and never met. The film listens to the eleven tapes that remain."},
	{"animation", "Seven Ways to Fold the Rain", "비를 접는 일곱 가지 방법", "ko", []word{{"사공 나래", "Narae Sagong"}}, "KR", 7, "rain", 8.4,
		"An umbrella mender, a week of weather, and paper."},
	{"hybrid", "The Ward at Blue Hour", "Синя година", "uk", []word{{"Соломія Вербицька-Сад", "Solomiia Verbytska-Sad"}}, "UA", 13, "ward", 8.1,
		"A hospital corridor between two alarms, filmed by those who wait."},
	{"hybrid", "Third Carriage, Facing Backwards", "", "en", []word{{"Imogen Carrowmore", "Imogen Carrowmore"}}, "GB", 10, "carriage", 7.8,
		"A year of commuting, seen only in the window opposite."},
	{"documentary", "Lanterns for Rent", "فوانيس للإيجار", "ar", []word{{"سلمى زيتونة", "Salma Zeitouneh"}}, "EG", 21, "lantern", 7.9,
		"A street that lives from one month of light prepares for the other eleven."},
}

// add makes submissions of known films whose category is among the given ones.
func (h *house) add(list []known, categories []festival.Category, since int) []*submission {
	var made []*submission
	for _, c := range categories {
		for _, k := range list {
			if k.category != c.Slug {
				continue
			}
			s := &submission{category: c, state: entry.Accepted, screener: true, known: true, quality: k.quality, film: h.film(c)}
			k.describe(&s.film, h.credits(h.tongueOf(k.tongue), c))
			s.stills = []int{h.files.index[k.still], h.files.index[k.still+"-detail"]}
			h.when(s, since)
			made = append(made, s)
		}
	}
	return made
}

// describe says of a film what is known of it, made by a crew.
func (k known) describe(f *entry.Film, crew []entry.Credit) {
	f.Title, f.TitleOriginal, f.LanguageOriginal = k.title, k.own, k.tongue
	if k.own == "" {
		f.TitleOriginal = k.title
	}
	f.Countries, f.Languages, f.Subtitles = strings.Fields(k.countries), []string{k.tongue}, []string{"en"}
	f.Runtime, f.Logline, f.Synopsis, f.Warnings = 60*k.minutes, k.logline, k.logline, ""
	f.Credits = nil
	for _, d := range k.directors {
		f.Credits = append(f.Credits, credit(entry.Director, d))
	}
	for _, c := range crew {
		if c.Role != entry.Director {
			f.Credits = append(f.Credits, c)
		}
	}
	f.StillsBy = f.Credits[len(f.Credits)-1].Latin()
}
