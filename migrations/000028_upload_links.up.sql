-- Who has one of these may send one file for a work, and see how far it is.
-- What the file is for, and whose, is not told to them.
create table upload_links (
  id          bigint generated always as identity,
  code        text not null,
  work_id     bigint not null,
  role        text not null,
  hash        bytea not null,
  label       text not null,
  created_by  bigint,
  created_at  timestamptz not null default clock_timestamp(),
  expires_at  timestamptz not null,
  revoked_at  timestamptz,
  constraint upload_links_pkey primary key (id),
  constraint upload_links_code_once unique (code),
  constraint upload_links_hash_once unique (hash),
  constraint upload_links_hash_length check (length(hash) = 32),
  constraint upload_links_role_known check (role in ('screener', 'still')),
  constraint upload_links_label_length check (length(label) between 1 and 60),
  constraint upload_links_work_exists foreign key (work_id) references works (id) on delete cascade,
  constraint upload_links_creator_exists foreign key (created_by) references accounts (id) on delete set null
);
comment on table upload_links is 'Secrets with which a helper sends a file for a work; only their hashes are here. Owner: upload';
comment on column upload_links.label is 'What the maker calls the helper.';
comment on column upload_links.created_by is 'On whose right the file comes to the work; null: their account is erased, and the link opens nothing.';
create index upload_links_by_work on upload_links (work_id, id);

alter table uploads
  add column link_id bigint,
  add constraint uploads_link_exists foreign key (link_id) references upload_links (id) on delete set null;
comment on column uploads.link_id is 'The link by which a helper began it; null: a maker did.';
create index uploads_by_link on uploads (link_id);
