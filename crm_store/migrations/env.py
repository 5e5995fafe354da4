"""Alembic's entry point: it is handed a connection by :func:`crm_store.migrations.upgrade`."""

from alembic import context

import crm_store.models
from crm_store.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
assert crm_store.models.__all__  # the tables are known to the metadata once their modules are read
context.run_migrations()
