"""${message}."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """What this adds. The SQL lives in ../sql, in a file of the same name."""
    sql = Path(__file__).parent.parent / "sql" / f"{Path(__file__).stem}.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """How to take it back."""
    raise NotImplementedError
