"""Aliases and sizes for search."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns; the projection `names` starts anew."""
    sql = Path(__file__).parent.parent / "sql" / "0007_search.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Takes them away again; the projection `names` starts anew, for it knew no aliases."""
    op.execute("DELETE FROM projections.checkpoints WHERE name = 'names'")
    op.execute("TRUNCATE projections.location_names")
    op.execute("ALTER TABLE projections.location_names DROP COLUMN is_alias, DROP COLUMN population")
