"""Audiences that people saved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of audiences."""
    op.create_table(
        "audiences",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("description", sa.String(300), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
    )
