-- What a category asks besides the film itself.
create table questions (
  id              bigint generated always as identity,
  code            text not null,
  category_id     bigint not null,
  position        integer not null,
  kind            text not null,
  label           text not null,
  help            text not null default '',
  options         text[] not null default '{}',
  required        boolean not null default false,
  required_after  timestamptz,
  frozen_after    timestamptz,
  for_jury        boolean not null default false,
  if_question_id  bigint,
  if_answer       text not null default '',
  archived_at     timestamptz,
  created_at      timestamptz not null default clock_timestamp(),
  constraint questions_pkey primary key (id),
  constraint questions_code_once unique (code),
  constraint questions_position_once unique (category_id, position) deferrable initially deferred,
  constraint questions_of_category unique (category_id, id),
  constraint questions_kind_known check (kind in ('text', 'long', 'number', 'date', 'choice', 'several', 'link')),
  constraint questions_label_length check (length(label) between 1 and 300),
  constraint questions_help_length check (length(help) <= 1000),
  constraint questions_options_count check (cardinality(options) between (case when kind in ('choice', 'several') then 2 else 0 end)
                                                                     and (case when kind in ('choice', 'several') then 50 else 0 end)),
  constraint questions_options_length check (length(array_to_string(options, '')) <= 6000),
  constraint questions_required_present check (required or required_after is null),
  constraint questions_dates_order check (required_after <= frozen_after),
  constraint questions_condition_present check ((if_question_id is null) = (if_answer = '')),
  constraint questions_condition_other check (if_question_id <> id),
  constraint questions_category_exists foreign key (category_id) references categories (id) on delete cascade,
  constraint questions_condition_exists foreign key (category_id, if_question_id) references questions (category_id, id)
);
comment on table questions is 'What a category asks besides the film. One that was answered is archived, never deleted. Owner: festival';
comment on column questions.required_after is 'From then on the answer is needed; null: at once, if it is required.';
comment on column questions.frozen_after is 'From then on the answer stays as it is; null: from the last deadline on.';
comment on column questions.for_jury is 'Jurors read the answer too, in blind rounds as well.';
comment on column questions.if_answer is 'Asked only when the answer to if_question_id is, or holds, this option.';

create table replies (
  entry_id     bigint not null,
  question_id  bigint not null,
  value        text[] not null,
  account_id   bigint,
  saved_at     timestamptz not null default clock_timestamp(),
  constraint replies_pkey primary key (entry_id, question_id),
  constraint replies_value_present check (cardinality(value) between 1 and 50),
  constraint replies_value_length check (length(array_to_string(value, '')) <= 6000),
  constraint replies_entry_exists foreign key (entry_id) references entries (id) on delete cascade,
  constraint replies_question_exists foreign key (question_id) references questions (id),
  constraint replies_account_exists foreign key (account_id) references accounts (id) on delete set null
);
comment on table replies is 'What the makers of an entry answered to a question of its category; no row: nothing. Owner: entry';
comment on column replies.value is 'One text; for a question of kind several the chosen options.';
create index replies_by_question on replies (question_id);
