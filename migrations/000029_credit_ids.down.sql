-- The names of credits stay: older versions read any, and those before were
-- the fault.
drop table cleared_threads;
drop view publications;
alter table account_tokens drop column next;
