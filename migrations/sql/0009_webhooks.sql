-- Webhooks: who is sent which events of the log, how far that has come, and how it went.
--
-- The log itself is the outbox: a webhook keeps the position up to which everything it wants was delivered.

CREATE TABLE ledger.webhooks (
    position        bigint NOT NULL CHECK (position >= 0),
    attempts        bigint NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    failing_since   timestamptz,
    next_attempt_at timestamptz,
    disabled_at     timestamptz,
    failures        integer NOT NULL DEFAULT 0,
    id              text COLLATE "C" PRIMARY KEY,
    url             text NOT NULL,
    interest        jsonb NOT NULL,
    secrets         text[] NOT NULL CHECK (cardinality(secrets) IN (1, 2)),
    disabled_reason text
) WITH (
    -- A row is updated with each delivery: room to do so in place.
    fillfactor = 50
);
COMMENT ON TABLE ledger.webhooks IS 'Who is sent events. `position`: everything wanted up to it was delivered.';
COMMENT ON COLUMN ledger.webhooks.secrets IS
    'To sign with, the newest first. They are kept as they are, for a signature cannot be made with a hash.';
REVOKE ALL ON ledger.webhooks FROM PUBLIC;

-- The newest attempts of each; older ones are deleted as new ones come.
CREATE TABLE ledger.webhook_attempts (
    number       bigint NOT NULL,
    log_position bigint NOT NULL,
    attempted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    milliseconds integer NOT NULL,
    status       integer,
    webhook_id   text COLLATE "C" NOT NULL REFERENCES ledger.webhooks ON DELETE CASCADE,
    error        text,
    PRIMARY KEY (webhook_id, number)
);
COMMENT ON TABLE ledger.webhook_attempts IS 'What came of each attempt: `status` answered, `error` unless it succeeded.';
