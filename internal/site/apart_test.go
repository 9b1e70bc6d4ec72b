package site_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
)

// TestOrganizersKeptApartFindNothing: an organizer who has a conflict with a film
// opens every page and file of the desk and finds neither the film, nor a letter
// about its fate, nor what its makers, its jurors and the festival wrote; an
// organizer without one finds all of it.
func TestOrganizersKeptApartFindNothing(t *testing.T) {
	t.Parallel()
	k := newKennel(t)
	var apart account.ID
	k.do(func(ctx context.Context, tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `insert into accounts (code, email, name) values ('apart', 'apart@example.org', 'Kept Apart') returning id`).Scan(&apart)
		if err != nil {
			return err
		}
		for _, sql := range []string{
			`insert into memberships (account_id, festival_id, role) select $1, ed.festival_id, 'organizer' from entries e join editions ed on ed.id = e.edition_id where e.code = $2`,
			`insert into conflicts (account_id, entry_id, reason, actor_id) select $1, id, 'knows', $1 from entries where code = $2`,
		} {
			if _, err := tx.Exec(ctx, sql, apart, k.entryCode); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
	k.who["apart"] = apart
	const ours = ` from entries e join editions ed on ed.id = e.edition_id where e.code = $2`
	k.plant("decision letter", `
		insert into letters (code, kind, account_id, edition_id, locale, event_key, args, state)
		select repeat('d', 26), 'not-selected', (select id from accounts where email is not null limit 1), ed.id, 'en', 'decided',
		       jsonb_build_object('festival', 'Farsang', 'number', 'OLD-' || lpad(e.number::text, 4, '0'), 'message', $1::text), 'sent'`+ours, k.entryCode)
	k.plant("comment in a letter", `
		insert into letters (code, kind, edition_id, email, locale, event_key, args, state)
		select repeat('g', 26), 'selected', ed.id, 'mana@example.org', 'en', 'decided-too',
		       jsonb_build_object('number', ed.prefix || '-' || lpad(e.number::text, 4, '0'), 'comments', jsonb_build_array($1::text)), 'held'`+ours, k.entryCode)
	k.plant("task", `insert into tasks (code, entry_id, body, due_on) select 'task', e.id, $1, current_date + 7`+ours, k.entryCode)
	k.plant("juror's words on a fault", `update faults set words = $1 where entry_id = (select id from entries where code = $2)`, k.entryCode)
	k.plant("note of a conflict", `update conflicts set note = $1 where account_id <> $2`, apart)
	k.plant("message of an edition's letter", `
		insert into letters (code, kind, edition_id, email, locale, event_key, args, state)
		select repeat('o', 26), 'invite-juror', ed.id, 'juror@example.org', 'en', 'other', jsonb_build_object('message', $1::text), 'sent'`+ours, k.entryCode)
	control := k.seen(k.crawl("organizer"))
	for place := range k.canaries {
		if control[place] == "" && (strings.Contains(place, "letter") || place == "task" || place == "thread" || place == "title") {
			t.Errorf("without a conflict an organizer does not find %s: this test looks at the wrong pages", place)
		}
	}
	read := k.crawl("apart")
	maps.DeleteFunc(read, func(path string, _ reading) bool { return strings.HasPrefix(path, "/demo/") }) // where all letters lie open
	found := k.seen(read)
	if found["message of an edition's letter"] == "" {
		t.Error("letters that are about no film are hidden too")
	}
	delete(found, "message of an edition's letter")
	for place, path := range found {
		t.Errorf("%s is read at %s", place, path)
	}
	v := k.visitor()
	v.signInAs(apart)
	for _, letter := range []string{"d", "g"} {
		v.get(k.path("/organize/{festival}/{edition}/letters/")+strings.Repeat(letter, 26), 404)
	}
}
