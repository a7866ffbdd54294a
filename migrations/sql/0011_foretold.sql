-- What was public before it took effect: withdrawals announced, mostly. Hardly any fact is like that.
--
-- Every other fact takes effect before it is known. So a question at a known clock before its valid clock finds
-- the last thing an actor said at once, if it looks no further than what was known, and finds by this index
-- where it has to.
CREATE INDEX location_facts_foretold ON projections.location_facts (effect_from)
    WHERE moves AND effect_from >= known_from;
