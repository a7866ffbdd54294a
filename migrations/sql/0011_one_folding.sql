-- States and outcomes are rendered from one copy of the facts, each place folded once for both.
--
-- The projection `outcomes` is part of `states`, which starts anew from the log.
DELETE FROM projections.checkpoints WHERE name IN ('states', 'outcomes');
DROP TABLE projections.outcome_facts, projections.outcome_voices, projections.outcome_places;
TRUNCATE projections.location_facts, projections.location_speakers, projections.location_voices,
         projections.location_states, projections.claim_outcomes;

ALTER TABLE projections.location_states
    ADD COLUMN moved_at timestamptz,
    ADD COLUMN moved_by bigint,
    ADD COLUMN unjudged boolean NOT NULL;
COMMENT ON COLUMN projections.location_states.moved_by IS
    'The last event that may have moved a position there; null while there was none.';
COMMENT ON COLUMN projections.location_states.unjudged IS
    'The claims about the place are to be judged anew, since something moved there.';

-- A stretch of the log is laid out by place as it is written, so that nothing has to be laid out anew.
ALTER TABLE projections.location_facts SET WITHOUT CLUSTER;
-- The places that wait, in the order in which they are rendered.
DROP INDEX projections.location_states_stale;
CREATE INDEX location_states_stale ON projections.location_states (touched_by) WHERE stale;
