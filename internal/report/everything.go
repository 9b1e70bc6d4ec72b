package report

import (
	"context"
	"encoding/json"
	"fmt"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/media"
	"laurel/internal/pg"
)

// A Share is one table's part of what is kept about a person. What is left out
// of its rows are secrets that would open a door, keys of ours, and who of the
// festival or the jury did something.
type Share struct {
	Name    string   // of the file that holds it
	table   string   // alias x
	rows    string   // which of them; @me is the person
	without []string // columns
	more    string   // further facts, as an SQL object; may be empty
}

// Which rows are a person's own, by what they hang on. Works that their makers
// have shut are not here, as they are nowhere.
const (
	myAccount = `x.account_id = @me`
	myWorks   = `(select m.work_id from makers m
		join works w on w.id = m.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
		where m.account_id = @me)`
	myEntries = `(select e.id from entries e where e.state <> 'erased' and e.work_id in ` + myWorks + `)`
	myFiles   = `(x.owner_id = @me or x.id in (select f.file_id from work_files f where f.work_id in ` + myWorks + `)
		or x.id in (select f.file_id from entry_files f where f.entry_id in ` + myEntries + `))`
	ofMyWorks   = `x.work_id in ` + myWorks
	ofMyEntries = `x.entry_id in ` + myEntries
	byMe        = `jsonb_build_object('yours', x.account_id = @me)`
)

// Shares are all parts, in the order in which they stand in the copy.
var Shares = []Share{
	{Name: "account", table: "accounts", rows: `x.id = @me`, without: []string{"password_hash"}},
	{Name: "codes", table: "account_codes", rows: myAccount, without: []string{"lookup", "hash"}},
	{Name: "links", table: "account_tokens", rows: myAccount, without: []string{"token_hash"}},
	{Name: "sessions", table: "sessions", rows: myAccount, without: []string{"token_hash"}},
	{Name: "second-steps", table: "second_steps", rows: myAccount, without: []string{"token_hash"}},
	{Name: "passkeys", table: "passkeys", rows: myAccount},
	{Name: "passkey-handle", table: "passkey_handles", rows: myAccount},
	{Name: "second-factor", table: "second_factors", rows: myAccount, without: []string{"sealed"}},
	{Name: "recovery-codes", table: "recovery_codes", rows: myAccount, without: []string{"hash"}},
	{Name: "channel", table: "channels", rows: myAccount},
	{Name: "letters", table: "letters", rows: myAccount},
	{Name: "forms-sent", table: "form_answers", rows: `x.actor = @me`, without: []string{"key"}},
	{Name: "acts", table: "events", rows: `x.actor_id = @me`},
	{Name: "festivals-organized", table: "memberships", rows: myAccount},
	{Name: "invitations", table: "invitations", rows: `(x.account_id = @me or x.invited_by = @me or x.email = (select email from accounts where id = @me))`,
		without: []string{"token_hash", "invited_by"}},
	{Name: "imports-made", table: "imports", rows: `x.created_by = @me`, without: []string{"content", "mapping", "report"}},

	{Name: "works", table: "works", rows: `x.id in ` + myWorks, without: []string{"owner_id"}, more: `jsonb_build_object('yours', x.owner_id = @me)`},
	{Name: "work-versions", table: "work_versions", rows: `(x.account_id = @me or ` + ofMyWorks + `)`, without: []string{"account_id"},
		more: byMe + ` || case when ` + ofMyWorks + ` then '{}' else '{"film": {}}'::jsonb end`},
	{Name: "makers", table: "collaborators", rows: `(x.account_id = @me or ` + ofMyWorks + `)`, without: []string{"account_id"},
		more: `jsonb_build_object('yours', x.account_id = @me, 'name', (select a.name from accounts a where a.id = x.account_id))`},
	{Name: "maker-invitations", table: "maker_invitations",
		rows:    `(x.invited_by = @me or x.email = (select email from accounts where id = @me))`,
		without: []string{"token_hash", "invited_by"}},
	{Name: "files", table: "files", rows: myFiles, without: []string{"blob_key", "owner_id"}, more: `jsonb_build_object('yours', x.owner_id = @me)`},
	{Name: "files-made-smaller", table: "renditions", rows: `x.file_id in (select x.id from files x where ` + myFiles + `)`, without: []string{"blob_key", "playlist"}},
	{Name: "subtitles", table: "subtitles", rows: `x.file_id in (select x.id from files x where ` + myFiles + `)`, without: []string{"blob_key"}},
	{Name: "files-read-again", table: "blob_readings", rows: `x.file_id in (select x.id from files x where ` + myFiles + `)`, without: []string{"blob_key"}},
	{Name: "uploads", table: "uploads", rows: ofMyWorks, without: []string{"hash_state", "part", "pieces", "created_by"}, more: `jsonb_build_object('yours', x.created_by = @me)`},
	{Name: "upload-links", table: "upload_links", rows: `(x.created_by = @me or ` + ofMyWorks + `)`, without: []string{"hash", "created_by"}, more: `jsonb_build_object('yours', x.created_by = @me)`},
	{Name: "upload-keys", table: "upload_keys", rows: `x.upload_id in (select u.id from uploads u where u.work_id in ` + myWorks + `)`, without: []string{"hash"}},
	{Name: "work-files", table: "work_files", rows: ofMyWorks},

	{Name: "entries", table: "entries", rows: `x.id in ` + myEntries, without: []string{"search"}},
	{Name: "entry-files", table: "entry_files", rows: ofMyEntries},
	{Name: "files-promised", table: "promises", rows: ofMyEntries},
	{Name: "entry-states", table: "entry_states", rows: ofMyEntries, without: []string{"actor_id"}},
	{Name: "answers", table: "replies", rows: `(x.account_id = @me or ` + ofMyEntries + `)`, without: []string{"account_id"},
		more: `jsonb_build_object('yours', x.account_id = @me, 'question', (select q.label from questions q where q.id = x.question_id))`},
	{Name: "consents", table: "consent_acts", rows: `(x.actor_id = @me or ` + ofMyEntries + `)`, without: []string{"actor_id"},
		more: `jsonb_build_object('yours', x.actor_id = @me)`},
	{Name: "payments", table: "payments", rows: ofMyEntries, without: []string{"actor_id"}},
	{Name: "messages", table: "messages", rows: `(x.author_id = @me or ` + ofMyEntries + `)`, without: []string{"author_id"},
		more: `jsonb_build_object('yours', x.author_id = @me)`},
	{Name: "messages-deleted", table: "cleared_threads", rows: ofMyEntries},
	{Name: "tasks", table: "tasks", rows: `(x.author_id = @me or ` + ofMyEntries + `)`, without: []string{"author_id"}},
	{Name: "reports-of-films", table: "faults", rows: `(x.reporter_id = @me or ` + ofMyEntries + `)`, without: []string{"reporter_id"},
		more: `jsonb_build_object('yours', x.reporter_id = @me)`},
	{Name: "decisions", table: "decisions", rows: `x.released_at is not null and ` + ofMyEntries, without: []string{"actor_id", "decided_at"},
		more: `jsonb_build_object('comments', array(
			select s.feedback
			from assignments a
			join rounds r on r.id = a.round_id and r.feedback and (r.closed_at is not null or r.closes_at <= statement_timestamp())
			join scores s on s.assignment_id = a.id and s.current and s.complete
			where a.entry_id = x.entry_id and a.state = 'done' and s.feedback <> ''
			order by md5(s.id::text)))`},
	{Name: "awards", table: "awards", rows: `exists (select from editions ed where ed.id = x.edition_id and ed.awards_at is not null) and ` + ofMyEntries},

	{Name: "jury-seats", table: "seats", rows: myAccount},
	{Name: "jury-loads", table: "loads", rows: myAccount},
	{Name: "jury-films", table: "assignments", rows: myAccount},
	{Name: "jury-changes", table: "assignment_moves", rows: myAccount},
	{Name: "jury-scores", table: "scores", rows: `x.assignment_id in (select a.id from assignments a where a.account_id = @me)`},
	{Name: "jury-marks", table: "marks", rows: `x.score_id in (select s.id from scores s join assignments a on a.id = s.assignment_id where a.account_id = @me)`},
	{Name: "jury-ballots", table: "ballots", rows: myAccount},
	{Name: "jury-places", table: "viewings", rows: myAccount},
	{Name: "conflicts", table: "conflicts", rows: myAccount, without: []string{"actor_id"}},
	{Name: "conflicts-dismissed", table: "dismissals", rows: myAccount, without: []string{"actor_id"}},
}

