package seed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/web/static"
)

// screener is 22 seconds of sea and hills: what every juror of the demo
// festival gets to watch. It stands for films of any length: its own is not kept.
//
//go:embed screener.mp4
var screener []byte

const (
	screenerWidth  = 720
	screenerHeight = 390
)

// The same film in pieces, for a thin and for a better line, each with where
// its pieces are; and its subtitles.
//
//go:embed screener-360.mp4 screener-360.json screener-540.mp4 screener-540.json screener.vtt
var pieces embed.FS

// rungs are the renditions in pieces, with their sizes.
var rungs = []struct {
	name          media.Size
	file          string
	width, height int
}{{media.HLS360, "screener-360", 640, 346}, {media.HLS540, "screener-540", screenerWidth, screenerHeight}}

// stillNames are the pictures of web/static/img that can be a film's still.
var stillNames = []string{
	"skiff", "ridge", "salt", "wires", "window", "block", "road", "tent", "dune", "ember", "lantern", "rain",
	"tide", "valley", "ward", "carriage", "curtain", "diver", "pale-dune",
}

// pictures are files whose bytes are kept and of which no row speaks yet.
type pictures struct {
	arrived []media.Arrival // the hero, then one for each of names
	names   []string        // stillNames, then what was cut out of them
	film    [2]string       // keys of the screener as it arrived and as it is played
	poster  string
	size    int64    // of the poster
	pieces  []string // keys of the rungs, then of the subtitles
}

// receive sends the festival's pictures the way a filmmaker's go.
func receive(ctx context.Context, store blob.Store) (pictures, error) {
	var p pictures
	hero, err := receiveOne(ctx, store, media.Hero, "hero")
	if err != nil {
		return p, err
	}
	p.arrived = append(p.arrived, hero)
	for _, name := range stillNames {
		a, err := receiveOne(ctx, store, media.Still, name)
		if err != nil {
			return p, err
		}
		p.arrived, p.names = append(p.arrived, a), append(p.names, name)
	}
	for _, name := range stillNames {
		cut, err := detail(name)
		if err != nil {
			return p, err
		}
		a, err := media.Receive(ctx, store, media.Still, bytes.NewReader(cut), media.MaxStill)
		if err != nil {
			return p, fmt.Errorf("receive detail of %s: %w", name, err)
		}
		p.arrived, p.names = append(p.arrived, a), append(p.names, name+"-detail")
	}
	return p, p.putFilm(ctx, store)
}

func receiveOne(ctx context.Context, store blob.Store, kind media.Kind, name string) (media.Arrival, error) {
	body, err := static.Read("img/" + name + ".jpg")
	if err != nil {
		return media.Arrival{}, fmt.Errorf("read %s: %w", name, err)
	}
	a, err := media.Receive(ctx, store, kind, bytes.NewReader(body), media.MaxStill)
	if err != nil {
		return media.Arrival{}, fmt.Errorf("receive %s: %w", name, err)
	}
	return a, nil
}

// detail is another framing of a picture, seen in a mirror.
func detail(name string) ([]byte, error) {
	body, err := static.Read("img/" + name + ".jpg")
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	whole, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", name, err)
	}
	b := whole.Bounds()
	w, h := b.Dx()*5/8, b.Dy()*5/8
	part := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(part, part.Bounds(), whole, image.Pt(b.Dx()/6, b.Dy()/5), draw.Src)
	for y := range h {
		for x := range w / 2 {
			l, r := part.RGBAAt(x, y), part.RGBAAt(w-1-x, y)
			part.SetRGBA(x, y, r)
			part.SetRGBA(w-1-x, y, l)
		}
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, part, &jpeg.Options{Quality: 90})
	return out.Bytes(), err
}

