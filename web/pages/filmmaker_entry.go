package pages

// FilmmakerDue is when a category closes, in words.
type FilmmakerDue struct {
	Left  string // "23 days left"; empty: closed
	ISO   string
	When  string // "Wed 30 September 2026, 23:59 in Mahabar"
	Yours string // "22:29 where you are (Paris)"; empty when the clocks agree
}

// FilmmakerFile is an uploaded screener or still.
type FilmmakerFile struct {
	Code     string
	Name     string // "Still 1"
	State    string // checking, ready, refused
	Words    string // what it is, or why it was refused
	First    bool
	Last     bool
	Playable bool
}

// FilmmakerConsent is a line of "may be public".
type FilmmakerConsent struct {
	Item  string
	Label string
	Hint  string
	On    bool
}

// FilmFact is an answer in words.
type FilmFact struct {
	Part  string
	Label string
	Value string // may have lines
}
