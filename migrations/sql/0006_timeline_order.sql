-- Timelines in the order of effect: of domain/positions.py, the one in which positions are folded.
--
-- A row of before has no value for the new columns, so the projection `developments` starts anew from the log.
-- Ids are compared byte by byte, as the rules compare them, whatever the database's own collation.
DELETE FROM projections.checkpoints WHERE name = 'developments';
TRUNCATE projections.development_revisions;
ALTER TABLE projections.development_revisions ALTER COLUMN development_id TYPE text COLLATE "C";

DROP TABLE projections.development_places;
CREATE TABLE projections.development_places (
    location_id    text NOT NULL,
    effect_from    timestamptz NOT NULL,
    effect_until   timestamptz NOT NULL,
    reported_from  timestamptz NOT NULL,
    known_from     timestamptz NOT NULL,
    is_answer      boolean NOT NULL,
    development_id text COLLATE "C" NOT NULL,
    revision       integer NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint,
    kind           text NOT NULL,
    actor_id       text,
    -- After the place, the order of effect: a page of a timeline is one stretch of this index.
    PRIMARY KEY (
        location_id,
        effect_from, effect_until, reported_from, known_from, is_answer, development_id,
        revision
    )
);
CREATE INDEX development_places_development ON projections.development_places (development_id);
