alter table entries
  drop column opened_at,
  drop column sent_hash;
drop function sent_document;

drop table tasks;
drop table messages;
drop table channels;

-- What was never sent has no place in an outbox.
delete from letters
where email is null;
update letters
set state = 'failed'
where state = 'inside';
drop index letters_unread;
alter table letters
  drop constraint letters_addressee_present,
  drop constraint letters_state_known,
  add constraint letters_state_known check (state in ('held', 'queued', 'sent', 'failed')),
  drop column read_at,
  alter column email set not null;
comment on table letters is 'Outbox of letters, written in the transaction that causes them. Owner: mail';
comment on column letters.email is null;
comment on column letters.state is null;
