-- Every credit has a name of its own, so that a person's consent stays theirs
-- when the list is put in another order. Those that have none yet get one from
-- the work, the role and the name: the same in the work and in what was sent.
create function credits_named(film jsonb, salt text) returns jsonb
language sql immutable parallel safe
return case when jsonb_typeof(film -> 'credits') = 'array' then jsonb_set(film, '{credits}', (
  select coalesce(jsonb_agg(case when coalesce(c ->> 'id', '') <> '' then c
    else c || jsonb_build_object('id', left(md5(concat_ws(chr(10), salt, c ->> 'role', c ->> 'name', c ->> 'nameLatin', c ->> 'note')), 16)) end order by n), '[]')
  from jsonb_array_elements(film -> 'credits') with ordinality as x (c, n))) else film end;

update works
set film = credits_named(film, id::text);
update entries
set film = credits_named(film, work_id::text)
where film is not null;
drop function credits_named(jsonb, text);

-- Whose consent an item needs: everybody's whom the film names, or nobody's in
-- particular, which is written as an empty text.
create function consent_subjects(film jsonb, item text) returns setof text
language sql immutable parallel safe
begin atomic
  select '' where item <> 'names'
  union all
  select c ->> 'id'
  from jsonb_array_elements(case when jsonb_typeof(film -> 'credits') = 'array' then film -> 'credits' else '[]' end) as c
  where item = 'names' and coalesce(c ->> 'id', '') <> ''
  union all
  select 'stillsBy' where item = 'names' and coalesce(film ->> 'stillsBy', '') <> '';
end;

create table consent_acts (
  id          bigint generated always as identity,
  entry_id    bigint not null,
  edition_id  bigint not null,
  item        text not null,
  subject     text not null default '',
  decision    text not null,
  shown       text not null default '',
  shown_hash  text not null default '',
  locale      text not null default '',
  actor_id    bigint,
  at          timestamptz not null default clock_timestamp(),
  constraint consent_acts_pkey primary key (id),
  constraint consent_acts_item_known check (item in ('film', 'names', 'countries', 'synopsis', 'statement', 'stills', 'trailer', 'links', 'press', 'partners')),
  constraint consent_acts_subject_present check ((item = 'names') = (subject <> '')),
  constraint consent_acts_subject_length check (length(subject) <= 64),
  constraint consent_acts_decision_known check (decision in ('yes', 'no', 'later')),
  constraint consent_acts_hash_shape check (shown_hash ~ '^([0-9a-f]{64})?$'),
  constraint consent_acts_entry_exists foreign key (entry_id) references entries (id) on delete cascade,
  constraint consent_acts_edition_exists foreign key (edition_id) references editions (id),
  constraint consent_acts_actor_exists foreign key (actor_id) references accounts (id) on delete set null
);
comment on table consent_acts is 'Every answer to what may be public: the ledger of consent. Append-only; the newest answer counts (see consents). Owner: entry';
comment on column consent_acts.subject is 'Whose name: the id of a credit, or stillsBy; empty for what is not a name.';
comment on column consent_acts.shown is 'The exact text that was asked about, in the language in which it was read; emptied when the work is erased.';
comment on column consent_acts.shown_hash is 'SHA-256 of shown in hex; empty for answers from before the texts were kept.';
comment on column consent_acts.actor_id is 'Null: an import, or somebody whose account is erased.';
create index consent_acts_newest on consent_acts (entry_id, item, subject, id desc);

-- One tick for all names becomes an answer for each name that stood there.
insert into consent_acts (entry_id, edition_id, item, subject, decision, at)
select e.id, e.edition_id, c.item, subject, 'yes', c.granted_at
from consents c
join entries e on e.id = c.entry_id
join works w on w.id = e.work_id
cross join lateral consent_subjects(coalesce(e.film, w.film), c.item) as subject
order by c.granted_at, e.id, c.item;

drop view public_films;
drop table consents;

create view consents as
select distinct on (entry_id, item, subject) entry_id, item, subject, decision, at
from consent_acts
order by entry_id, item, subject, id desc;
comment on view consents is 'What holds now of what the makers said may be public.';

-- The last word: an answer is never changed or taken out. Erasing empties its
-- text and its author and leaves what was answered when.
create function consent_kept() returns trigger
language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if pg_trigger_depth() > 1 then
      return old;
    end if;
  elsif (new.shown = '' and new.shown_hash = '' or new.shown = old.shown and new.shown_hash = old.shown_hash)
    and (new.actor_id is null or new.actor_id = old.actor_id)
    and row(new.entry_id, new.edition_id, new.item, new.subject, new.decision, new.at)
      = row(old.entry_id, old.edition_id, old.item, old.subject, old.decision, old.at) then
    return new;
  end if;
  raise exception 'answers of consent stay as they were written' using errcode = 'check_violation', constraint = tg_name;
end $$;
create trigger consent_acts_kept before update or delete on consent_acts
for each row execute function consent_kept();

-- The keys of an object that are asked for.
create function only_keys(film jsonb, keys text[]) returns jsonb
language sql immutable parallel safe
return (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(film) where key = any(keys));

-- The credits of those who agreed, each as they want to be called.
create function published_credits(credits jsonb, people text[]) returns jsonb
language sql immutable parallel safe
return coalesce((select jsonb_agg(only_keys(c, array['id', 'role']) || case when c ->> 'as' = 'initials'
    then jsonb_build_object('name', initials(coalesce(nullif(c ->> 'nameLatin', ''), c ->> 'name')))
    else only_keys(c, array['name', 'nameLatin', 'note']) end order by n)
  from jsonb_array_elements(case when jsonb_typeof(credits) = 'array' then credits else '[]' end) with ordinality as x (c, n)
  where c ->> 'id' = any(people) and coalesce(c ->> 'as', '') <> 'none'), '[]');

