drop view idle_works;
drop view idle_drafts;
