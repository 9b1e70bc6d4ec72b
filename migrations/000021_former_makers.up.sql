-- Who made a work and left it reads it no more, and judges it no more than
-- before: nobody comes back to the judging of a work by leaving it.
alter table collaborators
  drop constraint collaborators_level_known,
  add constraint collaborators_level_known check (level in ('view', 'edit', 'submit', 'former'));
comment on table collaborators is 'Who else may see (view), change (edit), or change and submit (submit) a work, and who could before (former). Owner: entry';

create or replace view makers as
select id as work_id, owner_id as account_id, 'owner' as level
from works
where owner_id is not null
union all
select c.work_id, c.account_id, c.level
from collaborators c
join works w on w.id = c.work_id
where c.account_id is distinct from w.owner_id and c.level <> 'former';

create or replace view kept_apart as
select account_id, entry_id
from conflicts
union
select w.owner_id, e.id
from entries e
join works w on w.id = e.work_id and w.owner_id is not null
union
select c.account_id, e.id
from entries e
join collaborators c on c.work_id = e.work_id
union
select a.id, e.id
from entries e
join accounts a on a.email = (e.contact ->> 'email')::citext;
