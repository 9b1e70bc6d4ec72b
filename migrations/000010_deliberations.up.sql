create table deliberations (
  id           bigint generated always as identity,
  code         text not null,
  edition_id   bigint not null,
  panel_id     bigint not null,
  award_id     bigint,
  parent_id    bigint,
  name         text not null,
  blind        boolean not null default false,
  publish      boolean not null default false,
  method       text not null default 'schulze',
  strength     text not null default 'winning',
  quorum       integer not null,
  quorum_unit  text not null default 'percent',
  again        boolean not null default true,
  tie_rule     text not null default 'president',
  seed         text not null,
  commitment   text not null,
  opens_at     timestamptz not null,
  closes_at    timestamptz not null,
  rules        text not null default '',
  created_at   timestamptz not null default clock_timestamp(),
  called_at    timestamptz,
  unsealed_at  timestamptz,
  constraint deliberations_pkey primary key (id),
  constraint deliberations_code_once unique (code),
  constraint deliberations_parent_once unique (parent_id),
  constraint deliberations_name_length check (length(name) between 1 and 120),
  constraint deliberations_method_known check (method in ('schulze', 'ranked-pairs', 'copeland', 'borda')),
  constraint deliberations_strength_known check (strength in ('winning', 'margins', 'ratio')),
  constraint deliberations_quorum_range check (quorum between 1 and 100),
  constraint deliberations_quorum_unit_known check (quorum_unit in ('percent', 'ballots')),
  constraint deliberations_tie_rule_known check (tie_rule in ('president', 'calibrated', 'ex-aequo', 'lot')),
  constraint deliberations_dates_order check (opens_at < closes_at),
  constraint deliberations_rules_present check (called_at is null or rules <> ''),
  constraint deliberations_unsealed_after_called check (unsealed_at is null or called_at is not null),
  constraint deliberations_edition_exists foreign key (edition_id) references editions (id),
  constraint deliberations_panel_exists foreign key (panel_id) references panels (id),
  constraint deliberations_award_exists foreign key (award_id) references awards (id) on delete set null,
  constraint deliberations_parent_exists foreign key (parent_id) references deliberations (id)
);
comment on table deliberations is 'A final ballot of a jury. Set up until called_at, sealed until unsealed_at. Owner: deliberation';
comment on column deliberations.parent_id is 'The ballot that ended without a winner and that this one repeats, on all its films or the tied ones.';
comment on column deliberations.again is 'A tie that Borda does not break goes to a second ballot before tie_rule is asked.';
comment on column deliberations.commitment is 'SHA-256 of the seed in hex: shown before the vote; the seed is shown with the ballots.';
comment on column deliberations.rules is 'The rules as a JSON document, fixed when the jury is called; its SHA-256 is shown.';
create index deliberations_by_edition on deliberations (edition_id);
create index deliberations_by_panel on deliberations (panel_id);

create table finalists (
  deliberation_id  bigint not null,
  entry_id         bigint not null,
  position         integer not null,
  calibrated       double precision,
  constraint finalists_pkey primary key (deliberation_id, entry_id),
  constraint finalists_position_once unique (deliberation_id, position),
  constraint finalists_deliberation_exists foreign key (deliberation_id) references deliberations (id) on delete cascade,
  constraint finalists_entry_exists foreign key (entry_id) references entries (id)
);
comment on table finalists is 'The films of a final ballot; a film is film-N in the record, by its position. Owner: deliberation';
comment on column finalists.calibrated is 'The film''s calibrated score when the ballot was set up, where the tie rule asks for it.';
create index finalists_by_entry on finalists (entry_id);

create table ballots (
  id               bigint generated always as identity,
  code             text not null,
  deliberation_id  bigint not null,
  account_id       bigint not null,
  version          integer not null,
  cast_at          timestamptz,
  films            bigint[] not null,
  places           integer[] not null,
  saved_at         timestamptz not null default clock_timestamp(),
  constraint ballots_pkey primary key (id),
  constraint ballots_code_once unique (code),
  constraint ballots_version_once unique (deliberation_id, account_id, version),
  constraint ballots_places_whole check (cardinality(films) = cardinality(places)),
  constraint ballots_deliberation_exists foreign key (deliberation_id) references deliberations (id),
  constraint ballots_account_exists foreign key (account_id) references accounts (id)
);
comment on table ballots is 'Every version of a juror''s order of the films; the newest that was cast counts. Append-only. Owner: deliberation';
comment on column ballots.places is 'The place of each of films, from 1, equal for films that share one, and 0 for those left out; a film that is not here the juror could not rank.';

create table deliberation_results (
  deliberation_id  bigint not null,
  record           text not null,
  made_at          timestamptz not null default clock_timestamp(),
  constraint deliberation_results_pkey primary key (deliberation_id),
  constraint deliberation_results_deliberation_exists foreign key (deliberation_id) references deliberations (id)
);
comment on table deliberation_results is 'The count of a final ballot as a JSON document, made once when the ballots were opened. Append-only. Owner: deliberation';

-- The last word on secrecy and time, whatever a program does: a ballot is taken
-- only between the call and the opening. The lock makes an opening under way
-- finish first.
create function ballot_in_time() returns trigger
language plpgsql as $$
begin
  perform from deliberations d
  where d.id = new.deliberation_id and d.called_at is not null and d.unsealed_at is null
  for share;
  if not found then
    raise exception 'ballots are taken between the call and the opening' using errcode = 'check_violation', constraint = 'ballots_in_time';
  end if;
  return null;
end $$;
create constraint trigger ballots_in_time after insert on ballots
for each row execute function ballot_in_time();

create function ballot_kept() returns trigger
language plpgsql as $$
begin
  raise exception 'ballots and counts stay as they were written' using errcode = 'check_violation', constraint = tg_name;
end $$;
create constraint trigger ballots_kept after update or delete on ballots
for each row execute function ballot_kept();
create constraint trigger deliberation_results_kept after update or delete on deliberation_results
for each row execute function ballot_kept();

-- The films that a juror may rank, as they may know them. Who is kept apart from
-- a film (see kept_apart) does not have it here; withdrawn films nobody has.
create view juror_finalists as
select f.deliberation_id,
       s.account_id,
       s.president,
       e.id as entry_id,
       f.position,
       case when d.blind
         then e.film - array['credits', 'biography', 'statement', 'website', 'trailer', 'school', 'budget', 'screenings', 'awards', 'stillsBy']
         else e.film - array['budget'] end as film
from deliberations d
join seats s on s.panel_id = d.panel_id and s.left_at is null
join finalists f on f.deliberation_id = d.id
join entries e on e.id = f.entry_id and e.state in ('submitted', 'eligible')
where not exists (select from conflicts c where c.account_id = s.account_id and c.entry_id = e.id)
  and not exists (select from works w where w.id = e.work_id and w.owner_id = s.account_id)
  and not exists (select from accounts p where p.id = s.account_id and p.email = (e.contact ->> 'email')::citext);
comment on view juror_finalists is 'A film of a final ballot as a juror of its panel may know and rank it.';

create view voters as
select deliberation_id, account_id, president, count(*)::int as films
from juror_finalists
group by deliberation_id, account_id, president
having count(*) >= 2;
comment on view voters is 'Who votes in a final ballot: seated, with at least two films to compare.';
