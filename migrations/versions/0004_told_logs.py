"""Logs that were taken over from elsewhere, and no other event with a time of its own."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds `ledger.told_logs`, and the rule that nobody else brings positions and times."""
    sql = Path(__file__).parent.parent / "sql" / "0004_told_logs.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Refused: without the table nobody could tell which times this ledger only repeats."""
    raise NotImplementedError("What is known of a log that was taken over is never dropped.")
