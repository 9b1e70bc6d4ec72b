-- The names that 000019 gave to credits were computed from the person's name:
-- who knew one could compute it, and look for it. Each gets one of chance, the
-- same in the work, in what was sent, in earlier versions and in every answer.
create table renamed_credits (
  work_id  bigint not null,
  id       text not null,
  fresh    text not null,
  constraint renamed_credits_pkey primary key (work_id, id)
);

insert into renamed_credits (work_id, id, fresh)
select work_id, id, left(uuid, 8) || right(uuid, 12)
from (
  select distinct work_id, c ->> 'id' as id
  from (
    select id as work_id, film from works
    union all
    select work_id, film from entries
    union all
    select work_id, film from work_versions) as films,
    jsonb_array_elements(case when jsonb_typeof(film -> 'credits') = 'array' then film -> 'credits' else '[]' end) as c
  where c ->> 'id' ~ '^[0-9a-f]{16}$'
  union
  select e.work_id, a.subject
  from consent_acts a
  join entries e on e.id = a.entry_id
  where a.item = 'names' and a.subject ~ '^[0-9a-f]{16}$') as computed,
  lateral (select gen_random_uuid()::text as uuid where computed.id is not null) as chance;

create function credits_renamed(work bigint, film jsonb) returns jsonb
language sql stable
return jsonb_set(film, '{credits}', (
  select jsonb_agg(case when r.fresh is null then c else c || jsonb_build_object('id', r.fresh) end order by n)
  from jsonb_array_elements(film -> 'credits') with ordinality as x (c, n)
  left join renamed_credits r on r.work_id = work and r.id = c ->> 'id'));

create function credits_to_rename(work bigint, film jsonb) returns boolean
language sql stable
return exists (
  select
  from jsonb_array_elements(case when jsonb_typeof(film -> 'credits') = 'array' then film -> 'credits' else '[]' end) as c
  join renamed_credits r on r.work_id = work and r.id = c ->> 'id');

update works
set film = credits_renamed(id, film)
where credits_to_rename(id, film);
update entries
set film = credits_renamed(work_id, film)
where credits_to_rename(work_id, film);
update work_versions
set film = credits_renamed(work_id, film)
where credits_to_rename(work_id, film);

-- What was answered stays as it was: only whom it names is called otherwise.
alter table consent_acts disable trigger consent_acts_kept;
update consent_acts a
set subject = r.fresh
from entries e, renamed_credits r
where e.id = a.entry_id and a.item = 'names' and r.work_id = e.work_id and r.id = a.subject;
alter table consent_acts enable trigger consent_acts_kept;

drop function credits_to_rename(bigint, jsonb);
drop function credits_renamed(bigint, jsonb);
drop table renamed_credits;

-- Where somebody wanted to go when they asked to open an account.
alter table account_tokens add column next text not null default '';
comment on column account_tokens.next is 'The page that its holder wanted; empty: none in particular.';

-- When everybody knows what became of an edition's films. From then on the words
-- between makers and festival are kept for a time.
create view publications as
select id as edition_id,
       coalesce(awards_at, case when lineup_at is not null then greatest(lineup_at, (ends_on + 1)::timestamp at time zone zone) end) as at
from editions;
comment on view publications is 'When the results of an edition are out: its awards, or without any the end of a festival whose line-up is published; null: not yet.';

create table cleared_threads (
  entry_id  bigint not null,
  at        timestamptz not null default clock_timestamp(),
  constraint cleared_threads_pkey primary key (entry_id),
  constraint cleared_threads_entry_exists foreign key (entry_id) references entries (id) on delete cascade
);
comment on table cleared_threads is 'Of which entries words between makers and festival were deleted because their time was over. Owner: erasure';
comment on column cleared_threads.at is 'When that was last.';
