drop table replies;
drop table questions;
