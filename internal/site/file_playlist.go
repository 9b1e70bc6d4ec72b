package site

import (
	"bytes"
	"fmt"
	"math"

	"laurel/internal/media"
)

// playlistType is what RFC 8216 calls its playlists.
const playlistType = "application/vnd.apple.mpegurl"

// masterPlaylist lists the renditions of a film from which a player chooses, by
// RFC 8216, section 4.3.4.2: the one for slow lines first, with which players
// begin.
func masterPlaylist(ladder []media.Rung) []byte {
	var b bytes.Buffer
	b.WriteString("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n")
	for _, r := range ladder {
		fmt.Fprintf(&b, "#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,CODECS=%q,RESOLUTION=%dx%d\n%s.m3u8\n",
			r.Playlist.Bandwidth, r.Playlist.Average, r.Playlist.Codecs, r.Width, r.Height, r.Name)
	}
	return b.Bytes()
}

// piecePlaylist says where in its one blob each piece of a rendition lies and
// how long it plays, by RFC 8216, section 4.3: byte ranges, so that pieces need
// no files and no names of their own.
func piecePlaylist(r media.Rung) []byte {
	p, longest := r.Playlist, 1.0
	for _, s := range p.Segments {
		longest = max(longest, s.Seconds)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%d\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n", int(math.Ceil(longest)))
	fmt.Fprintf(&b, "#EXT-X-MAP:URI=%q,BYTERANGE=\"%d@%d\"\n", string(r.Name), p.Init.Length, p.Init.Offset)
	for _, s := range p.Segments {
		fmt.Fprintf(&b, "#EXTINF:%.5f,\n#EXT-X-BYTERANGE:%d@%d\n%s\n", s.Seconds, s.Length, s.Offset, r.Name)
	}
	b.WriteString("#EXT-X-ENDLIST\n")
	return b.Bytes()
}
