"""The read models, and the functions that build them beside the live ones."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the schema `projections`."""
    sql = Path(__file__).parent.parent / "sql" / "0002_projections.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Drops the schema; every row of it can be rebuilt from the log."""
    op.execute("DROP SCHEMA projections CASCADE")
