-- A person needs no e-mail address. Who has none comes back with a code, or
-- with what else the account holds.
alter table accounts
  alter column email drop not null,
  add column frozen_until timestamptz;
comment on column accounts.email is 'Null: the person gave none, and nothing is ever sent.';
comment on column accounts.frozen_until is 'Until then the account and its works are shut, for their owner too, who can open them again.';

alter table sessions add column checked_at timestamptz;
comment on column sessions.checked_at is 'When the person last proved again who they are; null: not since signing in.';

-- A code that a person keeps on paper or in mind. A few bits of it find the row,
-- the rest is only here as a slow hash.
create table account_codes (
  kind        text not null,
  lookup      integer not null,
  account_id  bigint,
  hash        text not null,
  created_at  timestamptz not null default clock_timestamp(),
  begun_at    timestamptz,
  constraint account_codes_pkey primary key (kind, lookup),
  constraint account_codes_kind_known check (kind in ('entrance', 'freeze')),
  constraint account_codes_lookup_range check (lookup between 0 and 33554431),
  constraint account_codes_account_named check (account_id is not null or kind = 'entrance' and begun_at is null),
  constraint account_codes_account_exists foreign key (account_id) references accounts (id) on delete cascade
);
comment on table account_codes is 'Codes with which a person comes in, or has somebody shut the account. Owner: account';
comment on column account_codes.account_id is 'Null: a code that was given out and not yet typed; its account begins with its first use.';
comment on column account_codes.begun_at is 'When it began to count: an entrance code once its holder typed it, a freeze code at once.';
comment on column account_codes.hash is 'argon2id, in PHC form, of the part that lookup does not hold.';
create unique index account_codes_one_begun on account_codes (account_id, kind) where begun_at is not null;
