-- The organizers' list of entries. The page is cut first, by an index where the
-- order has one; stills and counts are looked up for its rows alone.
with found as (
  select e.id, count(*) over () as total
  from present_entries e
  where e.edition_id = @edition
    and e.state <> 'draft'
    and (@state::text = '' or e.state = @state)
    and (@category::bigint = 0 or e.category_id = @category)
    and (@fee::text = '' or e.fee = @fee and e.fee_minor is not null)
    and (@country::text = '' or e.countries @> array[@country::text])
    and (@number::integer = 0 or e.number = @number)
    and (cardinality(@patterns::text[]) = 0 or e.search like all (select '%' || replace(replace(replace(fold(p), '\', '\\'), '%', '\%'), '_', '\_') || '%' from unnest(@patterns::text[]) p))
    and e.id not in (select k.entry_id from kept_apart k where k.account_id = @viewer)
  order by /*order*/
  limit @limit offset @offset
)
select e.id, e.category_id, e.code, e.number, e.state, e.title, e.countries, e.directors, coalesce(e.runtime, 0) as runtime,
       coalesce(e.film ->> 'titleOriginal', '') as title_original,
       coalesce(e.film ->> 'languageOriginal', '') as language_original,
       c.name as category,
       e.fee,
       coalesce(still.code, '') as still,
       coalesce(a.given, 0) as given,
       coalesce(a.done, 0) as done,
       f.total
from found f
join present_entries e on e.id = f.id
join categories c on c.id = e.category_id
left join lateral (
  select s.code
  from entry_files ef
  join files s on s.id = ef.file_id and s.state = 'ready'
  where ef.entry_id = e.id and ef.role = 'still'
  order by ef.position
  limit 1
) still on true
left join lateral (
  select count(*) filter (where g.state <> 'recused')::int as given,
         count(*) filter (where g.state = 'done')::int as done
  from assignments g
  where g.entry_id = e.id
) a on true
order by /*order*/
