-- Who owns a work has no second, lesser place among its makers.
create or replace view makers as
select id as work_id, owner_id as account_id, 'owner' as level
from works
where owner_id is not null
union all
select c.work_id, c.account_id, c.level
from collaborators c
join works w on w.id = c.work_id
where c.account_id is distinct from w.owner_id;

-- Every text of a work that was ever saved, so that no maker's words are lost
-- to another's, and a form that was open meanwhile can be compared with what it
-- was drawn from.
create table work_versions (
  id          bigint generated always as identity,
  work_id     bigint not null,
  version     integer not null,
  aside       boolean not null default false,
  film        jsonb not null,
  account_id  bigint,
  at          timestamptz not null default clock_timestamp(),
  constraint work_versions_pkey primary key (id),
  constraint work_versions_film_object check (jsonb_typeof(film) = 'object'),
  constraint work_versions_work_exists foreign key (work_id) references works (id) on delete cascade,
  constraint work_versions_account_exists foreign key (account_id) references accounts (id) on delete set null
);
comment on table work_versions is 'The last texts of a work, as each save left them. Owner: entry';
comment on column work_versions.aside is 'A text that its maker gave up for another''s: it never was the work''s.';
comment on column work_versions.account_id is 'Who saved it; null: an organizer''s import, or somebody whose account is gone.';
create unique index work_versions_once on work_versions (work_id, version) where not aside;
create index work_versions_by_work on work_versions (work_id, id);

-- An invitation to a work is a link that works once, by letter or by hand.
create table maker_invitations (
  id           bigint generated always as identity,
  code         text not null,
  token_hash   bytea not null,
  work_id      bigint not null,
  level        text not null,
  note         text not null default '',
  email        citext,
  invited_by   bigint,
  created_at   timestamptz not null default clock_timestamp(),
  expires_at   timestamptz not null,
  accepted_at  timestamptz,
  constraint maker_invitations_pkey primary key (id),
  constraint maker_invitations_code_once unique (code),
  constraint maker_invitations_token_once unique (token_hash),
  constraint maker_invitations_level_known check (level in ('view', 'edit', 'submit')),
  constraint maker_invitations_note_length check (length(note) <= 100),
  constraint maker_invitations_email_shape check (email ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$' and length(email) <= 254),
  constraint maker_invitations_work_exists foreign key (work_id) references works (id) on delete cascade,
  constraint maker_invitations_inviter_exists foreign key (invited_by) references accounts (id) on delete set null
);
comment on table maker_invitations is 'Open invitations to make a work with its owner. Owner: entry';
comment on column maker_invitations.note is 'For whom it is, in the owner''s words.';
comment on column maker_invitations.email is 'Where the letter went; null: the link is handed over.';
create index maker_invitations_by_work on maker_invitations (work_id, id);
