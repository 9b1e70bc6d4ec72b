package tally

import "math/rand/v2"

// A Plan is what a round is to be.
type Plan struct {
	Entries    int
	Jurors     int
	Reviews    int         // an entry
	Minutes    float64     // to watch and score one entry
	Components *Components // last edition's; nil is Defaults
}

// An Outlook is what comes of a plan.
type Outlook struct {
	Least, Most int     // entries a juror, when the load is even
	Hours       float64 // of the juror with the most
	Total       float64 // hours of all jurors together
	// Raw is the expected reliability of the list of raw means, 0 to 1: the share
	// of its differences that is of the entries (generalizability theory's Φ).
	Raw float64
	// Calibrated is that of the calibrated list, 1 − mean(PEV)/σ²u, for reviews
	// dealt out evenly and at random.
	Calibrated float64
	// Needed reviews an entry would make a calibrated list of reliability 0.80; 0
	// when no number does.
	Needed int
}

// A BadPlan says what cannot be planned.
type BadPlan struct{ What string }

func (e *BadPlan) Error() string { return "plan: " + e.What }

// Outlook works out load and expected reliability before anything is judged. The
// error is a *BadPlan or a *BadComponents.
func (p Plan) Outlook() (Outlook, error) {
	c := Defaults
	if p.Components != nil {
		c = *p.Components
	}
	switch {
	case p.Entries < 1 || p.Jurors < 1 || p.Reviews < 1:
		return Outlook{}, &BadPlan{"entries, jurors and reviews are one or more"}
	case p.Reviews > p.Jurors:
		return Outlook{}, &BadPlan{"an entry cannot have more reviews than there are jurors"}
	case !(p.Minutes >= 0 && p.Minutes <= 1e6):
		return Outlook{}, &BadPlan{"minutes are zero or more"}
	case float64(p.Entries)*float64(p.Reviews) > 5e6 || p.Jurors > 5000:
		return Outlook{}, &BadPlan{"too large to plan"}
	}
	reviews := p.Entries * p.Reviews
	o := Outlook{
		Least: reviews / p.Jurors, Most: (reviews + p.Jurors - 1) / p.Jurors,
		Total: float64(reviews) * p.Minutes / 60,
		Raw:   c.Mean(float64(p.Reviews)),
	}
	o.Hours = float64(o.Most) * p.Minutes / 60
	o.Needed, _ = c.ReviewsFor(0.8)
	if p.Reviews == p.Jurors {
		o.Raw = c.MeanCalibrated(float64(p.Reviews)) // all see all: severity moves nobody
	}
	m, err := Fit(p.design(), Options{Given: &c})
	if err != nil {
		return Outlook{}, err
	}
	o.Calibrated, _ = m.Reliability()
	return o, nil
}

// design deals the reviews out evenly at random, from a fixed seed. Errors do not
// depend on the scores, so there are none.
func (p Plan) design() Table {
	t := Table{Entries: p.Entries, Jurors: p.Jurors}
	random := rand.New(rand.NewPCG(1, 1))
	var deck, late []int
	for e := range p.Entries {
		has := map[int]bool{}
		late = late[:0]
		for len(has) < p.Reviews {
			if len(deck) == 0 {
				deck = random.Perm(p.Jurors)
			}
			j := deck[len(deck)-1]
			deck = deck[:len(deck)-1]
			if has[j] {
				late = append(late, j)
				continue
			}
			has[j] = true
			t.Reviews = append(t.Reviews, Review{Entry: e, Juror: j})
		}
		deck = append(deck, late...)
	}
	return t
}
