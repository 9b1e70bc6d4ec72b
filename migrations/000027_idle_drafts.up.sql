-- Since when nobody has changed a draft: neither its film, nor what its category
-- asks, nor what may be public. One that was paid for does not run out.
create view idle_drafts as
select e.id as entry_id,
       e.work_id,
       greatest(e.created_at, w.created_at, w.updated_at,
         (select max(r.saved_at) from replies r where r.entry_id = e.id),
         (select max(c.at) from consent_acts c where c.entry_id = e.id)) as since
from entries e
join works w on w.id = e.work_id
where e.state = 'draft' and e.fee <> 'paid';
comment on view idle_drafts is 'Since when nobody has changed a draft; it is deleted when that is long ago.';

-- Since when a work that is entered nowhere lies idle. One that was imported
-- stays as long as any entry of it, erased ones included.
create view idle_works as
select w.id as work_id,
       greatest(w.created_at, w.updated_at, (select max(e.created_at) from entries e where e.work_id = w.id)) as since
from works w
where not exists (
  select from entries e
  where e.work_id = w.id and (e.state <> 'erased' or w.owner_id is null));
comment on view idle_works is 'Since when nobody has changed a work that is entered nowhere; it is deleted when that is long ago.';

-- A deleted row's bytes lie in Postgres's files until its table is written anew.
alter table erasures add column scoured_at timestamptz;
comment on column erasures.scoured_at is 'When the tables that it emptied had been written anew; null: not yet.';
create index erasures_unscoured on erasures (id) where scoured_at is null;