-- The names of the texts that were agreed to.
create function published_texts(items text[]) returns text[]
language sql immutable parallel safe
return case when 'synopsis' = any(items) then array['logline', 'synopsisShort', 'synopsis'] else '{}'::text[] end
  || case when 'statement' = any(items) then array['statement', 'biography'] else '{}'::text[] end;

-- A film as everybody may know it: what was agreed to, and nothing else. The
-- page that shows makers what will be public asks this function too.
create function published_film(film jsonb, items text[], people text[]) returns jsonb
language sql immutable parallel safe
return case when 'film' = any(items) then
  only_keys(film, array['title', 'titleOriginal', 'languageOriginal', 'transliteration', 'titles', 'runtime', 'completed', 'form', 'techniques', 'genres',
      'languages', 'subtitles', 'subtitleTracks', 'contentWarnings', 'warnings', 'textLanguage']
    || published_texts(items)
    || case when 'countries' = any(items) then array['countries'] else '{}'::text[] end
    || case when 'trailer' = any(items) then array['trailer'] else '{}'::text[] end
    || case when 'links' = any(items) then array['website', 'links'] else '{}'::text[] end
    || case when 'stills' = any(items) and 'stillsBy' = any(people) then array['stillsBy'] else '{}'::text[] end)
  || jsonb_build_object('credits', published_credits(film -> 'credits', people))
  || case when cardinality(published_texts(items)) > 0 and jsonb_typeof(film -> 'texts') = 'array'
    then jsonb_build_object('texts', (select coalesce(jsonb_agg(only_keys(t, array['language'] || published_texts(items)) order by n), '[]')
      from jsonb_array_elements(film -> 'texts') with ordinality as x (t, n)))
    else '{}'::jsonb end
  else '{}'::jsonb end;

-- Nothing of an entry is public before its makers' own instant.
alter table entries add column embargo_until timestamptz;
comment on column entries.embargo_until is 'Until then its makers want nothing public; null: as soon as the line-up is out.';

-- An erased entry keeps its number and nothing else, not even when it came.
alter table entries
  drop constraint entries_submitted_present,
  add constraint entries_submitted_present check (state in ('draft', 'erased') or submitted_at is not null);

create view public_films as
select e.id as entry_id,
       e.edition_id,
       e.category_id,
       e.slug,
       published_film(e.film, said.items, said.people) as film,
       'stills' = any(said.items) as stills
from entries e
join works w on w.id = e.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
join editions ed on ed.id = e.edition_id and ed.lineup_at <= statement_timestamp()
join decisions d on d.entry_id = e.id and d.outcome = 'selected' and d.released_at is not null
cross join lateral (
  select coalesce(array_agg(c.item) filter (where c.subject = ''), '{}') as items,
         coalesce(array_agg(c.subject) filter (where c.item = 'names'), '{}') as people
  from consents c
  where c.entry_id = e.id and c.decision = 'yes') said
where e.state in ('submitted', 'eligible', 'ineligible')
  and (e.embargo_until is null or e.embargo_until <= statement_timestamp())
  and 'film' = any(said.items);
comment on view public_films is 'The line-up as everybody may see it: released, published, past every embargo, consented.';

-- What people of the festival may find: neither what was erased nor what its
-- makers have shut. Both are missing in the same way.
create view present_entries as
select e.id, e.code, e.edition_id, e.category_id, e.work_id, e.number, e.state, e.film, e.film_version, e.contact, e.answers,
       e.source, e.source_id, e.slug, e.created_at, e.submitted_at, e.deadline_id, e.embargo_until,
       e.fee, e.fee_base, e.fee_minor, e.fee_currency, e.fee_code_id, e.late_until,
       e.title, e.runtime, e.countries, e.directors, e.search, e.people, e.surnames
from entries e
join works w on w.id = e.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
where e.state <> 'erased';
comment on view present_entries is 'The entries that can be found by people of the festival.';

-- When the makers of an entry learned that it is out: from then its films and
-- its data are kept for a time. A selected film is not here.
create view entry_ends as
select e.id as entry_id, coalesce(d.released_at, s.at) as at
from entries e
left join decisions d on d.entry_id = e.id and d.outcome <> 'selected' and d.released_at is not null
left join lateral (
  select x.at
  from entry_states x
  where x.entry_id = e.id and x.state = e.state and e.state in ('ineligible', 'withdrawn')
  order by x.id desc
  limit 1) s on true
where e.state in ('submitted', 'eligible', 'ineligible', 'withdrawn') and coalesce(d.released_at, s.at) is not null;
comment on view entry_ends is 'Since when the makers of an entry know that it is out.';

create table erasures (
  id           bigint generated always as identity,
  code         text not null,
  kind         text not null,
  at           timestamptz not null default clock_timestamp(),
  record       text not null,
  receipt      text not null,
  blobs        text[] not null default '{}',
  finished_at  timestamptz,
  constraint erasures_pkey primary key (id),
  constraint erasures_code_once unique (code),
  constraint erasures_kind_known check (kind in ('work', 'account', 'entry', 'films')),
  constraint erasures_finished_empty check (finished_at is null or blobs = '{}')
);
comment on table erasures is 'What was erased, without what it was. Owner: erasure';
comment on column erasures.record is 'The line of the record beside the database, from which it is erased again after a backup was brought back.';
comment on column erasures.receipt is 'The signed receipt as it was given.';
comment on column erasures.blobs is 'Keys of files still to be deleted; empty once that is done.';
comment on column erasures.finished_at is 'When the files were gone and the tables were cleaned.';
