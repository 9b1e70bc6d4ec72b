package main

import "testing"

func TestMistakesAreWhereTheyAre(t *testing.T) {
	t.Parallel()
	in := input{"votes.json", []byte("{\n  \"names\": [\"é\", 7],\n  \"ballots\": [{\"weight\": 1}, {\"weight\": -2}]\n}\n")}
	for name, c := range map[string]struct {
		path []any
		want string
	}{
		"whole":        {nil, "votes.json:1:1: wrong"},
		"in a list":    {[]any{"names", 1}, "votes.json:2:18: wrong"},
		"deep":         {[]any{"ballots", 1, "weight"}, "votes.json:3:41: wrong"},
		"ends early":   {[]any{"ballots", 0, "ranking"}, "votes.json:3:15: wrong"},
		"no such list": {[]any{"names", "x"}, "votes.json:2:12: wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := in.badAt(c.path, "wrong").Error(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestNotJSON(t *testing.T) {
	t.Parallel()
	var into struct {
		Names []string `json:"names"`
	}
	for text, want := range map[string]string{
		"{\"names\":\n [1]}":     "x:2:3: names cannot be a number",
		"{\"names\":\n [\"a\" ]": "x:2:7: this is not JSON: unexpected end of JSON input",
		"{\n\"names\" 3}":        "x:2:9: this is not JSON: invalid character '3' after object key",
	} {
		err := input{"x", []byte(text)}.decode(&into)
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}
