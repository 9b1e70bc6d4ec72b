package site_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/decision"
	"laurel/internal/pg"
	"laurel/internal/site"
)

// TestAFilmIsEnteredWithoutEmailOrName: from the page of plain words to the
// award, by code alone, without script, and nothing is ever sent. The code
// stands in no log and no table afterwards.
func TestAFilmIsEnteredWithoutEmailOrName(t *testing.T) {
	t.Parallel()
	h, log := logged(t, site.Config{NoLimits: true, Demo: true})
	c := openTheCallOn(h)
	v := h.visitor().get("/begin?next=/my/entries/new?category="+documentary, 200)
	v.send(v.form("/begin"), 200)
	written, words := v.shownCode()
	v.send(v.form("/code").Set("secret", words), 200)
	if want := "/my/entries/new?category=" + documentary; v.Path != want {
		t.Errorf("after the code one stands at %s, want %s", v.Path, want)
	}
	code := c.draft(v)
	v.fill(code)
	v.submit(code, 200).says("Farsang has received your film")
	c.wins(code)

	later := h.visitor().byCode(written, 200).get("/my/entries", 200).says("Selected")
	later.get("/my/entries/"+code, 200)
	h.visitor().get("/farsang/ninth/awards", 200).says("Golden Farsang")
	sent, err := pg.Value[int](t.Context(), h.DB, `select count(*)::int from letters where email <> ''`, pg.Args{})
	if err != nil || sent != 0 {
		t.Errorf("%d letters have an address, %v", sent, err)
	}
	everything := strings.ToUpper(log.String() + h.kept())
	for _, part := range append(partsOf(written), partsOf(words)...) {
		if strings.Contains(everything, part) {
			t.Errorf("%q of the code is written down", part)
		}
	}
}

// wins selects the entry, tells so, publishes the line-up and gives it a prize.
func (c openCall) wins(code string) {
	c.t.Helper()
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		return decision.Set(ctx, tx, c.organizer, c.edition, code, decision.Selected, "")
	})
	v := c.visitor()
	v.signInAs(c.organizer)
	desk := "/organize/farsang/ninth"
	v.get(desk+"/line-up?look=1&category=documentary", 200)
	v.send(v.form(desk+"/line-up/release"), 200).says("The decisions are released")
	v.send(v.form(desk+"/line-up/publication"), 200)
	v.get(desk+"/awards", 200)
	v.send(v.form(desk+"/awards").Set("name", "Golden Farsang"), 200)
	v.get(v.Page.First(`main .list h3 a`).Attr("href"), 200)
	v.send(v.form(v.Path).Set("winner", v.Page.All(`select[name=winner] option`)[1].Attr("value")), 200)
	v.send(v.form(desk+"/awards/publication"), 200).says("The awards are public.")
}

// TestNobodyIsAskedForAnotherName: of all tables only accounts has a name of a
// person who signs in.
func TestNobodyIsAskedForAnotherName(t *testing.T) {
	t.Parallel()
	h := open(t)
	names, err := pg.Values[string](t.Context(), h.DB, `
		select c.relname || '.' || a.attname
		from pg_attribute a
		join pg_class c on c.oid = a.attrelid and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
		where a.attname ~ '^(legal|real|full|first|last|given|family|sur|display)_?name$|birth|passport_|phone|street'
		  and not a.attisdropped
		order by 1`, pg.Args{})
	if err != nil || len(names) > 0 {
		t.Errorf("columns that ask more of a person: %v, %v", names, err)
	}
}
