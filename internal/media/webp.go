package media

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"

	"laurel/internal/pg"
)

// makePicture makes of a picture what is not made yet: its sizes as JPEG when
// it is being checked, and the same pixels as WebP.
func (w *Work) makePicture(ctx context.Context, r *Remake) error {
	done, err := pg.Value[bool](ctx, w.db, `
		select exists (select from renditions where file_id = @id and name like '%-webp')`,
		pg.Args{"id": w.id})
	if err != nil || done {
		return err
	}
	w.at(Making, 0)
	original, err := OpenOriginal(ctx, w.db, w.vault, w.id)
	if err != nil {
		return err
	}
	defer original.Close()
	versions, width, height, err := versionsOf(ctx, original)
	if err != nil {
		return err
	}
	folder, end, err := workshop()
	if err != nil {
		return err
	}
	defer end()
	r.width, r.height = width, height
	for _, v := range versions {
		if w.state == Checking {
			if err := w.putJPEG(ctx, r, v.name, v.img); err != nil {
				return err
			}
		}
		if err := w.putWebP(ctx, r, folder, v); err != nil {
			return err
		}
	}
	return nil
}

func (w *Work) putJPEG(ctx context.Context, r *Remake, name Size, img image.Image) error {
	content, made, err := jpegOf(name, img)
	if err != nil {
		return err
	}
	key, stored, err := w.put(ctx, content)
	if err != nil {
		return err
	}
	made.BlobKey, made.Size, made.sum = key, stored.Size, stored.SHA256
	r.made = append(r.made, made)
	return nil
}

// putWebP has the tool write pixels of ours; it never sees the file that came.
func (w *Work) putWebP(ctx context.Context, r *Remake, folder string, v version) (err error) {
	pixels, err := os.Create(filepath.Join(folder, "pixels"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pixels.Close()) }()
	if _, err := pixels.Write(v.img.Pix); err != nil {
		return err
	}
	width, height := v.img.Bounds().Dx(), v.img.Bounds().Dy()
	out := filepath.Join(folder, "webp")
	tools := ffmpeg{folder: folder, source: pixels}
	_, err = tools.run(ctx, call{limit: quick, tool: "ffmpeg", args: []string{"-nostdin", "-y", "-v", "error", "-protocol_whitelist", "file",
		"-f", "rawvideo", "-pixel_format", "rgb0", "-video_size", fmt.Sprintf("%dx%d", width, height), "-i", "file:/dev/fd/3",
		"-frames:v", "1", "-c:v", "libwebp", "-quality", "80", "-pix_fmt", "yuv420p", "-fflags", "+bitexact", "-f", "webp", "file:" + out}})
	if err != nil {
		return fmt.Errorf("write WebP: %v", err)
	}
	return w.putFile(ctx, r, Rendition{Name: v.name + WebP, MediaType: "image/webp", Width: &width, Height: &height}, out)
}
