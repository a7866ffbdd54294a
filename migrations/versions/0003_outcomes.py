"""Links read from both ends, and the outcome of every claim, rendered, for the records of actors."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Runs the SQL beside this file."""
    sql = Path(__file__).parent.parent / "sql" / "0003_outcomes.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Drops the tables, and has the rows of claims made anew in their former shape."""
    op.execute(
        "DROP TABLE projections.claim_outcomes, projections.outcome_places, projections.outcome_voices,"
        " projections.outcome_facts, projections.development_links"
    )
    op.execute("TRUNCATE projections.claims, projections.claim_entries")
    op.execute("ALTER TABLE projections.claim_entries ADD COLUMN link_type text, ADD COLUMN inbound boolean")
    op.execute("DELETE FROM projections.checkpoints WHERE name IN ('claims', 'outcomes')")
