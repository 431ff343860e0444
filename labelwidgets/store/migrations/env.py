"""How Alembic runs the scripts: on the store's own connection, all in one transaction."""

from alembic import context

from labelwidgets.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # Alembic takes SQLite for an engine that can't; it can, once BEGIN is sent by hand
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
