drop function told_until(bigint, bigint, timestamptz);
drop function told_of(bigint, bytea, timestamptz);
drop function film_sum(bigint);
drop view announced_films;
create or replace view promise_windows as
select p.entry_id, e.work_id, p.size, p.sha256, p.made_at, p.closes_at, p.file_id, p.kept_at,
       p.closes_at + make_interval(hours => case
         when exists (
           select from shutdowns s
           where s.edition_id = e.edition_id
             and s.declared_at <= p.closes_at + make_interval(hours => c.bytes_hours)
             and (s.countries = '{}' or s.countries && e.countries))
         then greatest(c.bytes_hours, 336)
         else c.bytes_hours end) as until
from promises p
join entries e on e.id = p.entry_id
join categories c on c.id = e.category_id;
drop function film_window(bigint, text[], integer, timestamptz);
alter table entries drop column told_at;
drop table fingerprints;
