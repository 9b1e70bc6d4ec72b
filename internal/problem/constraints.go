package problem

// A Sentence is what a person reads when a constraint of the database is
// broken, and the form field it stands beside, if one.
type Sentence struct {
	Field   string
	English string
}

// Constraints gives each constraint that a person's input can break its
// sentence. Constraints that only a fault of ours can break stand in Ours.
var Constraints = map[string]Sentence{
	"accounts_email_once":           {"email", "There is an account with this e-mail address already. Sign in, or use another address."},
	"accounts_email_shape":          {"email", "Write the whole e-mail address, with the part after the @."},
	"accounts_name_length":          {"name", "Write a name of up to 200 letters."},
	"accounts_languages_count":      {"languages", "Choose up to 40 languages."},
	"accounts_affiliations_length":  {"affiliations", "Write up to 40 lines, 4,000 letters in all."},
	"invitations_email_shape":       {"email", "Write the whole e-mail address, with the part after the @."},
	"invitations_name_length":       {"name", "Write a name of up to 200 letters."},
	"invitations_open_once":         {"email", "This person has an open invitation already. Withdraw it first, or wait for the answer."},
	"festivals_slug_once":           {"slug", "Another festival has this address. Choose a different one."},
	"festivals_slug_shape":          {"slug", "Use up to 40 small Latin letters, figures and single hyphens."},
	"festivals_name_length":         {"name", "Write a name of up to 120 letters."},
	"festivals_about_length":        {"about", "Shorten this to 4,000 letters."},
	"festivals_contact_length":      {"contact", "Shorten this to 254 letters."},
	"editions_slug_once":            {"slug", "Another edition of the festival has this address. Choose a different one."},
	"editions_slug_shape":           {"slug", "Use up to 40 small Latin letters, figures and single hyphens."},
	"editions_name_length":          {"name", "Write a name of up to 120 letters."},
	"editions_prefix_shape":         {"prefix", "Use up to six capital Latin letters and figures."},
	"editions_tagline_length":       {"tagline", "Shorten this to 120 letters."},
	"editions_intro_length":         {"intro", "Shorten this to 2,000 letters."},
	"editions_regulations_length":   {"regulations", "Shorten this to 40,000 letters."},
	"editions_city_length":          {"city", "Write the name of a city, up to 80 letters."},
	"editions_dates_order":          {"ends_on", "The last day lies before the first. Change one of them."},
	"stages_name_length":            {"name", "Write a name of up to 120 letters."},
	"stages_body_length":            {"body", "Shorten this to 2,000 letters."},
	"stages_dates_order":            {"ends_on", "The last day lies before the first. Change one of them."},
	"call_notes_title_length":       {"title", "Write up to 300 letters."},
	"call_notes_body_length":        {"body", "Shorten this to 4,000 letters."},
	"categories_slug_once":          {"slug", "Another category of the edition has this address. Choose a different one."},
	"categories_slug_shape":         {"slug", "Use up to 40 small Latin letters, figures and single hyphens."},
	"categories_name_length":        {"name", "Write a name of up to 120 letters."},
	"categories_description_length": {"description", "Shorten this to 2,000 letters."},
	"categories_places_range":       {"places", "Write a number from 1 to 1,000, or leave it empty."},
	"rules_value_present":           {"value", "Give the rule a value."},
	"deadlines_instant_once":        {"closes_at", "Two rungs of the ladder close at the same instant. Change one of them."},
	"deadlines_name_length":         {"name", "Write a name of up to 60 letters."},
	"deadlines_fee_range":           {"fee", "Write a fee of zero or more, up to 1,000,000."},
	"deadlines_currency_shape":      {"currency", "Write the three letters of a currency, such as EUR."},
	"works_runtime_range":           {"runtime", "Write a length between 1 second and 24 hours."},
	"entries_one_per_category":      {"category", "This film is entered in the category already."},
	"entries_source_once":           {"", "An entry from the same source is here already."},
	"entry_states_reason_length":    {"reason", "Shorten the reason to 2,000 letters."},
	"panels_name_once":              {"name", "Another jury of the edition has this name. Choose a different one."},
	"panels_name_length":            {"name", "Write a name of up to 120 letters."},
	"seats_once":                    {"email", "This person sits on the jury already."},
	"seats_one_president":           {"president", "The jury has a president already."},
	"rounds_name_once":              {"name", "Another round of the category has this name. Choose a different one."},
	"rounds_name_length":            {"name", "Write a name of up to 120 letters."},
	"rounds_dates_order":            {"closes_at", "The round closes before it opens. Change one of the dates."},
	"rounds_reviews_range":          {"reviews_per_entry", "Write a number of jurors from 1 to 50."},
	"rounds_most_range":             {"reviews_most", "Write a number above the jurors for each film, up to 50, or leave it empty."},
	"rounds_scale_range":            {"scale_max", "Choose a scale from 0 or 1 up to 10 at most."},
	"criteria_name_length":          {"criteria", "Name each criterion, in up to 80 letters."},
	"criteria_hint_length":          {"criteria", "Shorten the question for the juror to 300 letters."},
	"criteria_label_length":         {"criteria", "Shorten the labels of the scale to 60 letters."},
	"criteria_weight_range":         {"criteria", "Write a weight from 0 to 1,000."},
	"conflicts_once":                {"", "This conflict is recorded already."},
	"conflicts_note_length":         {"note", "Shorten this to 500 letters."},
	"loads_least_range":             {"least", "Write a number from 0 to 20,000."},
	"loads_most_range":              {"most", "Write a number from 0 to 20,000, or leave it empty."},
	"loads_order":                   {"most", "The most is below the least. Change one of them."},
	"assignments_once":              {"", "This film is on the juror's list already."},
	"scores_version_once":           {"", "This score was saved from another window meanwhile."},
	"scores_note_length":            {"note", "Shorten your notes to 10,000 letters."},
	"scores_feedback_length":        {"feedback", "Shorten your comment to 10,000 letters."},
	"marks_value_range":             {"marks", "Choose a value on the scale."},
	"decisions_message_length":      {"message", "Shorten this to 4,000 letters."},
	"awards_name_once":              {"name", "Another award of the edition has this name. Choose a different one."},
	"awards_name_length":            {"name", "Write a name of up to 120 letters."},
	"awards_prize_length":           {"prize", "Shorten this to 300 letters."},
	"deliberations_name_length":     {"name", "Write a name of up to 120 letters, or choose a prize."},
	"deliberations_quorum_range":    {"quorum", "Write a quorum from 1 to 100."},
	"deliberations_dates_order":     {"closes_at", "The vote closes before it opens. Change one of the dates."},
	"deliberations_parent_once":     {"", "The next ballot has been set up already."},
	"ballots_in_time":               {"", "The vote is closed. Your ballot stands as you last cast it; nothing can be changed now."},
	"ballots_version_once":          {"", "You changed this ballot in another window meanwhile."},
	"awards_citation_length":        {"citation", "Shorten the citation to 4,000 letters."},
}

