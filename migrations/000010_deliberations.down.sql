drop view voters, juror_finalists;
drop table deliberation_results, ballots, finalists, deliberations;
drop function ballot_in_time, ballot_kept;
