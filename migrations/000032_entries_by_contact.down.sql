drop index entries_by_contact;
