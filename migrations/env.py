"""What alembic runs. The connection, and its transaction, come from upgrade.py."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema="ledger",
)
with context.begin_transaction():
    context.run_migrations()
