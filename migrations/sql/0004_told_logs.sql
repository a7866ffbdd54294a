-- Logs that were taken over from elsewhere, with the positions and times they tell.
--
-- Only such a log brings its own. For every other event the database gives them: until now by a default,
-- which a statement could overrule, from now on by a check (position_and_time_from_the_database).

CREATE TABLE ledger.told_logs (
    first_position bigint NOT NULL CHECK (first_position > 0),
    last_position  bigint NOT NULL,
    events         bigint NOT NULL CHECK (events > 0),
    sha256         text COLLATE "C" NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    imported_by    text NOT NULL,
    imported_at    timestamptz NOT NULL,
    transaction_id xid8 NOT NULL
);
COMMENT ON TABLE ledger.told_logs IS
    'The log that this one began with, if it was taken over; events up to last_position tell their own times.';

-- A row opens the take-over: the events that follow in its transaction bring their positions and times.
CREATE FUNCTION ledger.open_told_log() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION 'The log is appended to in READ COMMITTED transactions only.'
            USING ERRCODE = 'active_sql_transaction';
    END IF;
    PERFORM pg_advisory_xact_lock(8097872805052314469);
    IF EXISTS (SELECT FROM ledger.events) OR EXISTS (SELECT FROM ledger.told_logs) THEN
        RAISE EXCEPTION 'A log is taken over into an empty ledger only.' USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.imported_at := clock_timestamp();
    NEW.transaction_id := pg_current_xact_id();
    -- Not setval(), which would stay when the transaction is rolled back.
    EXECUTE format('ALTER SEQUENCE ledger.events_notification_id_seq RESTART WITH %s', NEW.last_position + 1);
    RETURN NEW;
END
$$;

-- At the commit: the events are the ones announced, and the clock they tell is one that this log could tell.
CREATE FUNCTION ledger.verify_told_log() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found record;
BEGIN
    SELECT count(*) AS events, min(notification_id) AS first, max(notification_id) AS last,
           max(recorded_at) AS latest, bool_or(recorded_at < before) AS backwards
        INTO found
        FROM (SELECT notification_id, recorded_at,
                     lag(recorded_at) OVER (ORDER BY notification_id) AS before
              FROM ledger.events) AS told;
    IF (found.events, found.first, found.last)
        IS DISTINCT FROM (NEW.events, NEW.first_position, NEW.last_position) THEN
        RAISE EXCEPTION 'The events are not those of the told log.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF found.backwards OR found.latest > NEW.imported_at THEN
        RAISE EXCEPTION 'The times of the told log run backwards, or into the future.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION ledger.refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'The log is append-only: % of ledger.% is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Record a correction or a retraction instead.';
END
$$;

CREATE TRIGGER open_told_log BEFORE INSERT ON ledger.told_logs
    FOR EACH ROW EXECUTE FUNCTION ledger.open_told_log();
CREATE CONSTRAINT TRIGGER verify_told_log AFTER INSERT ON ledger.told_logs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.verify_told_log();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON ledger.told_logs
    FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON ledger.told_logs
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.told_logs ENABLE ALWAYS TRIGGER open_told_log;
ALTER TABLE ledger.told_logs ENABLE ALWAYS TRIGGER verify_told_log;
ALTER TABLE ledger.told_logs ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE ledger.told_logs ENABLE ALWAYS TRIGGER refuse_truncate;

-- Events are stamped as before. The moment is now passed on as microseconds since 1970, which are read in
-- half the time that a written date takes; '' means that the events bring their own.
CREATE OR REPLACE FUNCTION ledger.stamp_append() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off  -- a plan that was made while the log was empty is kept for the session
AS $$
DECLARE
    own    xid8 := pg_current_xact_id_if_assigned();
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
    SELECT e.notification_id, e.recorded_at, e.transaction_id INTO newest
        FROM ledger.events e ORDER BY e.notification_id DESC LIMIT 1;
    IF newest.transaction_id IS NULL OR newest.transaction_id = own THEN
        IF EXISTS (SELECT FROM ledger.told_logs t WHERE t.transaction_id = own) THEN
            moment := NULL;
        ELSE
            -- One transaction is one moment, so that no clock setting shows half of it.
            moment := coalesce(newest.recorded_at, clock_timestamp());
        END IF;
    ELSE
        -- It never runs backwards, even when the system's clock does.
        moment := greatest(clock_timestamp(), newest.recorded_at);
    END IF;
    -- The column's default and the check on the row read these back.
    PERFORM set_config(
        'palimpsest.recorded_at', coalesce((extract(epoch FROM moment) * 1000000)::bigint::text, ''), true
    );
    PERFORM set_config('palimpsest.log_position', coalesce(newest.notification_id, 0)::text, true);
    PERFORM pg_notify('palimpsest_events', '');
    RETURN NULL;
END
$$;

-- The check has no function of its own, and repeats the default: both are evaluated for each row.
ALTER TABLE ledger.events ALTER COLUMN recorded_at SET DEFAULT
    timestamptz '1970-01-01 00:00:00+00'
    + nullif(current_setting('palimpsest.recorded_at', true), '')::bigint * interval '1 microsecond';

-- NOT VALID: of rows that are there, it says nothing. A dump adds it after the rows for the same reason.
-- A moment that is null, because the events bring their own, violates nothing.
ALTER TABLE ledger.events ADD CONSTRAINT position_and_time_from_the_database CHECK (
    recorded_at = timestamptz '1970-01-01 00:00:00+00'
        + nullif(current_setting('palimpsest.recorded_at', true), '')::bigint * interval '1 microsecond'
    AND transaction_id = pg_current_xact_id()
    AND notification_id > current_setting('palimpsest.log_position', true)::bigint
    AND notification_id <= pg_sequence_last_value('ledger.events_notification_id_seq')
) NOT VALID;

-- The check is evaluated as whoever inserts.
GRANT SELECT ON SEQUENCE ledger.events_notification_id_seq TO PUBLIC;
