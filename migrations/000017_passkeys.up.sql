-- Passkeys: what a device keeps for a person instead of a password.
create table passkey_handles (
  account_id  bigint not null,
  handle      bytea not null,
  constraint passkey_handles_pkey primary key (account_id),
  constraint passkey_handles_once unique (handle),
  constraint passkey_handles_length check (length(handle) = 32),
  constraint passkey_handles_account_exists foreign key (account_id) references accounts (id) on delete cascade
);
comment on table passkey_handles is 'The name under which devices know an account: chance, and nothing of the account. Owner: passkey';

create table passkeys (
  id             bigint generated always as identity,
  code           text not null,
  account_id     bigint not null,
  credential_id  bytea not null,
  public_key     bytea not null,
  sign_count     bigint not null,
  transports     text[] not null default '{}',
  flags          smallint not null,
  name           text not null,
  created_at     timestamptz not null default clock_timestamp(),
  used_at        timestamptz,
  constraint passkeys_pkey primary key (id),
  constraint passkeys_code_once unique (code),
  constraint passkeys_credential_once unique (credential_id),
  constraint passkeys_credential_length check (length(credential_id) between 1 and 1023),
  constraint passkeys_count_range check (sign_count between 0 and 4294967295),
  constraint passkeys_flags_range check (flags between 0 and 255),
  constraint passkeys_name_length check (length(name) between 1 and 60),
  constraint passkeys_account_exists foreign key (account_id) references accounts (id) on delete cascade
);
comment on table passkeys is 'Public halves of passkeys; maker and model of the device are not kept. Owner: passkey';
comment on column passkeys.sign_count is 'How often the device says to have signed; one that goes back may be a copy. 0: it does not count.';
comment on column passkeys.flags is 'Flags of the authenticator data when it was last used (W3C WebAuthn Level 3, section 6.1).';
create index passkeys_by_account on passkeys (account_id, id);

create table passkey_challenges (
  challenge   text not null,
  act         text not null,
  browser     bytea not null,
  handle      bytea,
  expires_at  timestamptz not null,
  constraint passkey_challenges_pkey primary key (challenge),
  constraint passkey_challenges_act_known check (act in ('add', 'sign-up', 'sign-in')),
  constraint passkey_challenges_handle_present check ((handle is null) = (act = 'sign-in'))
);
comment on table passkey_challenges is 'What a device was asked to sign; gone once it is answered. Owner: passkey';
comment on column passkey_challenges.browser is 'Hash of a secret in the cookie of the browser that asked: nobody else may answer.';

-- The second factor: a secret shared with an app, and codes for when it is lost.
create table second_factors (
  account_id    bigint not null,
  sealed        bytea not null,
  confirmed_at  timestamptz,
  last_step     bigint not null default 0,
  tries         integer not null default 0,
  tries_since   timestamptz not null default clock_timestamp(),
  created_at    timestamptz not null default clock_timestamp(),
  constraint second_factors_pkey primary key (account_id),
  constraint second_factors_account_exists foreign key (account_id) references accounts (id) on delete cascade
);
comment on table second_factors is 'Secrets of time-based codes (RFC 6238). Owner: factor';
comment on column second_factors.sealed is 'The secret, encrypted with a key that stands in the data folder and not in the database.';
comment on column second_factors.confirmed_at is 'When a first code proved that the app has the secret; null: codes are not asked for.';
comment on column second_factors.last_step is 'The newest time step that a code was taken of: it and earlier ones are not taken again.';
comment on column second_factors.tries is 'Codes tried in the minute since tries_since.';

create table recovery_codes (
  account_id  bigint not null,
  hash        bytea not null,
  used_at     timestamptz,
  constraint recovery_codes_pkey primary key (account_id, hash),
  constraint recovery_codes_factor_exists foreign key (account_id) references second_factors (account_id) on delete cascade
);
comment on table recovery_codes is 'Each lets in once in the place of a code; only hashes are kept. Owner: factor';

create table second_steps (
  token_hash  bytea not null,
  account_id  bigint not null,
  expires_at  timestamptz not null,
  constraint second_steps_pkey primary key (token_hash),
  constraint second_steps_account_exists foreign key (account_id) references accounts (id) on delete cascade
);
comment on table second_steps is 'Browsers in which somebody proved the first factor and is asked for the second. Owner: factor';
