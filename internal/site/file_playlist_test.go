package site

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"laurel/internal/media"
)

// A readPiece is a piece as a reader of RFC 8216 finds it.
type readPiece struct {
	uri           string
	offset, bytes int64
	seconds       float64
}

// readPieces reads a media playlist by the rules of RFC 8216 that a player
// relies on, and by nothing of ours: each line is a tag that is known here, in a
// place where it may stand.
func readPieces(t *testing.T, list []byte) (init readPiece, pieces []readPiece) {
	t.Helper()
	lines := bufio.NewScanner(bytes.NewReader(list))
	if !lines.Scan() || lines.Text() != "#EXTM3U" { // 4.3.1.1
		t.Fatal("the first line is not #EXTM3U")
	}
	once, next, ended := map[string]string{}, readPiece{seconds: -1}, false
	for lines.Scan() {
		line := lines.Text()
		if ended {
			t.Fatalf("%q after the end", line)
		}
		tag, value, _ := strings.Cut(line, ":")
		switch tag {
		case "#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-PLAYLIST-TYPE", "#EXT-X-INDEPENDENT-SEGMENTS":
			if _, twice := once[tag]; twice || len(pieces) > 0 {
				t.Fatalf("%s stands twice or too late", tag)
			}
			once[tag] = value
		case "#EXT-X-MAP": // 4.3.2.5
			init = readMap(t, value)
		case "#EXTINF": // 4.3.2.1
			seconds, title, comma := strings.Cut(value, ",")
			n, err := strconv.ParseFloat(seconds, 64)
			if err != nil || !comma || title != "" || next.seconds >= 0 {
				t.Fatalf("%q", line)
			}
			next.seconds = n
		case "#EXT-X-BYTERANGE": // 4.3.2.2
			next.bytes, next.offset = readRange(t, value)
		case "#EXT-X-ENDLIST": // 4.3.3.4
			ended = true
		default:
			if strings.HasPrefix(line, "#") || line == "" || next.seconds < 0 || next.bytes == 0 {
				t.Fatalf("%q is not expected here", line)
			}
			next.uri = line
			pieces, next = append(pieces, next), readPiece{seconds: -1}
		}
	}
	holdTags(t, once, pieces, ended && next.seconds < 0)
	return init, pieces
}

func holdTags(t *testing.T, once map[string]string, pieces []readPiece, whole bool) {
	t.Helper()
	version, err := strconv.Atoi(once["#EXT-X-VERSION"])
	if err != nil || version < 6 { // section 7: EXT-X-MAP without I-frames needs 6
		t.Errorf("version %q", once["#EXT-X-VERSION"])
	}
	target, err := strconv.Atoi(once["#EXT-X-TARGETDURATION"])
	if err != nil || once["#EXT-X-PLAYLIST-TYPE"] != "VOD" || !whole {
		t.Errorf("tags %v, ended %v", once, whole)
	}
	for _, p := range pieces {
		if math.Round(p.seconds) > float64(target) { // 4.3.3.1
			t.Errorf("a piece of %f s in a list for %d s", p.seconds, target)
		}
	}
}

// readRange reads "n@o"; the offset is not left out where pieces of several
// lists share a blob.
func readRange(t *testing.T, value string) (length, offset int64) {
	t.Helper()
	if n, err := fmt.Sscanf(value, "%d@%d", &length, &offset); n != 2 || err != nil || fmt.Sprintf("%d@%d", length, offset) != value {
		t.Fatalf("range %q", value)
	}
	return length, offset
}

// readMap reads the attributes of EXT-X-MAP, both of which are quoted strings.
func readMap(t *testing.T, value string) readPiece {
	t.Helper()
	uri, rest, ok := strings.Cut(strings.TrimPrefix(value, `URI="`), `",BYTERANGE="`)
	if !ok || !strings.HasSuffix(rest, `"`) {
		t.Fatalf("map %q", value)
	}
	p := readPiece{uri: uri}
	p.bytes, p.offset = readRange(t, strings.TrimSuffix(rest, `"`))
	return p
}

// A list names every byte of the blob once, in order, with the time it plays.
func TestPlaylistOfPieces(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(25, 8216))
	for range 200 {
		rung := media.Rung{Name: media.HLS360, Playlist: media.Playlist{Init: media.Range{Length: 600 + dice.Int64N(900)}}}
		at, plays := rung.Playlist.Init.Length, 0.0
		for range dice.IntN(40) {
			s := media.Segment{Range: media.Range{Offset: at, Length: 1 + dice.Int64N(9_000_000)}, Seconds: dice.Float64() * 11}
			rung.Playlist.Segments = append(rung.Playlist.Segments, s)
			at, plays = at+s.Length, plays+s.Seconds
		}
		init, pieces := readPieces(t, piecePlaylist(rung))
		end := init.offset + init.bytes
		if init.uri != "hls-360" || init.offset != 0 || len(pieces) != len(rung.Playlist.Segments) {
			t.Fatalf("%+v and %d pieces of %d", init, len(pieces), len(rung.Playlist.Segments))
		}
		for _, p := range pieces {
			if p.offset != end || p.uri != "hls-360" {
				t.Fatalf("a piece of %s at %d, and the last ended at %d", p.uri, p.offset, end)
			}
			end, plays = end+p.bytes, plays-p.seconds
		}
		if end != at || math.Abs(plays) > 0.001 {
			t.Fatalf("%d bytes of %d, %f s too few", end, at, plays)
		}
	}
}

func TestPlaylistOfRenditions(t *testing.T) {
	t.Parallel()
	list := string(masterPlaylist([]media.Rung{
		{Name: media.HLS360, Width: 640, Height: 360, Playlist: media.Playlist{Codecs: "avc1.42c01e,mp4a.40.2", Bandwidth: 450_000, Average: 390_000}},
		{Name: media.HLS720, Width: 1280, Height: 720, Playlist: media.Playlist{Codecs: "avc1.64001f,mp4a.40.2", Bandwidth: 2_900_000, Average: 2_100_000}},
	}))
	const want = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=450000,AVERAGE-BANDWIDTH=390000,CODECS="avc1.42c01e,mp4a.40.2",RESOLUTION=640x360
hls-360.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2900000,AVERAGE-BANDWIDTH=2100000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720
hls-720.m3u8
`
	if list != want {
		t.Errorf("got\n%s", list)
	}
}
