package main

import (
	"regexp"
	"strconv"

	"laurel/internal/upload"
)

// room is the configuration of how much is taken of the files that people send.
type room struct {
	MaxScreener  string `name:"max-screener" env:"LAUREL_MAX_SCREENER" default:"20GB" placeholder:"SIZE" help:"The greatest film that is taken, as 20GB. Default: 20GB."`
	WorkQuota    string `name:"work-quota" env:"LAUREL_WORK_QUOTA" default:"60GB" placeholder:"SIZE" help:"How much all files of one film may have together, those on their way among them; 0: no limit. Default: 60GB."`
	MediaQuota   string `name:"media-quota" env:"LAUREL_MEDIA_QUOTA" default:"0" placeholder:"SIZE" help:"How much all files of all films may have together; 0: as much as the disk holds. Default: 0."`
	MediaReserve string `name:"media-reserve" env:"LAUREL_MEDIA_RESERVE" default:"2GB" placeholder:"SIZE" help:"How much of the disk on which files arrive stays free: an upload that would not leave it is not begun. Default: 2GB."`
}

// limits reads the sizes.
func (r *room) limits() (upload.Limits, error) {
	var l upload.Limits
	for _, s := range []struct {
		text           string
		to             *int64
		variable, flag string
		least          int64
	}{
		{r.MaxScreener, &l.Screener, "LAUREL_MAX_SCREENER", "--max-screener", 1},
		{r.WorkQuota, &l.Work, "LAUREL_WORK_QUOTA", "--work-quota", 0},
		{r.MediaQuota, &l.All, "LAUREL_MEDIA_QUOTA", "--media-quota", 0},
		{r.MediaReserve, &l.Reserve, "LAUREL_MEDIA_RESERVE", "--media-reserve", 0},
	} {
		n, ok := size(s.text)
		if !ok || n < s.least {
			return l, wrong(s.variable, s.flag, "a size such as 20GB or 500MB")
		}
		*s.to = n
	}
	return l, nil
}

var sizeShape = regexp.MustCompile(`^([0-9]{1,9})(|kB|MB|GB|TB)$`)

var units = map[string]int64{"": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}

// size is a number of bytes as people write it; ok is false for anything else.
func size(text string) (bytes int64, ok bool) {
	m := sizeShape.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	return n * units[m[2]], err == nil && n <= 1e6*1e12/units[m[2]]
}
