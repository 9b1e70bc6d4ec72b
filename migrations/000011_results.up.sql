-- How a round is decided, and how often more viewings may be asked for, is said
-- before anybody scores. Rounds that are here already keep the list they had.
alter table rounds
  add column binding text not null default 'raw',
  add column reviews_most integer,
  add column extended_at timestamptz,
  add constraint rounds_binding_known check (binding in ('calibrated', 'raw')),
  add constraint rounds_most_range check (reviews_most between reviews_per_entry + 1 and 50),
  add constraint rounds_extended_after_opened check (extended_at is null or opened_at is not null);
comment on column rounds.binding is 'The list that decides: calibrated for how strict jurors are, or raw means.';
comment on column rounds.reviews_most is 'Viewers that a film may have at most when the round is extended; null: it is not extended.';
comment on column rounds.extended_at is 'When it was last opened again: only what was given since can be scored.';

create table extensions (
  id        bigint generated always as identity,
  round_id  bigint not null,
  ended_at  timestamptz not null,
  at        timestamptz not null,
  until     timestamptz not null,
  viewings  integer not null,
  actor_id  bigint not null,
  constraint extensions_pkey primary key (id),
  constraint extensions_instant_once unique (round_id, at),
  constraint extensions_order check (ended_at <= at and at < until),
  constraint extensions_viewings_some check (viewings > 0),
  constraint extensions_round_exists foreign key (round_id) references rounds (id),
  constraint extensions_actor_exists foreign key (actor_id) references accounts (id)
);
comment on table extensions is 'A closed round was opened again for more viewings. Owner: jury';
comment on column extensions.ended_at is 'When scoring had ended before.';

create table results (
  id           bigint generated always as identity,
  code         text not null,
  round_id     bigint not null,
  apart        bigint[] not null,
  inputs_hash  text not null,
  seed         bigint not null,
  version      text not null,
  body         jsonb not null,
  computed_at  timestamptz not null default clock_timestamp(),
  shown_at     timestamptz not null default clock_timestamp(),
  actor_id     bigint not null,
  constraint results_pkey primary key (id),
  constraint results_code_once unique (code),
  constraint results_inputs_once unique (round_id, inputs_hash),
  constraint results_hash_shape check (inputs_hash ~ '^[0-9a-f]{64}$'),
  constraint results_version_length check (length(version) between 1 and 200),
  constraint results_body_object check (jsonb_typeof(body) = 'object'),
  constraint results_round_exists foreign key (round_id) references rounds (id),
  constraint results_actor_exists foreign key (actor_id) references accounts (id)
);
comment on table results is 'What was computed from a round''s scores, as it was read; never changed. Owner: result';
comment on column results.apart is 'Entries left out, in order: the reader is kept apart from them.';
comment on column results.inputs_hash is 'SHA-256 of everything that was computed from; apart is part of it.';
comment on column results.seed is 'Made from inputs_hash, so that nobody can choose it.';
comment on column results.shown_at is 'When somebody last asked for this one: the newest is shown.';
create index results_shown on results (round_id, apart, shown_at desc);
