package pages

import "strconv"

// percent writes a share of 0 to 1 as a coordinate of an SVG drawing.
func percent(share float64) string {
	return strconv.FormatFloat(share*100, 'f', 2, 64) + "%"
}
