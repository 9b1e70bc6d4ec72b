package entry_test

import (
	"slices"
	"strings"
	"testing"

	"laurel/internal/entry"
	"laurel/internal/festival"
)

func TestEveryKindOfAnswer(t *testing.T) {
	t.Parallel()
	options := []string{"Yes", "No", "After the premiere"}
	for _, x := range []struct {
		kind  festival.QuestionKind
		typed string // options with a | between them
		want  string
		wrong bool
	}{
		{kind: festival.AsksText, typed: "  In a café \t", want: "In a café"},
		{kind: festival.AsksText, typed: strings.Repeat("ا", 300), want: strings.Repeat("ا", 300)},
		{kind: festival.AsksText, typed: strings.Repeat("a", 301), wrong: true},
		{kind: festival.AsksText, typed: "two\nlines", wrong: true},
		{kind: festival.AsksText, typed: "turned \u202e txt.exe", wrong: true},
		{kind: festival.AsksText, typed: "bell \a", wrong: true},
		{kind: festival.AsksText, typed: "=1+1", want: "=1+1"},
		{kind: festival.AsksText, typed: "   "},
		{kind: festival.AsksLong, typed: "one\r\n\r\ntwo", want: "one\n\ntwo"},
		{kind: festival.AsksLong, typed: strings.Repeat("a", 5000), want: strings.Repeat("a", 5000)},
		{kind: festival.AsksLong, typed: strings.Repeat("a", 5001), wrong: true},
		{kind: festival.AsksNumber, typed: "12", want: "12"},
		{kind: festival.AsksNumber, typed: " ۱۲٫۵ ", want: "12.5"},
		{kind: festival.AsksNumber, typed: "-0042,50", want: "-42.5"},
		{kind: festival.AsksNumber, typed: "-0", want: "0"},
		{kind: festival.AsksNumber, typed: "0.125", want: "0.125"},
		{kind: festival.AsksNumber, typed: "1500.125", want: "1500.125"},
		{kind: festival.AsksNumber, typed: "12 000", want: "12000"},
		{kind: festival.AsksNumber, typed: "1,500", wrong: true}, // a thousand and a half, or one and a half
		{kind: festival.AsksNumber, typed: "1e9", wrong: true},
		{kind: festival.AsksNumber, typed: "NaN", wrong: true},
		{kind: festival.AsksNumber, typed: "1234567890123", wrong: true},
		{kind: festival.AsksNumber, typed: "twelve", wrong: true},
		{kind: festival.AsksDate, typed: "2026-03-14", want: "2026-03-14"},
		{kind: festival.AsksDate, typed: "۲۰۳۱/۳/۴", want: "2031-03-04"},
		{kind: festival.AsksDate, typed: "2026-02-30", wrong: true},
		{kind: festival.AsksDate, typed: "2026-03", wrong: true},
		{kind: festival.AsksDate, typed: "soon", wrong: true},
		{kind: festival.AsksLink, typed: "https://example.org/a?b=c", want: "https://example.org/a?b=c"},
		{kind: festival.AsksLink, typed: "javascript:alert(1)", wrong: true},
		{kind: festival.AsksLink, typed: "example.org", wrong: true},
		{kind: festival.AsksLink, typed: "https://me:secret@example.org", wrong: true},
		{kind: festival.AsksLink, typed: "https://example.org/" + strings.Repeat("a", 1000), wrong: true},
		{kind: festival.AsksChoice, typed: "No", want: "No"},
		{kind: festival.AsksChoice, typed: "no", wrong: true},
		{kind: festival.AsksChoice, typed: "Yes|No", wrong: true},
		{kind: festival.AsksChoice, typed: ""},
		{kind: festival.AsksSeveral, typed: "After the premiere|Yes|Yes", want: "Yes|After the premiere"},
		{kind: festival.AsksSeveral, typed: "Yes|Perhaps", wrong: true},
		{kind: festival.AsksSeveral, typed: ""},
	} {
		q := festival.FormQuestion{Code: "one", Kind: x.kind}
		if x.kind.HasOptions() {
			q.Options = options
		}
		got, err := entry.VetReply(q, strings.Split(x.typed, "|"))
		if (err != nil) != x.wrong || strings.Join(got, "|") != x.want {
			t.Errorf("%s %.40q: got %.40q, %v; want %.40q, wrong %v", x.kind, x.typed, got, err, x.want, x.wrong)
		}
		if again, err := entry.VetReply(q, got); err != nil && !x.wrong || !slices.Equal(again, got) {
			t.Errorf("%s %.40q: what is kept reads %.40q the second time, %v", x.kind, got, again, err)
		}
	}
}

// TestQuestionsFollowAnswers: a question is asked when the one before it is
// asked and so answered, through any number of questions.
func TestQuestionsFollowAnswers(t *testing.T) {
	t.Parallel()
	follows := func(id int64, on festival.QuestionID) festival.FormQuestion {
		return festival.FormQuestion{ID: festival.QuestionID(id), IfQuestionID: &on, IfAnswer: "yes"}
	}
	all := []festival.FormQuestion{{ID: 1}, follows(2, 1), follows(3, 2), {ID: 4}, follows(5, 4)}
	for given := range 1 << 5 { // every set of answers
		says := func(id festival.QuestionID) bool { return given&(1<<(id-1)) != 0 }
		var got []festival.QuestionID
		for _, q := range festival.Asked(all, func(id festival.QuestionID) []string {
			if says(id) {
				return []string{"no", "yes"}
			}
			return nil
		}) {
			got = append(got, q.ID)
		}
		want := []festival.QuestionID{1}
		if says(1) {
			want = append(want, 2)
		}
		if says(1) && says(2) {
			want = append(want, 3)
		}
		want = append(want, 4)
		if says(4) {
			want = append(want, 5)
		}
		if !slices.Equal(got, want) {
			t.Errorf("answers %05b: asked %v, want %v", given, got, want)
		}
	}
}
