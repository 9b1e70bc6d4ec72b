drop table erasures;
drop view entry_ends;
drop view present_entries;
drop view public_films;
drop view consents;
alter table entries drop column embargo_until;
-- The older version wants to know when an entry came; an erased one has forgotten.
update entries
set submitted_at = created_at
where state = 'erased' and submitted_at is null;
alter table entries
  drop constraint entries_submitted_present,
  add constraint entries_submitted_present check (state = 'draft' or submitted_at is not null);
drop function published_film(jsonb, text[], text[]);
drop function published_texts(text[]);
drop function published_credits(jsonb, text[]);
drop function only_keys(jsonb, text[]);

create table consents (
  entry_id    bigint not null,
  item        text not null,
  granted_at  timestamptz not null default clock_timestamp(),
  constraint consents_pkey primary key (entry_id, item),
  constraint consents_item_known check (item in ('film', 'names', 'countries', 'synopsis', 'stills')),
  constraint consents_entry_exists foreign key (entry_id) references entries (id) on delete cascade
);
comment on table consents is 'What may stand on public pages: the only road there. Owner: entry';

-- What holds now. All names are agreed to only if none was withheld.
insert into consents (entry_id, item, granted_at)
select entry_id, item, max(at)
from (select distinct on (entry_id, item, subject) entry_id, item, decision, at
      from consent_acts
      where item in ('film', 'names', 'countries', 'synopsis', 'stills')
      order by entry_id, item, subject, id desc) newest
group by entry_id, item
having bool_and(decision = 'yes');
drop table consent_acts;
drop function consent_kept();
drop function consent_subjects(jsonb, text);

create view public_films as
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
         'synopsis', case when synopsis.item is not null then e.film -> 'synopsis' end,
         'stillsBy', case when names.item is not null and stills.item is not null then e.film -> 'stillsBy' end)) as film,
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
comment on view public_films is 'The line-up as everybody may see it: released, published, consented.';
