-- Who an entry is kept apart from is asked with every page of the jury and for
-- every piece of a film; the address of its contact was looked for in all
-- entries each time.

create index entries_by_contact on entries (((contact ->> 'email')::citext));
