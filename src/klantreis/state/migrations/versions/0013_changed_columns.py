"""Files that could not be taken in, and what people said that columns are called now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "import_problems",
        sa.Column("problem_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("parts", sa.JSON, nullable=False),
        sa.Column("lacking", sa.JSON, nullable=False),
        sa.Column("fresh", sa.JSON, nullable=False),
    )
    op.create_table(
        "column_names",
        sa.Column("column_name_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("known", sa.String(500), nullable=False),
        sa.Column("now", sa.String(500), nullable=False),
        sa.Column("said_at", sa.DateTime, nullable=False),
        sa.Column("said_by", sa.String(200), nullable=False),
        sa.Column("taken_back_at", sa.DateTime),
        sa.Column("taken_back_by", sa.String(200), nullable=False),
    )
