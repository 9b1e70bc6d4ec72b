-- Passkeys and second factors go; whoever had nothing else has to be let in anew.
drop table second_steps;
drop table recovery_codes;
drop table second_factors;
drop table passkey_challenges;
drop table passkeys;
drop table passkey_handles;
