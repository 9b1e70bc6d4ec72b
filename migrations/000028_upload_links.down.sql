-- Helpers' links stop working; what they sent stays.
alter table uploads
  drop constraint uploads_link_exists,
  drop column link_id;
drop table upload_links;
