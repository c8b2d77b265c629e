"""Erasures with their proofs, consents that people write down, and imports looked through for the erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two tables and a column; what was imported before was looked through already."""
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.String(32), primary_key=True),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("begun_by", sa.String(200), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("done_at", sa.DateTime),
        sa.Column("proof", sa.JSON, nullable=False),
    )
    op.create_table(
        "consent_statements",
        sa.Column("statement_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("is_granted", sa.Boolean, nullable=False),
        sa.Column("stated_at", sa.DateTime, nullable=False),
        sa.Column("heard_by", sa.String(100), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("entered_at", sa.DateTime, nullable=False),
        sa.Column("entered_by", sa.String(200), nullable=False),
    )
    op.create_index("consents_by_customer", "consent_statements", ["customer_id"])
    op.add_column(
        "import_parts",
        sa.Column("is_checked", sa.Boolean, nullable=False, server_default=sa.true()),
    )
