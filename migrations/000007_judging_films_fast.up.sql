-- As before. The three ways to be kept apart from a film (see kept_apart) are
-- asked one by one, each by a key: the view, joined, would be made as a whole.
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
