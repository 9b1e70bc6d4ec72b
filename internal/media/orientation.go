package media

import (
	"encoding/binary"
	"image"
	"io"
)

// An orientation is how a camera was held, as EXIF counts it: 1 is upright, 0
// is not said.
type orientation int

// sideways says whether width and height change places.
func (o orientation) sideways() bool { return o >= 5 && o <= 8 }

// size is what a picture of bounds b measures once it is upright.
func (o orientation) size(b image.Rectangle) (width, height int) {
	if o.sideways() {
		return b.Dy(), b.Dx()
	}
	return b.Dx(), b.Dy()
}

// upright turns and mirrors a picture as o says.
func (o orientation) upright(img *image.RGBA) *image.RGBA {
	if o < 2 || o > 8 {
		return img
	}
	b := img.Bounds()
	w, h := o.size(b)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fromX, fromY := o.source(x, y, b.Dx(), b.Dy())
			out.SetRGBA(x, y, img.RGBAAt(fromX, fromY))
		}
	}
	return out
}

// source is where the pixel x, y of the upright picture stands in the one of
// w by h pixels that the camera wrote (TIFF 6.0, tag 274).
func (o orientation) source(x, y, w, h int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}

// orientationOf finds the orientation in a JPEG file; anything that is not one,
// or does not say, is 0.
func orientationOf(r io.Reader) orientation {
	var start [2]byte
	if _, err := io.ReadFull(r, start[:]); err != nil || start != [2]byte{0xff, 0xd8} {
		return 0
	}
	for {
		var marker [4]byte
		if _, err := io.ReadFull(r, marker[:]); err != nil || marker[0] != 0xff || marker[1] == 0xda {
			return 0
		}
		segment := make([]byte, max(0, int(binary.BigEndian.Uint16(marker[2:]))-2))
		if _, err := io.ReadFull(r, segment); err != nil {
			return 0
		}
		if marker[1] == 0xe1 && len(segment) > 6 && string(segment[:6]) == "Exif\x00\x00" {
			return orientationTag(segment[6:])
		}
	}
}

// orientationTag reads tag 274 of the first directory of a TIFF structure.
func orientationTag(tiff []byte) orientation {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at > len(tiff)-2 {
		return 0
	}
	entries := int(order.Uint16(tiff[at:]))
	for e := tiff[at+2:]; entries > 0 && len(e) >= 12; entries, e = entries-1, e[12:] {
		if order.Uint16(e) == 274 {
			if o := orientation(order.Uint16(e[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
	}
	return 0
}
