-- What the makers of a work ask about how its film is shown to a jury.
alter table works
  add column screener_limits text[] not null default '{}',
  add constraint works_screener_limits_known check (screener_limits <@ array['stream', 'category', 'room']);
comment on column works.screener_limits is 'How its film may be watched: stream (no file of it in one piece), category (by jurors of the entry''s category alone), room (by no juror at home).';

-- Where somebody stopped watching a film, so that it goes on from there on any
-- device and leaves nothing in one that others use too.
create table viewings (
  account_id  bigint not null,
  file_id     bigint not null,
  seconds     integer not null,
  at          timestamptz not null default clock_timestamp(),
  constraint viewings_pkey primary key (account_id, file_id),
  constraint viewings_seconds_range check (seconds between 0 and 90000),
  constraint viewings_account_exists foreign key (account_id) references accounts (id) on delete cascade,
  constraint viewings_file_exists foreign key (file_id) references files (id) on delete cascade
);
comment on table viewings is 'Where somebody stopped watching a film; nobody else is told. Owner: score';
comment on column viewings.seconds is 'From the beginning of the film.';
create index viewings_by_file on viewings (file_id);

-- What does not play. A report is about one film as it was sent: it is over
-- when another file or link stands in its place.
create table faults (
  id           bigint generated always as identity,
  code         text not null,
  entry_id     bigint not null,
  source       text not null,
  reason       text not null,
  words        text not null default '',
  side         text not null,
  reporter_id  bigint,
  at           timestamptz not null default clock_timestamp(),
  closed_at    timestamptz,
  constraint faults_pkey primary key (id),
  constraint faults_code_once unique (code),
  constraint faults_reason_known check (reason in ('picture', 'sound', 'stops', 'subtitles', 'other')),
  constraint faults_words_length check (length(words) <= 500),
  constraint faults_side_known check (side in ('juror', 'festival')),
  constraint faults_entry_exists foreign key (entry_id) references entries (id) on delete cascade,
  constraint faults_reporter_exists foreign key (reporter_id) references accounts (id) on delete set null
);
comment on table faults is 'Reports that the film of an entry does not play. Owner: thread';
comment on column faults.source is 'The code of the file, or the address of the makers'' page, that did not play.';
comment on column faults.reporter_id is 'Who reported it: shown to nobody.';
comment on column faults.closed_at is 'When an organizer called it done.';
create unique index faults_open_once on faults (entry_id, source, reason) where closed_at is null;

-- What does not play today: neither called done nor replaced.
create view open_faults as
select x.id, x.code, x.entry_id, x.source, x.reason, x.words, x.side, x.at
from faults x
join entries e on e.id = x.entry_id and e.state <> 'erased'
where x.closed_at is null
  and (x.source = e.film ->> 'screenerLink'
    or exists (select from entry_files ef
               join files f on f.id = ef.file_id
               where ef.entry_id = e.id and ef.role = 'screener' and f.code = x.source));
comment on view open_faults is 'The reports about films as they stand now.';

-- A further question to the makers: may the festival have the file as it was
-- sent, to show it on a screen?
alter table consent_acts
  drop constraint consent_acts_item_known,
  add constraint consent_acts_item_known check (item in ('film', 'names', 'countries', 'synopsis', 'statement', 'stills', 'trailer', 'links', 'press', 'partners', 'original'));
