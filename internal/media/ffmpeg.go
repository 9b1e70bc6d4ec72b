package media

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ffmpeg runs the tools on one film. They are given the one file as an open
// descriptor, the one demuxer that may read it, an empty environment, a folder
// to write in, and limits; where the system allows, no network and no other file.
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

// A film is what was found in a file that plays.
type film struct {
	Findings
	stream int    // number of the picture's stream
	texts  []text // its subtitles
}

// A text is a track of subtitles in a film.
type text struct {
	stream   int
	language string // ISO 639; empty: not said
}

// maxSide times shortSide is 8K.
const (
	maxSide    = 8192
	shortSide  = 4320
	maxSeconds = 24 * 60 * 60
)

// fence is how every stranger's file is opened.
func (t ffmpeg) fence() []string {
	args := []string{"-threads", "4", "-f", t.demuxer, "-protocol_whitelist", "file", "-codec_whitelist", decoders}
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

const shown = "format=duration:stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,field_order,color_transfer,pix_fmt," +
	"bits_per_raw_sample,avg_frame_rate,channels:stream_disposition=attached_pic:stream_tags=language:stream_side_data=rotation"

func (t ffmpeg) measure(ctx context.Context, input []string) (film, error) {
	raw, err := t.run(ctx, call{limit: quick, tool: "ffprobe", args: append([]string{"-v", "error", "-show_entries", shown, "-of", "json"}, input...)})
	if err != nil {
		return film{}, err
	}
	var found probed
	if err := json.Unmarshal(raw, &found); err != nil {
		return film{}, refusal{unreadable}
	}
	return found.film()
}

// quick is how long a tool may take that does not go through the whole film.
const quick = 5 * time.Minute

// maxOutput is the largest file that a tool may write, in bytes.
const maxOutput = 16 << 30

// A call is one run of a tool.
type call struct {
	limit  time.Duration
	tool   string
	args   []string
	output int64             // bytes of the largest file that it may write; 0: maxOutput
	heard  func(line string) // is told each line of what the tool prints, instead of run's caller
	said   *bytes.Buffer     // takes what the tool says besides; may be nil
}

// run runs a tool within its limits and gives what it printed. A tool that
// fails or is cut off has been given a bad file: that is a refusal. A tool that
// is not there, or that somebody else ended, is our fault.
func (t ffmpeg) run(ctx context.Context, c call) ([]byte, error) {
	tool, err := exec.LookPath(c.tool)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", c.tool, err)
	}
	limited, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	path, args := bounded(tool, c)
	cmd := exec.CommandContext(limited, path, args...)
	var out bytes.Buffer
	if c.said == nil {
		c.said = new(bytes.Buffer)
	}
	cmd.Dir, cmd.Env = t.folder, []string{}
	cmd.Stdout, cmd.Stderr = &out, &bounds{w: c.said, left: maxSaid}
	if c.heard != nil {
		cmd.Stdout = &lines{heard: c.heard}
	}
	cmd.ExtraFiles = []*os.File{t.source} // descriptor 3
	cmd.WaitDelay = time.Second
	fenceIn(cmd)
	behindWall(cmd, t.folder, tool)
	if err := cmd.Run(); err != nil {
		return nil, whose(ctx, limited, c, err)
	}
	return out.Bytes(), nil
}

// whose fault it is that a tool failed: the file's, which is a refusal, or ours.
func whose(ctx, limited context.Context, c call, err error) error {
	exit, failed := errors.AsType[*exec.ExitError](err)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil, failed && diedOf(exit, syscall.SIGXCPU):
		return refusal{tooSlow}
	case failed && diedOf(exit, syscall.SIGKILL):
		return fmt.Errorf("run %s: it was killed", c.tool)
	case failed && exit.ExitCode() == wallFailed:
		return fmt.Errorf("run %s: no wall: %s", c.tool, c.said)
	case failed && strings.Contains(c.said.String(), "No space left"):
		return fmt.Errorf("run %s: no space left", c.tool)
	case failed && strings.Contains(c.said.String(), "Cannot allocate memory"):
		return refusal{tooHeavy}
	case failed:
		return refusal{unreadable}
	}
	return fmt.Errorf("run %s: %w", c.tool, err)
}

func diedOf(exit *exec.ExitError, signal syscall.Signal) bool {
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == signal
}

// memory is the address space that a tool may have: enough to read 8K.
const memory = 6 << 30

// bounded puts a tool under the limits of prlimit(1) and behind everybody else
// with nice(1), where there are such: processor seconds, address space, the
// size of what it writes, and how many files it has open.
func bounded(path string, c call) (string, []string) {
	args := c.args
	if prlimit, err := exec.LookPath("prlimit"); err == nil {
		cpu, output := int(c.limit.Seconds())*4, c.output
		if output == 0 {
			output = maxOutput
		}
		args = append([]string{
			fmt.Sprintf("--cpu=%d:%d", cpu, cpu+5), "--as=" + strconv.Itoa(memory),
			"--fsize=" + strconv.FormatInt(output, 10), "--core=0", "--nofile=64", path,
		}, args...)
		path = prlimit
	}
	if nice, err := exec.LookPath("nice"); err == nil {
		path, args = nice, append([]string{"-n", "10", path}, args...)
	}
	return path, args
}

// maxSaid is how much of what a tool complains about is kept, in bytes.
const maxSaid = 1 << 20

// bounds keeps the first bytes that are written to it and drops the rest.
type bounds struct {
	w    io.Writer
	left int
}

func (b *bounds) Write(p []byte) (int, error) {
	part := p[:min(len(p), b.left)]
	b.left -= len(part)
	if _, err := b.w.Write(part); err != nil {
		return 0, err
	}
	return len(p), nil
}

// lines tells each whole line that is written to it.
type lines struct {
	heard func(string)
	rest  []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		l.heard(string(line))
		l.rest = rest
	}
}
