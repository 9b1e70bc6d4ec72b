-- Where a festival takes place, to say what a showing there would be for a film.
alter table editions
  add column country text,
  add constraint editions_country_shape check (country ~ '^[A-Z]{2}$');
comment on column editions.country is 'ISO 3166-1 alpha-2; null: not said.';

-- A name by its first letters: Wen-Ying Tsai is W. Y. T.
create function initials(name text) returns text
language sql immutable parallel safe
return coalesce((select string_agg(upper(left(word, 1)) || '.', ' ' order by n)
  from regexp_split_to_table(coalesce(name, ''), '[\s\-\u2010\u200c]+') with ordinality as x (word, n)
  where word <> ''), '');

-- Credits as their people want them printed: by name, by initials, or not at all.
create function printed_credits(credits jsonb) returns jsonb
language sql immutable parallel safe
return coalesce((select jsonb_agg(
    case coalesce(c ->> 'as', '')
    when '' then c
    else c || jsonb_build_object('as', '', 'nameLatin', '', 'name', initials(coalesce(nullif(c ->> 'nameLatin', ''), c ->> 'name'))) end
    order by n)
  from jsonb_array_elements(case when jsonb_typeof(credits) = 'array' then credits else '[]' end) with ordinality as x (c, n)
  where coalesce(c ->> 'as', '') in ('', 'initials')), '[]');

-- Names of a film's credits in one role, in order, as they are to be printed.
-- It fills a column of every entry, so it calls as little as it can.
create or replace function credited(film jsonb, role text) returns text[]
language sql immutable parallel safe
return coalesce((select array_agg(case coalesce(c ->> 'as', '')
    when '' then c ->> 'name'
    else initials(coalesce(nullif(c ->> 'nameLatin', ''), c ->> 'name')) end order by n)
  from jsonb_array_elements(coalesce(film -> 'credits', '[]'::jsonb)) with ordinality as x (c, n)
  where c ->> 'role' = role and coalesce(c ->> 'as', '') in ('', 'initials')), '{}');

-- A juror learns no budget, no place of filming that the makers keep to
-- themselves, and no name of a person who is not to be named.
create or replace function jury_film(film jsonb) returns jsonb
language sql immutable parallel safe
return film
  - array['budget', 'hideFilming']
  - case when film -> 'hideFilming' = 'true'::jsonb then 'countriesFilming' else '' end
  || jsonb_build_object('credits', printed_credits(film -> 'credits'));

-- In a blind round a juror learns nothing but what is listed here. What a film
-- may come to hold later is hidden until it is listed.
create or replace function blind_film(film jsonb) returns jsonb
language sql immutable parallel safe
return (
  select coalesce(jsonb_object_agg(key, case key
    when 'texts' then (
      select coalesce(jsonb_agg(t - array['statement', 'biography'] order by n), '[]')
      from jsonb_array_elements(case when jsonb_typeof(value) = 'array' then value else '[]' end) with ordinality as x (t, n))
    when 'ai' then value - 'told'
    else value end), '{}')
  from jsonb_each(film)
  where key = any (array[
      'title', 'titleOriginal', 'languageOriginal', 'transliteration', 'titles',
      'logline', 'synopsisShort', 'synopsis', 'textLanguage', 'texts',
      'runtime', 'completed', 'form', 'techniques', 'genres', 'tags', 'firstFilm', 'student',
      'languages', 'subtitles', 'subtitleTracks', 'countries', 'shares', 'shown',
      'aspectRatio', 'frameRate', 'sound', 'colour', 'shootingFormat', 'exhibition',
      'contentWarnings', 'warnings', 'ai', 'screenerLink', 'screenerPassword'])
    or key = 'countriesFilming' and film -> 'hideFilming' is distinct from 'true'::jsonb);
