-- Building beside the live tables: gone on with where it ended, and without the indexes that are not needed
-- meanwhile, which are quicker made at its end.

ALTER TABLE projections.checkpoints ADD COLUMN building boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN projections.checkpoints.building IS
    'Nobody folds into the live tables: they are being built in a workspace, and are not there for questions.';

DROP FUNCTION projections.open_workspace(text, text[]);

-- Opens a workspace: empty copies of the named tables, without indexes, and a table of checkpoints, in a schema
-- of their own. One that was opened under the same mark, from tables of the same shape, is kept as it is.
CREATE FUNCTION projections.open_workspace(workspace text, tables text[], mark text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    shape text;
    t     text;
BEGIN
    SELECT md5(string_agg(format('%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod)), ','
                          ORDER BY c.relname, a.attnum))
        INTO shape
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'projections'::regnamespace AND c.relname = ANY (tables || 'checkpoints'::text)
          AND a.attnum > 0 AND NOT a.attisdropped;
    IF EXISTS (SELECT FROM pg_namespace
               WHERE nspname = workspace AND obj_description(oid, 'pg_namespace') = mark || ' ' || shape) THEN
        RETURN;
    END IF;
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', workspace);
    EXECUTE format('CREATE SCHEMA %I', workspace);
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', workspace, mark || ' ' || shape);
    EXECUTE format('CREATE TABLE %I.checkpoints (LIKE projections.checkpoints INCLUDING ALL)', workspace);
    FOREACH t IN ARRAY tables LOOP
        EXECUTE format(
            'CREATE TABLE %I.%I (LIKE projections.%I INCLUDING ALL EXCLUDING INDEXES)', workspace, t, t
        );
    END LOOP;
END $$;

-- Makes the indexes that the live table has and the one in the workspace has not, under the same names; of
-- these only those that begin with one of the named columns, or all for null. With all of them, the rows are
-- laid out in the order of the index that the live table is clustered on, if it is.
CREATE FUNCTION projections.add_indexes(workspace text, t text, first_columns text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    missing record;
BEGIN
    FOR missing IN
        SELECT i.indexrelid, c.relname, i.indisclustered, k.conname, k.oid AS constraint_id
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
        LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = format('projections.%I', t)::regclass
          AND (first_columns IS NULL OR a.attname = ANY (first_columns))
          AND to_regclass(format('%I.%I', workspace, c.relname)) IS NULL
        ORDER BY i.indisclustered DESC
    LOOP
        IF missing.conname IS NOT NULL THEN
            EXECUTE format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', workspace, t, missing.conname,
                           pg_get_constraintdef(missing.constraint_id));
        ELSE
            EXECUTE regexp_replace(pg_get_indexdef(missing.indexrelid), ' ON projections\.',
                                   format(' ON %I.', workspace));
        END IF;
        IF missing.indisclustered AND first_columns IS NULL THEN
            EXECUTE format('CLUSTER %I.%I USING %I', workspace, t, missing.relname);
        END IF;
    END LOOP;
END $$;

-- What bears on one place is read together: laid out together, it is a few pages instead of one for each row.
-- A rebuild lays it out; what is recorded later lies at the end.
ALTER TABLE projections.location_facts CLUSTER ON location_facts_pkey;
ALTER TABLE projections.outcome_facts CLUSTER ON outcome_facts_pkey;
-- Its rows no longer lie in the order of the log.
DROP INDEX projections.location_facts_from_position;
CREATE INDEX location_facts_from_position ON projections.location_facts (from_position) WHERE moves;
