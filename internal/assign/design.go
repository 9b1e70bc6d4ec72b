package assign

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// A Design is how well a division lets jurors be compared, by the additive model
// of scores: entry plus juror plus chance.
type Design struct {
	// Components are the parts that share nothing, as sets of jurors, ascending.
	// Jurors without a viewing are in none.
	Components [][]int
	// Bridges are viewings whose loss would make one component more, by entry and
	// juror ascending.
	Bridges []Place
	// Rank is that of the information matrix of the jurors' severities. It is one
	// less than the jurors who have a viewing if all can be compared.
	Rank int
	// Connectivity is its second smallest eigenvalue (Fiedler 1973), among jurors
	// who have a viewing: 0 if they fall apart, or are fewer than two.
	Connectivity float64
	// Contrast is, by pairs of jurors, the variance of the difference of their
	// severities in units of the variance of one score; -1 where they cannot be
	// compared.
	Contrast [][]float64
	// MeanContrast is its mean over pairs of jurors who can be compared (the
	// A-criterion, Bailey and Cameron 2009); 0 if there is no such pair.
	MeanContrast float64
}

// Measure examines the viewings of a division. given has the jurors of every
// entry; jurors is how many jurors there are. Its eigenvalues are good to about
// 1e-12 of the largest; it takes time in proportion to the cube of jurors.
//
// The information matrix is diag(r) - N' diag(1/k) N, of the loads r, the
// viewings N and how many each entry has, k (Eccleston and Hedayat 1974).
func Measure(given [][]int, jurors int) Design {
	g := newGraph(given, jurors)
	d := Design{Components: g.components, Bridges: g.bridges, Contrast: make([][]float64, jurors)}
	var seated []int
	for j := range jurors {
		d.Contrast[j] = slices.Repeat([]float64{-1}, jurors)
		d.Contrast[j][j] = 0
		if g.home[j] >= 0 {
			seated = append(seated, j)
		}
	}
	d.Rank = len(seated) - len(g.components)
	if len(seated) < 2 {
		return d
	}
	var eigen mat.EigenSym
	eigen.Factorize(information(given, seated, jurors), true)
	values := eigen.Values(nil)
	if len(g.components) == 1 {
		d.Connectivity = values[1]
	}
	d.contrast(g, seated, inverse(&eigen, values, len(g.components)))
	return d
}

// information is the information matrix of the jurors who are seated.
func information(given [][]int, seated []int, jurors int) *mat.SymDense {
	at := make([]int, jurors)
	for i, j := range seated {
		at[j] = i
	}
	c := mat.NewSymDense(len(seated), nil)
	for _, watched := range given {
		for i, a := range watched {
			c.SetSym(at[a], at[a], c.At(at[a], at[a])+1-1/float64(len(watched)))
			for _, b := range watched[:i] {
				c.SetSym(at[a], at[b], c.At(at[a], at[b])-1/float64(len(watched)))
			}
		}
	}
	return c
}

// inverse is the generalised inverse of a matrix with so many eigenvalues 0,
// which come first.
func inverse(eigen *mat.EigenSym, values []float64, zeros int) *mat.Dense {
	var vectors, scaled, product mat.Dense
	eigen.VectorsTo(&vectors)
	scaled.CloneFrom(&vectors)
	for k, v := range values {
		for i := range values {
			if k < zeros {
				scaled.Set(i, k, 0)
			} else {
				scaled.Set(i, k, vectors.At(i, k)/v)
			}
		}
	}
	product.Mul(&scaled, vectors.T())
	return &product
}

// contrast fills in the variances, from the generalised inverse.
func (d *Design) contrast(g graph, seated []int, c *mat.Dense) {
	pairs := 0
	for i, a := range seated {
		for k, b := range seated[:i] {
			if g.home[a] != g.home[b] {
				continue
			}
			v := c.At(i, i) + c.At(k, k) - 2*c.At(i, k)
			d.Contrast[a][b], d.Contrast[b][a] = v, v
			d.MeanContrast += v
			pairs++
		}
	}
	if pairs > 0 {
		d.MeanContrast /= float64(pairs)
	}
}
