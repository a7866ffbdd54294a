-- The read models. Everything in this schema can be thrown away and rebuilt from the log.
--
-- A row that holds for some time on the recorded clock says so by log position: from_position (the event
-- that brought it) up to, and not including, until_position (the event that ended it; null while it lasts).
-- No foreign keys and no defaults that look at a clock: a rebuild must give the same rows.

CREATE SCHEMA projections;

CREATE TABLE projections.checkpoints (
    name           text PRIMARY KEY,
    position       bigint NOT NULL DEFAULT 0,
    settled        boolean NOT NULL DEFAULT true,
    error          text,
    error_position bigint,
    failed_at      timestamptz
);
COMMENT ON TABLE projections.checkpoints IS
    'How far each projection has folded the log; written in the transaction of its rows.';

-- actors
CREATE TABLE projections.actor_revisions (
    actor_id       text NOT NULL,
    revision       integer NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    recorded_at    timestamptz NOT NULL,
    kind           text NOT NULL,
    body           bytea NOT NULL,
    PRIMARY KEY (actor_id, revision)
);

-- documents
CREATE TABLE projections.documents (
    document_id   text PRIMARY KEY,
    from_position bigint NOT NULL,
    recorded_at   timestamptz NOT NULL,
    publisher     text NOT NULL,
    body          bytea NOT NULL
);

-- locations
CREATE TABLE projections.location_revisions (
    location_id    text NOT NULL,
    revision       integer NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    recorded_at    timestamptz NOT NULL,
    longitude      double precision,
    latitude       double precision,
    part_of        text,
    body           bytea NOT NULL,
    PRIMARY KEY (location_id, revision)
);
CREATE INDEX location_revisions_part_of ON projections.location_revisions (part_of);

-- What bears on the state of a place, in the compact form that the fold of domain/positions.py reads.
CREATE TABLE projections.location_facts (
    location_id    text NOT NULL,
    development_id text NOT NULL,
    revision       integer NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    effect_from    timestamptz NOT NULL,
    known_from     timestamptz NOT NULL,
    actor_id       text,
    answers        text,
    kind           text NOT NULL,
    body           bytea NOT NULL,
    PRIMARY KEY (location_id, development_id, revision)
);
CREATE INDEX location_facts_development ON projections.location_facts (development_id);
CREATE INDEX location_facts_actor ON projections.location_facts (actor_id);

-- The voice an actor speaks with, as the fold needs it.
CREATE TABLE projections.location_voices (
    actor_id       text NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    voice          text NOT NULL,
    kind           text NOT NULL,
    PRIMARY KEY (actor_id, from_position)
);

-- The state rendered at the moment of the last event that touched the place; it holds until good_until,
-- when a window that was open then ends or begins.
CREATE TABLE projections.location_states (
    location_id text PRIMARY KEY,
    touched_at  timestamptz NOT NULL,
    touched_by  bigint NOT NULL,
    stale       boolean NOT NULL,
    good_until  timestamptz,
    status      text,
    holder      text,
    certain     boolean,
    state       bytea
);
CREATE INDEX location_states_stale ON projections.location_states (location_id) WHERE stale;
CREATE INDEX location_states_status ON projections.location_states (status, holder);

-- developments
CREATE TABLE projections.development_revisions (
    development_id text NOT NULL,
    revision       integer NOT NULL,
    change         text NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    recorded_at    timestamptz NOT NULL,
    recorded_by    text NOT NULL,
    request_id     text,
    reason         text,
    detail         bytea,
    retracted      boolean NOT NULL,
    effect_from    timestamptz NOT NULL,
    effect_until   timestamptz NOT NULL,
    known_from     timestamptz NOT NULL,
    kind           text NOT NULL,
    actor_id       text,
    body           bytea NOT NULL,
    PRIMARY KEY (development_id, revision)
);

CREATE TABLE projections.development_places (
    location_id    text NOT NULL,
    development_id text NOT NULL,
    revision       integer NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    effect_from    timestamptz NOT NULL,
    known_from     timestamptz NOT NULL,
    kind           text NOT NULL,
    actor_id       text,
    PRIMARY KEY (location_id, effect_from, development_id, revision)
);
CREATE INDEX development_places_development ON projections.development_places (development_id);

-- claims
CREATE TABLE projections.claims (
    claim_id       text NOT NULL,
    revision       integer NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    location_ids   text[] NOT NULL,
    actor_id       text NOT NULL,
    retracted      boolean NOT NULL,
    PRIMARY KEY (claim_id, revision)
);
CREATE INDEX claims_locations ON projections.claims USING gin (location_ids);
CREATE INDEX claims_actor ON projections.claims (actor_id);

CREATE TABLE projections.claim_entries (
    claim_id       text NOT NULL,
    log_position   bigint NOT NULL,
    until_position bigint,
    what           text NOT NULL,
    development_id text NOT NULL,
    recorded_at    timestamptz NOT NULL,
    recorded_by    text NOT NULL,
    reason         text,
    link_type      text,
    inbound        boolean,
    PRIMARY KEY (claim_id, log_position)
);
CREATE INDEX claim_entries_development ON projections.claim_entries (development_id);

-- names
CREATE TABLE projections.location_names (
    location_id    text NOT NULL,
    name           text NOT NULL,
    language       text NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    folded         text NOT NULL,
    trigrams       text[] NOT NULL,
    PRIMARY KEY (location_id, from_position, language, name)
);
CREATE INDEX location_names_folded ON projections.location_names (folded text_pattern_ops);
CREATE INDEX location_names_trigrams ON projections.location_names USING gin (trigrams);

-- Building beside the live tables, and taking their place ------------------------------------------------

-- Makes empty copies of the named tables, indexes and all, in a schema of their own.
CREATE FUNCTION projections.open_workspace(workspace text, tables text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    t text;
BEGIN
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', workspace);
    EXECUTE format('CREATE SCHEMA %I', workspace);
    FOREACH t IN ARRAY tables LOOP
        EXECUTE format('CREATE TABLE %I.%I (LIKE projections.%I INCLUDING ALL)', workspace, t, t);
    END LOOP;
END $$;

CREATE FUNCTION projections.drop_workspace(workspace text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', workspace);
END $$;

-- Puts the named tables of a workspace in the place of the live ones. Readers take ACCESS SHARE on
-- checkpoints before their snapshot, so that none sees half of a swap.
CREATE FUNCTION projections.swap_workspace(workspace text, tables text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    t text;
BEGIN
    LOCK TABLE projections.checkpoints IN ACCESS EXCLUSIVE MODE;
    FOREACH t IN ARRAY tables LOOP
        EXECUTE format('DROP TABLE projections.%I', t);
        EXECUTE format('ALTER TABLE %I.%I SET SCHEMA projections', workspace, t);
    END LOOP;
    EXECUTE format('DROP SCHEMA %I CASCADE', workspace);
END $$;
