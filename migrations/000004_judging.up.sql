create table panels (
  id          bigint generated always as identity,
  code        text not null,
  edition_id  bigint not null,
  name        text not null,
  created_at  timestamptz not null default clock_timestamp(),
  constraint panels_pkey primary key (id),
  constraint panels_code_once unique (code),
  constraint panels_name_once unique (edition_id, name),
  constraint panels_name_length check (length(name) between 1 and 120),
  constraint panels_edition_exists foreign key (edition_id) references editions (id)
);
comment on table panels is 'A group of jurors; a panel may judge several rounds. Owner: jury';

create table seats (
  id          bigint generated always as identity,
  code        text not null,
  panel_id    bigint not null,
  account_id  bigint not null,
  president   boolean not null default false,
  joined_at   timestamptz not null default clock_timestamp(),
  left_at     timestamptz,
  constraint seats_pkey primary key (id),
  constraint seats_code_once unique (code),
  constraint seats_once unique (panel_id, account_id),
  constraint seats_panel_exists foreign key (panel_id) references panels (id),
  constraint seats_account_exists foreign key (account_id) references accounts (id)
);
comment on table seats is 'A juror on a panel. Owner: jury';
create index seats_by_account on seats (account_id);
create unique index seats_one_president on seats (panel_id) where president and left_at is null;

