"""In which order the parts of one import were taken in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of imports before this the order is not known."""
    op.add_column(
        "import_parts", sa.Column("place", sa.Integer, nullable=False, server_default="0")
    )
