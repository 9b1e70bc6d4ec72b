-- A letter to an account waits inside, whether or not one is sent as well.
alter table letters
  alter column email drop not null,
  add column read_at timestamptz,
  drop constraint letters_state_known,
  add constraint letters_state_known check (state in ('held', 'queued', 'sent', 'failed', 'inside')),
  add constraint letters_addressee_present check (email is not null or account_id is not null);
comment on table letters is 'Letters, written in the transaction that causes them: what goes out by mail, and what waits inside for an account. Owner: mail';
comment on column letters.email is 'Null when nothing is sent.';
comment on column letters.state is 'inside: nothing is sent; the letter waits behind the sign-in alone. failed: refused or returned.';
comment on column letters.read_at is 'When the addressee said that it is read; null: never.';
update letters
set read_at = sent_at
where state = 'sent';
create index letters_unread on letters (account_id) where read_at is null;

-- How a person wants to be told that a letter waits. No row: by letters, if
-- there is an address.
create table channels (
  account_id   bigint not null,
  channel      text not null default 'letters',
  sentence     text not null default '',
  returned_at  timestamptz,
  constraint channels_pkey primary key (account_id),
  constraint channels_channel_known check (channel in ('letters', 'neutral', 'none')),
  constraint channels_sentence_present check (channel <> 'neutral' or sentence <> ''),
  constraint channels_account_exists foreign key (account_id) references accounts (id) on delete cascade
);
comment on table channels is 'What is sent to a person when a letter waits: letters, one neutral sentence, or nothing. Owner: mail';
comment on column channels.sentence is 'The key of the neutral sentence that the person chose.';
comment on column channels.returned_at is 'Since when letters to the person''s address come back; null: they do not.';

create table messages (
  id          bigint generated always as identity,
  code        text not null,
  entry_id    bigint not null,
  side        text not null,
  author_id   bigint,
  body        text not null,
  at          timestamptz not null default clock_timestamp(),
  read_at     timestamptz,
  constraint messages_pkey primary key (id),
  constraint messages_code_once unique (code),
  constraint messages_side_known check (side in ('makers', 'festival')),
  constraint messages_body_length check (length(body) between 1 and 4000),
  constraint messages_entry_exists foreign key (entry_id) references entries (id) on delete cascade,
  constraint messages_author_exists foreign key (author_id) references accounts (id) on delete set null
);
comment on table messages is 'What the makers of an entry and the festival write to each other. Owner: thread';
comment on column messages.side is 'Who writes: the makers or the festival.';
comment on column messages.read_at is 'When the other side said that it is read; null: not yet.';
create index messages_by_entry on messages (entry_id, id);

create table tasks (
  id            bigint generated always as identity,
  code          text not null,
  entry_id      bigint not null,
  body          text not null,
  due_on        date not null,
  author_id     bigint,
  created_at    timestamptz not null default clock_timestamp(),
  done_at       timestamptz,
  confirmed_at  timestamptz,
  constraint tasks_pkey primary key (id),
  constraint tasks_code_once unique (code),
  constraint tasks_body_length check (length(body) between 1 and 500),
  constraint tasks_entry_exists foreign key (entry_id) references entries (id) on delete cascade,
  constraint tasks_author_exists foreign key (author_id) references accounts (id) on delete set null
);
comment on table tasks is 'What the festival still needs from the makers of an entry, and by which day. Owner: thread';
comment on column tasks.due_on is 'The last day, in the edition''s zone.';
comment on column tasks.done_at is 'When a maker said that it is done.';
comment on column tasks.confirmed_at is 'When the festival agreed.';
create index tasks_by_entry on tasks (entry_id, due_on, id);

alter table entries add column opened_at timestamptz;
comment on column entries.opened_at is 'When somebody of the festival first opened the entry after it was sent; null: not yet.';

-- What an entry's makers sent, film and files, always spelt the same way.
create function sent_document(entry bigint) returns text
language sql stable
return (
  select jsonb_build_object(
    'number', ed.prefix || '-' || lpad(e.number::text, 4, '0'),
    'film', e.film,
    'files', coalesce((
      select jsonb_agg(jsonb_build_object('role', x.role, 'sha256', encode(f.sha256, 'hex'), 'size', f.size) order by x.role, x.position, f.id)
      from entry_files x
      join files f on f.id = x.file_id
      where x.entry_id = e.id), '[]'))::text
  from entries e
  join editions ed on ed.id = e.edition_id
  where e.id = entry);
comment on function sent_document is 'The snapshot of an entry as one text, of which sent_hash is the sum.';

alter table entries add column sent_hash text;
comment on column entries.sent_hash is 'SHA-256 of sent_document when it was last sent, in hexadecimal; null for a draft.';
update entries
set sent_hash = encode(sha256(convert_to(sent_document(id), 'UTF8')), 'hex')
where film is not null;
