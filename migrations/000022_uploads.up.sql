-- Files that arrive in parts, over days if need be. What is said here to be
-- durable is on the disk; the disk may hold more, and that does not count.
create table uploads (
  id            bigint generated always as identity,
  code          text not null,
  work_id       bigint not null,
  role          text not null,
  size          bigint,
  durable       bigint not null default 0,
  hash_state    bytea not null default '',
  claimed       bytea,
  state         text not null default 'open',
  refusal       text not null default '',
  part          text not null,
  by_pieces     boolean not null default false,
  pieces        bytea[] not null default '{}',
  created_by    bigint,
  created_at    timestamptz not null default clock_timestamp(),
  last_byte_at  timestamptz not null default clock_timestamp(),
  expires_at    timestamptz not null default clock_timestamp() + interval '30 days',
  file_id       bigint,
  constraint uploads_pkey primary key (id),
  constraint uploads_code_once unique (code),
  constraint uploads_part_once unique (part),
  constraint uploads_role_known check (role in ('screener', 'still')),
  constraint uploads_size_range check (size > 0),
  constraint uploads_size_present check (by_pieces or size is not null),
  constraint uploads_durable_range check (durable >= 0 and (size is null or durable <= size)),
  constraint uploads_claimed_length check (length(claimed) = 32),
  constraint uploads_state_known check (state in ('open', 'complete', 'refused', 'stopped')),
  constraint uploads_refusal_present check ((refusal <> '') = (state in ('refused', 'stopped'))),
  constraint uploads_complete_whole check (state <> 'complete' or durable = size and file_id is not null),
  constraint uploads_work_exists foreign key (work_id) references works (id) on delete cascade,
  constraint uploads_creator_exists foreign key (created_by) references accounts (id) on delete set null,
  constraint uploads_file_exists foreign key (file_id) references files (id) on delete cascade
);
comment on table uploads is 'Files on their way to a work. Owner: upload';
comment on column uploads.size is 'Bytes that the whole file has, reserved from the start; null: sent in pieces, and nobody has said how long it is.';
comment on column uploads.durable is 'Bytes that have arrived, outlive a power cut, and were acknowledged. What the disk holds beyond is overwritten.';
comment on column uploads.hash_state is 'State of the SHA-256 over the durable bytes, so that they are not read again; empty before the first and once it is over.';
comment on column uploads.claimed is 'SHA-256 that the sender gave for the whole; null: none was given.';
comment on column uploads.refusal is 'Key of the sentence that says why nothing more is taken.';
comment on column uploads.part is 'Key of the bytes, in the folder of parts and later in the store.';
comment on column uploads.pieces is 'SHA-256 of each piece of a file that is sent in pieces.';
comment on column uploads.created_by is 'On whose right the file comes to the work; null: their account is erased.';
create index uploads_by_work on uploads (work_id, id);
create index uploads_by_file on uploads (file_id);
create index uploads_open on uploads (expires_at) where state = 'open';

-- Who has one of these may send the bytes of one upload and see how far it is,
-- and nothing else.
create table upload_keys (
  id          bigint generated always as identity,
  upload_id   bigint not null,
  hash        bytea not null,
  kind        text not null,
  label       text not null default '',
  created_at  timestamptz not null default clock_timestamp(),
  expires_at  timestamptz,
  revoked_at  timestamptz,
  constraint upload_keys_pkey primary key (id),
  constraint upload_keys_hash_once unique (hash),
  constraint upload_keys_hash_length check (length(hash) = 32),
  constraint upload_keys_kind_known check (kind in ('own', 'helper')),
  constraint upload_keys_label_length check (length(label) <= 60),
  constraint upload_keys_upload_exists foreign key (upload_id) references uploads (id) on delete cascade
);
comment on table upload_keys is 'Secrets that let a device send the bytes of one upload; only their hashes are here. Owner: upload';
comment on column upload_keys.kind is 'own: a device of a maker; helper: somebody who sends for one.';
comment on column upload_keys.label is 'What the maker calls the helper; empty for own devices.';
comment on column upload_keys.expires_at is 'Null: with the upload.';
create index upload_keys_by_upload on upload_keys (upload_id, id);
