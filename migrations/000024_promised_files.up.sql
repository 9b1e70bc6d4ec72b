-- A slow line does not hurt: an entry counts when it was sent in time with the
-- length and SHA-256 of its film; the bytes may follow for so many hours.
alter table categories
  add column bytes_hours integer not null default 72,
  add constraint categories_bytes_hours_range check (bytes_hours between 0 and 720);
comment on column categories.bytes_hours is 'How long after its deadline an entry''s film may still be on its way; 0: it must have arrived.';

create table shutdowns (
  id           bigint generated always as identity,
  code         text not null,
  edition_id   bigint not null,
  countries    text[] not null default '{}',
  words        text not null,
  declared_at  timestamptz not null default clock_timestamp(),
  actor_id     bigint,
  constraint shutdowns_pkey primary key (id),
  constraint shutdowns_code_once unique (code),
  constraint shutdowns_words_length check (length(words) between 1 and 500),
  constraint shutdowns_edition_exists foreign key (edition_id) references editions (id),
  constraint shutdowns_actor_exists foreign key (actor_id) references accounts (id) on delete set null
);
comment on table shutdowns is 'Times in which people of some countries, or all, cannot send: their films have fourteen days. Public, and never taken back. Owner: festival';
comment on column shutdowns.countries is 'ISO codes; empty: everybody.';
create index shutdowns_by_edition on shutdowns (edition_id, id);

create table promises (
  entry_id   bigint not null,
  size       bigint not null,
  sha256     bytea not null,
  closes_at  timestamptz not null,
  made_at    timestamptz not null default clock_timestamp(),
  file_id    bigint,
  kept_at    timestamptz,
  constraint promises_pkey primary key (entry_id),
  constraint promises_size_range check (size > 0),
  constraint promises_sha256_length check (length(sha256) = 32),
  constraint promises_kept_whole check ((file_id is null) = (kept_at is null)),
  constraint promises_entry_exists foreign key (entry_id) references entries (id) on delete cascade,
  constraint promises_file_exists foreign key (file_id) references files (id) on delete cascade
);
comment on table promises is 'The film that an entry was sent with before its bytes were here. Owner: entry';
comment on column promises.closes_at is 'The deadline that held for the entry; the window for the bytes begins there.';
create index promises_by_file on promises (file_id);

-- Until when the bytes of a promise may come: the category's window, or
-- fourteen days when a shutdown was declared for the entry before it ended.
create view promise_windows as
select p.entry_id, e.work_id, p.size, p.sha256, p.made_at, p.closes_at, p.file_id, p.kept_at,
       p.closes_at + make_interval(hours => case
         when exists (
           select from shutdowns s
           where s.edition_id = e.edition_id
             and s.declared_at <= p.closes_at + make_interval(hours => c.bytes_hours)
             and (s.countries = '{}' or s.countries && e.countries))
         then greatest(c.bytes_hours, 336)
         else c.bytes_hours end) as until
from promises p
join entries e on e.id = p.entry_id
join categories c on c.id = e.category_id;
comment on view promise_windows is 'Promised films, and until when their bytes may come.';

-- A promised film stands in what was sent as if it were here: the sum of an
-- entry is the same before and after its bytes have come.
create or replace function sent_document(entry bigint) returns text
language sql stable
return (
  select jsonb_build_object(
    'number', ed.prefix || '-' || lpad(e.number::text, 4, '0'),
    'film', e.film,
    'files', coalesce((
      select jsonb_agg(jsonb_build_object('role', s.role, 'sha256', encode(s.sha256, 'hex'), 'size', s.size) order by s.role, s.position, s.id)
      from (
        select x.role, x.position, f.id, f.sha256, f.size
        from entry_files x
        join files f on f.id = x.file_id
        where x.entry_id = e.id
        union all
        select 'screener', 1, 0, p.sha256, p.size
        from promises p
        where p.entry_id = e.id and p.kept_at is null) s), '[]'))::text
  from entries e
  join editions ed on ed.id = e.edition_id
  where e.id = entry);
