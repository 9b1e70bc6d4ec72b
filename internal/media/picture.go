package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // a format that is taken
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // a format that is taken

	"laurel/internal/blob"
	"laurel/internal/problem"
)

// maxPixels is the most that a picture may have: one picture of this size is
// 240 MB while it is decoded.
const maxPixels = 60_000_000

const jpegQuality = 82

// onePicture lets one picture at a time be decoded, so that memory is bounded.
var onePicture = make(chan struct{}, 1)

// remake decodes the picture that has arrived and makes its renditions.
func (a *Arrival) remake(ctx context.Context, store blob.Store) error {
	f, _, err := store.Open(ctx, a.key)
	if err != nil {
		return fmt.Errorf("re-make picture: %w", err)
	}
	defer f.Close()
	versions, width, height, err := versionsOf(ctx, f)
	if refused, ok := errors.AsType[refusal](err); ok {
		return &problem.Problem{Kind: problem.Invalid, Say: refused.Say, Fields: map[string]problem.Say{"file": refused.Say}}
	}
	if err != nil {
		return err
	}
	a.width, a.height = width, height
	for _, v := range versions {
		content, made, err := jpegOf(v.name, v.img)
		if err != nil {
			return err
		}
		made.BlobKey = blob.Key()
		stored, err := store.Put(ctx, made.BlobKey, content)
		if err != nil {
			return fmt.Errorf("keep picture: %w", err)
		}
		made.Size, made.sum = stored.Size, stored.SHA256
		a.made = append(a.made, made)
	}
	return nil
}

// versionsOf reads a picture and makes its sizes, one picture at a time. A
// picture that cannot be read is a refusal.
func versionsOf(ctx context.Context, f io.ReadSeeker) (versions []version, width, height int, err error) {
	select {
	case onePicture <- struct{}{}:
		defer func() { <-onePicture }()
	case <-ctx.Done():
		return nil, 0, 0, ctx.Err()
	}
	img, turn, err := decode(f)
	if err != nil {
		return nil, 0, 0, err
	}
	width, height = turn.size(img.Bounds())
	return shrink(img, turn), width, height, nil
}

// decode reads a picture after looking at its size, and how it is to be turned.
func decode(f io.ReadSeeker) (image.Image, orientation, error) {
	config, _, err := image.DecodeConfig(f)
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return nil, 0, refusal{unreadable}
	}
	if int64(config.Width)*int64(config.Height) > maxPixels {
		return nil, 0, refusal{tooManyPixels}
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, 0, fmt.Errorf("read picture: %w", err)
	}
	turn := orientationOf(f)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, 0, fmt.Errorf("read picture: %w", err)
	}
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, 0, refusal{unreadable}
	}
	return img, turn, nil
}

// A version is one size of a picture.
type version struct {
	name Size
	img  *image.RGBA
}

var widths = []struct {
	name  Size
	width int
}{{W1920, 1920}, {W960, 960}, {W480, 480}}

// shrink makes the sizes of a picture, the widest first, each out of the one
// before and turned upright. None is wider than the picture itself: a size
// that would be has the picture's own width, once.
func shrink(img image.Image, turn orientation) []version {
	var made []version
	own, _ := turn.size(img.Bounds())
	for i, w := range widths {
		if i+1 < len(widths) && own <= widths[i+1].width {
			continue // the next size holds the whole picture already
		}
		width := min(w.width, own)
		if len(made) == 0 {
			made = append(made, version{w.name, turn.upright(scale(img, width, turn))})
		} else {
			made = append(made, version{w.name, scale(made[len(made)-1].img, width, 0)})
		}
	}
	return made
}

// scale makes img so wide, on white, as it will be once turned.
func scale(img image.Image, width int, turn orientation) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if turn.sideways() {
		h = width
		w = max(1, (b.Dx()*width+b.Dy()/2)/b.Dy())
	} else {
		h = max(1, (h*width+w/2)/w)
		w = width
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	if out.Bounds().Size() == b.Size() {
		draw.Draw(out, out.Bounds(), img, b.Min, draw.Over)
	} else {
		draw.BiLinear.Scale(out, out.Bounds(), img, b, draw.Over, nil)
	}
	return out
}

// jpegOf writes a picture as JPEG with nothing but its pixels.
func jpegOf(name Size, img image.Image) (*bytes.Buffer, Rendition, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, Rendition{}, fmt.Errorf("write picture: %w", err)
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	return &b, Rendition{Name: name, MediaType: "image/jpeg", Width: &w, Height: &h}, nil
}
