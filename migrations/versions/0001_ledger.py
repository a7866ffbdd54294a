"""The log, the texts of documents and the API keys."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Fills the schema `ledger`, which exists: it also holds alembic's own table."""
    sql = Path(__file__).parent.parent / "sql" / "0001_ledger.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Refused: nothing can bring the log back."""
    raise NotImplementedError(
        "The log is never dropped by a migration. Drop the database by hand if you mean it."
    )
