create table files (
  id            bigint generated always as identity,
  code          text not null,
  owner_id      bigint,
  kind          text not null,
  state         text not null default 'checking',
  refusal       text not null default '',
  media_type    text not null,
  size          bigint not null,
  sha256        bytea not null,
  blob_key      text not null,
  width         integer,
  height        integer,
  seconds       integer,
  created_at    timestamptz not null default clock_timestamp(),
  constraint files_pkey primary key (id),
  constraint files_code_once unique (code),
  constraint files_blob_once unique (blob_key),
  constraint files_kind_known check (kind in ('screener', 'still', 'hero')),
  constraint files_state_known check (state in ('checking', 'ready', 'refused')),
  constraint files_size_range check (size > 0),
  constraint files_owner_exists foreign key (owner_id) references accounts (id)
);
comment on table files is 'Bytes as they arrived, under a neutral key; the sender''s file name is not kept. Owner: media';
comment on column files.refusal is 'Message key that says in words why a file was refused; empty otherwise.';

create table renditions (
  file_id     bigint not null,
  name        text not null,
  media_type  text not null,
  size        bigint not null,
  blob_key    text not null,
  width       integer,
  height      integer,
  constraint renditions_pkey primary key (file_id, name),
  constraint renditions_blob_once unique (blob_key),
  constraint renditions_name_known check (name in ('w480', 'w960', 'w1920', 'video', 'poster')),
  constraint renditions_file_exists foreign key (file_id) references files (id) on delete cascade
);
comment on table renditions is 'What people are shown: re-made from the file, without metadata. Owner: media';

create table festivals (
  id          bigint generated always as identity,
  slug        text not null,
  name        text not null,
  about       text not null default '',
  contact     text not null default '',
  created_at  timestamptz not null default clock_timestamp(),
  constraint festivals_pkey primary key (id),
  constraint festivals_slug_once unique (slug),
  constraint festivals_slug_shape check (slug ~ '^[a-z0-9](-?[a-z0-9]){0,39}$'),
  constraint festivals_name_length check (length(name) between 1 and 120),
  constraint festivals_about_length check (length(about) <= 4000),
  constraint festivals_contact_length check (length(contact) <= 254)
);
comment on table festivals is 'An organization that runs editions. Owner: festival';

create table memberships (
  account_id   bigint not null,
  festival_id  bigint not null,
  role         text not null,
  created_at   timestamptz not null default clock_timestamp(),
  constraint memberships_pkey primary key (account_id, festival_id, role),
  constraint memberships_role_known check (role in ('organizer')),
  constraint memberships_account_exists foreign key (account_id) references accounts (id) on delete cascade,
  constraint memberships_festival_exists foreign key (festival_id) references festivals (id)
);
comment on table memberships is 'Roles that an account holds in a festival; seats on panels stand in seats. Owner: account';
create index memberships_by_festival on memberships (festival_id);

create table editions (
  id              bigint generated always as identity,
  festival_id     bigint not null,
  slug            text not null,
  name            text not null,
  prefix          text not null,
  tagline         text not null default '',
  intro           text not null default '',
  regulations     text not null default '',
  city            text not null,
  zone            text not null,
  starts_on       date not null,
  ends_on         date not null,
  decisions_on    date,
  hero_file_id    bigint,
  last_number     integer not null default 0,
  call_opened_at  timestamptz,
  lineup_at       timestamptz,
  awards_at       timestamptz,
  archived_at     timestamptz,
  created_at      timestamptz not null default clock_timestamp(),
  constraint editions_pkey primary key (id),
  constraint editions_slug_once unique (festival_id, slug),
  constraint editions_slug_shape check (slug ~ '^[a-z0-9](-?[a-z0-9]){0,39}$'),
  constraint editions_name_length check (length(name) between 1 and 120),
  constraint editions_prefix_shape check (prefix ~ '^[A-Z0-9]{1,6}$'),
  constraint editions_tagline_length check (length(tagline) <= 120),
  constraint editions_intro_length check (length(intro) <= 2000),
  constraint editions_regulations_length check (length(regulations) <= 40000),
  constraint editions_city_length check (length(city) between 1 and 80),
  constraint editions_dates_order check (starts_on <= ends_on),
  constraint editions_festival_exists foreign key (festival_id) references festivals (id),
  constraint editions_hero_exists foreign key (hero_file_id) references files (id)
);
comment on table editions is 'One year''s festival. What has happened stands as instants: call opened, line-up out, awards out. Owner: festival';
comment on column editions.last_number is 'Highest entry number given out; entries are shown as prefix-number.';

