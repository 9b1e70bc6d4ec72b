package entry

import (
	"regexp"
	"slices"
	"strings"

	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
)

// How long an answer may be, in letters.
const (
	MaxShortReply = 300
	MaxLongReply  = 5000
	maxLinkReply  = 1000
)

// VetReply reads what was typed as the answer to a question and gives it in
// the form in which it is kept. Nothing typed is no answer. What cannot be
// kept is a problem at the question's field.
func VetReply(q festival.FormQuestion, typed []string) ([]string, error) {
	if q.Kind.HasOptions() {
		return vetOptions(q, typed)
	}
	answer := strings.TrimSpace(strings.ReplaceAll(strings.Join(typed, ""), "\r\n", "\n"))
	if answer == "" {
		return nil, nil
	}
	limit := map[festival.QuestionKind]int{festival.AsksLong: MaxLongReply, festival.AsksLink: maxLinkReply}[q.Kind]
	if limit == 0 {
		limit = MaxShortReply
	}
	v := findings{}
	v.text(text{q.Field(), &answer, limit, q.Kind == festival.AsksLong})
	if len(v) > 0 {
		return nil, refuse(v)
	}
	var err error
	switch q.Kind {
	case festival.AsksNumber:
		answer, err = plainNumber(q, answer)
	case festival.AsksDate:
		answer, err = plainDay(q, answer)
	case festival.AsksLink:
		if !webAddress(answer) {
			err = problem.Field(q.Field(), "film.link", "Write a web address that begins with http:// or https://.")
		}
	case festival.AsksText, festival.AsksLong, festival.AsksChoice, festival.AsksSeveral:
	}
	if err != nil {
		return nil, err
	}
	return []string{answer}, nil
}

// vetOptions puts chosen options into the order in which they are offered.
func vetOptions(q festival.FormQuestion, typed []string) ([]string, error) {
	chosen := slices.DeleteFunc(slices.Clone(typed), func(option string) bool { return option == "" })
	for _, option := range chosen {
		if !slices.Contains(q.Options, option) {
			return nil, problem.Field(q.Field(), "film.choice", "Choose one of the answers in the list.")
		}
	}
	if q.Kind == festival.AsksChoice && len(chosen) > 1 {
		return nil, problem.Field(q.Field(), "reply.one", "Choose one answer.")
	}
	var value []string
	for _, option := range q.Options {
		if slices.Contains(chosen, option) {
			value = append(value, option)
		}
	}
	return value, nil
}

var (
	number    = regexp.MustCompile(`^(-?)0*([0-9]{1,12})(?:[.,]([0-9]{1,6}))?$`)
	thousands = regexp.MustCompile(`^-?[1-9][0-9]{0,2}[.,][0-9]{3}$`)
	spaces    = regexp.MustCompile(`[\s\x{a0}\x{202f}]`)
)

// plainNumber reads a number in any digits, with a point or a comma before the
// decimals. A comma or point before exactly three figures can mean two
// numbers, and is asked back.
func plainNumber(q festival.FormQuestion, answer string) (string, error) {
	plain := strings.NewReplacer("−", "-", "٫", ".").Replace(spaces.ReplaceAllString(locale.ASCII(answer), ""))
	m := number.FindStringSubmatch(plain)
	switch {
	case m == nil:
		return "", problem.Field(q.Field(), "reply.number", "Write a number in figures, such as 1500 or 2.5.")
	case thousands.MatchString(plain):
		return "", problem.Field(q.Field(), "reply.number-grouped", "This can be read as two numbers. Write thousands without a mark, such as 1500, and decimals such as 1.5.")
	}
	whole, decimals := m[2], strings.TrimRight(m[3], "0")
	if decimals != "" {
		whole += "." + decimals
	}
	if whole == "0" {
		return whole, nil
	}
	return m[1] + whole, nil
}

// plainDay reads a day with its month and year.
func plainDay(q festival.FormQuestion, answer string) (string, error) {
	d, ok := ParseDate(locale.ASCII(answer))
	if !ok || !d.First.Equal(d.Last) {
		return "", problem.Field(q.Field(), "reply.day", "Write a day with month and year, in the Gregorian calendar: 2026-11-30.")
	}
	return d.First.Format("2006-01-02"), nil
}

// VetPlain says what is wrong with the characters of a text that others will
// read, at the field of a form; how long it may be is another's to say.
func VetPlain(field, value string, lines bool) error {
	value = strings.ReplaceAll(value, "\r\n", "\n")
	v := findings{}
	v.text(text{field, &value, len(value), lines})
	return refuse(v)
}
