-- The same text for SQLite and PostgreSQL. Times are Unix milliseconds, truths are 0 or 1, JSON is text.

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    display TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('learner', 'instructor', 'operator')),
    language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
    password_hash TEXT NOT NULL,
    created BIGINT NOT NULL,
    disabled BIGINT
);
CREATE INDEX accounts_by_role ON accounts (role, id);

-- Rows that a transaction updates to have the others wait: PostgreSQL has no single writer.
CREATE TABLE turns (
    name TEXT NOT NULL PRIMARY KEY,
    taken BIGINT NOT NULL
);
INSERT INTO turns (name, taken) VALUES ('operators', 0);

CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account);
CREATE INDEX sessions_by_expiry ON sessions (expires);

CREATE TABLE cohorts (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    created BIGINT NOT NULL
);

CREATE TABLE cohort_instructors (
    cohort TEXT NOT NULL REFERENCES cohorts (id) ON DELETE CASCADE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    since BIGINT NOT NULL,
    PRIMARY KEY (cohort, account)
);
CREATE INDEX cohort_instructors_by_account ON cohort_instructors (account, cohort);

CREATE TABLE cohort_members (
    cohort TEXT NOT NULL REFERENCES cohorts (id) ON DELETE CASCADE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    since BIGINT NOT NULL,
    PRIMARY KEY (cohort, account)
);
CREATE INDEX cohort_members_by_account ON cohort_members (account, cohort);

CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('learner', 'instructor', 'operator')),
    cohort TEXT REFERENCES cohorts (id) ON DELETE CASCADE,
    uses BIGINT NOT NULL CHECK (uses > 0),
    used BIGINT NOT NULL CHECK (used >= 0 AND used <= uses),
    created BIGINT NOT NULL,
    created_by TEXT REFERENCES accounts (id) ON DELETE SET NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT
);
CREATE INDEX invitations_by_creator ON invitations (created_by, id);
CREATE INDEX invitations_by_cohort ON invitations (cohort);

-- Where a learner is in a unit. The numbers are kept up to date by the transactions that change what they count.
CREATE TABLE unit_progress (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    course TEXT NOT NULL,
    unit TEXT NOT NULL,
    opened BIGINT NOT NULL,
    active BIGINT NOT NULL,
    worked BIGINT,
    answered BIGINT NOT NULL,
    answer_points BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    best_score BIGINT,
    max_score BIGINT,
    graded BIGINT,
    passed BIGINT,
    PRIMARY KEY (account, course, unit)
);

CREATE TABLE answers (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    course TEXT NOT NULL,
    unit TEXT NOT NULL,
    question TEXT NOT NULL,
    given TEXT NOT NULL,
    is_right BIGINT NOT NULL,
    points BIGINT NOT NULL,
    max_points BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    solved BIGINT,
    PRIMARY KEY (account, course, unit, question)
);

CREATE TABLE drafts (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    course TEXT NOT NULL,
    unit TEXT NOT NULL,
    code TEXT NOT NULL,
    revision BIGINT NOT NULL,
    saved BIGINT NOT NULL,
    PRIMARY KEY (account, course, unit)
);

CREATE TABLE submissions (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    course TEXT NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('run', 'submit')),
    code TEXT NOT NULL,
    lab_version TEXT NOT NULL,
    options TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'stopped', 'failed')),
    attempt BIGINT NOT NULL,
    created BIGINT NOT NULL,
    started BIGINT,
    ended BIGINT,
    outcome TEXT
);
CREATE INDEX submissions_by_account ON submissions (account, id);
CREATE INDEX submissions_by_unit ON submissions (account, course, unit, id);
CREATE INDEX submissions_open ON submissions (state, id) WHERE state IN ('queued', 'running');

CREATE TABLE grades (
    submission TEXT NOT NULL PRIMARY KEY REFERENCES submissions (id) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('pass', 'fail', 'error', 'timeout', 'not_gradable')),
    score BIGINT NOT NULL,
    max_score BIGINT NOT NULL,
    grade TEXT NOT NULL,
    timings TEXT NOT NULL,
    graded BIGINT NOT NULL
);

-- How a learner does in each check of a lab, over all graded submissions.
CREATE TABLE check_progress (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    course TEXT NOT NULL,
    unit TEXT NOT NULL,
    check_id TEXT NOT NULL,
    skills TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pass', 'fail', 'error', 'timeout')),
    points BIGINT NOT NULL,
    max_points BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    passed BIGINT,
    PRIMARY KEY (account, course, unit, check_id)
);

-- What a run has told, in batches: lines of JSON with consecutive numbers.
CREATE TABLE events (
    submission TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    last_seq BIGINT NOT NULL,
    first_seq BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    frames TEXT NOT NULL,
    PRIMARY KEY (submission, last_seq)
);

CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT,
    action TEXT NOT NULL,
    subject TEXT,
    detail TEXT NOT NULL,
    request TEXT
);
CREATE INDEX audit_by_actor ON audit (actor, id);
CREATE INDEX audit_by_subject ON audit (subject, id);
