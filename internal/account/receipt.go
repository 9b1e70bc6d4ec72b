package account

import (
	"crypto/rand"
	_ "embed" // the words
	"math/big"
	"slices"
	"strings"
	"unicode"

	"laurel/internal/locale"
)

// A Receipt is a code that a person keeps on paper or in mind: 100 random bits
// as twenty digits of five bits each. It is written with a check character
// behind it, or as words with a check word behind them.
type Receipt [20]byte

// NewReceipt makes one. Every value is as likely as any other.
func NewReceipt() Receipt {
	var r Receipt
	rand.Read(r[:])
	for i := range r {
		r[i] &= 31
	}
	return r
}

// figures are Crockford's 32, which leave out I, L, O and U
// (https://www.crockford.com/base32.html).
const figures = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// misread gives figures that a hand may write or an eye may see for others.
var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// String is the code in seven groups of three characters, the last of which
// checks the others.
func (r Receipt) String() string {
	var b strings.Builder
	for i, digit := range append(r[:], r.check()) {
		if i > 0 && i%3 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(figures[digit])
	}
	return b.String()
}

// check is a sum over the field of 32 elements in which each place has a factor
// of its own: one wrong character changes it, and so do any two that changed
// places. (Reed and Solomon, 1960; the field is that of x^5 + x^2 + 1.)
func (r Receipt) check() byte {
	var sum byte
	for _, digit := range r {
		if sum = (sum ^ digit) << 1; sum > 31 {
			sum ^= 0b100101
		}
	}
	return sum
}

// Lookup is the part that finds a code among others: 25 bits.
func (r Receipt) Lookup() int32 {
	var n int32
	for _, digit := range r[:5] {
		n = n<<5 | int32(digit)
	}
	return n
}

// secret is the part that is kept only as a slow hash: 75 bits.
func (r Receipt) secret() string {
	var b strings.Builder
	for _, digit := range r[5:] {
		b.WriteByte(figures[digit])
	}
	return b.String()
}

// ReadReceipt reads a code however it was written: in small letters, with
// spaces, hyphens or none, with O for 0 and I or L for 1, with Persian figures,
// or in words. ok is false for what cannot be a code: nothing is looked up then.
func ReadReceipt(typed string) (r Receipt, ok bool) {
	if len(typed) > 400 {
		return Receipt{}, false
	}
	plain := strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToUpper(c)
		}
		return -1
	}, locale.ASCII(typed))
	if len(plain) == len(r)+1 {
		return readFigures(misread.Replace(plain))
	}
	return readWords(strings.ToLower(plain))
}

func readFigures(plain string) (r Receipt, ok bool) {
	for i := range r {
		digit := strings.IndexByte(figures, plain[i])
		if digit < 0 {
			return Receipt{}, false
		}
		r[i] = byte(digit)
	}
	return r, plain[len(r)] == figures[r.check()]
}

// The words are the large list of the Electronic Frontier Foundation, 7,776 of
// them, in words.txt; words-licence.txt says under which terms. None begins with
// another, so that they can be told apart without spaces.
//
//go:embed words.txt
var wordList string

var words = strings.Fields(wordList)

// factors make the check word differ when one word does: none of them shares a
// divisor with the number of words.
var factors = [8]int64{1, 5, 7, 11, 13, 17, 19, 23}

// Words is the code in nine words, the last of which checks the others.
func (r Receipt) Words() []string {
	list := make([]string, len(factors), len(factors)+1)
	n, base, rest := r.number(), big.NewInt(int64(len(words))), new(big.Int)
	var sum int64
	for i := len(factors) - 1; i >= 0; i-- {
		n.DivMod(n, base, rest)
		sum += factors[i] * rest.Int64()
		list[i] = words[rest.Int64()]
	}
	return append(list, words[sum%int64(len(words))])
}

func (r Receipt) number() *big.Int {
	n := new(big.Int)
	for _, digit := range r {
		n.Lsh(n, 5).Or(n, big.NewInt(int64(digit)))
	}
	return n
}

func readWords(plain string) (Receipt, bool) {
	var found []int64
	for plain != "" {
		i, length := wordAt(plain)
		if length == 0 || len(found) > len(factors) {
			return Receipt{}, false
		}
		found, plain = append(found, int64(i)), plain[length:]
	}
	if len(found) != len(factors)+1 {
		return Receipt{}, false
	}
	if r, ok := fromWords(found); ok {
		return r, true
	}
	return fromTwins(found)
}

// fromTwins tries the one pair of words that differs in a hyphen alone.
func fromTwins(found []int64) (Receipt, bool) {
	yoyo, yo := int64(slices.Index(words, "yoyo")), int64(slices.Index(words, "yo-yo"))
	for i, w := range found {
		if w != yoyo {
			continue
		}
		other := slices.Clone(found)
		other[i] = yo
		if r, ok := fromWords(other); ok {
			return r, true
		}
	}
	return Receipt{}, false
}

// wordAt is the word of the list that plain begins with and how many of its
// letters that takes; 0 for none. "yoyo" is found for "yo-yo".
func wordAt(plain string) (at, length int) {
	for length := min(len(plain), 9); length >= 3; length-- {
		if at, ok := wordPlaces[plain[:length]]; ok {
			return at, length
		}
	}
	return 0, 0
}

// wordPlaces finds a word without its hyphen in the list.
var wordPlaces = func() map[string]int {
	m := make(map[string]int, len(words))
	for i, w := range words { // "yo-yo" stands before "yoyo", which stays
		m[strings.ReplaceAll(w, "-", "")] = i
	}
	return m
}()

// fromWords turns places in the list into the code, if its check word is right.
func fromWords(found []int64) (r Receipt, ok bool) {
	n, base := new(big.Int), big.NewInt(int64(len(words)))
	var sum int64
	for i, f := range factors {
		n.Mul(n, base).Add(n, big.NewInt(found[i]))
		sum += f * found[i]
	}
	if sum%int64(len(words)) != found[len(factors)] || n.BitLen() > 5*len(r) {
		return Receipt{}, false
	}
	five := big.NewInt(31)
	for i := len(r) - 1; i >= 0; i-- {
		r[i] = byte(new(big.Int).And(n, five).Int64())
		n.Rsh(n, 5)
	}
	return r, true
}
