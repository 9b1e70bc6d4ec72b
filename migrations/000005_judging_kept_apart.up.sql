-- Who must not judge an entry or see its judging: declared conflicts, and the
-- people who made or sent it, whether somebody declared that or not.
create view kept_apart as
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
comment on view kept_apart is 'A person and an entry whose judging must stay hidden from them.';

-- As before, for kept_apart in the place of conflicts.
create or replace view juror_films as
select a.id as assignment_id,
       a.account_id,
       e.id as entry_id,
       e.number,
       case when r.blind
         then e.film - array['credits', 'biography', 'statement', 'website', 'trailer', 'school', 'budget', 'screenings', 'awards']
         else e.film - array['budget'] end as film,
       r.blind
from assignments a
join rounds r on r.id = a.round_id
join entries e on e.id = a.entry_id
where not exists (select from kept_apart k where k.account_id = a.account_id and k.entry_id = a.entry_id);
