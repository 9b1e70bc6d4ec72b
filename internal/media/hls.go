package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// errPlaylist is the error of a list that our own tool did not write.
var errPlaylist = errors.New("a list of segments cannot be read")

// readPlaylist reads the list that ffmpeg writes beside a rendition in pieces.
func readPlaylist(list string) (Playlist, error) {
	var p Playlist
	var next Segment
	for line := range strings.Lines(list) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		var err error
		switch name {
		case "#EXT-X-MAP":
			_, quoted, _ := strings.Cut(value, `BYTERANGE="`)
			p.Init, err = readRange(strings.TrimSuffix(quoted, `"`))
		case "#EXTINF":
			next.Seconds, err = strconv.ParseFloat(strings.TrimSuffix(value, ","), 64)
		case "#EXT-X-BYTERANGE":
			next.Range, err = readRange(value)
			p.Segments = append(p.Segments, next)
		}
		if err != nil {
			return Playlist{}, err
		}
	}
	if p.Init.Length == 0 || len(p.Segments) == 0 {
		return Playlist{}, errPlaylist
	}
	p.weigh()
	return p, nil
}

// readRange reads "length@offset".
func readRange(text string) (Range, error) {
	length, offset, _ := strings.Cut(text, "@")
	l, errL := strconv.ParseInt(length, 10, 64)
	o, errO := strconv.ParseInt(offset, 10, 64)
	if errL != nil || errO != nil || l <= 0 || o < 0 {
		return Range{}, errPlaylist
	}
	return Range{o, l}, nil
}

// weigh says how many bits a second the segments take: at most, by RFC 8216,
// section 4.1, over any that follow each other and play for half to one and a
// half of what a segment should; and all together, which is also the most where
// the whole film is shorter.
func (p *Playlist) weigh() {
	var all float64
	for i, first := range p.Segments {
		var bits, seconds float64
		for _, s := range p.Segments[i:] {
			if bits, seconds = bits+s.bits(), seconds+s.Seconds; seconds > segmentSeconds*1.5 {
				break
			}
			if seconds >= segmentSeconds/2.0 {
				p.Bandwidth = max(p.Bandwidth, int(math.Ceil(bits/seconds)))
			}
		}
		p.Average, all = p.Average+int(first.bits()), all+first.Seconds
	}
	p.Average = int(math.Ceil(float64(p.Average) / max(all, 0.1)))
	p.Bandwidth = max(p.Bandwidth, p.Average)
}

func (s Segment) bits() float64 { return float64(s.Length * 8) }

// codecsOf reads out of the beginning of a fragmented MP4 of ours how its
// picture and its sound are written.
func codecsOf(beginning []byte) (string, error) {
	_, box, ok := bytes.Cut(beginning, []byte("avcC"))
	if !ok || len(box) < 4 {
		return "", errPlaylist
	}
	codecs := fmt.Sprintf("avc1.%02x%02x%02x", box[1], box[2], box[3])
	if bytes.Contains(beginning, []byte("mp4a")) {
		codecs += ",mp4a.40.2"
	}
	return codecs, nil
}

// unsigned is a head in which the box of remarks is free space of the same size.
func unsigned(head []byte) []byte {
	at := bytes.Index(head, []byte("udta"))
	if at < 4 {
		return head
	}
	end := min(at-4+int(binary.BigEndian.Uint32(head[at-4:])), len(head))
	out := bytes.Clone(head)
	copy(out[at:], "free")
	clear(out[at+4 : max(end, at+4)])
	return out
}
