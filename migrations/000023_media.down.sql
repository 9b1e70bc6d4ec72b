-- Subtitles are given up, and so is what is played in pieces: films are played
-- whole again. Originals that were encrypted meanwhile cannot be opened by what
-- is older, so there must be none.
do $$
begin
  if exists (select from file_keys) then
    raise exception 'originals of files are encrypted: the version before this one could not open them';
  end if;
end $$;

drop view kept_blobs;
delete from entry_files where role = 'subtitles';
delete from work_files where role = 'subtitles';
delete from files where kind = 'subtitles';
alter table entry_files drop constraint entry_files_role_known;
alter table entry_files add constraint entry_files_role_known check (role in ('screener', 'still'));
alter table work_files drop constraint work_files_role_known;
alter table work_files add constraint work_files_role_known check (role in ('screener', 'still'));
drop table subtitles;
drop table loose_blobs;
drop table file_keys;
delete from renditions where name like 'hls-%' or name like '%-webp';
alter table renditions drop constraint renditions_name_known;
alter table renditions add constraint renditions_name_known check (name in ('w480', 'w960', 'w1920', 'video', 'poster'));
alter table renditions drop column playlist;
alter table renditions drop column sha256;
alter table files drop constraint files_kind_known;
alter table files add constraint files_kind_known check (kind in ('screener', 'still', 'hero'));
alter table files drop column findings;
alter table files drop column stepped_at;
alter table files drop column step;
alter table files drop column progress;
