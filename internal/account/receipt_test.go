package account_test

import (
	"math"
	"strings"
	"testing"

	"laurel/internal/account"
)

// TestReceiptShape: 21 characters of Crockford's 32 in groups of three, nine
// words of the list, and both read back.
func TestReceiptShape(t *testing.T) {
	t.Parallel()
	for range 2000 {
		r := account.NewReceipt()
		groups := strings.Split(r.String(), "-")
		if len(groups) != 7 {
			t.Fatalf("%d groups, want 7: %s", len(groups), r)
		}
		for _, g := range groups {
			if len(g) != 3 || strings.Trim(g, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
				t.Fatalf("group %q of %s", g, r)
			}
		}
		if words := r.Words(); len(words) != 9 {
			t.Fatalf("%d words, want 9: %v", len(words), words)
		}
		for _, written := range waysToWrite(r) {
			if got, ok := account.ReadReceipt(written); !ok || got != r {
				t.Fatalf("%q is read as %v, %t; want %v", written, got, ok, r)
			}
		}
	}
}

// waysToWrite are the ways in which a person may write a code down.
func waysToWrite(r account.Receipt) []string {
	plain := strings.ReplaceAll(r.String(), "-", "")
	return []string{
		r.String(), plain, strings.ToLower(r.String()), " " + strings.ReplaceAll(r.String(), "-", "  ") + "\n",
		strings.NewReplacer("0", "O", "1", "I").Replace(plain), strings.NewReplacer("0", "o", "1", "l").Replace(plain),
		strings.NewReplacer("0", "۰", "1", "۱", "7", "۷", "9", "٩").Replace(plain),
		strings.Join(r.Words(), " "), strings.Join(r.Words(), "-"), strings.ToUpper(strings.Join(r.Words(), ", ")), strings.Join(r.Words(), ""),
	}
}

// TestReceiptEntropy: each of the twenty places takes each of its 32 values
// about equally often (chi-square of 31 degrees of freedom; 90 is passed by
// chance about once in ten million places).
func TestReceiptEntropy(t *testing.T) {
	t.Parallel()
	const n = 20_000
	var seen [20][32]int
	lookups := map[string]bool{}
	for range n {
		r := account.NewReceipt()
		for place, digit := range r {
			seen[place][digit]++
		}
		lookups[r.String()] = true
	}
	if len(lookups) != n {
		t.Errorf("%d of %d codes are there twice", n-len(lookups), n)
	}
	for place, counts := range seen {
		chi, want := 0.0, float64(n)/32
		for _, c := range counts {
			chi += math.Pow(float64(c)-want, 2) / want
		}
		if chi > 90 {
			t.Errorf("place %d: chi-square %.0f", place, chi)
		}
	}
}

// TestReceiptSlips: one wrong character is caught always, and so are two that
// changed places.
func TestReceiptSlips(t *testing.T) {
	t.Parallel()
	const figures = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	for range 100 {
		plain := []byte(strings.ReplaceAll(account.NewReceipt().String(), "-", ""))
		for i := range plain {
			for _, other := range []byte(figures) {
				if slip := with(plain, i, other); other != plain[i] && readable(string(slip)) {
					t.Fatalf("%s is taken though character %d of %s is wrong", slip, i+1, plain)
				}
			}
			for j := range i {
				if slip := with(with(plain, i, plain[j]), j, plain[i]); plain[i] != plain[j] && readable(string(slip)) {
					t.Fatalf("%s is taken though characters %d and %d of %s changed places", slip, j+1, i+1, plain)
				}
			}
		}
	}
}

func with(text []byte, at int, b byte) []byte {
	text = append([]byte{}, text...)
	text[at] = b
	return text
}

func readable(code string) bool {
	_, ok := account.ReadReceipt(code)
	return ok
}

// TestReceiptWordSlips: one word for another is caught, whatever the word.
func TestReceiptWordSlips(t *testing.T) {
	t.Parallel()
	for range 200 {
		words, others := account.NewReceipt().Words(), account.NewReceipt().Words()
		for i, w := range words {
			for _, other := range append(others, "zzz", "") {
				slip := append([]string{}, words...)
				slip[i] = other
				if other != w && strings.ReplaceAll(other, "-", "") != strings.ReplaceAll(w, "-", "") && readable(strings.Join(slip, " ")) {
					t.Fatalf("%v is taken though word %d of %v is wrong", slip, i+1, words)
				}
			}
		}
	}
}

// TestReceiptWordsWithAndWithoutHyphen: one pair of words of the list differs in
// a hyphen alone; the check word tells which was meant.
func TestReceiptWordsWithAndWithoutHyphen(t *testing.T) {
	t.Parallel()
	met := 0
	for met < 4 {
		r := account.NewReceipt()
		all := " " + strings.Join(r.Words(), " ") + " "
		if !strings.Contains(all, " yoyo ") && !strings.Contains(all, " yo-yo ") {
			continue
		}
		met++
		if got, ok := account.ReadReceipt(strings.ReplaceAll(all, "-", "")); !ok || got != r {
			t.Errorf("%s is read as %v, %t", all, got, ok)
		}
	}
}

func TestReceiptRubbish(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "-", "ABC", strings.Repeat("A", 20), strings.Repeat("U", 21), strings.Repeat("é", 21), "correct horse battery staple", strings.Repeat("abacus ", 8), strings.Repeat("zoom ", 100), "سلام"} {
		if readable(typed) {
			t.Errorf("%q is taken for a code", typed)
		}
	}
}
