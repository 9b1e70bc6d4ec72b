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
where not exists (select from kept_apart k where k.account_id = a.account_id and k.entry_id = a.entry_id);
