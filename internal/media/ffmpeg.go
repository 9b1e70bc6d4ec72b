package media

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ffmpeg runs the tools on one film. They are given the one file as an open
// descriptor, the one demuxer that may read it, an empty environment, a folder
// to write in, and limits; where the system allows, no network.
type ffmpeg struct {
	folder  string
	source  *os.File
	demuxer string
}

// decoders are the only ones that are let near a stranger's file. Those of
// subtitles are opened while a file is probed and then never used.
const decoders = "h264,hevc,prores,mpeg4,mpeg2video,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,dnxhd,cfhd,mjpeg,png,qtrle,rawvideo,ffv1," +
	"aac,mp3,mp3float,ac3,eac3,opus,libopus,vorbis,flac,alac,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le," +
	"mov_text,subrip,srt,ass,ssa,webvtt,text"

// A film is what was measured of a moving picture. Pixels are as it is looked
// at: turned upright and with square pixels.
type film struct {
	stream  int // number of the picture's stream
	seconds int // rounded
	width   int
	height  int
}

// maxSide times shortSide is 8K.
const (
	maxSide    = 8192
	shortSide  = 4320
	maxSeconds = 24 * 60 * 60
)

// fence is how every stranger's file is opened.
func (t ffmpeg) fence() []string {
	args := []string{"-f", t.demuxer, "-protocol_whitelist", "file", "-codec_whitelist", decoders}
	if t.demuxer == movFile.demuxer {
		args = append(args, "-enable_drefs", "0", "-use_absolute_path", "0")
	}
	return append(args, "-i", "file:/dev/fd/3")
}

func (t ffmpeg) copyPath() string { return filepath.Join(t.folder, "copy") }

// probe measures the film that has arrived.
func (t ffmpeg) probe(ctx context.Context) (film, error) {
	return t.measure(ctx, t.fence())
}

// probeCopy measures the copy that was made.
func (t ffmpeg) probeCopy(ctx context.Context) (film, error) {
	return t.measure(ctx, []string{"-f", "mov", "-protocol_whitelist", "file", "-i", "file:" + t.copyPath()})
}

const shown = "format=duration:stream=index,codec_type,width,height:stream_disposition=attached_pic"

func (t ffmpeg) measure(ctx context.Context, input []string) (film, error) {
	raw, err := t.run(ctx, quick, "ffprobe", append([]string{"-v", "error", "-show_entries", shown, "-of", "json"}, input...)...)
	if err != nil {
		return film{}, err
	}
	var found probed
	if err := json.Unmarshal(raw, &found); err != nil {
		return film{}, refusal{unreadable}
	}
	return found.film()
}

// probed is ffprobe's answer.
type probed struct {
	Format  struct{ Duration string }
	Streams []struct {
		Index       int
		Type        string `json:"codec_type"`
		Width       int
		Height      int
		Disposition struct {
			Cover int `json:"attached_pic"`
		}
	}
}

// film picks the moving picture and refuses what cannot be one.
func (p probed) film() (film, error) {
	seconds, err := strconv.ParseFloat(p.Format.Duration, 64)
	if err != nil || math.IsNaN(seconds) || seconds < 1 {
		return film{}, refusal{tooShort}
	}
	if seconds > maxSeconds {
		return film{}, refusal{tooLong}
	}
	for _, s := range p.Streams {
		if s.Type != "video" || s.Disposition.Cover == 1 || s.Width == 0 || s.Height == 0 {
			continue
		}
		if max(s.Width, s.Height) > maxSide || min(s.Width, s.Height) > shortSide {
			return film{}, refusal{tooDetailed}
		}
		return film{s.Index, int(math.Round(seconds)), s.Width, s.Height}, nil
	}
	return film{}, refusal{noPicture}
}

// square makes the pixels square and shrink the picture to 720p, never larger
// than it is.
const shrink720 = `scale=w=trunc(iw*sar/2)*2:h=trunc(ih/2)*2,setsar=1,` +
	`scale=w=min(1280\,iw):h=min(720\,ih):force_original_aspect_ratio=decrease:force_divisible_by=2`

// transcode writes the copy that jurors watch: one picture and one sound,
// H.264 and AAC, and nothing else that the file held: no text, data or chapter,
// no metadata, and no line of the encoder in the picture itself.
func (t ffmpeg) transcode(ctx context.Context, f film) error {
	args := append([]string{"-nostdin", "-v", "error"}, t.fence()...)
	args = append(args,
		"-map", "0:"+strconv.Itoa(f.stream), "-map", "0:a:0?",
		"-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn",
		"-vf", shrink720,
		"-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "3500k", "-bufsize", "7000k",
		"-pix_fmt", "yuv420p", "-g", "120", "-bsf:v", "filter_units=remove_types=6",
		"-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000",
		"-flags:v", "+bitexact", "-flags:a", "+bitexact", "-fflags", "+bitexact",
		"-movflags", "+faststart", "-f", "mp4", "file:"+t.copyPath())
	_, err := t.run(ctx, quick+time.Duration(f.seconds)*4*time.Second, "ffmpeg", args...)
	return err
}

// quick is how long a tool may take that does not go through the whole film.
const quick = 5 * time.Minute

// maxOutput is the largest file that a tool may write, in bytes.
const maxOutput = 16 << 30

// run runs a tool within its limits and gives what it printed. A tool that
// fails or is cut off has been given a bad file: that is a refusal. A tool that
// is not there is our fault.
func (t ffmpeg) run(ctx context.Context, limit time.Duration, tool string, args ...string) ([]byte, error) {
	path, err := exec.LookPath(tool)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", tool, err)
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	path, args = bounded(path, args, limit)
	cmd := exec.CommandContext(limited, path, args...)
	var out, said bytes.Buffer
	cmd.Dir, cmd.Env = t.folder, []string{}
	cmd.Stdout, cmd.Stderr = &out, &said
	cmd.ExtraFiles = []*os.File{t.source} // descriptor 3
	cmd.WaitDelay = time.Second
	fenceIn(cmd)
	err = cmd.Run()
	exit, failed := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, refusal{tooSlow}
	case failed && strings.Contains(said.String(), "No space left"):
		return nil, fmt.Errorf("run %s: no space left", tool)
	case failed && exit.ExitCode() != 0:
		return nil, refusal{unreadable}
	}
	return nil, fmt.Errorf("run %s: %w", tool, err)
}

// bounded puts a tool under the limits of prlimit(1), where there is one:
// processor seconds, address space and the size of what it writes.
func bounded(path string, args []string, limit time.Duration) (string, []string) {
	prlimit, err := exec.LookPath("prlimit")
	if err != nil {
		return path, args
	}
	limits := []string{
		"--cpu=" + strconv.Itoa(int(limit.Seconds())*2), "--as=" + strconv.Itoa(6<<30),
		"--fsize=" + strconv.Itoa(maxOutput), "--core=0", "--nofile=64", path,
	}
	return prlimit, append(limits, args...)
}
