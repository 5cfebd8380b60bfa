-- The district is all there is: an index of its cases holds them in the order that they have anyway, and every change of
-- a case had to mend it.
DROP INDEX cases_p1;
DROP INDEX cases_p1_due;

-- Whether a job waits about something was found by walking through all that are due before it.
CREATE INDEX job_about ON job (about, kind);
