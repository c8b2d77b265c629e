"""How large saved audiences were at each run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "audience_sizes",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("measured_at", sa.DateTime, primary_key=True),
        sa.Column("rule_mark", sa.String(64), nullable=False),
        sa.Column("customers", sa.BigInteger, nullable=False),
        sa.Column("reachable", sa.BigInteger, nullable=False),
        sa.Column("revenue_amount", sa.Float, nullable=False),
    )
