package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
)

// makeFilm makes what jurors watch of a screener: rungs for every line, one
// plain copy, a picture out of it, and its subtitles. All but the subtitles and
// the rungs is made from the copy, so that nothing that was stripped comes back.
func (w *Work) makeFilm(ctx context.Context, r *Remake) error {
	folder, done, err := workshop()
	if err != nil {
		return err
	}
	defer done()
	source, err := w.source(ctx, folder)
	if err != nil {
		return err
	}
	defer source.Close()
	tools := ffmpeg{folder: folder, source: source, demuxer: demuxers[w.typed]}
	w.at(Measuring, 0)
	promised, err := tools.probe(ctx)
	if err != nil {
		return err
	}
	copied, err := w.copyFilm(ctx, tools, promised)
	if err != nil {
		return err
	}
	if err := tools.listen(ctx, &promised); err != nil {
		return err
	}
	promised.Seconds = copied.Seconds
	r.Findings, r.seconds, r.width, r.height = &promised.Findings, int(math.Round(copied.Seconds)), copied.Width, copied.Height
	w.at(Keeping, 95)
	if err := w.keepFilm(ctx, r, tools, copied, rungsOf(promised)); err != nil {
		return err
	}
	return w.keepTexts(ctx, r, tools, promised)
}

// copyFilm makes rungs and copy, and holds what is in them against what the
// file promised.
func (w *Work) copyFilm(ctx context.Context, tools ffmpeg, promised film) (film, error) {
	err := tools.transcode(ctx, promised, func(far float64) { w.at(Making, 2+int(far*90)) })
	if err != nil {
		return film{}, err
	}
	if err := tools.join(ctx, promised); err != nil {
		return film{}, err
	}
	copied, err := tools.probeCopy(ctx)
	if err != nil {
		return film{}, err
	}
	if cutShort(promised, copied) {
		return film{}, refusal{unreadable}
	}
	return copied, nil
}

// cutShort says whether much of what the file promises was not in it.
func cutShort(promised, copied film) bool {
	missing := promised.Seconds - copied.Seconds
	return missing > 2 && missing > promised.Seconds/50
}

// keepFilm moves the copy, a picture out of it and the rungs into the store.
func (w *Work) keepFilm(ctx context.Context, r *Remake, tools ffmpeg, copied film, rungs []rung) error {
	still, err := tools.still(ctx, copied)
	if err != nil {
		return err
	}
	if err := w.putJPEG(ctx, r, Poster, still); err != nil {
		return err
	}
	video := Rendition{Name: Video, MediaType: "video/mp4", Width: &copied.Width, Height: &copied.Height}
	if err := w.putFile(ctx, r, video, tools.copyPath()); err != nil {
		return err
	}
	for _, rung := range rungs {
		if err := w.keepRung(ctx, r, tools, rung); err != nil {
			return err
		}
	}
	return nil
}

func (w *Work) keepRung(ctx context.Context, r *Remake, tools ffmpeg, rung rung) error {
	name := filepath.Join(tools.folder, string(rung.name))
	list, err := os.ReadFile(name + ".m3u8")
	if err != nil {
		return err
	}
	p, err := readPlaylist(string(list))
	if err != nil {
		return err
	}
	if p.Codecs, err = begin(name+".mp4", p.Init); err != nil {
		return err
	}
	measured, err := tools.measure(ctx, []string{"-f", "mov", "-protocol_whitelist", "file", "-i", "file:" + name + ".mp4"})
	if err != nil {
		return err
	}
	made := Rendition{Name: rung.name, MediaType: "video/mp4", Width: &measured.Width, Height: &measured.Height, playlist: &p}
	return w.putFile(ctx, r, made, name+".mp4")
}

// begin reads the beginning of a rung, says how it is written, and empties the
// box in which the tool tells of itself, which it does whatever it is told.
func begin(name string, beginning Range) (codecs string, err error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head, err := io.ReadAll(io.NewSectionReader(f, beginning.Offset, beginning.Length))
	if err != nil {
		return "", err
	}
	if _, err := f.WriteAt(unsigned(head), beginning.Offset); err != nil {
		return "", err
	}
	return codecsOf(head)
}

// still is a picture out of the copy, a fifth of the way in.
func (t ffmpeg) still(ctx context.Context, f film) (image.Image, error) {
	raw, err := t.run(ctx, call{limit: quick, tool: "ffmpeg", args: []string{"-nostdin", "-v", "error", "-f", "mov", "-protocol_whitelist", "file,pipe",
		"-ss", fmt.Sprint(int(f.Seconds) / 5), "-i", "file:" + t.copyPath(), "-frames:v", "1", "-an", "-f", "image2pipe", "-c:v", "png", "pipe:1"}})
	if err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, refusal{unreadable}
	}
	return img, nil
}
