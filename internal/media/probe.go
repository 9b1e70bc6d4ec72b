package media

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// probed is ffprobe's answer.
type probed struct {
	Format  struct{ Duration string }
	Streams []stream
}

// A stream is a part of a film: its picture, a sound, a text or data.
type stream struct {
	Index       int
	Type        string `json:"codec_type"`
	Codec       string `json:"codec_name"`
	Width       int
	Height      int
	Aspect      string `json:"sample_aspect_ratio"`
	Fields      string `json:"field_order"`
	Transfer    string `json:"color_transfer"`
	Pixels      string `json:"pix_fmt"`
	Bits        string `json:"bits_per_raw_sample"`
	Rate        string `json:"avg_frame_rate"`
	Channels    int
	Disposition struct {
		Cover int `json:"attached_pic"`
	}
	Tags struct{ Language string }
	Side []struct{ Rotation float64 } `json:"side_data_list"`
}

// maxTexts is how many tracks of text of one film are looked at.
const maxTexts = 16

// film picks the moving picture and refuses what cannot be one.
func (p probed) film() (film, error) {
	seconds, err := strconv.ParseFloat(p.Format.Duration, 64)
	if err != nil || math.IsNaN(seconds) || seconds < 1 {
		return film{}, refusal{tooShort}
	}
	if seconds > maxSeconds {
		return film{}, refusal{tooLong}
	}
	at := slices.IndexFunc(p.Streams, stream.moves)
	if at < 0 {
		return film{}, refusal{noPicture}
	}
	s := p.Streams[at]
	if max(s.Width, s.Height) > maxSide || min(s.Width, s.Height) > shortSide {
		return film{}, refusal{tooDetailed}
	}
	f := film{Findings: s.findings(), stream: s.Index}
	f.Seconds = seconds
	for _, s := range p.Streams {
		f.add(s)
	}
	return f, nil
}

// moves says whether a stream is a moving picture.
func (s stream) moves() bool {
	return s.Type == "video" && s.Disposition.Cover == 0 && s.Width > 0 && s.Height > 0
}

// findings are what there is to say of a picture.
func (s stream) findings() Findings {
	w, h := s.upright()
	return Findings{
		Video: s.Codec, Width: w, Height: h, Rate: math.Round(ratio(s.Rate, "/")*1000) / 1000,
		Interlaced: slices.Contains([]string{"tt", "bb", "tb", "bt"}, s.Fields),
		HDR:        s.Transfer == "smpte2084" || s.Transfer == "arib-std-b67",
		Bits:       s.depth(),
	}
}

// add notes a stream of sound or text.
func (f *film) add(s stream) {
	switch s.Type {
	case "audio":
		if f.Tracks++; f.Tracks == 1 {
			f.Audio, f.Channels = s.Codec, s.Channels
		}
	case "subtitle":
		f.Subtitles++
		if len(f.texts) < maxTexts && slices.Contains(textCodecs, s.Codec) {
			f.texts = append(f.texts, text{s.Index, languageOf(s.Tags.Language)})
		}
	}
}

// textCodecs are subtitles made of letters. Others are pictures.
var textCodecs = []string{"mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text"}

// upright is the picture's size with square pixels and turned as it is looked at.
func (s stream) upright() (width, height int) {
	w, h := s.Width, s.Height
	if shape := ratio(s.Aspect, ":"); shape > 0 {
		w = int(float64(w)*shape) / 2 * 2
	}
	for _, side := range s.Side {
		if math.Mod(math.Abs(side.Rotation), 180) == 90 {
			return h, w
		}
	}
	return w, h
}

// depth is the number of bits of each colour.
func (s stream) depth() int {
	if bits, err := strconv.Atoi(s.Bits); err == nil && bits > 0 {
		return bits
	}
	for _, deep := range []int{10, 12, 14, 16} {
		if strings.HasSuffix(s.Pixels, strconv.Itoa(deep)+"le") || strings.HasSuffix(s.Pixels, strconv.Itoa(deep)+"be") {
			return deep
		}
	}
	return 8
}

// ratio reads "25/1" or "16:15"; what is none is 0.
func ratio(text, by string) float64 {
	over, under, _ := strings.Cut(text, by)
	a, errA := strconv.ParseFloat(over, 64)
	b, errB := strconv.ParseFloat(under, 64)
	if errA != nil || errB != nil || b == 0 || math.IsNaN(a/b) || math.IsInf(a/b, 0) {
		return 0
	}
	return a / b
}

// languageOf makes of the three letters of a container the code that people's
// own subtitles have.
func languageOf(tag string) string {
	parsed, err := language.Parse(tag)
	base, sure := parsed.Base()
	if err != nil || sure == language.No {
		return ""
	}
	return base.String()
}
