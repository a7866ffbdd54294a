-- The log and what stands beside it: the texts of documents, and the keys of those who may write.
--
-- Every writer, whatever client it is, goes through the trigger stamp_append: it takes one lock before the
-- first position is drawn and gives it back at commit. So positions become visible in their order, and a
-- reader that remembers the last position it saw misses nothing.

CREATE TABLE ledger.events (
    -- What has a fixed width comes first: no padding between columns.
    notification_id    bigint GENERATED ALWAYS AS IDENTITY,
    originator_version bigint NOT NULL,
    recorded_at        timestamptz NOT NULL DEFAULT current_setting('palimpsest.recorded_at')::timestamptz,
    transaction_id     xid8 NOT NULL DEFAULT pg_current_xact_id(),
    -- "C" orders by bytes: quicker, and no index breaks when the system's collations change.
    originator_id      text COLLATE "C" NOT NULL,
    topic              text COLLATE "C" NOT NULL,
    state              bytea NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (originator_id, originator_version)
) WITH (
    -- Rows never change, so vacuum only has to freeze them and to keep the visibility map: often and early,
    -- in small portions, instead of once for the whole log when transaction ids run out.
    autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_freeze_min_age = 0,
    autovacuum_analyze_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.02
);
COMMENT ON TABLE ledger.events IS 'The log. notification_id is the position in the log (log_position).';

CREATE UNIQUE INDEX events_notification_id_idx ON ledger.events (notification_id);
CREATE INDEX events_recorded_at_idx ON ledger.events (recorded_at, notification_id);

-- What the event sourcing library's own recorder passes its rows in.
CREATE TYPE ledger.stored_event_text AS (
    originator_id text, originator_version bigint, topic text, state bytea
);

CREATE FUNCTION ledger.stamp_append() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off  -- a plan that was made while the log was empty is kept for the session
AS $$
DECLARE
    newest record;
    moment timestamptz;
BEGIN
    -- The look at the newest event below needs a snapshot taken after the lock.
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION 'The log is appended to in READ COMMITTED transactions only.'
            USING ERRCODE = 'active_sql_transaction';
    END IF;
    -- 'palimpse' in ASCII. An advisory lock, because LOCK TABLE stands in the way of (auto)vacuum.
    PERFORM pg_advisory_xact_lock(8097872805052314469);
    SELECT e.recorded_at, e.transaction_id INTO newest
        FROM ledger.events e ORDER BY e.notification_id DESC LIMIT 1;
    IF newest.transaction_id = pg_current_xact_id_if_assigned() THEN
        -- One transaction is one moment, so that no clock setting shows half of it.
        moment := newest.recorded_at;
    ELSE
        -- It never runs backwards, even when the system's clock does.
        moment := greatest(clock_timestamp(), newest.recorded_at);
    END IF;
    -- The column's default reads this back.
    PERFORM set_config(
        'palimpsest.recorded_at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), true
    );
    PERFORM pg_notify('palimpsest_events', '');
    RETURN NULL;
END
$$;

CREATE FUNCTION ledger.refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'The log is append-only: % of ledger.events is refused.', TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = 'Record a correction or a retraction instead.';
END
$$;

CREATE TRIGGER stamp_append BEFORE INSERT ON ledger.events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.stamp_append();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON ledger.events
    FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON ledger.events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- ALWAYS: session_replication_role = replica does not get round them.
ALTER TABLE ledger.events ENABLE ALWAYS TRIGGER stamp_append;
ALTER TABLE ledger.events ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE ledger.events ENABLE ALWAYS TRIGGER refuse_truncate;

-- Outside the log, so that a text can be taken away and nothing in the log can be matched to it.
CREATE TABLE ledger.document_texts (
    sha256    text COLLATE "C" PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    salt      bytea NOT NULL CHECK (octet_length(salt) = 16),
    text      text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE ledger.document_texts IS
    'Texts of documents under the hash of salt and text (UTF-8). Deleting a row is a redaction.';

CREATE TABLE ledger.api_keys (
    id            text COLLATE "C" PRIMARY KEY,
    name          text NOT NULL,
    role          text NOT NULL CHECK (role IN ('reporter', 'editor', 'admin')),
    secret_sha256 bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at    timestamptz
);
COMMENT ON TABLE ledger.api_keys IS 'Who may write. The secret itself is kept nowhere.';
