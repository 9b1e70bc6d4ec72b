drop view public_films, juror_films;
drop table awards, decisions, marks, scores, assignments, conflicts, criteria, rounds, invitations, seats, panels;
