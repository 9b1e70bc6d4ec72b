-- What was paid is forgotten, and so are codes.
drop table payment_notices;
drop table payments;
alter table entries
  drop constraint entries_fee_code_exists,
  drop column late_until,
  drop column fee_code_id,
  drop column fee_currency,
  drop column fee_minor,
  drop column fee_base,
  drop column fee;
drop table fee_codes;
alter table editions drop column fee_words;
