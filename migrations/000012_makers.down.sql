-- Erased entries stay erased: for the older version they are withdrawn.
update entries set state = 'withdrawn' where state = 'erased';
update entry_states set state = 'withdrawn' where state = 'erased';

create or replace view kept_apart as
select account_id, entry_id
from conflicts
union
select w.owner_id, e.id
from entries e
join works w on w.id = e.work_id
where w.owner_id is not null
union
select a.id, e.id
from entries e
join accounts a on a.email = (e.contact ->> 'email')::citext;

create or replace view juror_films as
select a.id as assignment_id,
       a.account_id,
       e.id as entry_id,
       e.number,
       case when r.blind
         then e.film - array['credits', 'biography', 'statement', 'website', 'trailer', 'school', 'budget', 'screenings', 'awards', 'stillsBy']
         else e.film - array['budget'] end as film,
       r.blind
from assignments a
join rounds r on r.id = a.round_id
join entries e on e.id = a.entry_id
where not exists (select from conflicts c where c.account_id = a.account_id and c.entry_id = e.id)
  and not exists (select from works w where w.id = e.work_id and w.owner_id = a.account_id)
  and not exists (select from accounts p where p.id = a.account_id and p.email = (e.contact ->> 'email')::citext);

create or replace view juror_finalists as
select f.deliberation_id,
       s.account_id,
       s.president,
       e.id as entry_id,
       f.position,
       case when d.blind
         then e.film - array['credits', 'biography', 'statement', 'website', 'trailer', 'school', 'budget', 'screenings', 'awards', 'stillsBy']
         else e.film - array['budget'] end as film
from deliberations d
join seats s on s.panel_id = d.panel_id and s.left_at is null
join finalists f on f.deliberation_id = d.id
join entries e on e.id = f.entry_id and e.state in ('submitted', 'eligible')
where not exists (select from conflicts c where c.account_id = s.account_id and c.entry_id = e.id)
  and not exists (select from works w where w.id = e.work_id and w.owner_id = s.account_id)
  and not exists (select from accounts p where p.id = s.account_id and p.email = (e.contact ->> 'email')::citext);

drop function blind_film(jsonb);
drop function jury_film(jsonb);
alter table entry_states
  drop constraint entry_states_state_known,
  add constraint entry_states_state_known check (state in ('draft', 'submitted', 'resubmitted', 'eligible', 'ineligible', 'withdrawn'));
alter table entries
  drop constraint entries_state_known,
  add constraint entries_state_known check (state in ('draft', 'submitted', 'eligible', 'ineligible', 'withdrawn'));
alter table works drop column frozen_until;
drop view makers;
drop table collaborators;