// Ours are the constraints that only a fault of ours can break: keys, links
// between rows, and shapes that forms cannot produce.
var Ours = map[string]bool{}

func init() {
	for _, name := range []string{
		"events_verb_length", "accounts_code_once", "sessions_code_once", "account_tokens_kind_known",
		"account_codes_kind_known", "account_codes_lookup_range", "account_codes_account_named", "account_codes_one_begun",
		"form_answers_key_length", "letters_code_once", "letters_event_once", "letters_state_known",
		"files_code_once", "files_blob_once", "files_kind_known", "files_state_known", "files_size_range",
		"renditions_blob_once", "renditions_name_known", "memberships_role_known",
		"stages_position_once", "call_notes_position_once", "call_notes_kind_known", "categories_position_once",
		"rules_kind_known", "works_code_once", "works_film_object", "work_files_role_known",
		"entries_code_once", "entries_number_once", "entries_slug_once", "entries_state_known",
		"entries_snapshot_present", "entries_submitted_present", "entry_files_role_known", "entry_states_state_known",
		"consents_item_known", "collaborators_level_known", "imports_code_once", "imports_kind_known", "panels_code_once", "seats_code_once",
		"invitations_code_once", "invitations_token_once", "invitations_role_known", "invitations_panel_present",
		"invitations_one_answer", "rounds_code_once", "rounds_closed_after_opened",
		"rounds_binding_known", "rounds_extended_after_opened", "extensions_instant_once", "extensions_order",
		"extensions_viewings_some", "results_code_once", "results_inputs_once", "results_hash_shape",
		"results_version_length", "results_body_object", "criteria_position_once",
		"conflicts_reason_known", "assignments_code_once", "assignments_state_known", "scores_one_current",
		"decisions_outcome_known", "awards_code_once",
		"deliberations_code_once", "deliberations_method_known", "deliberations_strength_known", "deliberations_quorum_unit_known",
		"deliberations_tie_rule_known", "deliberations_rules_present", "deliberations_unsealed_after_called", "finalists_position_once",
		"ballots_code_once", "ballots_places_whole", "ballots_kept", "deliberation_results_kept",
		"dismissals_evidence_known", "assignment_changes_code_once", "assignment_changes_kind_known",
		"assignment_changes_undone_by_somebody",
	} {
		Ours[name] = true
	}
}
