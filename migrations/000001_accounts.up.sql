create extension if not exists citext;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- One spelling of a text for searching: no accents, lower case, one form of the
-- Arabic and Persian letters that keyboards write in two ways, no joiners.
create function fold(value text) returns text
language sql immutable strict parallel safe
return translate(lower(unaccent('unaccent'::regdictionary, value)), 'يكىأإآةۀ' || chr(8204) || chr(8205) || chr(1600), 'یکیاااهه');

create table events (
  id          bigint generated always as identity,
  at          timestamptz not null default clock_timestamp(),
  actor_id    bigint,
  edition_id  bigint,
  verb        text not null,
  kind        text not null,
  subject_id  bigint not null,
  before      jsonb,
  after       jsonb,
  constraint events_pkey primary key (id),
  constraint events_verb_length check (length(verb) between 1 and 60)
);
comment on table events is 'Append-only record of acts: who, what, on what. Owner: audit';
create index events_by_subject on events (kind, subject_id, id);
create index events_by_edition on events (edition_id, id);

create table accounts (
  id             bigint generated always as identity,
  code           text not null,
  email          citext not null,
  name           text not null,
  password_hash  text not null default '',
  locale         text not null default 'en',
  zone           text not null default 'UTC',
  admin          boolean not null default false,
  verified_at    timestamptz,
  created_at     timestamptz not null default clock_timestamp(),
  disabled_at    timestamptz,
  constraint accounts_pkey primary key (id),
  constraint accounts_code_once unique (code),
  constraint accounts_email_once unique (email),
  constraint accounts_email_shape check (email ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$' and length(email) <= 254),
  constraint accounts_name_length check (length(name) between 1 and 200)
);
comment on table accounts is 'A person who signs in. Owner: account';
comment on column accounts.password_hash is 'argon2id in PHC form; empty: no password yet (invited).';

create table sessions (
  token_hash  bytea not null,
  code        text not null,
  account_id  bigint not null,
  created_at  timestamptz not null default clock_timestamp(),
  seen_at     timestamptz not null default clock_timestamp(),
  expires_at  timestamptz not null,
  constraint sessions_pkey primary key (token_hash),
  constraint sessions_code_once unique (code),
  constraint sessions_account_exists foreign key (account_id) references accounts (id) on delete cascade
);
comment on table sessions is 'Signed-in browsers; only the hash of the cookie is kept, no address, no browser name. Owner: account';
create index sessions_by_account on sessions (account_id);

create table account_tokens (
  token_hash  bytea not null,
  kind        text not null,
  account_id  bigint,
  email       citext,
  created_at  timestamptz not null default clock_timestamp(),
  expires_at  timestamptz not null,
  used_at     timestamptz,
  constraint account_tokens_pkey primary key (token_hash),
  constraint account_tokens_kind_known check (kind in ('setup', 'reset', 'email', 'verify')),
  constraint account_tokens_account_exists foreign key (account_id) references accounts (id) on delete cascade
);
comment on table account_tokens is 'One-time links: first set-up, forgotten password, change and proof of an e-mail address. Owner: account';

create table form_answers (
  key         text not null,
  actor       bigint not null default 0,
  route       text not null,
  location    text not null default '',
  created_at  timestamptz not null default clock_timestamp(),
  constraint form_answers_pkey primary key (key, actor),
  constraint form_answers_key_length check (length(key) between 16 and 64)
);
comment on table form_answers is 'The answer to each form that was sent, so that sending it twice acts once. Kept 30 days. Owner: account';
create index form_answers_by_age on form_answers (created_at);

create table letters (
  id            bigint generated always as identity,
  code          text not null,
  kind          text not null,
  account_id    bigint,
  edition_id    bigint,
  email         citext not null,
  locale        text not null,
  event_key     text not null,
  args          jsonb not null,
  state         text not null default 'queued',
  tries         integer not null default 0,
  created_at    timestamptz not null default clock_timestamp(),
  sent_at       timestamptz,
  constraint letters_pkey primary key (id),
  constraint letters_code_once unique (code),
  constraint letters_event_once unique (event_key),
  constraint letters_state_known check (state in ('held', 'queued', 'sent', 'failed'))
);
comment on table letters is 'Outbox of letters, written in the transaction that causes them. Owner: mail';
comment on column letters.event_key is 'What the letter is about and to whom; a second letter for the same event is never written.';
create index letters_by_account on letters (account_id, id);
create index letters_by_edition on letters (edition_id, id);
