package factor

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the white border that readers need, in modules (ISO/IEC 18004).
const quiet = 4

// A Picture is a QR code as the outline of its dark modules: the d of an SVG
// path in a square of Size.
type Picture struct {
	Size int
	Path string
}

// Picture draws what an app scans.
func (o Offer) Picture() (Picture, error) {
	code, err := qr.Encode(o.URL, qr.M, qr.Unicode)
	if err != nil {
		return Picture{}, fmt.Errorf("draw QR code: %w", err)
	}
	var path strings.Builder
	size := code.Bounds().Dx()
	dark := func(x, y int) bool { return x < size && color.GrayModel.Convert(code.At(x, y)).(color.Gray).Y < 128 }
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for dark(x, y) {
				x++
			}
			if n := x - from; n > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, n, n)
			}
		}
	}
	return Picture{size + 2*quiet, path.String()}, nil
}
