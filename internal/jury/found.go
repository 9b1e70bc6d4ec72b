package jury

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// An Evidence is what suggests that a juror and a film have to do with each
// other.
type Evidence string

// The evidences, the strongest first.
const (
	SamePerson  Evidence = "person"  // the juror's full name stands in the credits
	SameCompany Evidence = "company" // the juror belongs to a company that is credited or sent the film
	SameSchool  Evidence = "school"  // the juror belongs to the film's school
	SameSurname Evidence = "surname" // somebody in the credits has the juror's family name
	SameDomain  Evidence = "domain"  // the film was sent from an address like the juror's
)

// A Clue is one piece of evidence.
type Clue struct {
	Evidence Evidence
	Words    string // the name, company, school or domain, as it is written
}

// A Found is a conflict of interest that was found and that nobody has answered:
// drafts keep the two apart until an organizer confirms or dismisses it.
type Found struct {
	AccountID   account.ID
	AccountName string
	EntryID     entry.ID
	EntryCode   string
	Title       string
	Clues       []Clue // at least one, the strongest first
}

// commonDomains are e-mail domains that people share who have nothing to do with
// each other: the large providers, and the domains that are nobody's (RFC 2606).
var commonDomains = []string{
	"gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "rocketmail.com",
	"outlook.com", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "live.com", "msn.com", "icloud.com", "me.com", "mac.com",
	"aol.com", "proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.io", "zoho.com", "fastmail.com", "hey.com",
	"mail.com", "gmx.com", "gmx.de", "gmx.net", "gmx.at", "web.de", "t-online.de", "posteo.de", "mailbox.org",
	"orange.fr", "free.fr", "laposte.net", "wanadoo.fr", "libero.it", "virgilio.it", "tiscali.it", "telenet.be",
	"mail.ru", "bk.ru", "yandex.ru", "yandex.com", "ukr.net", "i.ua", "wp.pl", "o2.pl", "onet.pl", "seznam.cz",
	"qq.com", "163.com", "126.com", "sina.com", "naver.com", "hanmail.net", "daum.net", "rediffmail.com", "uol.com.br",
	"bol.com.br", "chmail.ir", "mailfa.com", "example.com", "example.net", "example.org",
}

// found lists what suggests a conflict between the jurors of a round and its
// films, without pairs that are kept apart already and without what was
// dismissed.
func found(ctx context.Context, db pg.DB, r Round) ([]Found, error) {
	type row struct {
		AccountID   account.ID
		AccountName string
		EntryID     entry.ID
		EntryCode   string
		Title       string
		Evidence    Evidence
		Words       string
	}
	rows, err := pg.Rows[row](ctx, db, foundSQL, pg.Args{"panel": r.PanelID, "category": r.CategoryID, "common": commonDomains})
	if err != nil {
		return nil, fmt.Errorf("find conflicts: %w", err)
	}
	var list []Found
	for _, x := range rows {
		last := len(list) - 1
		if last < 0 || list[last].AccountID != x.AccountID || list[last].EntryID != x.EntryID {
			list = append(list, Found{x.AccountID, x.AccountName, x.EntryID, x.EntryCode, x.Title, nil})
			last++
		}
		list[last].Clues = append(list[last].Clues, Clue{x.Evidence, x.Words})
	}
	return list, nil
}

// foundSQL compares keys that are stored with the films, so that it costs no
// more than reading them; words are looked up for what was found only. A person
// who is credited themselves shares their surname with nobody but themselves.
const foundSQL = `
	with sitting as materialized (
	  select a.id, a.name, person_key(a.name) as person, surname_key(a.name) as surname,
	         lower(split_part(a.email::text, '@', 2)) as domain, a.affiliations
	  from seats s
	  join accounts a on a.id = s.account_id
	  where s.panel_id = @panel and s.left_at is null),
	judged as materialized (
	  select e.id, e.film, e.people, e.surnames, e.contact ->> 'name' as sender,
	         nullif(name_key(coalesce(e.film ->> 'school', '')), '') as school
	  from present_entries e
	  where e.category_id = @category and e.state in ('submitted', 'eligible')),
	mailed as materialized (
	  select distinct e.id, lower(split_part(coalesce(e.contact ->> 'email', o.email::text), '@', 2)) as domain
	  from present_entries e
	  left join makers m on m.work_id = e.work_id
	  left join accounts o on o.id = m.account_id
	  where e.category_id = @category and e.state in ('submitted', 'eligible')),
	named as materialized (select j.id, p.key from judged j cross join unnest(j.people) as p (key)),
	belonging as materialized (
	  select s.id, b.name, person_key(b.name) as person, name_key(b.name) as key
	  from sitting s
	  cross join unnest(s.affiliations) as b (name)
	  where length(name_key(b.name)) > 2),
	clue as (
	  select s.id as account_id, n.id as entry_id, 'person' as evidence, s.name as words
	  from sitting s
	  join named n on n.key = s.person
	  union
	  select b.id, n.id, 'company', b.name
	  from belonging b
	  join named n on n.key = b.person
	  union
	  select b.id, j.id, 'company', b.name
	  from belonging b
	  join judged j on j.sender is not null and name_key(j.sender) = b.key
	  union
	  select b.id, j.id, 'school', j.film ->> 'school'
	  from belonging b
	  join judged j on ' ' || j.school || ' ' like '% ' || b.key || ' %'
	    or length(j.school) > 5 and ' ' || b.key || ' ' like '% ' || j.school || ' %'
	  union
	  select s.id, j.id, 'surname', (
	    select string_agg(distinct n.name, ', ')
	    from jsonb_array_elements(j.film -> 'credits') as c
	    cross join lateral (values (c ->> 'name'), (c ->> 'nameLatin')) as n (name)
	    where surname_key(n.name) = s.surname)
	  from sitting s
	  join (select id, film, people, unnest(surnames) as surname from judged) j on j.surname = s.surname
	  where s.person <> all (j.people)
	  union
	  select s.id, j.id, 'domain', s.domain
	  from sitting s
	  join mailed j on j.domain = s.domain
	  where s.domain <> all (@common::text[])
	    and not exists (
	      select from categories c
	      join editions ed on ed.id = c.edition_id
	      join festivals f on f.id = ed.festival_id
	      where c.id = @category and lower(split_part(f.contact, '@', 2)) = s.domain))
	select c.account_id, a.name as account_name, c.entry_id, e.code as entry_code, e.title, c.evidence, c.words
	from clue c
	join accounts a on a.id = c.account_id
	join present_entries e on e.id = c.entry_id
	where not exists (select from dismissals d where d.account_id = c.account_id and d.entry_id = c.entry_id and d.evidence = c.evidence)
	  and not exists (select from conflicts k where k.account_id = c.account_id and k.entry_id = c.entry_id)
	  and not exists (select from makers m where m.work_id = e.work_id and m.account_id = c.account_id)
	  and (a.email is null or a.email is distinct from (e.contact ->> 'email')::citext)
	order by a.name, a.id, e.title, e.id, array_position(array['person', 'company', 'school', 'surname', 'domain'], c.evidence), c.words`

