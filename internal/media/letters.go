package media

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	bom "golang.org/x/text/encoding/unicode"

	"laurel/internal/problem"
)

// older are the ways in which the letters of a language were written before
// there was Unicode, and by some programs still are.
var older = []struct {
	encoding  encoding.Encoding
	languages []string
}{
	{charmap.Windows1256, []string{"ar", "fa", "ur", "ps", "ug", "ku", "ckb", "sd"}},
	{charmap.Windows1251, []string{"ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "tg", "mn"}},
	{charmap.Windows1255, []string{"he", "yi"}},
	{charmap.Windows1253, []string{"el"}},
	{charmap.Windows1254, []string{"tr", "az"}},
	{charmap.Windows1250, []string{"pl", "cs", "sk", "hu", "hr", "sl", "bs", "ro", "sq"}},
	{charmap.Windows1257, []string{"et", "lv", "lt"}},
	{charmap.Windows1258, []string{"vi"}},
	{charmap.Windows874, []string{"th"}},
	{japanese.ShiftJIS, []string{"ja"}},
	{korean.EUCKR, []string{"ko"}},
	{simplifiedchinese.GB18030, []string{"zh", "yue"}},
}

// olderOf is how the letters of a language may be written if it is not Unicode.
func olderOf(language string) encoding.Encoding {
	for _, o := range older {
		if slices.Contains(o.languages, language) {
			return o.encoding
		}
	}
	return charmap.Windows1252
}

// readLetters makes text of bytes, whichever way the letters are written: that
// is seen from the bytes, and where they do not tell, from the language.
func readLetters(raw []byte, language string) (string, error) {
	text := string(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	arrow := bytes.Index(raw, []byte("-\x00-\x00>")) // in two bytes for each letter
	var err error
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		text, err = bom.UTF16(bom.BigEndian, bom.ExpectBOM).NewDecoder().String(string(raw))
	case arrow > 0 && arrow%2 == 0:
		text, err = bom.UTF16(bom.LittleEndian, bom.IgnoreBOM).NewDecoder().String(string(raw))
	case arrow > 0:
		text, err = bom.UTF16(bom.BigEndian, bom.IgnoreBOM).NewDecoder().String(string(raw))
	case !utf8.ValidString(text):
		text, err = olderOf(language).NewDecoder().String(string(raw))
	}
	if err != nil || strings.ContainsFunc(text, unlettered) {
		return "", problem.Field("file", "subtitles.letters", "The letters of this file cannot be read. Save it as UTF-8 and send it again.")
	}
	return text, nil
}

// unlettered are signs that no text has: bytes that were taken for something
// else leave them.
func unlettered(r rune) bool {
	return r == utf8.RuneError || r == 0 || unicode.IsControl(r) && r >= 0x7f
}
