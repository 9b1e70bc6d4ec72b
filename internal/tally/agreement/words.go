package agreement

// A Grade is a figure of agreement in a word.
type Grade string

// Grades of Krippendorff's alpha, by his own conventions (2004, Content
// Analysis, section 11.4): from 0.8 firm, from 2/3 tentative. Below, what the
// scores say about entries rests on having several of them; juries that judge by
// taste usually stand there, between 0.2 and 0.6.
const (
	Firm      Grade = "firm"
	Tentative Grade = "tentative"
	Low       Grade = "low"
	NoneAtAll Grade = "none" // zero or below: no more than chance
)

// Grades of intraclass correlations (Koo and Li 2016): from 0.9, 0.75 and 0.5.
const (
	Excellent Grade = "excellent"
	Good      Grade = "good"
	Moderate  Grade = "moderate"
	Poor      Grade = "poor"
)

// AlphaGrade puts alpha into a word.
func AlphaGrade(alpha float64) Grade {
	switch {
	case alpha >= 0.8:
		return Firm
	case alpha >= 0.667:
		return Tentative
	case alpha > 0:
		return Low
	}
	return NoneAtAll
}

// ICCGrade puts an intraclass correlation into a word. It is one of a single
// review or of a mean of several, and the word holds for that only.
func ICCGrade(icc float64) Grade {
	switch {
	case icc >= 0.9:
		return Excellent
	case icc >= 0.75:
		return Good
	case icc >= 0.5:
		return Moderate
	}
	return Poor
}
