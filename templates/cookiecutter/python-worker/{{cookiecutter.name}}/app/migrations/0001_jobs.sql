CREATE TABLE jobs (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Names the job for whoever puts it: put twice, it is one job; delivered again, the gateway knows it.
    key      text NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 200),
    payload  jsonb NOT NULL,
    trace    jsonb NOT NULL DEFAULT '{}',
    state    text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'dead')),
    -- When it was wanted, and when somebody may take it: later than now while it is taken or put off.
    wanted   timestamptz NOT NULL DEFAULT now(),
    due      timestamptz NOT NULL DEFAULT now(),
    -- How often it was taken, and how many of those count for nothing because the gateway failed.
    taken    integer NOT NULL DEFAULT 0,
    excused  integer NOT NULL DEFAULT 0,
    finished timestamptz,
    receipt  text,
    error    text
);

CREATE INDEX jobs_waiting ON jobs (due) WHERE state = 'waiting';
CREATE INDEX jobs_dead ON jobs (finished) WHERE state = 'dead';
CREATE INDEX jobs_done ON jobs (finished) WHERE state = 'done';
