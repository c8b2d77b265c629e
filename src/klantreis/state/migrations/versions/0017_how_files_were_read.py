"""How the source of each file was read when it was taken in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of files before this it is not known."""
    op.add_column(
        "imported_files", sa.Column("reading", sa.String(64), nullable=False, server_default="")
    )
