drop table maker_invitations;
drop table work_versions;

create or replace view makers as
select id as work_id, owner_id as account_id, 'owner' as level
from works
where owner_id is not null
union all
select work_id, account_id, level
from collaborators;
