drop table deadlines, rules, categories, call_notes, stages, editions, memberships, festivals, renditions, files;
