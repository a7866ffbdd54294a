-- What was public before it took effect: withdrawals announced, mostly. Hardly any fact is like that.
--
-- Every other fact takes effect before it is known. So a question at a known clock before its valid clock finds
-- the last thing an actor said at once, if it looks no further than what was known, and finds by this index
-- where it has to.
-- It has all that is asked of it, or the planner, which takes a third of the facts to be like that, would rather
-- read through another one.
CREATE INDEX location_facts_foretold ON projections.location_facts (effect_from)
    INCLUDE (location_id, known_from, from_position, until_position)
    WHERE moves AND effect_from >= known_from;
