"""What the map and the disagreements are read from."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns, the indexes and the table; the projection `states` starts anew."""
    sql = Path(__file__).parent.parent / "sql" / "0005_maps.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Takes them away again; the rows that are left stay true."""
    op.execute("DROP TABLE projections.location_speakers")
    op.execute("ALTER TABLE projections.location_states DROP COLUMN disagreements")
    # The indexes go with the columns that they are of, or that their conditions name.
    op.execute(
        "ALTER TABLE projections.location_facts DROP COLUMN moves, DROP COLUMN effect_until, "
        "DROP COLUMN sure_from, DROP COLUMN sure_until, DROP COLUMN stated"
    )
    # These stay: they have other names after a rebuild, so they are found by what they are of.
    op.execute(
        """
        DO $$
        DECLARE
            name text;
        BEGIN
            FOR name IN SELECT indexname FROM pg_indexes
                WHERE schemaname = 'projections' AND tablename = 'location_facts'
                  AND (indexdef LIKE '% (from_position)%' OR indexdef LIKE '% (answers)%')
            LOOP
                EXECUTE format('DROP INDEX projections.%I', name);
            END LOOP;
        END $$"""
    )
