-- Answers to a question that is no longer asked go with it.
alter table consent_acts disable trigger consent_acts_kept;
delete from consent_acts
where item = 'original';
alter table consent_acts enable trigger consent_acts_kept;
alter table consent_acts
  drop constraint consent_acts_item_known,
  add constraint consent_acts_item_known check (item in ('film', 'names', 'countries', 'synopsis', 'statement', 'stills', 'trailer', 'links', 'press', 'partners'));

drop view open_faults;
drop table faults;
drop table viewings;

alter table works
  drop column screener_limits;
