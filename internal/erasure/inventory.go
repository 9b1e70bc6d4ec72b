package erasure

// A group is what people call some of the places where a work is kept.
type group string

// The groups, as the page and the receipt list them.
const (
	theWork   group = "work"     // its description, versions and makers
	theFiles  group = "files"    // screeners and stills
	theEntry  group = "entry"    // what was sent: the film, contact, answers, states
	theWords  group = "messages" // letters, messages and tasks
	theJury   group = "jury"     // jurors' notes, comments and reasons
	theStaff  group = "festival" // the festival's own words about it
	theTraces group = "traces"   // the record of acts, forms that were sent, jobs
	theLedger group = "consent"  // the texts that were agreed to
	thePerson group = "account"  // the account itself
)

// groups in the order in which people read them.
var groups = []group{theWork, theFiles, theEntry, theWords, theJury, theStaff, theLedger, theTraces, thePerson}

// A store is a table in which something of a work or of a person stands, and
// what erasing does to the rows that belong to them.
//
// rows is a condition on the table's row x. It may use the parameters @works,
// @entries, @files, @accounts (ids, all but works and accounts also for one
// entry alone) and @codes (the opaque names of all of them in addresses).
type store struct {
	table string
	group group
	rows  string
	clear []assignment // empty: the rows are deleted
	why   map[string]string
}

// An assignment is what a column of a cleared row becomes.
type assignment struct{ column, value string }

// Conditions that several stores share.
const (
	ofEntries    = `x.entry_id = any(@entries)`
	ofAccounts   = `x.account_id = any(@accounts)`
	ofEither     = `(x.entry_id = any(@entries) or x.account_id = any(@accounts))`
	letterNamed  = `exists (select from unnest(@codes::text[]) as code where position(code in x.args::text) > 0)`
	letterNumber = `exists (select from entries e join editions ed on ed.id = e.edition_id
		where e.id = any(@entries) and x.edition_id = ed.id and x.args ->> 'number' = ed.prefix || '-' || lpad(e.number::text, 4, '0'))`
	letterOfAccount = `(x.account_id = any(@accounts) or x.email in (select a.email from accounts a where a.id = any(@accounts)))`
	aboutUs         = `(x.kind = 'entry' and x.subject_id = any(@entries) or x.kind = 'work' and x.subject_id = any(@works) or x.kind = 'account' and x.subject_id = any(@accounts))`
	aboutWords      = `(x.kind = 'message' and x.subject_id in (select m.id from messages m where m.entry_id = any(@entries))
		or x.kind = 'task' and x.subject_id in (select k.id from tasks k where k.entry_id = any(@entries)))`
	heldFor = `exists (select from entries e where e.id = any(@entries) and e.edition_id = x.edition_id and e.source is not null`
)

const (
	codeWhy  = "an opaque name by chance"
	stateWhy = "a word of ours from a list"
)

