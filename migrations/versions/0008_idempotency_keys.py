"""What was answered to writes that came with an Idempotency-Key."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table."""
    sql = Path(__file__).parent.parent / "sql" / "0008_idempotency_keys.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Drops it: a write that is sent again under its key is then carried out again."""
    op.execute("DROP TABLE ledger.idempotency_keys")