// A Dismissal is the answer that a found conflict is none.
type Dismissal struct {
	AccountID   account.ID
	AccountName string
	EntryID     entry.ID
	EntryCode   string
	Title       string
	Evidence    []Evidence
	ActorName   string
	At          time.Time
}

// Dismissals lists what was dismissed between the jurors of a round and its
// films, without films that the reader is kept apart from.
func Dismissals(ctx context.Context, db pg.DB, reader account.ID, r Round) ([]Dismissal, error) {
	list, err := pg.Rows[Dismissal](ctx, db, `
		select d.account_id, a.name as account_name, d.entry_id, e.code as entry_code, e.title,
		       array_agg(d.evidence order by d.evidence) as evidence, max(by.name) as actor_name, max(d.at) as at
		from dismissals d
		join present_entries e on e.id = d.entry_id and e.category_id = @category and e.state in ('submitted', 'eligible')
		join accounts a on a.id = d.account_id
		join seats s on s.panel_id = @panel and s.account_id = a.id and s.left_at is null
		join accounts by on by.id = d.actor_id
		where not exists (select from kept_apart k where k.account_id = @reader and k.entry_id = e.id)
		  and not exists (select from kept_apart k where k.account_id = a.id and k.entry_id = e.id)
		group by d.account_id, a.name, d.entry_id, e.code, e.title
		order by a.name, e.title, d.entry_id`,
		pg.Args{"category": r.CategoryID, "panel": r.PanelID, "reader": reader})
	if err != nil {
		return nil, fmt.Errorf("list dismissed conflicts: %w", err)
	}
	return list, nil
}

// cluesOf is what suggests a conflict between two; a pair for which nothing is
// found, or that was answered already, is Missing.
func cluesOf(ctx context.Context, tx pgx.Tx, r Round, p Pair) ([]Clue, error) {
	list, err := found(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(f Found) bool { return f.EntryID == p.Entry && f.AccountID == p.Juror })
	if i < 0 {
		return nil, problem.Missing()
	}
	return list[i].Clues, nil
}

// Confirm answers that a found conflict is one: it is declared, with what
// suggests it, in words, as its note.
func Confirm(ctx context.Context, tx pgx.Tx, by account.ID, r Round, p Pair, words func([]Clue) string) error {
	clues, err := cluesOf(ctx, tx, r, p)
	if err != nil {
		return err
	}
	note := []rune(words(clues))
	return Declare(ctx, tx, by, r.EditionID, p.Juror, p.Entry, Other, string(note[:min(len(note), maxNote)]))
}

// maxNote is how long the note of a conflict may be, in letters.
const maxNote = 500

// Dismiss answers that a found conflict is none. What suggests it is remembered
// with who said so; other evidence for the same pair asks again. Nobody answers
// so for themselves (Denied).
func Dismiss(ctx context.Context, tx pgx.Tx, by account.ID, r Round, p Pair) error {
	if p.Juror == by {
		return problem.New(problem.Denied, "conflict.own", "This is about you, so another organizer has to say that it is no conflict.")
	}
	clues, err := cluesOf(ctx, tx, r, p)
	if err != nil {
		return err
	}
	for _, clue := range clues {
		_, err = tx.Exec(ctx, `
			insert into dismissals (account_id, entry_id, evidence, actor_id)
			values (@who, @film, @evidence, @by)
			on conflict on constraint dismissals_pkey do nothing`,
			pg.Args{"who": p.Juror, "film": p.Entry, "evidence": clue.Evidence, "by": by})
		if err != nil {
			return fmt.Errorf("dismiss conflict: %w", err)
		}
	}
	return record(ctx, tx, by, r.EditionID, "conflict.dismiss", "entry", int64(p.Entry), map[string]account.ID{"account": p.Juror})
}

// Reconsider takes a dismissal back: what was found asks again.
func Reconsider(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, p Pair) error {
	_, err := tx.Exec(ctx, `
		delete from dismissals
		where account_id = @who and entry_id = @film`,
		pg.Args{"who": p.Juror, "film": p.Entry})
	if err != nil {
		return fmt.Errorf("reconsider conflict: %w", err)
	}
	return record(ctx, tx, by, edition, "conflict.reconsider", "entry", int64(p.Entry), map[string]account.ID{"account": p.Juror})
}
