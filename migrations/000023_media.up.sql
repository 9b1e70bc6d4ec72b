-- How far a file has come, and what was found out about it.
alter table files add column progress smallint not null default 0;
alter table files add column step text not null default '';
alter table files add column stepped_at timestamptz;
alter table files add column findings jsonb;
alter table files add constraint files_progress_range check (progress between 0 and 100);
alter table files add constraint files_step_known check (step in ('', 'waiting', 'measuring', 'making', 'keeping', 'sealing'));
alter table files add constraint files_findings_object check (jsonb_typeof(findings) = 'object');
comment on column files.progress is 'Per cent of what is being done to the file.';
comment on column files.step is 'What is being done to the file; empty when nothing is left to do.';
comment on column files.stepped_at is 'When whoever works on the file last gave a sign of life.';
comment on column files.findings is 'What was measured of a film: figures and names of formats, no words of its maker; null until then.';
alter table files drop constraint files_kind_known;
alter table files add constraint files_kind_known check (kind in ('screener', 'still', 'hero', 'subtitles'));
update files set progress = 100 where state <> 'checking';
update files set step = 'waiting' where state = 'checking';

alter table renditions add column sha256 bytea;
alter table renditions add column playlist jsonb;
alter table renditions add constraint renditions_playlist_object check (jsonb_typeof(playlist) = 'object');
alter table renditions drop constraint renditions_name_known;
alter table renditions add constraint renditions_name_known check (name in (
  'w480', 'w960', 'w1920', 'w480-webp', 'w960-webp', 'w1920-webp', 'video', 'poster', 'hls-360', 'hls-540', 'hls-720'));
comment on column renditions.sha256 is 'Null for what was made before sums of renditions were kept.';
comment on column renditions.playlist is 'Of a rendition that is played in pieces: where each lies in the blob and how long it plays.';

-- The key of an original. Once the row is gone, nobody can read the blob any more.
create table file_keys (
  file_id        bigint not null,
  sealed         bytea not null,
  sealed_size    bigint not null,
  sealed_sha256  bytea not null,
  created_at     timestamptz not null default clock_timestamp(),
  constraint file_keys_pkey primary key (file_id),
  constraint file_keys_size_range check (sealed_size > 0),
  constraint file_keys_file_exists foreign key (file_id) references files (id) on delete cascade
);
comment on table file_keys is 'Opens an original: files.blob_key names an encrypted blob if there is a row. Owner: media';
comment on column file_keys.sealed is 'The age identity of this file alone, wrapped with the key file of the data folder.';

-- What lies in the store, or may, and is nothing that a file has: written down
-- before it is put there, and until it is deleted.
create table loose_blobs (
  blob_key    text not null,
  file_id     bigint not null,
  created_at  timestamptz not null default clock_timestamp(),
  constraint loose_blobs_pkey primary key (blob_key),
  constraint loose_blobs_file_exists foreign key (file_id) references files (id) on delete cascade
);
comment on table loose_blobs is 'Blobs in the making and blobs to delete, of files being worked on. Owner: media';
create index loose_blobs_by_file on loose_blobs (file_id);

create table subtitles (
  file_id   bigint not null,
  number    smallint not null,
  language  text not null,
  cues      integer not null,
  seconds   integer not null,
  size      bigint not null,
  sha256    bytea not null,
  blob_key  text not null,
  constraint subtitles_pkey primary key (file_id, number),
  constraint subtitles_blob_once unique (blob_key),
  constraint subtitles_number_range check (number between 1 and 32),
  constraint subtitles_language_shape check (language ~ '^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$'),
  constraint subtitles_cues_range check (cues > 0),
  constraint subtitles_file_exists foreign key (file_id) references files (id) on delete cascade
);
comment on table subtitles is 'Clean WebVTT made from a file: one of a file of subtitles, or those that a screener holds. Owner: media';
comment on column subtitles.language is 'Empty when the film does not say.';
comment on column subtitles.seconds is 'When the last line goes.';

alter table work_files drop constraint work_files_role_known;
alter table work_files add constraint work_files_role_known check (role in ('screener', 'still', 'subtitles'));
alter table entry_files drop constraint entry_files_role_known;
alter table entry_files add constraint entry_files_role_known check (role in ('screener', 'still', 'subtitles'));

-- Every blob that belongs to a file, with what it has to measure and to sum to.
create view kept_blobs as
select 'file ' || f.code as name, f.id as file_id, f.blob_key, coalesce(k.sealed_size, f.size) as size, coalesce(k.sealed_sha256, f.sha256) as sha256
from files f
left join file_keys k on k.file_id = f.id
union all
select 'rendition ' || r.name || ' of file ' || f.code, f.id, r.blob_key, r.size, r.sha256
from renditions r
join files f on f.id = r.file_id
union all
select 'subtitles ' || s.number || ' of file ' || f.code, f.id, s.blob_key, s.size, s.sha256
from subtitles s
join files f on f.id = s.file_id;
comment on view kept_blobs is 'Null as sha256: no sum was taken of a rendition made long ago.';
