drop table blob_readings;
