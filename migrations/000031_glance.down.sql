-- A glance is made anew, or not needed any more: its bytes are deleted by whoever works on the film next.
insert into loose_blobs (blob_key, file_id)
select blob_key, file_id from renditions where name = 'glance';
delete from renditions where name = 'glance';
alter table renditions drop constraint renditions_name_known;
alter table renditions add constraint renditions_name_known check (name in (
  'w480', 'w960', 'w1920', 'w480-webp', 'w960-webp', 'w1920-webp', 'video', 'poster', 'hls-360', 'hls-540', 'hls-720'));
