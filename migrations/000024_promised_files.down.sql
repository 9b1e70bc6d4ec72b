-- Promises that are not kept yet are lost; entries keep what has arrived.
create or replace function sent_document(entry bigint) returns text
language sql stable
return (
  select jsonb_build_object(
    'number', ed.prefix || '-' || lpad(e.number::text, 4, '0'),
    'film', e.film,
    'files', coalesce((
      select jsonb_agg(jsonb_build_object('role', x.role, 'sha256', encode(f.sha256, 'hex'), 'size', f.size) order by x.role, x.position, f.id)
      from entry_files x
      join files f on f.id = x.file_id
      where x.entry_id = e.id), '[]'))::text
  from entries e
  join editions ed on ed.id = e.edition_id
  where e.id = entry);
drop view promise_windows;
drop table promises;
drop table shutdowns;
alter table categories
  drop constraint categories_bytes_hours_range,
  drop column bytes_hours;
