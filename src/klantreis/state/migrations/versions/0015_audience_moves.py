"""How many came into a saved audience and left it since the run before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of runs before this it is not known."""
    op.add_column("audience_sizes", sa.Column("since", sa.DateTime))
    op.add_column("audience_sizes", sa.Column("came", sa.BigInteger))
    op.add_column("audience_sizes", sa.Column("left", sa.BigInteger))
