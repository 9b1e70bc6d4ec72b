drop table letters, form_answers, account_tokens, sessions, accounts, events;
drop function fold(text);
drop extension unaccent;
drop extension pg_trgm;
drop extension citext;
