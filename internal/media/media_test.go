package media_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

const canary = "CANARY-35.6892N-Shirin"

func store(t *testing.T) blob.Store {
	t.Helper()
	d, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// picture is red on the left and blue on the right, w by h pixels.
func picture(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.RGBA{B: 255, A: 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func jpegOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// camera adds what a telephone writes: EXIF with an orientation, XMP and a
// comment, all with the canary.
func camera(file []byte, orientation byte) []byte {
	exif := append([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"), orientation, 0, 0, 0, 0, 0, 0, 0)
	out := append([]byte{}, file[:2]...)
	for _, s := range []struct {
		marker byte
		text   []byte
	}{{0xe1, append(exif, canary...)}, {0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00" + canary)}, {0xfe, []byte("<script>" + canary)}} {
		out = append(out, 0xff, s.marker)
		out = binary.BigEndian.AppendUint16(out, uint16(len(s.text)+2))
		out = append(out, s.text...)
	}
	return append(append(out, file[2:]...), "PK\x03\x04 <html>"+canary...)
}

func bytesOf(t *testing.T, s blob.Store, key string) []byte {
	t.Helper()
	f, _, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// renditions are those of a file, the narrowest first.
func renditions(t *testing.T, db pg.DB, id media.ID) []media.Rendition {
	t.Helper()
	all, err := pg.Rows[media.Rendition](t.Context(), db, `
		select file_id, name, media_type, size, blob_key, width, height
		from renditions
		where file_id = @id
		order by width, name`,
		pg.Args{"id": id})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func receive(t *testing.T, tx pgx.Tx, s blob.Store, kind media.Kind, content []byte) media.File {
	t.Helper()
	a, err := media.Receive(t.Context(), s, kind, bytes.NewReader(content), media.MaxStill)
	if err != nil {
		t.Fatal(err)
	}
	f, err := a.Keep(t.Context(), tx, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPictureIsRemadeUpright(t *testing.T) {
	t.Parallel()
	tx, s := pgtest.Tx(t), store(t)
	f := receive(t, tx, s, media.Still, camera(jpegOf(t, picture(1200, 800)), 6))
	if f.State != media.Ready || *f.Width != 800 || *f.Height != 1200 || f.MediaType != "image/jpeg" {
		t.Errorf("got %+v", f)
	}
	made := renditions(t, tx, f.ID)
	got := []string{}
	for _, r := range made {
		content := bytesOf(t, s, r.BlobKey)
		for _, leak := range []string{canary, "Exif", "adobe", "<script>", "<html>"} {
			if bytes.Contains(content, []byte(leak)) {
				t.Errorf("%s holds %q", r.Name, leak)
			}
		}
		img, err := jpeg.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		b := img.Bounds()
		if b.Dx() != *r.Width || b.Dy() != *r.Height || int64(len(content)) != r.Size {
			t.Errorf("%s is %v, its row says %d × %d", r.Name, b, *r.Width, *r.Height)
		}
		if r, _, _, _ := img.At(b.Dx()/2, 5).RGBA(); r < 0xf000 {
			t.Error("the left side of what the camera wrote is not on top")
		}
		got = append(got, string(r.Name)+" "+b.Size().String())
	}
	if want := []string{"w480 (480,720)", "w960 (800,1200)"}; !cmp.Equal(want, got) {
		t.Errorf("got %v", got)
	}
}

func TestEveryOrientation(t *testing.T) {
	t.Parallel()
	s := store(t)
	// the corner where the red side and the top of the upright picture meet is marked
	for orientation, want := range map[byte]string{1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"} {
		tx := pgtest.Tx(t)
		f := receive(t, tx, s, media.Still, camera(jpegOf(t, picture(60, 40)), orientation))
		r := renditions(t, tx, f.ID)[0]
		img, err := jpeg.Decode(bytes.NewReader(bytesOf(t, s, r.BlobKey)))
		if err != nil {
			t.Fatal(err)
		}
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		at := map[string]image.Point{"left": {2, h / 2}, "right": {w - 3, h / 2}, "top": {w / 2, 2}, "bottom": {w / 2, h - 3}}[want]
		if red, _, _, _ := img.At(at.X, at.Y).RGBA(); red < 0xe000 {
			t.Errorf("orientation %d: red is not at the %s of %d × %d", orientation, want, w, h)
		}
	}
}

func TestPictureSizesAreNeverEnlarged(t *testing.T) {
	t.Parallel()
	tx, s := pgtest.Tx(t), store(t)
	for width, want := range map[int][]int{100: {100}, 480: {480}, 500: {480, 500}, 1000: {480, 960, 1000}, 2500: {480, 960, 1920}} {
		f := receive(t, tx, s, media.Hero, pngOf(t, picture(width, 20)))
		got := []int{}
		for _, r := range renditions(t, tx, f.ID) {
			got = append(got, *r.Width)
		}
		if !cmp.Equal(want, got) {
			t.Errorf("%d: got %v", width, got)
		}
	}
}

func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	s := store(t)
	whole := jpegOf(t, picture(200, 200))
	mp4 := append([]byte("\x00\x00\x00\x18ftypmp42"), make([]byte, 100)...)
	for _, c := range []struct {
		name    string
		kind    media.Kind
		content string
		want    string
	}{
		{"0 bytes", media.Still, "", "media.empty"},
		{"text as picture", media.Still, "a picture.jpg", "media.not-a-picture"},
		{"SVG as picture", media.Still, `<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>`, "media.not-a-picture"},
		{"film as picture", media.Still, string(mp4), "media.not-a-picture"},
		{"picture as film", media.Screener, string(whole), "media.not-a-film"},
		{"playlist as film", media.Screener, "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "media.not-a-film"},
		{"concat script as film", media.Screener, "ffconcat version 1.0\nfile /etc/passwd\n", "media.not-a-film"},
		{"cut short", media.Still, string(whole[:len(whole)/2]), "media.unreadable"},
		{"head alone", media.Still, string(whole[:3]), "media.unreadable"},
		{"bomb", media.Still, bomb(), "media.too-many-pixels"},
		{"too large", media.Screener, string(mp4) + strings.Repeat("x", 1<<20), "media.too-large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := media.Receive(t.Context(), s, c.kind, strings.NewReader(c.content), 1<<20)
			p := problem.Of(err)
			if p == nil || p.Kind != problem.Invalid || p.Fields["file"].Key != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// bomb is a small PNG file that says it measures 30,000 by 30,000 pixels.
func bomb() string {
	header := []byte("IHDR\x00\x00\x75\x30\x00\x00\x75\x30\x08\x02\x00\x00\x00")
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(header)))
}

func BenchmarkPicture12MP(b *testing.B) {
	d, err := blob.OpenDir(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	var content bytes.Buffer
	if err := jpeg.Encode(&content, picture(4000, 3000), nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := media.Receive(b.Context(), d, media.Still, bytes.NewReader(content.Bytes()), media.MaxStill); err != nil {
			b.Fatal(err)
		}
	}
}
