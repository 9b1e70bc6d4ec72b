drop table upload_keys;
drop table uploads;
