-- Who has no net at all has anybody call the festival before the deadline and
-- read out the fingerprint of the film file: the beginning of its SHA-256. The
-- entry and the film may then follow for as long as the bytes of a film may.
create table fingerprints (
  id          bigint generated always as identity,
  code        text not null,
  edition_id  bigint not null,
  figures     text not null,
  noted_at    timestamptz not null,
  actor_id    bigint,
  constraint fingerprints_pkey primary key (id),
  constraint fingerprints_code_once unique (code),
  constraint fingerprints_figures_shape check (figures ~ '^[0-9a-f]{32,64}$'),
  constraint fingerprints_edition_exists foreign key (edition_id) references editions (id),
  constraint fingerprints_actor_exists foreign key (actor_id) references accounts (id) on delete set null
);
comment on table fingerprints is 'Films that somebody told the festival of before the deadline, by the beginning of their SHA-256. Neither who called nor whose film it is. Owner: festival';
comment on column fingerprints.noted_at is 'By the database''s clock; in time for a category if it lies before its last deadline.';
create unique index fingerprints_once on fingerprints (left(figures, 32), edition_id);
create index fingerprints_by_edition on fingerprints (edition_id, id);

alter table entries add column told_at timestamptz;
comment on column entries.told_at is 'When the fingerprint was noted by which an entry counts that was sent after its deadline.';

-- Until when a film may follow: the category's window after the deadline, or
-- fourteen days when a shutdown was declared for it before that ended.
create function film_window(edition bigint, countries text[], hours integer, closes timestamptz) returns timestamptz
language sql stable
return closes + make_interval(hours => case
  when exists (
    select from shutdowns s
    where s.edition_id = edition
      and s.declared_at <= closes + make_interval(hours => hours)
      and (s.countries = '{}' or s.countries && film_window.countries))
  then greatest(hours, 336)
  else hours end);
comment on function film_window(bigint, text[], integer, timestamptz) is 'Until when the film of an entry may follow.';

create or replace view promise_windows as
select p.entry_id, e.work_id, p.size, p.sha256, p.made_at, p.closes_at, p.file_id, p.kept_at,
       film_window(e.edition_id, e.countries, c.bytes_hours, p.closes_at) as until
from promises p
join entries e on e.id = p.entry_id
join categories c on c.id = e.category_id;

-- The films on their way to works: with a length and a SHA-256 each, the newest
-- of a work.
create view announced_films as
select distinct on (u.work_id) u.work_id, u.size, u.claimed
from uploads u
where u.state = 'open' and u.role = 'screener' and u.size is not null and u.claimed is not null
order by u.work_id, u.id desc;
comment on view announced_films is 'Films that were announced with their length and SHA-256 and are on their way.';

-- The SHA-256 of the film that a work would be sent with: of the one that is
-- here, or else of the newest that was announced and is on its way.
create function film_sum(work bigint) returns bytea
language sql stable
return coalesce(
  (select f.sha256
   from work_files x
   join files f on f.id = x.file_id
   where x.work_id = work and x.role = 'screener' and f.state <> 'refused'
   order by x.position, f.id
   limit 1),
  (select a.claimed
   from announced_films a
   where a.work_id = work));
comment on function film_sum(bigint) is 'SHA-256 of the film that a work would be sent with; null: of none.';

-- When the fingerprint of a film was first noted for an edition, if it was
-- before an instant.
create function told_of(edition bigint, sum bytea, closes timestamptz) returns timestamptz
language sql stable
return (
  select min(f.noted_at)
  from fingerprints f
  where f.edition_id = edition
    and left(f.figures, 32) = left(encode(sum, 'hex'), 32)
    and starts_with(encode(sum, 'hex'), f.figures)
    and f.noted_at < closes);
comment on function told_of(bigint, bytea, timestamptz) is 'When somebody told the festival of a film in time; null: nobody did.';

-- Until when a work may be sent to a category whose deadline has passed,
-- because somebody told the festival of its film before.
create function told_until(work bigint, category bigint, late timestamptz) returns timestamptz
language sql stable
return (
  select film_window(c.edition_id, text_items(w.film -> 'countries'), c.bytes_hours, d.closes_at)
  from categories c
  join works w on w.id = work
  cross join lateral (
    select greatest(max(x.closes_at), late) as closes_at
    from deadlines x
    where x.category_id = c.id) d
  where c.id = category
    and c.bytes_hours > 0
    and told_of(c.edition_id, film_sum(work), d.closes_at) is not null);
comment on function told_until(bigint, bigint, timestamptz) is 'Until when a work may be sent after the deadline of a category, or until the later instant that a code gave it; null: its film was not told of in time.';
