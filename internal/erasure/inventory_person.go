package erasure

// ofPerson is everywhere that a person's account stands besides their works.
// The account's own row comes last and stays as a name for what it did in a
// festival: a score needs a juror, and a decision somebody who took it.
var ofPerson = []store{
	{table: "sessions", group: thePerson, rows: ofAccounts},
	{table: "account_tokens", group: thePerson, rows: `(x.account_id = any(@accounts) or x.email in (select a.email from accounts a where a.id = any(@accounts)))`},
	{table: "account_codes", group: thePerson, rows: ofAccounts},
	{table: "passkey_challenges", group: thePerson, rows: `x.handle in (select h.handle from passkey_handles h where h.account_id = any(@accounts))`},
	{table: "passkeys", group: thePerson, rows: ofAccounts},
	{table: "passkey_handles", group: thePerson, rows: ofAccounts},
	{table: "recovery_codes", group: thePerson, rows: ofAccounts},
	{table: "second_factors", group: thePerson, rows: ofAccounts},
	{table: "second_steps", group: thePerson, rows: ofAccounts},
	{table: "channels", group: thePerson, rows: ofAccounts},
	{table: "memberships", group: thePerson, rows: ofAccounts},
	{table: "invitations", group: thePerson, rows: `(x.account_id = any(@accounts) or x.email in (select a.email from accounts a where a.id = any(@accounts)))`},
	{table: "files", group: theFiles, rows: `x.owner_id = any(@accounts)`, clear: []assignment{{"owner_id", "null"}},
		why: map[string]string{
			"code": codeWhy, "kind": stateWhy, "state": stateWhy, "refusal": "a key of ours", "step": stateWhy, "findings": "figures, and names of formats", "media_type": "a kind of file",
			"sha256": "of a picture or film that another work holds", "blob_key": codeWhy,
		}},
	{table: "uploads", group: theFiles, rows: `x.created_by = any(@accounts)`, clear: []assignment{{"created_by", "null"}},
		why: map[string]string{
			"code": codeWhy, "role": stateWhy, "hash_state": "of a film that is another's", "claimed": "likewise", "state": stateWhy,
			"refusal": "a key of ours", "part": codeWhy, "pieces": "of a film that is another's",
		}},
	{table: "seats", group: thePerson, rows: ofAccounts + ` and x.left_at is null`, clear: []assignment{{"left_at", "clock_timestamp()"}},
		why: map[string]string{"code": codeWhy}},
	{table: "accounts", group: thePerson, rows: `x.id = any(@accounts)`,
		clear: []assignment{{"code", newCode}, {"email", "null"}, {"name", "'–'"}, {"password_hash", "''"}, {"locale", "'en'"}, {"zone", "'UTC'"},
			{"languages", "'{}'"}, {"affiliations", "'{}'"}, {"admin", "false"}, {"verified_at", "null"}, {"frozen_until", "null"},
			{"created_at", "clock_timestamp()"}, {"disabled_at", "clock_timestamp()"}}},
}

// untouched are the tables that hold nothing of a maker, with the reason.
var untouched = map[string]string{
	"assignment_changes":   "figures of a plan and opaque names",
	"assignment_moves":     "which film was given to whom, by number",
	"ballots":              "a juror's order of films, by number",
	"call_notes":           "the call's own text",
	"categories":           "the call's own text",
	"criteria":             "the rubric's own text",
	"deadlines":            "the call's ladder",
	"deliberation_results": "a count in which a film is film-N and a juror juror-N",
	"deliberations":        "the rules of a vote, in which a film is film-N",
	"editions":             "the edition's own text",
	"erasures":             "what was erased, as numbers and as hashes of names by chance that are gone",
	"fee_codes":            "words of the festival; for whom they were is its own note",
	"festivals":            "the festival's own text",
	"panels":               "names of juries",
	"payment_notices":      "which of the payment service's calls were heard",
	"questions":            "the category's own questions",
	"results":              "figures by number of film and juror",
	"river_leader":         "processes",
	"river_migration":      "versions",
	"river_notification":   "processes",
	"river_queue":          "queues",
	"rounds":               "names of rounds",
	"rules":                "the call's rules",
	"shutdowns":            "what the festival said to everybody",
	"stages":               "the call's own text",
}
