-- What the map and the disagreements are read from: the last thing each actor said of control at each place,
-- and when anything turns there.
--
-- A fact of before has no value for the new columns, so the projection `states` starts anew from the log.
DELETE FROM projections.checkpoints WHERE name = 'states';
TRUNCATE projections.location_facts, projections.location_voices, projections.location_states;

ALTER TABLE projections.location_facts
    ADD COLUMN effect_until timestamptz NOT NULL,
    ADD COLUMN sure_from timestamptz,
    ADD COLUMN sure_until timestamptz,
    ADD COLUMN moves boolean NOT NULL,
    ADD COLUMN stated bytea;
COMMENT ON COLUMN projections.location_facts.moves IS
    'Whether it may move a position. Every other fact is of no concern to the status of the place.';
COMMENT ON COLUMN projections.location_facts.stated IS
    'What its voice says of control from then on, where that follows from it alone: no answer, nothing that '
    'lapses. In a form short enough for an index.';

-- The last thing an actor said of control at a place, under all three clocks, without a look at the table.
CREATE INDEX location_facts_said ON projections.location_facts (location_id, actor_id, effect_from)
    INCLUDE (effect_until, known_from, from_position, until_position, stated) WHERE moves;

-- Where anything turns between two instants of a clock, or between two log positions.
CREATE INDEX location_facts_effect_from ON projections.location_facts (effect_from) WHERE moves;
CREATE INDEX location_facts_effect_until ON projections.location_facts (effect_until) WHERE moves;
CREATE INDEX location_facts_sure_from ON projections.location_facts (sure_from)
    WHERE moves AND sure_from IS NOT NULL;
CREATE INDEX location_facts_sure_until ON projections.location_facts (sure_until)
    WHERE moves AND sure_until IS NOT NULL;
CREATE INDEX location_facts_known_from ON projections.location_facts (known_from) WHERE moves;
-- The rows lie in the order of this one.
CREATE INDEX location_facts_from_position ON projections.location_facts
    USING brin (from_position) WITH (autosummarize = on);
CREATE INDEX location_facts_until_position ON projections.location_facts (until_position)
    WHERE moves AND until_position IS NOT NULL;
CREATE INDEX location_facts_answers ON projections.location_facts (answers) WHERE answers IS NOT NULL;

-- Who ever said anything of control at a place, so that the last of it is found without looking for them.
CREATE TABLE projections.location_speakers (
    location_id text NOT NULL,
    actor_id    text NOT NULL,
    PRIMARY KEY (location_id, actor_id)
);

-- How many pairs of voices disagree in the rendered state.
ALTER TABLE projections.location_states ADD COLUMN disagreements integer;
