create or replace function blind_film(film jsonb) returns jsonb
language sql immutable parallel safe
return film - array['credits', 'biography', 'statement', 'website', 'trailer', 'school', 'budget', 'screenings', 'awards', 'stillsBy',
  'companies', 'links', 'hideFilming'];

create or replace function jury_film(film jsonb) returns jsonb
language sql immutable parallel safe
return film - array['budget', 'hideFilming'];

create or replace function credited(film jsonb, role text) returns text[]
language sql immutable parallel safe
return coalesce((select array_agg(c ->> 'name' order by n)
  from jsonb_array_elements(coalesce(film -> 'credits', '[]'::jsonb)) with ordinality as x (c, n)
  where c ->> 'role' = role), '{}');

drop function printed_credits(jsonb);
drop function initials(text);

alter table editions drop column country;