create table invitations (
  id           bigint generated always as identity,
  code         text not null,
  token_hash   bytea not null,
  email        citext not null,
  name         text not null default '',
  role         text not null,
  festival_id  bigint not null,
  panel_id     bigint,
  invited_by   bigint,
  account_id   bigint,
  created_at   timestamptz not null default clock_timestamp(),
  expires_at   timestamptz not null,
  accepted_at  timestamptz,
  declined_at  timestamptz,
  revoked_at   timestamptz,
  constraint invitations_pkey primary key (id),
  constraint invitations_code_once unique (code),
  constraint invitations_token_once unique (token_hash),
  constraint invitations_role_known check (role in ('organizer', 'juror')),
  constraint invitations_panel_present check ((role = 'juror') = (panel_id is not null)),
  constraint invitations_email_shape check (email ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$' and length(email) <= 254),
  constraint invitations_name_length check (length(name) <= 200),
  constraint invitations_one_answer check (num_nonnulls(accepted_at, declined_at, revoked_at) <= 1),
  constraint invitations_festival_exists foreign key (festival_id) references festivals (id),
  constraint invitations_panel_exists foreign key (panel_id) references panels (id)
);
comment on table invitations is 'Invitations by mail to be a juror or an organizer. Owner: account';
create unique index invitations_open_once on invitations (email, role, festival_id, coalesce(panel_id, 0))
  where accepted_at is null and declined_at is null and revoked_at is null;

create table rounds (
  id                 bigint generated always as identity,
  code               text not null,
  category_id        bigint not null,
  panel_id           bigint not null,
  name               text not null,
  blind              boolean not null default false,
  feedback           boolean not null default true,
  reviews_per_entry  integer not null,
  scale_min          integer not null default 1,
  scale_max          integer not null default 10,
  opens_at           timestamptz not null,
  closes_at          timestamptz not null,
  opened_at          timestamptz,
  closed_at          timestamptz,
  created_at         timestamptz not null default clock_timestamp(),
  constraint rounds_pkey primary key (id),
  constraint rounds_code_once unique (code),
  constraint rounds_name_once unique (category_id, name),
  constraint rounds_name_length check (length(name) between 1 and 120),
  constraint rounds_dates_order check (opens_at < closes_at),
  constraint rounds_reviews_range check (reviews_per_entry between 1 and 50),
  constraint rounds_scale_range check (scale_min in (0, 1) and scale_max between scale_min + 1 and 10),
  constraint rounds_closed_after_opened check (closed_at is null or opened_at is not null),
  constraint rounds_category_exists foreign key (category_id) references categories (id),
  constraint rounds_panel_exists foreign key (panel_id) references panels (id)
);
comment on table rounds is 'A phase of judging in a category. Set up until opened_at, open until closed_at. Owner: jury';
create index rounds_by_panel on rounds (panel_id);

create table criteria (
  id          bigint generated always as identity,
  round_id    bigint not null,
  position    integer not null,
  name        text not null,
  hint        text not null default '',
  weight      numeric(6,2) not null,
  required    boolean not null default true,
  counted     boolean not null default true,
  low_label   text not null default '',
  high_label  text not null default '',
  constraint criteria_pkey primary key (id),
  constraint criteria_position_once unique (round_id, position) deferrable initially deferred,
  constraint criteria_name_length check (length(name) between 1 and 80),
  constraint criteria_hint_length check (length(hint) <= 300),
  constraint criteria_label_length check (length(low_label) <= 60 and length(high_label) <= 60),
  constraint criteria_weight_range check (weight between 0 and 1000),
  constraint criteria_round_exists foreign key (round_id) references rounds (id) on delete cascade
);
comment on table criteria is 'A round''s rubric: what is scored, with which weight. Owner: jury';
comment on column criteria.counted is 'False: shown to the jury, never in the mean.';

create table conflicts (
  id          bigint generated always as identity,
  account_id  bigint not null,
  entry_id    bigint not null,
  reason      text not null,
  note        text not null default '',
  actor_id    bigint not null,
  at          timestamptz not null default clock_timestamp(),
  constraint conflicts_pkey primary key (id),
  constraint conflicts_once unique (account_id, entry_id),
  constraint conflicts_reason_known check (reason in ('maker', 'worked', 'knows', 'other')),
  constraint conflicts_note_length check (length(note) <= 500),
  constraint conflicts_account_exists foreign key (account_id) references accounts (id),
  constraint conflicts_entry_exists foreign key (entry_id) references entries (id) on delete cascade
);
comment on table conflicts is 'A person who must not judge or see the judging of an entry. Owner: jury';
create index conflicts_by_entry on conflicts (entry_id);

create table assignments (
  id          bigint generated always as identity,
  code        text not null,
  round_id    bigint not null,
  entry_id    bigint not null,
  account_id  bigint not null,
  position    integer not null,
  state       text not null default 'open',
  reason      text not null default '',
  note        text not null default '',
  created_at  timestamptz not null default clock_timestamp(),
  seen_at     timestamptz,
  constraint assignments_pkey primary key (id),
  constraint assignments_code_once unique (code),
  constraint assignments_once unique (round_id, entry_id, account_id),
  constraint assignments_state_known check (state in ('open', 'done', 'recused')),
  constraint assignments_round_exists foreign key (round_id) references rounds (id),
  constraint assignments_entry_exists foreign key (entry_id) references entries (id),
  constraint assignments_account_exists foreign key (account_id) references accounts (id)
);
comment on table assignments is 'One entry given to one juror in one round. Owner: jury';
comment on column assignments.position is 'Place in the juror''s own stable order.';
create index assignments_by_account on assignments (account_id, round_id, position);
create index assignments_by_entry on assignments (entry_id);

create table scores (
  id             bigint generated always as identity,
  assignment_id  bigint not null,
  version        integer not null,
  current        boolean not null default true,
  complete       boolean not null,
  note           text not null default '',
  feedback       text not null default '',
  saved_at       timestamptz not null default clock_timestamp(),
  constraint scores_pkey primary key (id),
  constraint scores_version_once unique (assignment_id, version),
  constraint scores_note_length check (length(note) <= 10000),
  constraint scores_feedback_length check (length(feedback) <= 10000),
  constraint scores_assignment_exists foreign key (assignment_id) references assignments (id)
);
comment on table scores is 'Every version of what a juror gave an assignment; the newest is current. Owner: score';
create unique index scores_one_current on scores (assignment_id) where current;

create table marks (
  score_id      bigint not null,
  criterion_id  bigint not null,
  value         integer not null,
  constraint marks_pkey primary key (score_id, criterion_id),
  constraint marks_value_range check (value between 0 and 10),
  constraint marks_score_exists foreign key (score_id) references scores (id) on delete cascade,
  constraint marks_criterion_exists foreign key (criterion_id) references criteria (id)
);
comment on table marks is 'The value that a score gives to one criterion. Owner: score';

create table decisions (
  entry_id     bigint not null,
  outcome      text not null,
  message      text not null default '',
  actor_id     bigint not null,
  decided_at   timestamptz not null default clock_timestamp(),
  released_at  timestamptz,
  constraint decisions_pkey primary key (entry_id),
  constraint decisions_outcome_known check (outcome in ('selected', 'not-selected')),
  constraint decisions_message_length check (length(message) <= 4000),
  constraint decisions_entry_exists foreign key (entry_id) references entries (id)
);
comment on table decisions is 'What the festival decided for an entry; pending until released. Owner: decision';

create table awards (
  id           bigint generated always as identity,
  code         text not null,
  edition_id   bigint not null,
  category_id  bigint,
  position     integer not null,
  name         text not null,
  prize        text not null default '',
  entry_id     bigint,
  citation     text not null default '',
  constraint awards_pkey primary key (id),
  constraint awards_code_once unique (code),
  constraint awards_name_once unique (edition_id, name),
  constraint awards_name_length check (length(name) between 1 and 120),
  constraint awards_prize_length check (length(prize) <= 300),
  constraint awards_citation_length check (length(citation) <= 4000),
  constraint awards_edition_exists foreign key (edition_id) references editions (id),
  constraint awards_category_exists foreign key (category_id) references categories (id),
  constraint awards_entry_exists foreign key (entry_id) references entries (id)
);
comment on table awards is 'A prize with its citation and, once given, its entry. Owner: award';

-- What a juror may see of an entry: no credits, biography, statement, company or
-- link that names the makers when the round is blind; never anything private.
create view juror_films as
select a.id as assignment_id,
       a.account_id,
       e.id as entry_id,
       e.number,
       case when r.blind
         then e.film - array['credits', 'biography', 'statement', 'website', 'trailer', 'school', 'budget', 'screenings', 'awards']
         else e.film - array['budget'] end as film,
       r.blind
from assignments a
join rounds r on r.id = a.round_id
join entries e on e.id = a.entry_id
where not exists (select from conflicts c where c.account_id = a.account_id and c.entry_id = a.entry_id);
comment on view juror_films is 'A film as the juror of an assignment may know it.';

-- What everybody may see: released as selected, line-up out, and only the
-- fields that the makers agreed to.
create view public_films as
select e.id as entry_id,
       e.edition_id,
       e.category_id,
       e.slug,
       jsonb_strip_nulls(jsonb_build_object(
         'title', e.film -> 'title',
         'titleOriginal', e.film -> 'titleOriginal',
         'languageOriginal', e.film -> 'languageOriginal',
         'runtime', e.film -> 'runtime',
         'completed', e.film -> 'completed',
         'form', e.film -> 'form',
         'languages', e.film -> 'languages',
         'subtitles', e.film -> 'subtitles',
         'warnings', e.film -> 'warnings',
         'credits', case when names.item is not null then e.film -> 'credits' end,
         'countries', case when countries.item is not null then e.film -> 'countries' end,
         'logline', case when synopsis.item is not null then e.film -> 'logline' end,
         'synopsis', case when synopsis.item is not null then e.film -> 'synopsis' end)) as film,
       stills.item is not null as stills
from entries e
join editions ed on ed.id = e.edition_id and ed.lineup_at is not null
join decisions d on d.entry_id = e.id and d.outcome = 'selected' and d.released_at is not null
join consents film on film.entry_id = e.id and film.item = 'film'
left join consents names on names.entry_id = e.id and names.item = 'names'
left join consents countries on countries.entry_id = e.id and countries.item = 'countries'
left join consents synopsis on synopsis.entry_id = e.id and synopsis.item = 'synopsis'
left join consents stills on stills.entry_id = e.id and stills.item = 'stills'
where e.state not in ('draft', 'withdrawn');
comment on view public_films is 'The line-up as everybody may see it: released, published, consented.';
