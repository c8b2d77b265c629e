"""When each file was read again, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of files that were read again before this it is not known."""
    op.add_column("imported_files", sa.Column("read_again_at", sa.DateTime(), nullable=True))
    op.add_column(
        "imported_files",
        sa.Column("read_again_why", sa.String(20), nullable=False, server_default=""),
    )
