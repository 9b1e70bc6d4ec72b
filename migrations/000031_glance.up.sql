-- What the makers of a long film see of it while the rest is being made.
alter table renditions drop constraint renditions_name_known;
alter table renditions add constraint renditions_name_known check (name in (
  'w480', 'w960', 'w1920', 'w480-webp', 'w960-webp', 'w1920-webp', 'video', 'poster', 'hls-360', 'hls-540', 'hls-720', 'glance'));
