package money_test

import (
	"testing"

	"laurel/internal/locale"
	"laurel/internal/money"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed, code string
		want        int64
		ok          bool
	}{
		{"18", "EUR", 1800, true},
		{"18.5", "EUR", 1850, true},
		{"18,50", "EUR", 1850, true},
		{"۱۸٫۵", "EUR", 1850, true},
		{"", "EUR", 0, true},
		{" 0 ", "EUR", 0, true},
		{"500", "JPY", 500, true},
		{"5.5", "JPY", 0, false},
		{"1.234", "EUR", 0, false},
		{"-1", "EUR", 0, false},
		{"1e9", "EUR", 0, false},
		{"1000000.01", "EUR", 0, false},
		{"99999999999999999999", "EUR", 0, false},
		{"18", "XXY", 0, false},
		{"=1+1", "EUR", 0, false},
	} {
		got, err := money.Parse(c.typed, c.code)
		if got.Minor != c.want || (err == nil) != c.ok {
			t.Errorf("%q %s: got %v, %v", c.typed, c.code, got, err)
		}
	}
	if got, ok := money.ParseCoded("USD 40.00"); !ok || got != (money.Amount{Minor: 4000, Currency: "USD"}) {
		t.Errorf("got %v", got)
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, c := range []struct{ got, want string }{
		{money.Amount{Minor: 1800, Currency: "EUR"}.Format(ctx), "€18"},
		{money.Amount{Minor: 1850, Currency: "EUR"}.Format(ctx), "€18.50"},
		{money.Amount{Minor: 120000, Currency: "USD"}.Format(ctx), "$1,200"},
		{money.Amount{Minor: 500, Currency: "JPY"}.Format(ctx), "¥500"},
		{money.Amount{Currency: "EUR"}.Format(ctx), "Free"},
		{money.Amount{Minor: 1850, Currency: "EUR"}.Plain(), "18.50"},
		{money.Amount{Minor: 1800, Currency: "EUR"}.Plain(), "18"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	t.Log(money.Amount{Minor: 1850, Currency: "EUR"}.Format(locale.With(ctx, locale.Persian)))
}