func (p *pictures) putFilm(ctx context.Context, store blob.Store) error {
	for i := range p.film {
		key := blob.Key()
		if _, err := store.Put(ctx, key, bytes.NewReader(screener)); err != nil {
			return fmt.Errorf("put the screener: %w", err)
		}
		p.film[i] = key
	}
	frame, err := static.Read("img/skiff.jpg")
	if err != nil {
		return fmt.Errorf("read the poster: %w", err)
	}
	key := blob.Key()
	if _, err := store.Put(ctx, key, bytes.NewReader(frame)); err != nil {
		return fmt.Errorf("put the poster: %w", err)
	}
	p.poster, p.size = key, int64(len(frame))
	for _, name := range []string{"screener-360.mp4", "screener-540.mp4", "screener.vtt"} {
		content, err := pieces.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		key := blob.Key()
		if _, err := store.Put(ctx, key, bytes.NewReader(content)); err != nil {
			return fmt.Errorf("put %s: %w", name, err)
		}
		p.pieces = append(p.pieces, key)
	}
	return nil
}

// discard deletes the bytes of pictures that no row speaks of.
func (p pictures) discard(ctx context.Context, store blob.Store) error {
	ctx = context.WithoutCancel(ctx)
	var err error
	for _, a := range p.arrived {
		err = errors.Join(err, a.Discard(ctx, store))
	}
	for _, key := range append([]string{p.film[0], p.film[1], p.poster}, p.pieces...) {
		if key != "" {
			err = errors.Join(err, store.Delete(ctx, key))
		}
	}
	return err
}

// keep writes the pictures and the film down as files of the demo's filmmaker,
// who has to see them; the others' entries share them.
func (p pictures) keep(ctx context.Context, tx pgx.Tx, owner int64) (files, error) {
	f := files{index: map[string]int{}}
	for i, name := range p.names {
		f.index[name] = i
	}
	for i, a := range p.arrived {
		whose := &owner
		if i == 0 {
			whose = nil // the call's picture is the festival's
		}
		kept, err := a.Keep(ctx, tx, whose)
		switch {
		case err != nil:
			return f, err
		case i == 0:
			f.hero = kept.ID
		default:
			f.stills = append(f.stills, kept.ID)
		}
	}
	var err error
	f.screener, err = p.keepFilm(ctx, tx, owner)
	return f, err
}

func (p pictures) keepFilm(ctx context.Context, tx pgx.Tx, owner int64) (media.ID, error) {
	sum := sha256.Sum256(screener)
	id, err := pg.Value[media.ID](ctx, tx, `
		insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key, width, height)
		values (@code, @owner, 'screener', 'ready', 'video/mp4', @size, @sum, @key, @width, @height)
		returning id`,
		pg.Args{
			"code": account.Code(), "owner": owner, "size": len(screener), "sum": sum[:], "key": p.film[0],
			"width": screenerWidth, "height": screenerHeight,
		})
	if err != nil {
		return 0, fmt.Errorf("keep the screener: %w", err)
	}
	return id, p.keepRenditions(ctx, tx, id)
}

// keepRenditions writes down what is shown of the film: whole, as a picture, in
// pieces and with subtitles.
func (p pictures) keepRenditions(ctx context.Context, tx pgx.Tx, id media.ID) error {
	rows := [][]any{
		{int64(id), string(media.Video), "video/mp4", int64(len(screener)), p.film[1], screenerWidth, screenerHeight, nil},
		{int64(id), string(media.Poster), "image/jpeg", p.size, p.poster, 1184, 640, nil},
	}
	for i, r := range rungs {
		list, err := pieces.ReadFile(r.file + ".json")
		if err != nil {
			return fmt.Errorf("read pieces: %w", err)
		}
		content, err := pieces.ReadFile(r.file + ".mp4")
		if err != nil {
			return fmt.Errorf("read pieces: %w", err)
		}
		rows = append(rows, []any{int64(id), string(r.name), "video/mp4", int64(len(content)), p.pieces[i], r.width, r.height, json.RawMessage(list)})
	}
	err := fill(ctx, tx, "renditions", []string{"file_id", "name", "media_type", "size", "blob_key", "width", "height", "playlist"}, rows)
	if err != nil {
		return err
	}
	text, err := pieces.ReadFile("screener.vtt")
	if err != nil {
		return fmt.Errorf("read subtitles: %w", err)
	}
	sum := sha256.Sum256(text)
	return fill(ctx, tx, "subtitles", []string{"file_id", "number", "language", "cues", "seconds", "size", "sha256", "blob_key"}, [][]any{
		{int64(id), 1, "en", 3, 20, int64(len(text)), sum[:], p.pieces[len(rungs)]},
	})
}
