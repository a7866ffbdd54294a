"""One copy of the facts for states and outcomes."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# As they were before.
OUTCOME_TABLES = (
    """
CREATE TABLE projections.outcome_facts (
    location_id    text NOT NULL,
    development_id text NOT NULL,
    actor_id       text,
    answers        text,
    is_claim       boolean NOT NULL,
    retracted      boolean NOT NULL,
    kind           text NOT NULL,
    body           bytea NOT NULL,
    PRIMARY KEY (location_id, development_id)
)""",
    "CREATE INDEX outcome_facts_development ON projections.outcome_facts (development_id)",
    "CREATE INDEX outcome_facts_actor ON projections.outcome_facts (actor_id)",
    "CREATE INDEX outcome_facts_answers ON projections.outcome_facts (answers) WHERE answers IS NOT NULL",
    "ALTER TABLE projections.outcome_facts CLUSTER ON outcome_facts_pkey",
    """
CREATE TABLE projections.outcome_voices (
    actor_id text PRIMARY KEY,
    voice    text NOT NULL,
    kind     text NOT NULL
)""",
    """
CREATE TABLE projections.outcome_places (
    location_id text PRIMARY KEY,
    touched_at  timestamptz NOT NULL,
    touched_by  bigint NOT NULL,
    stale       boolean NOT NULL
)""",
    "CREATE INDEX outcome_places_stale ON projections.outcome_places (location_id) WHERE stale",
)


def upgrade() -> None:
    """Takes the second copy away."""
    sql = Path(__file__).parent.parent / "sql" / "0011_one_folding.sql"
    op.get_bind().exec_driver_sql(sql.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Brings it back, empty: both projections start anew from the log."""
    op.execute("DELETE FROM projections.checkpoints WHERE name = 'states'")
    op.execute(
        "TRUNCATE projections.location_facts, projections.location_speakers, projections.location_voices, "
        "projections.location_states, projections.claim_outcomes"
    )
    for column in ("moved_at", "moved_by", "unjudged"):
        op.execute(f"ALTER TABLE projections.location_states DROP COLUMN {column}")
    op.execute("DROP INDEX projections.location_states_stale")
    op.execute("CREATE INDEX location_states_stale ON projections.location_states (location_id) WHERE stale")
    op.execute("ALTER TABLE projections.location_facts CLUSTER ON location_facts_pkey")
    for statement in OUTCOME_TABLES:
        op.execute(statement)
