-- What a juror says of themselves, for a fair assignment.
alter table accounts
  add column languages text[] not null default '{}',
  add column affiliations text[] not null default '{}',
  add constraint accounts_languages_count check (cardinality(languages) <= 40),
  add constraint accounts_affiliations_length check (cardinality(affiliations) <= 40 and length(array_to_string(affiliations, ' ')) <= 4000);
comment on column accounts.languages is 'Languages that the person understands: ISO 639. Empty: not said.';
comment on column accounts.affiliations is 'Companies, schools and festivals that the person belongs to, one an item.';

-- One spelling of a name for comparing: folded as for searching, apostrophes
-- gone, all other marks between words a space.
create function name_key(value text) returns text
language sql immutable strict parallel safe
return btrim(regexp_replace(translate(fold(value), '-‐‑–—_.,;:()/&"«»“”%\''’‘ʼ`', rpad('', 21)), '\s+', ' ', 'g'));

-- A person's name with its words in one order: Sagong Narae is Narae Sagong.
create function person_key(value text) returns text
language sql immutable strict parallel safe
return (select string_agg(word, ' ' order by word) from unnest(string_to_array(name_key(value), ' ')) as word);

-- The family name: the last word, and the first where names are written so.
create function surname_key(value text) returns text
language sql immutable strict parallel safe
return name_key(case when value ~ '[가-힣一-鿿ぁ-ヿ]' then split_part(btrim(value), ' ', 1)
  else regexp_replace(btrim(value), '^.*\s', '') end);

-- The names of a film's credits, in their own script and in Latin letters, for
-- finding jurors among them.
create function credited_people(film jsonb) returns text[]
language sql immutable parallel safe
return coalesce((select array_agg(distinct person_key(name) order by person_key(name))
  from jsonb_array_elements(coalesce(film -> 'credits', '[]'::jsonb)) as c
  cross join lateral (values (c ->> 'name'), (c ->> 'nameLatin')) as n (name)
  where name_key(name) <> ''), '{}');

create function credited_surnames(film jsonb) returns text[]
language sql immutable parallel safe
return coalesce((select array_agg(distinct surname_key(name) order by surname_key(name))
  from jsonb_array_elements(coalesce(film -> 'credits', '[]'::jsonb)) as c
  cross join lateral (values (c ->> 'name'), (c ->> 'nameLatin')) as n (name)
  where length(surname_key(name)) > 1), '{}');

alter table entries
  add column people text[] generated always as (credited_people(film)) stored,
  add column surnames text[] generated always as (credited_surnames(film)) stored;
comment on column entries.people is 'Names of all credits as person_key spells them.';
comment on column entries.surnames is 'Their family names as surname_key spells them.';

create table dismissals (
  account_id  bigint not null,
  entry_id    bigint not null,
  evidence    text not null,
  actor_id    bigint not null,
  at          timestamptz not null default clock_timestamp(),
  constraint dismissals_pkey primary key (account_id, entry_id, evidence),
  constraint dismissals_evidence_known check (evidence in ('person', 'company', 'school', 'surname', 'domain')),
  constraint dismissals_account_exists foreign key (account_id) references accounts (id),
  constraint dismissals_entry_exists foreign key (entry_id) references entries (id) on delete cascade,
  constraint dismissals_actor_exists foreign key (actor_id) references accounts (id)
);
comment on table dismissals is 'A conflict that was found and that an organizer says is none; other evidence asks again. Owner: jury';

create table loads (
  round_id    bigint not null,
  account_id  bigint not null,
  least       integer not null default 0,
  most        integer,
  constraint loads_pkey primary key (round_id, account_id),
  constraint loads_least_range check (least between 0 and 20000),
  constraint loads_most_range check (most between 0 and 20000),
  constraint loads_order check (least <= most),
  constraint loads_round_exists foreign key (round_id) references rounds (id) on delete cascade,
  constraint loads_account_exists foreign key (account_id) references accounts (id)
);
comment on table loads is 'How many films a juror is given in a round, at least and at most. Owner: jury';
comment on column loads.most is 'Null: no limit.';

create table assignment_changes (
  id         bigint generated always as identity,
  code       text not null,
  round_id   bigint not null,
  actor_id   bigint not null,
  at         timestamptz not null default clock_timestamp(),
  kind       text not null,
  reviews    integer,
  seed       bigint not null default 0,
  levels     jsonb not null default '[]',
  objective  bigint,
  bound      bigint,
  undone_at  timestamptz,
  undone_by  bigint,
  stayed     integer not null default 0,
  absent     integer not null default 0,
  constraint assignment_changes_pkey primary key (id),
  constraint assignment_changes_code_once unique (code),
  constraint assignment_changes_kind_known check (kind in ('spread', 'repair', 'all', 'give', 'take', 'leave', 'more')),
  constraint assignment_changes_undone_by_somebody check ((undone_at is null) = (undone_by is null)),
  constraint assignment_changes_round_exists foreign key (round_id) references rounds (id) on delete cascade,
  constraint assignment_changes_actor_exists foreign key (actor_id) references accounts (id),
  constraint assignment_changes_undoer_exists foreign key (undone_by) references accounts (id)
);
comment on table assignment_changes is 'Every change of who watches what in a round, with its proof; the latest can be undone. Owner: jury';
comment on column assignment_changes.reviews is 'Viewers wanted for each film; null: single films were given or taken.';
comment on column assignment_changes.levels is 'What the plan minimised, the most important first, with its value and the bound that proves it.';
comment on column assignment_changes.objective is 'Cost of the last level of the plan; null: nothing was computed.';
comment on column assignment_changes.bound is 'No assignment costs less than this; equal to objective: proved.';
comment on column assignment_changes.stayed is 'Films given by it that stayed when it was undone: somebody had begun them.';
comment on column assignment_changes.absent is 'Films taken away by it that could not come back when it was undone.';
create index assignment_changes_by_round on assignment_changes (round_id, id);

create table assignment_moves (
  change_id   bigint not null,
  entry_id    bigint not null,
  account_id  bigint not null,
  given       boolean not null,
  code        text not null,
  position    integer not null,
  constraint assignment_moves_pkey primary key (change_id, entry_id, account_id),
  constraint assignment_moves_change_exists foreign key (change_id) references assignment_changes (id) on delete cascade,
  constraint assignment_moves_entry_exists foreign key (entry_id) references entries (id) on delete cascade,
  constraint assignment_moves_account_exists foreign key (account_id) references accounts (id)
);
comment on table assignment_moves is 'A film that a change gave to a juror or took away. Owner: jury';
comment on column assignment_moves.code is 'Of the assignment, so that undoing brings back the same address.';
