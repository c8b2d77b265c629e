"""Campaigns: flows, entries, log, outbox and withdrawn consent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of campaigns."""
    op.create_table(
        "campaigns",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("flow", sa.Text, nullable=False),
        sa.Column("is_running", sa.Boolean, nullable=False),
        sa.Column("started_at", sa.DateTime),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
    )
    op.create_table(
        "campaign_entries",
        sa.Column("campaign", sa.String(60), primary_key=True),
        sa.Column("customer_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entered_at", sa.DateTime, primary_key=True),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("product_id", sa.String(200), nullable=False),
    )
    op.create_index("entries_by_status", "campaign_entries", ["campaign", "status"])
    op.create_index("entries_by_customer", "campaign_entries", ["customer_id"])
    op.create_table(
        "campaign_log",
        sa.Column("campaign", sa.String(60), primary_key=True),
        sa.Column("customer_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entered_at", sa.DateTime, primary_key=True),
        sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("action", sa.String(20), primary_key=True),
        sa.Column("reason", sa.String(40), primary_key=True),
        sa.Column("letter", sa.String(60), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("log_by_moment", "campaign_log", ["campaign", "at"])
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("entered_at", sa.DateTime, nullable=False),
        sa.Column("letter", sa.String(60), nullable=False),
        sa.Column("is_service", sa.Boolean, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("letter_values", sa.JSON, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("claimed_by", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
    )
    op.create_index("outbox_by_status", "outbox", ["status", "due_at"])
    op.create_index("outbox_by_customer", "outbox", ["customer_id"])
    op.create_table(
        "withdrawals",
        sa.Column("customer_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("recipient", sa.String(320), primary_key=True),
        sa.Column("withdrawn_at", sa.DateTime, nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
    )
    op.create_table(
        "campaign_secrets",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(100), nullable=False),
    )
