-- Links between developments, which claims are joined by, and the outcome of every claim, rendered, for the
-- records of actors.

-- claims ------------------------------------------------------------------------------------------------
-- A link is read from both its ends, whatever is at either of them. Until now one was kept with a claim only
-- if that was a claim when the link was made, so the rows of claims are made anew from the log.
CREATE TABLE projections.development_links (
    development_id text NOT NULL,
    log_position   bigint NOT NULL,
    other_id       text NOT NULL,
    inbound        boolean NOT NULL,
    type           text NOT NULL,
    reason         text,
    recorded_at    timestamptz NOT NULL,
    recorded_by    text NOT NULL,
    PRIMARY KEY (development_id, log_position)
);
CREATE INDEX development_links_same ON projections.development_links (development_id)
    WHERE type = 'same-report';
COMMENT ON TABLE projections.development_links IS
    'Every link twice, once for each end; inbound at the end that it leads to.';

TRUNCATE projections.claims, projections.claim_entries;
-- Entries that wait in a list are read through by every question, until vacuum comes by.
ALTER INDEX projections.claims_locations SET (fastupdate = off);
ALTER TABLE projections.claim_entries DROP COLUMN link_type, DROP COLUMN inbound;
UPDATE projections.checkpoints
SET position = 0, settled = true, error = NULL, error_position = NULL, failed_at = NULL
WHERE name = 'claims';

-- outcomes ----------------------------------------------------------------------------------------------
-- What bears on claims now, in compact form: one row for each development and place. These four tables say how
-- it is at the end of the log; for earlier positions claims are judged when asked for.
CREATE TABLE projections.outcome_facts (
    location_id    text NOT NULL,
    development_id text NOT NULL,
    actor_id       text,
    answers        text,
    is_claim       boolean NOT NULL,
    retracted      boolean NOT NULL,
    kind           text NOT NULL,
    body           bytea NOT NULL,
    PRIMARY KEY (location_id, development_id)
);
CREATE INDEX outcome_facts_development ON projections.outcome_facts (development_id);
CREATE INDEX outcome_facts_actor ON projections.outcome_facts (actor_id);
CREATE INDEX outcome_facts_answers ON projections.outcome_facts (answers) WHERE answers IS NOT NULL;

CREATE TABLE projections.outcome_voices (
    actor_id text PRIMARY KEY,
    voice    text NOT NULL,
    kind     text NOT NULL
);

CREATE TABLE projections.outcome_places (
    location_id text PRIMARY KEY,
    touched_at  timestamptz NOT NULL,
    touched_by  bigint NOT NULL,
    stale       boolean NOT NULL
);
CREATE INDEX outcome_places_stale ON projections.outcome_places (location_id) WHERE stale;

-- The outcome of a claim under every bound of the valid and the known clock alike from starts up to, and not
-- including, ends; null while it lasts. A claim that does not count yet has no value. Rendered when a place of
-- the claim was touched, last by the event touched_by: before that it says nothing.
CREATE TABLE projections.claim_outcomes (
    claim_id    text NOT NULL,
    starts      timestamptz NOT NULL,
    ends        timestamptz,
    touched_by  bigint NOT NULL,
    actor_id    text NOT NULL,
    effect_from timestamptz NOT NULL,
    value       text,
    lead_days   double precision,
    PRIMARY KEY (claim_id, starts)
);
CREATE INDEX claim_outcomes_actor ON projections.claim_outcomes (actor_id);
