"""Webhooks, and the attempts to deliver to them."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables."""
    sql = Path(__file__).parent.parent / "sql" / "0009_webhooks.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Drops them: nobody is sent anything any more."""
    op.execute("DROP TABLE ledger.webhook_attempts, ledger.webhooks")