// Table is the table that a share comes from.
func (s Share) Table() string { return s.table }

// Without are the columns that a share leaves out.
func (s Share) Without() []string { return append([]string{}, s.without...) }

// Of lists the rows of a share that are one person's, each as a JSON object.
func (s Share) Of(ctx context.Context, db pg.DB, who account.ID) ([]json.RawMessage, error) {
	more := s.more
	if more == "" {
		more = `'{}'::jsonb`
	}
	rows, err := pg.Values[json.RawMessage](ctx, db, `
		select (to_jsonb(x) - @without::text[]) || `+more+`
		from `+s.table+` x
		where `+s.rows+`
		order by to_jsonb(x)::text`,
		pg.Args{"me": who, "without": s.Without()})
	if err != nil {
		return nil, fmt.Errorf("copy %s: %w", s.Name, err)
	}
	return rows, nil
}

// A Sent is an entry's snapshot as one text; its SHA-256 stands on the receipt.
type Sent struct {
	EntryID  entry.ID
	Label    string
	Document string
}

// SentBy lists what a person's entries sent.
func SentBy(ctx context.Context, db pg.DB, who account.ID) ([]Sent, error) {
	list, err := pg.Rows[Sent](ctx, db, `
		select x.id as entry_id, ed.prefix || '-' || lpad(x.number::text, 4, '0') || '-' || left(x.code, 6) as label, sent_document(x.id) as document
		from entries x
		join editions ed on ed.id = x.edition_id
		where x.film is not null and x.id in `+myEntries+`
		order by x.id`,
		pg.Args{"me": who})
	if err != nil {
		return nil, fmt.Errorf("copy what was sent: %w", err)
	}
	return list, nil
}

// An Original is a file as a maker sent it.
type Original struct {
	ID        media.ID
	Code      string
	MediaType string
	Size      int64
}

// Originals lists the files of a person and of their works.
func Originals(ctx context.Context, db pg.DB, who account.ID) ([]Original, error) {
	list, err := pg.Rows[Original](ctx, db, `
		select x.id, x.code, x.media_type, x.size
		from files x
		where `+myFiles+`
		order by x.id`,
		pg.Args{"me": who})
	if err != nil {
		return nil, fmt.Errorf("copy files: %w", err)
	}
	return list, nil
}
