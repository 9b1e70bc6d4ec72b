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

create or replace view public_films as
select e.id as entry_id,
       e.edition_id,
       e.category_id,
       e.slug,
       jsonb_strip_nulls(jsonb_build_object(
         'title', e.film -> 'title',
         'titleOriginal', e.film -> 'titleOriginal',
         'languageOriginal', e.film -> 'languageOriginal',
         'runtime', e.film -> 'runtime',
         'completed', e.film -> 'completed',
         'form', e.film -> 'form',
         'languages', e.film -> 'languages',
         'subtitles', e.film -> 'subtitles',
         'warnings', e.film -> 'warnings',
         'credits', case when names.item is not null then e.film -> 'credits' end,
         'countries', case when countries.item is not null then e.film -> 'countries' end,
         'logline', case when synopsis.item is not null then e.film -> 'logline' end,
         'synopsis', case when synopsis.item is not null then e.film -> 'synopsis' end)) as film,
       stills.item is not null as stills
from entries e
join editions ed on ed.id = e.edition_id and ed.lineup_at is not null
join decisions d on d.entry_id = e.id and d.outcome = 'selected' and d.released_at is not null
join consents film on film.entry_id = e.id and film.item = 'film'
left join consents names on names.entry_id = e.id and names.item = 'names'
left join consents countries on countries.entry_id = e.id and countries.item = 'countries'
left join consents synopsis on synopsis.entry_id = e.id and synopsis.item = 'synopsis'
left join consents stills on stills.entry_id = e.id and stills.item = 'stills'
where e.state not in ('draft', 'withdrawn');
