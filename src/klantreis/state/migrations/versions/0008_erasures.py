"""Marks of who was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what keeps an old export from bringing someone back."""
    op.create_table(
        "erasure_marks",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("erased_at", sa.DateTime, nullable=False),
    )
    op.create_table("erasure_key", sa.Column("key", sa.String(64), primary_key=True))
