package locale

import (
	"context"
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

//go:embed names.json
var namesFile []byte

// names are the countries' and languages' names in one language, by code.
type names struct {
	Countries map[string]string `json:"countries"`
	Languages map[string]string `json:"languages"`
}

var allNames = sync.OnceValue(func() map[Locale]names {
	all := map[Locale]names{}
	if err := json.Unmarshal(namesFile, &all); err != nil {
		panic("locale: names.json: " + err.Error()) // embedded: broken only by us
	}
	return all
})

func namesOf(ctx context.Context) names {
	if Of(ctx) == Persian {
		return allNames()[Persian]
	}
	return allNames()[English]
}

// A Place is a country or a language to choose: what is stored, and its name.
type Place struct {
	Code string
	Name string
}

// NoDialogue is the language of a film in which nobody speaks (ISO 639-2).
const NoDialogue = "zxx"

// Sign is the group of sign languages, and the one that has no code here.
const Sign = "sgn"

var signLanguages = map[string]bool{
	Sign: true, "ase": true, "asf": true, "bfi": true, "bzs": true, "csl": true, "dse": true, "fsl": true,
	"gsg": true, "ils": true, "ins": true, "ise": true, "jsl": true, "kvk": true, "mfs": true, "psc": true,
	"rsl": true, "ssp": true, "tsm": true,
}

// IsSign says whether code is a sign language's.
func IsSign(code string) bool { return signLanguages[code] }

// Country is the name of an ISO 3166-1 alpha-2 code, or the code itself when
// it is not one.
func Country(ctx context.Context, code string) string {
	return named(namesOf(ctx).Countries, allNames()[English].Countries, code)
}

// Language is the name of an ISO 639 code, or the code itself when it is not
// one of ours.
func Language(ctx context.Context, code string) string {
	return named(namesOf(ctx).Languages, allNames()[English].Languages, code)
}

// continents are the five of the United Nations (M49), by the code that the
// CLDR has for them.
var continents = []string{"002", "019", "142", "150", "009"}

// Continent is the M49 code of the continent that a country belongs to, or
// empty for one that belongs to none.
func Continent(country string) string {
	region, err := language.ParseRegion(country)
	if err != nil {
		return ""
	}
	for _, code := range continents {
		if language.MustParseRegion(code).Contains(region) {
			return code
		}
	}
	return ""
}

// ContinentName is the name of a continent that Continent gives.
func ContinentName(ctx context.Context, code string) string {
	switch code {
	case "002":
		return T(ctx, "continent.africa", "Africa")
	case "019":
		return T(ctx, "continent.america", "the Americas")
	case "142":
		return T(ctx, "continent.asia", "Asia")
	case "150":
		return T(ctx, "continent.europe", "Europe")
	case "009":
		return T(ctx, "continent.oceania", "Oceania")
	}
	return code
}

func named(own, english map[string]string, code string) string {
	if name, ok := own[code]; ok {
		return name
	}
	if name, ok := english[code]; ok {
		return name
	}
	return code
}

// CountryNames and LanguageNames name every code in order, for a line of text.
func CountryNames(ctx context.Context, codes []string) string {
	return each(ctx, codes, Country)
}

// LanguageNames is CountryNames for languages.
func LanguageNames(ctx context.Context, codes []string) string {
	return each(ctx, codes, Language)
}

func each(ctx context.Context, codes []string, name func(context.Context, string) string) string {
	all := make([]string, len(codes))
	for i, code := range codes {
		all[i] = name(ctx, code)
	}
	return List(ctx, all)
}

type lists struct{ countries, languages []Place }

var sorted = map[Locale]func() lists{
	English: sync.OnceValue(func() lists { return sortAll(English) }),
	Persian: sync.OnceValue(func() lists { return sortAll(Persian) }),
}

func listsOf(ctx context.Context) lists {
	if Of(ctx) == Persian {
		return sorted[Persian]()
	}
	return sorted[English]()
}

// Countries lists every country in the reader's alphabet. The slice is shared
// and not to be written to.
func Countries(ctx context.Context) []Place { return listsOf(ctx).countries }

// Languages lists the spoken languages in the reader's alphabet, then the sign
// languages, then "no dialogue". The slice is shared and not to be written to.
func Languages(ctx context.Context) []Place { return listsOf(ctx).languages }

func sortAll(l Locale) lists {
	own, english := allNames()[l], allNames()[English]
	c := collate.New(l.tag(), collate.IgnoreCase)
	compare := func(a, b Place) int {
		if d := languageGroup(a.Code) - languageGroup(b.Code); d != 0 {
			return d
		}
		return c.CompareString(a.Name, b.Name)
	}
	all := lists{places(own.Countries, english.Countries), places(own.Languages, english.Languages)}
	slices.SortFunc(all.countries, compare)
	slices.SortFunc(all.languages, compare)
	return all
}

// languageGroup orders spoken languages before signed ones before none. Country
// codes are upper case and all belong to the first group.
func languageGroup(code string) int {
	switch {
	case code == NoDialogue:
		return 3
	case code == Sign:
		return 2
	case IsSign(code):
		return 1
	}
	return 0
}

func places(own, english map[string]string) []Place {
	all := make([]Place, 0, len(english))
	for code := range english {
		all = append(all, Place{code, named(own, english, code)})
	}
	return all
}

// countryAliases are names that people and other systems use besides the
// CLDR's, folded as fold does.
var countryAliases = map[string]string{
	"usa": "US", "us": "US", "u s a": "US", "u s": "US", "united states of america": "US", "america": "US",
	"uk": "GB", "u k": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB",
	"wales": "GB", "northern ireland": "GB", "united kingdom of great britain and northern ireland": "GB",
	"russian federation": "RU", "palestine state of": "PS", "state of palestine": "PS",
	"palestinian territory": "PS", "palestinian territories": "PS", "palestinian territory occupied": "PS",
	"turkey": "TR", "turkiye": "TR", "iran islamic republic of": "IR", "islamic republic of iran": "IR",
	"korea": "KR", "korea republic of": "KR", "republic of korea": "KR", "korea south": "KR", "south korea": "KR",
	"korea democratic people s republic of": "KP", "democratic people s republic of korea": "KP", "korea north": "KP",
	"syrian arab republic": "SY", "lao people s democratic republic": "LA", "lao": "LA",
	"viet nam": "VN", "moldova republic of": "MD", "republic of moldova": "MD",
	"tanzania united republic of": "TZ", "united republic of tanzania": "TZ",
	"bolivia plurinational state of": "BO", "venezuela bolivarian republic of": "VE",
	"macedonia": "MK", "macedonia the former yugoslav republic of": "MK", "republic of north macedonia": "MK",
	"czech republic": "CZ", "swaziland": "SZ", "cabo verde": "CV", "ivory coast": "CI", "burma": "MM",
	"myanmar burma": "MM", "east timor": "TL", "holland": "NL", "the netherlands": "NL", "netherlands antilles": "CW",
	"hong kong sar china": "HK", "macau": "MO", "macao sar china": "MO", "taiwan province of china": "TW",
	"republic of china": "TW", "people s republic of china": "CN", "prc": "CN", "china mainland": "CN",
	"congo": "CG", "republic of the congo": "CG", "congo republic": "CG", "congo the democratic republic of the": "CD",
	"democratic republic of the congo": "CD", "congo democratic republic of the": "CD", "dr congo": "CD", "congo drc": "CD",
	"bosnia": "BA", "bosnia herzegovina": "BA", "vatican": "VA", "holy see": "VA", "holy see vatican city state": "VA",
	"micronesia federated states of": "FM", "brunei darussalam": "BN", "uae": "AE", "emirates": "AE",
	"kyrgyz republic": "KG", "slovak republic": "SK", "republic of ireland": "IE", "eire": "IE",
	"libyan arab jamahiriya": "LY", "the gambia": "GM", "the bahamas": "BS", "the philippines": "PH",
	"curacao": "CW", "reunion": "RE", "saint lucia": "LC", "saint kitts and nevis": "KN",
	"saint vincent and the grenadines": "VC", "saint helena": "SH", "saint martin": "MF", "saint barthelemy": "BL",
	"saint pierre and miquelon": "PM", "pitcairn": "PN", "falkland islands malvinas": "FK",
	"virgin islands british": "VG", "virgin islands u s": "VI", "aland islands": "AX", "republic of kosovo": "XK",
	"deutschland": "DE", "espana": "ES", "italia": "IT", "brasil": "BR", "osterreich": "AT", "suisse": "CH",
}

var languageAliases = map[string]string{
	"farsi": "fa", "persian farsi": "fa", "farsi persian": "fa", "dari persian": "prs", "mandarin": "zh",
	"mandarin chinese": "zh", "chinese mandarin": "zh", "putonghua": "zh", "chinese cantonese": "yue",
	"castilian": "es", "spanish castilian": "es", "bengali": "bn", "bangla": "bn", "hebrew modern": "he",
	"greek modern": "el", "kirghiz": "ky", "flemish": "nl", "sorani": "ckb", "kurmanji": "ku", "kurdish sorani": "ckb",
	"kurdish kurmanji": "ku", "tagalog filipino": "tl", "filipino tagalog": "fil", "panjabi": "pa", "oriya": "or",
	"pushto": "ps", "uighur": "ug", "gaelic": "gd", "irish gaelic": "ga", "bokmal": "nb", "nynorsk": "nn",
	"haitian": "ht", "creole": "ht", "azeri": "az", "serbo croatian": "sr", "moldovan": "ro", "valencian": "ca",
	"romani": "rom", "luxembourgeois": "lb", "chichewa": "ny", "sinhalese": "si", "maori": "mi", "inuit": "iu",
	"none": NoDialogue, "no dialogue": NoDialogue, "no dialog": NoDialogue, "without dialogue": NoDialogue,
	"no language": NoDialogue, "silent": NoDialogue, "not applicable": NoDialogue, "n a": NoDialogue,
	"sign language": Sign, "sign languages": Sign, "asl": "ase", "bsl": "bfi", "lsf": "fsl",
	"british sign": "bfi", "american sign": "ase", "amazigh": "zgh", "berber": "zgh", "tamazight": "zgh",
}

type index struct{ countries, languages map[string]string }

var byName = sync.OnceValue(func() index {
	x := index{map[string]string{}, map[string]string{}}
	for _, l := range []Locale{Persian, English} {
		fillIndex(x.countries, allNames()[l].Countries, countryAliases)
		fillIndex(x.languages, allNames()[l].Languages, languageAliases)
	}
	return x
})

func fillIndex(x, names, aliases map[string]string) {
	for code, name := range names {
		x[fold(code)], x[fold(name)] = code, code
	}
	maps.Copy(x, aliases)
}

// CountryCode finds the code of a country by its English or Persian name, a
// name other systems use ("Korea, Republic of"), or the code itself.
func CountryCode(name string) (code string, ok bool) {
	code, ok = byName().countries[fold(name)]
	return code, ok
}

// LanguageCode is CountryCode for languages: "Farsi" is "fa".
func LanguageCode(name string) (code string, ok bool) {
	code, ok = byName().languages[fold(name)]
	return code, ok
}

// fold makes spellings of one name equal: case, accents and punctuation go.
func fold(name string) string {
	strip := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)))
	if plain, _, err := transform.String(strip, name); err == nil {
		name = plain
	}
	name = strings.ReplaceAll(strings.ToLower(name), "&", " and ")
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}
