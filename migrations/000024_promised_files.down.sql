-- Promises that are not kept yet are lost; entries keep what has arrived.
drop view promise_windows;
drop table promises;
drop table shutdowns;
alter table categories
  drop constraint categories_bytes_hours_range,
  drop column bytes_hours;
