drop table account_codes;
alter table sessions drop column checked_at;

-- For the older version everybody has an address. The one written here leads
-- nowhere, and nobody is lost with it.
update accounts
set email = code || '@without.invalid'
where email is null;
alter table accounts
  drop column frozen_until,
  alter column email set not null;
