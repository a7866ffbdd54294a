-- Names for search: aliases beside names, and how large a place is, which ranks places of one name.
--
-- Names fold to other keys than before as well, so the projection `names` starts anew from the log.
DELETE FROM projections.checkpoints WHERE name = 'names';
TRUNCATE projections.location_names;
-- As for claims (0003): nothing is to wait in a list that every search reads through.
ALTER INDEX projections.location_names_trigrams SET (fastupdate = off);

ALTER TABLE projections.location_names
    ADD COLUMN is_alias boolean NOT NULL,
    ADD COLUMN population bigint;
COMMENT ON COLUMN projections.location_names.population IS
    'How many people live there, as the place was described with this name; null where that is not known.';
