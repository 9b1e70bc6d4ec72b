-- The files of an edition that are not as they should be, or not yet: films
-- that were announced and are on their way, what is being worked on, what was
-- refused, and what is damaged in the store. Drafts are their makers' alone.
with sent as (
  select e.id, e.work_id, e.number, e.code, e.title
  from present_entries e
  where e.edition_id = @edition
    and e.state not in ('draft', 'withdrawn', 'erased')
    and e.id not in (select k.entry_id from kept_apart k where k.account_id = @viewer)
)
select s.number, s.code, s.title,
       'coming' as trouble,
       'screener' as kind, '' as file, '' as refusal, '' as step,
       coalesce(u.durable * 100 / p.size, 0)::int as percent,
       p.size,
       coalesce(u.last_byte_at, p.made_at) as since,
       p.until as until
from sent s
join promise_windows p on p.entry_id = s.id and p.kept_at is null
left join lateral (
  select u.durable, u.last_byte_at
  from uploads u
  where u.work_id = s.work_id and u.state = 'open' and u.role = 'screener' and u.claimed = p.sha256
  order by u.id desc
  limit 1
) u on true
union all
select s.number, s.code, s.title,
       case when f.state = 'refused' then 'refused' else 'checking' end,
       f.kind, f.code, f.refusal, f.step, f.progress, f.size,
       coalesce(f.stepped_at, f.created_at),
       null
from sent s
join entry_files x on x.entry_id = s.id
join files f on f.id = x.file_id and f.state in ('checking', 'refused')
union all
select s.number, s.code, s.title,
       'damaged',
       f.kind, f.code, '', '', 100, f.size,
       (select max(r.read_at) from blob_readings r where r.file_id = f.id and r.fault <> ''),
       null
from sent s
join entry_files x on x.entry_id = s.id
join files f on f.id = x.file_id and f.state = 'ready'
where exists (select from blob_readings r where r.file_id = f.id and r.fault <> '')
order by trouble, since, code, file
