"""What people changed of values that were put aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "repairs",
        sa.Column("repair_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("quarantine_id", sa.String(1000), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("file_id", sa.String(16), nullable=False),
        sa.Column("line", sa.BigInteger, nullable=False),
        sa.Column("column", sa.String(500), nullable=False),
        sa.Column("row", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("is_loaded", sa.Boolean, nullable=False),
        sa.Column("repaired_at", sa.DateTime, nullable=False),
        sa.Column("repaired_by", sa.String(200), nullable=False),
    )
