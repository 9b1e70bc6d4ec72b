drop index erasures_unscoured;
alter table erasures drop column scoured_at;
drop view idle_works;
drop view idle_drafts;
