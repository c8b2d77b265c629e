"""Alembic's way in: it works on the connection that `State` hands over."""

from __future__ import annotations

from alembic import context

from klantreis.state.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
