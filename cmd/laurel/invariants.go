package main

// An invariant is what must always hold and no constraint of the schema can
// say: a query that must return nothing. Each row it returns names one case,
// by code or number, never by a title or a person.
type invariant struct {
	name, rule, query string
}

var invariants = []invariant{
	{"schema-valid", "every constraint and index is in force", `
		select conname::text as found
		from pg_constraint
		where not convalidated
		union all
		select indexrelid::regclass::text
		from pg_index
		where not indisvalid`},

	{"festival-organizers", "every festival has an organizer", `
		select f.slug as found
		from festivals f
		where not exists (
			select from memberships m
			where m.festival_id = f.id and m.role = 'organizer')`},

	{"entry-edition", "an entry stands in its category's edition", `
		select e.code as found
		from entries e
		join categories c on c.id = e.category_id
		where c.edition_id <> e.edition_id`},

	{"entry-number", "an entry's number was given out", `
		select e.code as found
		from entries e
		join editions d on d.id = e.edition_id
		where e.number > d.last_number`},

	{"entry-state", "an entry's state is the last of its timeline", `
		select e.code as found
		from entries e
		cross join lateral (
			select case s.state when 'resubmitted' then 'submitted' else s.state end as state
			from entry_states s
			where s.entry_id = e.id
			order by s.id desc
			limit 1) last
		where last.state <> e.state`},

	{"round-panel", "a round's panel belongs to its category's edition", `
		select r.code as found
		from rounds r
		join categories c on c.id = r.category_id
		join panels p on p.id = r.panel_id
		where p.edition_id <> c.edition_id`},

	{"assignment-category", "an assignment's entry is in its round's category", `
		select a.code as found
		from assignments a
		join rounds r on r.id = a.round_id
		join entries e on e.id = a.entry_id
		where e.category_id <> r.category_id`},

	{"assignment-seat", "a juror with an assignment has had a seat on the round's panel", `
		select a.code as found
		from assignments a
		join rounds r on r.id = a.round_id
		where not exists (
			select from seats s
			where s.panel_id = r.panel_id and s.account_id = a.account_id)`},

	{"assignment-conflict", "nobody with a conflict judges", `
		select a.code as found
		from assignments a
		join conflicts c on c.account_id = a.account_id and c.entry_id = a.entry_id
		where a.state <> 'recused'`},

	{"assignment-maker", "nobody judges a work that they made or sent", `
		select a.code as found
		from assignments a
		join kept_apart k on k.account_id = a.account_id and k.entry_id = a.entry_id
		where a.state <> 'recused'`},

	{"assignment-done", "an assignment that is done has a complete score", `
		select a.code as found
		from assignments a
		where a.state = 'done'
		and not exists (
			select from scores s
			where s.assignment_id = a.id and s.current and s.complete)`},

	{"score-current", "of the versions of a score exactly the newest is current", `
		select a.code as found
		from scores s
		join assignments a on a.id = s.assignment_id
		group by a.code
		having count(*) filter (where s.current) <> 1
		or max(s.version) filter (where s.current) <> max(s.version)`},

	{"score-versions", "no version of a score is missing", `
		select a.code as found
		from scores s
		join assignments a on a.id = s.assignment_id
		group by a.code
		having max(s.version) <> count(*) or min(s.version) <> 1`},

	{"score-open", "every score was saved while its round was open", `
		select distinct a.code as found
		from scores s
		join assignments a on a.id = s.assignment_id
		join rounds r on r.id = a.round_id
		where r.opened_at is null or s.saved_at < r.opened_at or s.saved_at > r.closed_at`},

	{"score-extension", "a round that was opened again took scores only for what was given then", `
		select distinct a.code as found
		from scores s
		join assignments a on a.id = s.assignment_id
		join extensions x on x.round_id = a.round_id
		where s.saved_at > x.ended_at and a.created_at < x.at`},

	{"round-extended", "a round is open since the last time that it was opened again", `
		select r.code as found
		from rounds r
		left join extensions x on x.round_id = r.id
		group by r.id
		having r.extended_at is distinct from max(x.at)
		or r.extended_at >= r.closes_at`},

	{"result-seed", "the seed of a result comes from what it was computed from", `
		select x.code as found
		from results x
		where x.seed <> ('x' || left(x.inputs_hash, 13))::bit(52)::bigint`},

	{"score-complete", "a complete score has a mark for every required criterion", `
		select distinct a.code as found
		from scores s
		join assignments a on a.id = s.assignment_id
		join criteria c on c.round_id = a.round_id and c.required
		where s.complete
		and not exists (
			select from marks m
			where m.score_id = s.id and m.criterion_id = c.id)`},

	{"mark-scale", "a mark is on its round's scale, for a criterion of its round", `
		select distinct a.code as found
		from marks m
		join scores s on s.id = m.score_id
		join assignments a on a.id = s.assignment_id
		join rounds r on r.id = a.round_id
		join criteria c on c.id = m.criterion_id
		where c.round_id <> r.id or m.value not between r.scale_min and r.scale_max`},

	{"decision-judged", "a released decision is for an entry that no open round still judges", `
		select distinct e.code as found
		from decisions d
		join entries e on e.id = d.entry_id
		join rounds r on r.category_id = e.category_id and r.opened_at < d.released_at
		join assignments a on a.round_id = r.id and a.entry_id = e.id and a.state <> 'recused'
		where r.closed_at is null or r.closed_at > d.released_at`},

	{"decision-submitted", "a released decision is for an entry that was submitted", `
		select e.code as found
		from decisions d
		join entries e on e.id = d.entry_id
		where d.released_at is not null and e.state = 'draft'`},

	{"lineup-told", "the line-up is public only when everybody decided on was told", `
		select e.code as found
		from decisions d
		join entries e on e.id = d.entry_id
		join editions n on n.id = e.edition_id
		where n.lineup_at <= clock_timestamp()
		and d.decided_at <= n.lineup_at
		and (d.released_at is null or d.released_at > n.lineup_at)
		and e.state not in ('withdrawn', 'erased')`},

	{"award-edition", "an award goes to an entry of its own edition, and category if it has one", `
		select a.code as found
		from awards a
		join entries e on e.id = a.entry_id
		where e.edition_id <> a.edition_id or e.category_id <> a.category_id`},

	{"finalist-edition", "a final ballot's films stand in its edition, and so does its jury", `
		select d.code as found
		from deliberations d
		join finalists f on f.deliberation_id = d.id
		join entries e on e.id = f.entry_id
		join panels p on p.id = d.panel_id
		where e.edition_id <> d.edition_id or p.edition_id <> d.edition_id`},

	{"ballot-sealed", "a final ballot has a count exactly when it was opened", `
		select d.code as found
		from deliberations d
		left join deliberation_results r on r.deliberation_id = d.id
		where (d.unsealed_at is null) <> (r.deliberation_id is null)`},

	{"ballot-open", "every juror's ballot was saved between the call and the opening", `
		select distinct d.code as found
		from ballots b
		join deliberations d on d.id = b.deliberation_id
		where d.called_at is null or b.saved_at < d.called_at or b.saved_at > d.unsealed_at`},

	{"letter-job", "a letter in the queue has a job that will send it", `
		select l.code as found
		from letters l
		where l.state = 'queued'
		and not exists (
			select from river_job j
			where j.kind = 'letter'
			and j.finalized_at is null
			and (j.args ->> 'letter_id')::bigint = l.id)`},

	{"file-job", "a file that is being looked at has a job that will finish", `
		select f.code as found
		from files f
		where f.state = 'checking'
		and not exists (
			select from river_job j
			where j.kind = 'media'
			and j.finalized_at is null
			and (j.args ->> 'file_id')::bigint = f.id)`},

	{"import-content", "what was imported is kept no longer than needed", `
		select i.code as found
		from imports i
		where i.applied_at is not null and i.content is not null`},
}
