-- A film that a form brings in one piece takes the same road as any other. What
-- breaks off cannot be continued: no script holds the rest.
alter table uploads add column at_once boolean not null default false;
comment on column uploads.at_once is 'Sent by a form in one piece: nobody can go on with it, and nobody knows its length before its end.';
alter table uploads drop constraint uploads_size_present;
alter table uploads add constraint uploads_size_present check (by_pieces or at_once or size is not null);

-- When an upload ends that nobody sends a byte of: 30 days after the last, and
-- 90 where a shutdown was declared, also while it was on its way, for those who
-- entered the film or have not entered it anywhere yet.
create function upload_end(u uploads) returns timestamptz
language sql stable
return case
  when u.at_once then u.last_byte_at + interval '1 hour'
  when exists (
    select from shutdowns s
    join works w on w.id = u.work_id
    where s.declared_at <= u.expires_at
      and (s.countries = '{}' or s.countries && text_items(w.film -> 'countries'))
      and (exists (select from entries e where e.work_id = w.id and e.edition_id = s.edition_id and e.state not in ('withdrawn', 'erased'))
           or not exists (select from entries e where e.work_id = w.id)))
  then u.expires_at + interval '60 days'
  else u.expires_at end;
comment on function upload_end(uploads) is 'When an upload is over if no further byte of it comes.';
comment on column uploads.expires_at is '30 days after the last byte; upload_end says what holds.';
