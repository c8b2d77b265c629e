"""Imports, versions of tables and publications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "imported_files",
        sa.Column("source", sa.String(100), primary_key=True),
        sa.Column("file_id", sa.String(16), primary_key=True),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.Float, nullable=False),
        sa.Column("connector", sa.String(100), nullable=False),
        sa.Column("imported_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "import_parts",
        sa.Column("part_id", sa.String(40), primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("table_name", sa.String(100), nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("first_at", sa.DateTime),
        sa.Column("last_at", sa.DateTime),
        sa.Column("log", sa.JSON, nullable=False),
        sa.Column("imported_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "table_versions",
        sa.Column("version_id", sa.String(60), primary_key=True),
        sa.Column("table_name", sa.String(100), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_index("by_fingerprint", "table_versions", ["table_name", "fingerprint"])
    op.create_table(
        "publications",
        sa.Column("publication_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("published_at", sa.DateTime, nullable=False),
        sa.Column("as_of", sa.DateTime, nullable=False),
    )
    op.create_table(
        "publication_tables",
        sa.Column(
            "publication_id",
            sa.Integer,
            sa.ForeignKey("publications.publication_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("table_name", sa.String(100), primary_key=True),
        sa.Column(
            "version_id",
            sa.String(60),
            sa.ForeignKey("table_versions.version_id"),
            nullable=False,
        ),
    )
