package media

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A rung is how a film is made for a kind of line. A picture is fitted into the
// box, never enlarged.
type rung struct {
	name   Size
	width  int
	height int
	video  int     // kbit/s at most
	buffer int     // kbit that a moment may take more than that
	audio  int     // kbit/s
	rate   float64 // pictures a second at most
}

// rungs from the lightest: about 400 kbit/s, 1.2 and 3 Mbit/s. The lightest
// holds that whatever the picture is, noise among it: half a segment takes
// (2 * 290 + 150) / 2 kbit/s of picture at most, 64 of sound and about 10 for
// the boxes around them.
var rungs = []rung{{HLS360, 640, 360, 290, 150, 64, 30}, {HLS540, 960, 540, 1100, 1100, 96, 60}, {HLS720, 1280, 720, 2800, 2800, 128, 60}}

// rungsOf leaves out what would only be a film's own size once more: a second
// one serves a good line whatever the size.
func rungsOf(f film) []rung {
	if f.Width <= rungs[1].width && f.Height <= rungs[1].height {
		return rungs[:2]
	}
	return rungs
}

func bestOf(f film) rung {
	all := rungsOf(f)
	return all[len(all)-1]
}

// segmentSeconds is how long a segment plays: players begin with a whole one.
const segmentSeconds = 4

// upright makes the pixels square, deinterlaces and bounds the pictures a
// second.
func upright(f film) string {
	filters := "scale=w=trunc(iw*sar/2)*2:h=trunc(ih/2)*2,setsar=1"
	if f.Interlaced {
		filters = "bwdif=mode=send_frame," + filters
	}
	if f.Rate > 60 {
		filters = "fps=60," + filters
	}
	return filters
}

// graph decodes the picture once and makes every rung's size of it.
func graph(f film, made []rung) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[0:%d]%s,split=%d", f.stream, upright(f), len(made))
	for i := range made {
		fmt.Fprintf(&b, "[s%d]", i)
	}
	for i, r := range made {
		thinned := ""
		if f.Rate > r.rate {
			thinned = fmt.Sprintf("fps=%g,", min(f.Rate, 60)/2)
		}
		fmt.Fprintf(&b, `;[s%d]%sscale=w=min(%d\,iw):h=min(%d\,ih):force_original_aspect_ratio=decrease:force_divisible_by=2[v%d]`, i, thinned, r.width, r.height, i)
	}
	return b.String()
}

// bare leaves out everything that a file holds besides picture and sound: text,
// data, chapters and metadata; and the line of the encoder in the picture.
var bare = []string{"-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-bsf:v", "filter_units=remove_types=6",
	"-flags:v", "+bitexact", "-flags:a", "+bitexact", "-fflags", "+bitexact"}

// encoded is how the i-th picture of the graph, and the sound, are written.
func (r rung) encoded(i int) []string {
	return []string{"-map", fmt.Sprintf("[v%d]", i), "-map", "0:a:0?",
		"-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", fmt.Sprintf("%dk", r.video), "-bufsize", fmt.Sprintf("%dk", r.buffer),
		"-pix_fmt", "yuv420p", "-g", "600", "-sc_threshold", "0", "-force_key_frames", fmt.Sprintf("expr:gte(t,n_forced*%d)", segmentSeconds),
		"-fps_mode", "vfr", "-c:a", "aac", "-b:a", fmt.Sprintf("%dk", r.audio), "-ac", "2", "-ar", "48000"}
}

// transcode writes the rungs, each as one fragmented MP4 with a list beside it:
// one picture and one sound, H.264 and AAC. It tells how far it is, from 0 to 1.
func (t ffmpeg) transcode(ctx context.Context, f film, far func(float64)) error {
	made := rungsOf(f)
	args := append([]string{"-nostdin", "-v", "error", "-progress", "pipe:1", "-stats_period", "1"}, t.fence()...)
	args = append(args, "-filter_complex", graph(f, made))
	for i, r := range made {
		args = append(append(args, r.encoded(i)...), bare...)
		args = append(args, "-f", "hls", "-hls_time", strconv.Itoa(segmentSeconds), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4",
			"-hls_flags", "single_file", "-hls_segment_filename", string(r.name)+".mp4", "file:"+string(r.name)+".m3u8")
	}
	_, err := t.run(ctx, call{limit: t.patience(f), tool: "ffmpeg", args: args, heard: func(line string) {
		if us, ok := strings.CutPrefix(line, "out_time_us="); ok {
			if n, err := strconv.ParseFloat(us, 64); err == nil {
				far(min(max(n/1e6/f.Seconds, 0), 1))
			}
		}
	}})
	return err
}

// patience is how long a tool may take that goes through the whole film.
func (ffmpeg) patience(f film) time.Duration {
	return quick + time.Duration(math.Ceil(f.Seconds))*4*time.Second
}

// join writes the best rung as one plain MP4, for players without script.
func (t ffmpeg) join(ctx context.Context, f film) error {
	return t.rewrap(ctx, t.patience(f), string(bestOf(f).name)+".mp4", t.copyPath())
}

// rewrap writes what was made as one plain MP4 with its index first, and
// nothing but picture and sound.
func (t ffmpeg) rewrap(ctx context.Context, limit time.Duration, from, to string) error {
	args := append([]string{"-nostdin", "-v", "error", "-f", "mov", "-protocol_whitelist", "file", "-i", "file:" + from,
		"-map", "0", "-c", "copy"}, bare...)
	_, err := t.run(ctx, call{limit: limit, tool: "ffmpeg",
		args: append(args, "-movflags", "+faststart", "-f", "mp4", "file:"+to)})
	return err
}