// stores is everywhere, in the order in which it is cleared: what points at a
// row goes before the row. A test holds it against the schema: every column that
// can hold words or bytes stands here as cleared, as kept with a reason, or in
// untouched.
var stores = []store{
	{table: "river_job", group: theTraces, rows: `(x.kind = 'media' and (x.args ->> 'file_id')::bigint = any(@files)
		or x.kind = 'letter' and (x.args ->> 'letter_id')::bigint in (select l.id from letters l where ` + lettersGone("l") + `))`},
	{table: "letters", group: theWords, rows: lettersGone("x")},
	{table: "form_answers", group: theTraces, rows: `(x.actor = any(@accounts) or exists (select from unnest(@codes::text[]) as code where position(code in x.location) > 0))`},
	{table: "consent_acts", group: theLedger, rows: `x.actor_id = any(@accounts)`, clear: []assignment{{"actor_id", "null"}}},
	{table: "consent_acts", group: theLedger, rows: ofEntries,
		clear: []assignment{{"shown", "''"}, {"shown_hash", "''"}, {"actor_id", "null"}},
		why: map[string]string{
			"item": stateWhy, "subject": "an opaque name of a credit by chance", "decision": stateWhy, "locale": "a language",
		}},
	{table: "events", group: theTraces, rows: aboutWords,
		clear: []assignment{{"before", "null"}, {"after", "null"}, {"actor_id", "null"}}},
	{table: "messages", group: theWords, rows: ofEntries},
	{table: "cleared_threads", group: theWords, rows: ofEntries},
	{table: "messages", group: theWords, rows: `x.author_id = any(@accounts)`, clear: []assignment{{"author_id", "null"}}},
	{table: "tasks", group: theWords, rows: ofEntries},
	{table: "tasks", group: theWords, rows: `x.author_id = any(@accounts)`, clear: []assignment{{"author_id", "null"}}},
	{table: "faults", group: theWords, rows: ofEntries},
	{table: "faults", group: theWords, rows: `x.reporter_id = any(@accounts)`, clear: []assignment{{"reporter_id", "null"}, {"words", "''"}}},
	{table: "replies", group: theEntry, rows: ofEntries},
	{table: "replies", group: theEntry, rows: ofAccounts, clear: []assignment{{"account_id", "null"}}},
	{table: "scores", group: theJury, rows: `x.assignment_id in (select a.id from assignments a where a.entry_id = any(@entries) or a.account_id = any(@accounts))`,
		clear: []assignment{{"note", "''"}, {"feedback", "''"}}},
	{table: "assignments", group: theJury, rows: ofEither,
		clear: []assignment{{"reason", "''"}, {"note", "''"}}, why: map[string]string{"code": codeWhy, "state": stateWhy}},
	{table: "conflicts", group: theJury, rows: ofEither},
	{table: "dismissals", group: theJury, rows: ofEither},
	{table: "decisions", group: theStaff, rows: ofEntries, clear: []assignment{{"message", "''"}}, why: map[string]string{"outcome": stateWhy}},
	{table: "awards", group: theStaff, rows: ofEntries, clear: []assignment{{"citation", "''"}},
		why: map[string]string{"code": codeWhy, "name": "the prize's, from before it had a winner", "prize": "likewise"}},
	{table: "events", group: theTraces, rows: aboutUs,
		clear: []assignment{{"before", "null"}, {"after", "null"}, {"actor_id", "case when x.kind = 'entry' and x.verb not like 'entry.%' then x.actor_id end"}},
		why:   map[string]string{"verb": stateWhy, "kind": stateWhy}},
	{table: "imports", group: theStaff, rows: `x.applied_at is null and ` + heldFor + `
		and (position(convert_to(e.source_id, 'UTF8') in x.content) > 0 or e.title <> '' and position(convert_to(e.title, 'UTF8') in x.content) > 0))`},
	{table: "imports", group: theStaff, rows: `x.applied_at is not null and ` + heldFor + `)`,
		clear: []assignment{{"report", `x.report || '{"problems": [], "outcomes": []}'`}, {"content", "null"}, {"mapping", "'{}'"}},
		why:   map[string]string{"code": codeWhy, "kind": stateWhy}},
	{table: "payments", group: theEntry, rows: ofEntries, clear: []assignment{{"url", "null"}, {"intent", "null"}, {"note", "''"}},
		why: map[string]string{"code": codeWhy, "currency": "of an amount that the festival has to account for", "state": stateWhy}},
	{table: "entry_states", group: theEntry, rows: ofEntries},
	{table: "fingerprints", group: theFiles, rows: `(cardinality(@works::bigint[]) > 0 or x.edition_id in (select e.edition_id from entries e where e.id = any(@entries)))
		and exists (
			select from (
				select f.sha256 as sum from files f where f.id = any(@files)
				union all
				select u.claimed from uploads u where u.work_id = any(@works)
				union all
				select p.sha256 from promises p where p.entry_id = any(@entries)) s
			where starts_with(encode(s.sum, 'hex'), x.figures))`},
	{table: "promises", group: theFiles, rows: ofEntries},
	{table: "upload_keys", group: theFiles, rows: `x.upload_id in (select u.id from uploads u where u.work_id = any(@works) or u.file_id = any(@files))`},
	{table: "uploads", group: theFiles, rows: `(x.work_id = any(@works) or x.file_id = any(@files))`},
	{table: "upload_links", group: theFiles, rows: `(x.work_id = any(@works) or x.created_by = any(@accounts))`},
	{table: "entry_files", group: theFiles, rows: ofEntries},
	{table: "work_files", group: theFiles, rows: `x.work_id = any(@works)`},
	{table: "viewings", group: theFiles, rows: `(x.file_id = any(@files) or x.account_id = any(@accounts))`},
	{table: "blob_readings", group: theFiles, rows: `x.file_id = any(@files)`},
	{table: "file_keys", group: theFiles, rows: `x.file_id = any(@files)`},
	{table: "loose_blobs", group: theFiles, rows: `x.file_id = any(@files)`},
	{table: "subtitles", group: theFiles, rows: `x.file_id = any(@files)`},
	{table: "renditions", group: theFiles, rows: `x.file_id = any(@files)`},
	{table: "files", group: theFiles, rows: `x.id = any(@files)`},
	{table: "collaborators", group: theWork, rows: `(x.work_id = any(@works) or x.account_id = any(@accounts))`},
	{table: "maker_invitations", group: theWork, rows: `(x.work_id = any(@works) or x.email in (select a.email from accounts a where a.id = any(@accounts)))`},
	{table: "work_versions", group: theWork, rows: `x.work_id = any(@works)`},
	{table: "work_versions", group: theWork, rows: ofAccounts, clear: []assignment{{"account_id", "null"}}},
	{table: "entries", group: theEntry, rows: `x.id = any(@entries) and x.state = 'draft'`},
	{table: "entries", group: theEntry, rows: `x.id = any(@entries) and x.state <> 'draft'`, clear: tombstone,
		why: map[string]string{
			"title": "made from film", "countries": "made from film", "directors": "made from film", "search": "made from film",
			"people": "made from film", "surnames": "made from film",
		}},
	{table: "entries", group: theEntry, rows: `x.contact ->> 'email' in (select a.email::text from accounts a where a.id = any(@accounts))`,
		clear: []assignment{{"contact", "'{}'"}}},
	{table: "works", group: theWork, rows: `x.id = any(@works) and not exists (select from entries e where e.work_id = x.id)`},
	{table: "works", group: theWork, rows: `x.id = any(@works)`,
		clear: []assignment{{"code", newCode}, {"film", emptyFilm}, {"owner_id", "null"}, {"version", "1"}, {"frozen_until", "null"}, {"screener_limits", "'{}'"},
			{"created_at", "clock_timestamp()"}, {"updated_at", "clock_timestamp()"}}},
}

