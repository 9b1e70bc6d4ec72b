drop table imports, consents, entry_states, entry_files, entries, work_files, works;
drop function credited(jsonb, text);
drop function text_items(jsonb);
