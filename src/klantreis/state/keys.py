"""Keys with which programs come in, each for one purpose; a key's secret is only kept as a hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, String, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["Key", "Keys"]


class KeyRow(Base):
    """A key of a program."""

    __tablename__ = "keys"
    holds = "staff"

    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    purpose: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(100))
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(DateTime)
    used_at: Mapped[datetime | None] = mapped_column(DateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime)


@dataclass(frozen=True)
class Key:
    """A key of a program.

    Attributes:
        key_id: its number in lists; no secret.
        name: what its maker calls it.
        purpose: what it opens: `read`, `metrics` or `collect`.
        source: folder below `exports/` that it collects for; empty for other purposes.
        made_by, made_at, used_at, revoked_at: by whom and when (UTC).
    """

    key_id: str
    name: str
    purpose: str
    source: str
    made_by: str
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Keys:
    """Reads and writes keys; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def all(self) -> tuple[Key, ...]:
        """Every key that was ever made, newest first."""
        order = (KeyRow.made_at.desc(), KeyRow.key_id)
        with Session(self._database) as session:
            return tuple(_key(row) for row in session.scalars(select(KeyRow).order_by(*order)))

    def add(self, key: Key, secret_hash: str) -> None:
        """Remember a key."""
        with Session(self._database) as session, session.begin():
            session.add(KeyRow(secret_hash=secret_hash, **vars(key)))

    def find(self, secret_hash: str) -> Key | None:
        """The key with this secret, revoked or not."""
        with Session(self._database) as session:
            row = session.scalars(select(KeyRow).where(KeyRow.secret_hash == secret_hash)).first()
            return None if row is None else _key(row)

    def touch(self, key_id: str, at: datetime) -> None:
        """Note that a key is still used."""
        with Session(self._database) as session, session.begin():
            session.execute(update(KeyRow).where(KeyRow.key_id == key_id).values(used_at=at))

    def revoke(self, key_id: str, at: datetime) -> bool:
        """Take a key out of use for ever; False when there is no such key in use."""
        wanted = update(KeyRow).where(KeyRow.key_id == key_id, KeyRow.revoked_at.is_(None))
        with Session(self._database) as session, session.begin():
            changed = session.execute(wanted.values(revoked_at=at))
            return bool(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def _key(row: KeyRow) -> Key:
    return Key(
        row.key_id,
        row.name,
        row.purpose,
        row.source,
        row.made_by,
        row.made_at,
        row.used_at,
        row.revoked_at,
    )
