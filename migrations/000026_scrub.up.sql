-- Every blob is read again once a week, so that a rotten disk is noticed while
-- there is still a backup.
create table blob_readings (
  blob_key  text not null,
  file_id   bigint not null,
  read_at   timestamptz not null,
  fault     text not null default '',
  constraint blob_readings_pkey primary key (blob_key),
  constraint blob_readings_fault_known check (fault in ('', 'missing', 'length', 'content', 'unreadable')),
  constraint blob_readings_file_exists foreign key (file_id) references files (id) on delete cascade
);
comment on table blob_readings is 'When each blob of a file was last read to its end, and what was found. Owner: media';
comment on column blob_readings.fault is 'Empty: it is as it was kept.';
create index blob_readings_by_file on blob_readings (file_id);
create index blob_readings_faulty on blob_readings (file_id) where fault <> '';
