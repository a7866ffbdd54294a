"""Building beside the live tables: resumed, and with most indexes made at the end."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# As they were before.
FROM_POSITION = """
CREATE INDEX location_facts_from_position ON projections.location_facts
    USING brin (from_position) WITH (autosummarize = on)"""
OPEN_WORKSPACE = """
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
END $$"""


def upgrade() -> None:
    """Adds what a workspace needs to be gone on with."""
    sql = Path(__file__).parent.parent / "sql" / "0010_workspaces.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Takes it away again. A projection that was being built starts anew from the log."""
    op.execute("DROP INDEX projections.location_facts_from_position")
    op.execute(FROM_POSITION)
    op.execute("ALTER TABLE projections.location_facts SET WITHOUT CLUSTER")
    op.execute("ALTER TABLE projections.outcome_facts SET WITHOUT CLUSTER")
    op.execute("DROP FUNCTION projections.add_indexes(text, text, text[])")
    op.execute("DROP FUNCTION projections.open_workspace(text, text[], text)")
    op.get_bind().exec_driver_sql(OPEN_WORKSPACE.replace("%", "%%"))
    op.execute("ALTER TABLE projections.checkpoints DROP COLUMN building")
