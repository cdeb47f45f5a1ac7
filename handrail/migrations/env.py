"""Run by Alembic: which tables there should be, and the connection to make them over."""

from alembic import context

import scorecards.tables  # noqa: F401 - its tables belong to the metadata
from catalog.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