create table stages (
  id          bigint generated always as identity,
  edition_id  bigint not null,
  position    integer not null,
  name        text not null,
  body        text not null default '',
  starts_on   date not null,
  ends_on     date not null,
  constraint stages_pkey primary key (id),
  constraint stages_position_once unique (edition_id, position) deferrable initially deferred,
  constraint stages_name_length check (length(name) between 1 and 120),
  constraint stages_body_length check (length(body) <= 2000),
  constraint stages_dates_order check (starts_on <= ends_on),
  constraint stages_edition_exists foreign key (edition_id) references editions (id) on delete cascade
);
comment on table stages is 'Dated parts of an edition. Owner: festival';

create table call_notes (
  id          bigint generated always as identity,
  edition_id  bigint not null,
  kind        text not null,
  position    integer not null,
  title       text not null,
  body        text not null default '',
  constraint call_notes_pkey primary key (id),
  constraint call_notes_position_once unique (edition_id, kind, position) deferrable initially deferred,
  constraint call_notes_kind_known check (kind in ('before', 'question')),
  constraint call_notes_title_length check (length(title) between 1 and 300),
  constraint call_notes_body_length check (length(body) <= 4000),
  constraint call_notes_edition_exists foreign key (edition_id) references editions (id) on delete cascade
);
comment on table call_notes is 'Texts of the call: what to have ready (before) and questions with answers. Owner: festival';

create table categories (
  id           bigint generated always as identity,
  edition_id   bigint not null,
  slug         text not null,
  position     integer not null,
  name         text not null,
  description  text not null default '',
  places       integer,
  created_at   timestamptz not null default clock_timestamp(),
  constraint categories_pkey primary key (id),
  constraint categories_slug_once unique (edition_id, slug),
  constraint categories_slug_shape check (slug ~ '^[a-z0-9](-?[a-z0-9]){0,39}$'),
  constraint categories_position_once unique (edition_id, position) deferrable initially deferred,
  constraint categories_name_length check (length(name) between 1 and 120),
  constraint categories_description_length check (length(description) <= 2000),
  constraint categories_places_range check (places between 1 and 1000),
  constraint categories_edition_exists foreign key (edition_id) references editions (id)
);
comment on table categories is 'A competition or section of an edition. Owner: festival';

create table rules (
  category_id  bigint not null,
  kind         text not null,
  seconds      integer,
  day          date,
  codes        text[] not null default '{}',
  constraint rules_pkey primary key (category_id, kind),
  constraint rules_kind_known check (kind in ('runtime-min', 'runtime-max', 'completed-after', 'country', 'language', 'subtitles', 'first-film', 'student')),
  constraint rules_value_present check (case
    when kind in ('runtime-min', 'runtime-max') then seconds between 1 and 86400
    when kind = 'completed-after' then day is not null
    when kind in ('country', 'language', 'subtitles') then cardinality(codes) > 0
    else true end),
  constraint rules_category_exists foreign key (category_id) references categories (id) on delete cascade
);
comment on table rules is 'Eligibility rules of a category, as data. Owner: festival';

create table deadlines (
  id            bigint generated always as identity,
  category_id   bigint not null,
  name          text not null,
  closes_at     timestamptz not null,
  fee_minor     bigint not null default 0,
  fee_currency  text not null default 'EUR',
  constraint deadlines_pkey primary key (id),
  constraint deadlines_instant_once unique (category_id, closes_at),
  constraint deadlines_name_length check (length(name) between 1 and 60),
  constraint deadlines_fee_range check (fee_minor between 0 and 100000000),
  constraint deadlines_currency_shape check (fee_currency ~ '^[A-Z]{3}$'),
  constraint deadlines_category_exists foreign key (category_id) references categories (id) on delete cascade
);
comment on table deadlines is 'Rungs of a category''s ladder: an instant, shown in the edition''s zone, and a fee. Owner: festival';
