-- How a festival takes its fees, in its own words.
alter table editions
  add column fee_words text not null default '',
  add constraint editions_fee_words_length check (length(fee_words) <= 2000);
comment on column editions.fee_words is 'How fees are paid when they are not paid here.';

create table fee_codes (
  id           bigint generated always as identity,
  code         text not null,
  edition_id   bigint not null,
  category_id  bigint,
  word         text not null,
  percent      integer,
  minor        bigint,
  currency     text,
  uses         integer not null default 0,
  uses_most    integer,
  expires_at   timestamptz,
  late_until   timestamptz,
  note         text not null default '',
  created_at   timestamptz not null default clock_timestamp(),
  ended_at     timestamptz,
  constraint fee_codes_pkey primary key (id),
  constraint fee_codes_code_once unique (code),
  constraint fee_codes_word_once unique (edition_id, word),
  constraint fee_codes_word_shape check (word ~ '^[A-Z0-9-]{4,40}$'),
  constraint fee_codes_percent_range check (percent between 1 and 100),
  constraint fee_codes_amount_range check (minor between 1 and 100000000),
  constraint fee_codes_amount_whole check ((minor is null) = (currency is null)),
  constraint fee_codes_currency_shape check (currency ~ '^[A-Z]{3}$'),
  constraint fee_codes_one_kind check (percent is null or minor is null),
  constraint fee_codes_good_for_something check (percent is not null or minor is not null or late_until is not null),
  constraint fee_codes_uses_left check (uses between 0 and uses_most),
  constraint fee_codes_most_range check (uses_most between 1 and 100000),
  constraint fee_codes_note_length check (length(note) <= 500),
  constraint fee_codes_edition_exists foreign key (edition_id) references editions (id),
  constraint fee_codes_category_exists foreign key (category_id) references categories (id) on delete cascade
);
comment on table fee_codes is 'Words that lower a fee or let an entry in after the last deadline. Owner: entry';
comment on column fee_codes.category_id is 'Null: good for all categories of the edition.';
comment on column fee_codes.percent is 'Off the fee, 100: free. minor: so much off. Neither: the fee stays.';
comment on column fee_codes.uses is 'Entries that the code was taken for; for which is not kept when nothing is left to pay.';
comment on column fee_codes.late_until is 'Until then an entry with the code may be sent, deadlines or not; null: no such right.';

-- Entries that are here already were sent without a fee.
alter table entries
  add column fee text not null default 'not_due',
  add column fee_base bigint,
  add column fee_minor bigint,
  add column fee_currency text,
  add column fee_code_id bigint,
  add column late_until timestamptz,
  add constraint entries_fee_known check (fee in ('not_due', 'due', 'paid')),
  add constraint entries_fee_range check (fee_minor between 1 and fee_base),
  add constraint entries_fee_whole check ((fee_minor is null) = (fee_base is null) and (fee_minor is null) = (fee_currency is null)),
  add constraint entries_fee_silent check (fee <> 'not_due' or fee_minor is null and fee_code_id is null),
  add constraint entries_fee_paid check (fee <> 'paid' or fee_minor is not null),
  add constraint entries_fee_code_exists foreign key (fee_code_id) references fee_codes (id) on delete set null;
update entries
set fee = 'due'
where state = 'draft';
comment on column entries.fee is 'not_due: a free category, a waiver, a code or the festival''s word, and nothing tells which. A draft''s is due until it is sent or the fee is waived.';
comment on column entries.fee_base is 'The fee of the rung at which the entry was sent; fee_minor: what of it is to be paid. Null while a draft and when nothing is due.';
comment on column entries.late_until is 'Until then the entry may be sent, deadlines or not; null: as its category says.';

create table payments (
  id              bigint generated always as identity,
  code            text not null,
  entry_id        bigint not null,
  minor           bigint not null,
  currency        text not null,
  state           text not null default 'begun',
  url             text,
  intent          text,
  refunded        bigint not null default 0,
  note            text not null default '',
  actor_id        bigint,
  begun_at        timestamptz not null default clock_timestamp(),
  paid_at         timestamptz,
  constraint payments_pkey primary key (id),
  constraint payments_code_once unique (code),
  constraint payments_intent_once unique (intent),
  constraint payments_minor_range check (minor > 0),
  constraint payments_currency_shape check (currency ~ '^[A-Z]{3}$'),
  constraint payments_state_known check (state in ('begun', 'paid', 'refunded')),
  constraint payments_refunded_range check (refunded between 0 and minor),
  constraint payments_paid_present check ((state = 'begun') = (paid_at is null)),
  constraint payments_note_length check (length(note) <= 500),
  constraint payments_entry_exists foreign key (entry_id) references entries (id) on delete cascade
);
comment on table payments is 'Fees that were paid, or that somebody began to pay. Owner: entry';
comment on column payments.url is 'Where it is paid; null: it was marked as paid by hand.';
comment on column payments.intent is 'What the payment is called where it was made.';
comment on column payments.actor_id is 'Who of the festival marked it as paid; null: the payment service told us.';
create index payments_by_entry on payments (entry_id, id);

create table payment_notices (
  id       text not null,
  kind     text not null,
  refusal  text not null default '',
  at       timestamptz not null default clock_timestamp(),
  constraint payment_notices_pkey primary key (id)
);
comment on table payment_notices is 'What the payment service told us, each once. Owner: entry';
comment on column payment_notices.refusal is 'Why it changed nothing; empty: it did.';
