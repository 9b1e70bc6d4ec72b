-- A work has makers: its owner and whom the owner invited. All of them are kept
-- apart from its judging, as the owner alone was before.
create table collaborators (
  work_id     bigint not null,
  account_id  bigint not null,
  level       text not null,
  created_at  timestamptz not null default clock_timestamp(),
  constraint collaborators_pkey primary key (work_id, account_id),
  constraint collaborators_level_known check (level in ('view', 'edit', 'submit')),
  constraint collaborators_work_exists foreign key (work_id) references works (id) on delete cascade,
  constraint collaborators_account_exists foreign key (account_id) references accounts (id) on delete cascade
);
comment on table collaborators is 'Who else may see (view), change (edit), or change and submit (submit) a work. Owner: entry';
create index collaborators_by_account on collaborators (account_id);

create view makers as
select id as work_id, owner_id as account_id, 'owner' as level
from works
where owner_id is not null
union all
select work_id, account_id, level
from collaborators;
comment on view makers is 'The people of a work, and what each may do with it.';

-- A work that its makers have shut is nowhere to be seen, by anybody, until then.
alter table works add column frozen_until timestamptz;
comment on column works.frozen_until is 'Until then nobody can read the work or its entries; null: not shut.';

-- An erased entry keeps its number, and nothing of its film.
alter table entries
  drop constraint entries_state_known,
  add constraint entries_state_known check (state in ('draft', 'submitted', 'eligible', 'ineligible', 'withdrawn', 'erased'));
alter table entry_states
  drop constraint entry_states_state_known,
  add constraint entry_states_state_known check (state in ('draft', 'submitted', 'resubmitted', 'eligible', 'ineligible', 'withdrawn', 'erased'));

-- What a juror may know of a film when the round is not blind, and when it is.
-- Later changes of what a film holds replace these two and no view.
create function jury_film(film jsonb) returns jsonb
language sql immutable parallel safe
return film - array['budget'];

create function blind_film(film jsonb) returns jsonb
language sql immutable parallel safe
return film - array['credits', 'biography', 'statement', 'website', 'trailer', 'school', 'budget', 'screenings', 'awards', 'stillsBy'];

create or replace view kept_apart as
select account_id, entry_id
from conflicts
union
select m.account_id, e.id
from entries e
join makers m on m.work_id = e.work_id
union
select a.id, e.id
from entries e
join accounts a on a.email = (e.contact ->> 'email')::citext;

-- As before, for makers in the place of owners, and without films that are shut.
create or replace view juror_films as
select a.id as assignment_id,
       a.account_id,
       e.id as entry_id,
       e.number,
       case when r.blind then blind_film(e.film) else jury_film(e.film) end as film,
       r.blind
from assignments a
join rounds r on r.id = a.round_id
join entries e on e.id = a.entry_id and e.state <> 'erased'
join works w on w.id = e.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
where not exists (select from conflicts c where c.account_id = a.account_id and c.entry_id = e.id)
  and w.owner_id is distinct from a.account_id
  and not exists (select from collaborators c where c.work_id = e.work_id and c.account_id = a.account_id)
  and not exists (select from accounts p where p.id = a.account_id and p.email = (e.contact ->> 'email')::citext);

create or replace view juror_finalists as
select f.deliberation_id,
       s.account_id,
       s.president,
       e.id as entry_id,
       f.position,
       case when d.blind then blind_film(e.film) else jury_film(e.film) end as film
from deliberations d
join seats s on s.panel_id = d.panel_id and s.left_at is null
join finalists f on f.deliberation_id = d.id
join entries e on e.id = f.entry_id and e.state in ('submitted', 'eligible')
join works w on w.id = e.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
where not exists (select from conflicts c where c.account_id = s.account_id and c.entry_id = e.id)
  and w.owner_id is distinct from s.account_id
  and not exists (select from collaborators c where c.work_id = e.work_id and c.account_id = s.account_id)
  and not exists (select from accounts p where p.id = s.account_id and p.email = (e.contact ->> 'email')::citext);
