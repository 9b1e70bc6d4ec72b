create or replace view kept_apart as
select account_id, entry_id
from conflicts
union
select m.account_id, e.id
from entries e
join makers m on m.work_id = e.work_id
union
select a.id, e.id
from entries e
join accounts a on a.email = (e.contact ->> 'email')::citext;

create or replace view makers as
select id as work_id, owner_id as account_id, 'owner' as level
from works
where owner_id is not null
union all
select c.work_id, c.account_id, c.level
from collaborators c
join works w on w.id = c.work_id
where c.account_id is distinct from w.owner_id;

delete from collaborators
where level = 'former';
alter table collaborators
  drop constraint collaborators_level_known,
  add constraint collaborators_level_known check (level in ('view', 'edit', 'submit'));
comment on table collaborators is 'Who else may see (view), change (edit), or change and submit (submit) a work. Owner: entry';
