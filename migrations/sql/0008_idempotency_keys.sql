-- What was answered to a write that came with an Idempotency-Key, to be answered again.

CREATE TABLE ledger.idempotency_keys (
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    status      smallint NOT NULL CHECK (status BETWEEN 200 AND 299),
    principal   text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    headers     jsonb NOT NULL,
    body        bytea NOT NULL,
    PRIMARY KEY (principal, key)
) WITH (
    -- Room on each page for the answer that is completed after its commit: then no index is touched.
    fillfactor = 80,
    -- Every row comes and goes within days.
    autovacuum_vacuum_scale_factor = 0.05
);
COMMENT ON TABLE ledger.idempotency_keys IS
    'Answers by API key and Idempotency-Key, written with the events they tell of. Each may be deleted.';

CREATE INDEX idempotency_keys_created_at_idx ON ledger.idempotency_keys (created_at);
