-- Films that a form is bringing just now are given up.
comment on column uploads.expires_at is null;
drop function upload_end(uploads);
update uploads
set state = 'stopped', refusal = 'upload.stopped', hash_state = ''
where at_once and state = 'open';
alter table uploads drop constraint uploads_size_present;
update uploads set by_pieces = true where at_once and size is null;
alter table uploads add constraint uploads_size_present check (by_pieces or size is not null);
alter table uploads drop column at_once;