// lettersGone are the letters about an entry, to an account or to its address.
func lettersGone(row string) string {
	return onRow(row, `(`+letterNamed+` or `+letterNumber+` or `+letterOfAccount+`)`)
}

// newCode is a name by chance in the place of the one that people knew.
const newCode = `md5(gen_random_uuid()::text)`

// emptyFilm is what stands in the place of a film, so that lists that still
// count the row find empty words.
const emptyFilm = `'{"title": "", "titleOriginal": "", "runtime": 0, "countries": [], "languages": [], "subtitles": [], "credits": []}'`

// tombstone is what stays of an entry that was sent: its number and its place.
var tombstone = []assignment{
	{"code", newCode}, {"state", "'erased'"}, {"film", emptyFilm}, {"film_version", "null"}, {"contact", "'{}'"}, {"answers", "'[]'"},
	{"source", "null"}, {"source_id", "null"}, {"slug", "null"}, {"created_at", "clock_timestamp()"}, {"submitted_at", "null"},
	{"deadline_id", "null"}, {"embargo_until", "null"}, {"opened_at", "null"}, {"sent_hash", "null"}, {"fee", "'not_due'"}, {"fee_base", "null"}, {"fee_minor", "null"},
	{"fee_currency", "null"}, {"fee_code_id", "null"}, {"late_until", "null"}, {"told_at", "null"},
}
