"""Timelines in the order of effect."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Has the rows of the projection `developments` made anew, in the shape of the order of effect."""
    sql = Path(__file__).parent.parent / "sql" / "0006_timeline_order.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Has them made anew in their former shape."""
    op.execute("DELETE FROM projections.checkpoints WHERE name = 'developments'")
    op.execute("TRUNCATE projections.development_revisions, projections.development_places")
    op.execute(
        "ALTER TABLE projections.development_revisions"
        ' ALTER COLUMN development_id TYPE text COLLATE "default"'
    )
    op.execute(
        "ALTER TABLE projections.development_places DROP CONSTRAINT development_places_pkey,"
        " DROP COLUMN effect_until, DROP COLUMN reported_from, DROP COLUMN is_answer,"
        ' ALTER COLUMN development_id TYPE text COLLATE "default",'
        " ADD PRIMARY KEY (location_id, effect_from, development_id, revision)"
    )
