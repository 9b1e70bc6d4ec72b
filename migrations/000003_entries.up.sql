-- Items of a JSON array of texts, for search and filters.
create function text_items(list jsonb) returns text[]
language sql immutable parallel safe
return coalesce((select array_agg(item order by n) from jsonb_array_elements_text(list) with ordinality as x (item, n)), '{}');

-- Names of a film's credits in one role, in order.
create function credited(film jsonb, role text) returns text[]
language sql immutable parallel safe
return coalesce((select array_agg(c ->> 'name' order by n)
  from jsonb_array_elements(coalesce(film -> 'credits', '[]'::jsonb)) with ordinality as x (c, n)
  where c ->> 'role' = role), '{}');

create table works (
  id          bigint generated always as identity,
  code        text not null,
  owner_id    bigint,
  film        jsonb not null,
  version     integer not null default 1,
  created_at  timestamptz not null default clock_timestamp(),
  updated_at  timestamptz not null default clock_timestamp(),
  constraint works_pkey primary key (id),
  constraint works_code_once unique (code),
  constraint works_film_object check (jsonb_typeof(film) = 'object'),
  constraint works_runtime_range check ((film ->> 'runtime')::integer between 0 and 86400),
  constraint works_owner_exists foreign key (owner_id) references accounts (id)
);
comment on table works is 'A film as its makers describe it, reused over entries. Owner: entry';
comment on column works.owner_id is 'Null for a work that an organizer imported and nobody has claimed.';
comment on column works.version is 'Raised by every save; a stale form is refused by it.';
create index works_by_owner on works (owner_id, id);

create table work_files (
  work_id     bigint not null,
  file_id     bigint not null,
  role        text not null,
  position    integer not null default 1,
  created_at  timestamptz not null default clock_timestamp(),
  constraint work_files_pkey primary key (work_id, file_id),
  constraint work_files_role_known check (role in ('screener', 'still')),
  constraint work_files_work_exists foreign key (work_id) references works (id) on delete cascade,
  constraint work_files_file_exists foreign key (file_id) references files (id)
);
comment on table work_files is 'A work''s screener and stills, in order. Owner: entry';
create index work_files_by_file on work_files (file_id);

create table entries (
  id            bigint generated always as identity,
  code          text not null,
  edition_id    bigint not null,
  category_id   bigint not null,
  work_id       bigint not null,
  number        integer not null,
  state         text not null default 'draft',
  film          jsonb,
  film_version  integer,
  contact       jsonb not null default '{}',
  answers       jsonb not null default '[]',
  source        text,
  source_id     text,
  slug          text,
  created_at    timestamptz not null default clock_timestamp(),
  submitted_at  timestamptz,
  deadline_id   bigint,
  title         text generated always as (coalesce(nullif(film ->> 'title', ''), film ->> 'titleOriginal')) stored,
  runtime       integer generated always as ((film ->> 'runtime')::integer) stored,
  countries     text[] generated always as (text_items(film -> 'countries')) stored,
  directors     text[] generated always as (credited(film, 'director')) stored,
  search        text generated always as (fold(
    coalesce(film ->> 'title', '') || ' ' || coalesce(film ->> 'titleOriginal', '') || ' ' || coalesce((film -> 'credits')::text, ''))) stored,
  constraint entries_pkey primary key (id),
  constraint entries_code_once unique (code),
  constraint entries_number_once unique (edition_id, number),
  constraint entries_one_per_category unique (work_id, category_id),
  constraint entries_source_once unique (edition_id, source, source_id),
  constraint entries_slug_once unique (edition_id, slug),
  constraint entries_state_known check (state in ('draft', 'submitted', 'eligible', 'ineligible', 'withdrawn')),
  constraint entries_snapshot_present check (state = 'draft' or film is not null),
  constraint entries_submitted_present check (state = 'draft' or submitted_at is not null),
  constraint entries_edition_exists foreign key (edition_id) references editions (id),
  constraint entries_category_exists foreign key (category_id) references categories (id),
  constraint entries_work_exists foreign key (work_id) references works (id),
  constraint entries_deadline_exists foreign key (deadline_id) references deadlines (id) on delete set null
);
comment on table entries is 'One work submitted to one category; film is the frozen snapshot of what was submitted. Owner: entry';
comment on column entries.contact is 'Name and e-mail of the submitter of an imported entry; empty when the work has an owner.';
comment on column entries.answers is 'Questions and answers that came with an import.';
create index entries_by_category on entries (category_id, state);
create index entries_by_edition on entries (edition_id, title, id);
create index entries_search on entries using gin (search gin_trgm_ops);
create index entries_by_country on entries using gin (countries);

create table entry_files (
  entry_id  bigint not null,
  file_id   bigint not null,
  role      text not null,
  position  integer not null,
  constraint entry_files_pkey primary key (entry_id, file_id),
  constraint entry_files_role_known check (role in ('screener', 'still')),
  constraint entry_files_entry_exists foreign key (entry_id) references entries (id) on delete cascade,
  constraint entry_files_file_exists foreign key (file_id) references files (id)
);
comment on table entry_files is 'The files of the snapshot. Owner: entry';
create index entry_files_by_file on entry_files (file_id);

create table entry_states (
  id        bigint generated always as identity,
  entry_id  bigint not null,
  state     text not null,
  reason    text not null default '',
  actor_id  bigint,
  at        timestamptz not null default clock_timestamp(),
  constraint entry_states_pkey primary key (id),
  constraint entry_states_state_known check (state in ('draft', 'submitted', 'resubmitted', 'eligible', 'ineligible', 'withdrawn')),
  constraint entry_states_reason_length check (length(reason) <= 2000),
  constraint entry_states_entry_exists foreign key (entry_id) references entries (id) on delete cascade
);
comment on table entry_states is 'Every state that an entry has been in, with the reason: its timeline. Owner: entry';
create index entry_states_by_entry on entry_states (entry_id, id);

create table consents (
  entry_id    bigint not null,
  item        text not null,
  granted_at  timestamptz not null default clock_timestamp(),
  constraint consents_pkey primary key (entry_id, item),
  constraint consents_item_known check (item in ('film', 'names', 'countries', 'synopsis', 'stills')),
  constraint consents_entry_exists foreign key (entry_id) references entries (id) on delete cascade
);
comment on table consents is 'What may stand on public pages: the only road there. Owner: entry';

create table imports (
  id          bigint generated always as identity,
  code        text not null,
  edition_id  bigint not null,
  kind        text not null,
  content     bytea,
  mapping     jsonb not null default '{}',
  report      jsonb,
  created_by  bigint not null,
  created_at  timestamptz not null default clock_timestamp(),
  applied_at  timestamptz,
  constraint imports_pkey primary key (id),
  constraint imports_code_once unique (code),
  constraint imports_kind_known check (kind in ('filmfreeway', 'csv')),
  constraint imports_edition_exists foreign key (edition_id) references editions (id),
  constraint imports_author_exists foreign key (created_by) references accounts (id)
);
comment on table imports is 'An uploaded spreadsheet between its dry run and its import; the content goes when it is applied. Owner: intake';
