"""An index of what was public before it took effect."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the index."""
    sql = Path(__file__).parent.parent / "sql" / "0012_foretold.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Takes it away again."""
    op.execute("DROP INDEX projections.location_facts_foretold")
