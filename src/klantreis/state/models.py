"""The tables of the state database; a change here needs a migration in `migrations/versions`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = [
    "Base",
    "ImportPartRow",
    "ImportedFileRow",
    "PublicationRow",
    "PublicationTableRow",
    "TableVersionRow",
]


class Base(DeclarativeBase):
    """All tables of the state database.

    Attributes:
        holds: what a table says of customers, as one of `persons.HOLDS`; each has to state it.
    """

    holds: ClassVar[str]


class ImportedFileRow(Base):
    """A file that was taken in; the same content is never taken in twice."""

    __tablename__ = "imported_files"
    holds = "texts"

    source: Mapped[str] = mapped_column(String(100), primary_key=True)
    file_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    path: Mapped[str] = mapped_column(String(1000))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[float] = mapped_column(Float)
    connector: Mapped[str] = mapped_column(String(100))
    imported_at: Mapped[datetime] = mapped_column(DateTime)
    reading: Mapped[str] = mapped_column(String(64), server_default="")
    read_again_at: Mapped[datetime | None] = mapped_column(DateTime)
    read_again_why: Mapped[str] = mapped_column(String(20), server_default="")


class ImportPartRow(Base):
    """What one import wrote for one table: Parquet files, and the log lines of its files."""

    __tablename__ = "import_parts"
    holds = "texts"

    part_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(100))
    table_name: Mapped[str] = mapped_column(String(100))
    files: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime | None] = mapped_column(DateTime)
    last_at: Mapped[datetime | None] = mapped_column(DateTime)
    log: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    imported_at: Mapped[datetime] = mapped_column(DateTime)
    place: Mapped[int] = mapped_column(Integer, server_default="0")
    is_checked: Mapped[bool] = mapped_column(Boolean, server_default=true())


class TableVersionRow(Base):
    """One immutable version of a table at rest."""

    __tablename__ = "table_versions"
    holds = "nothing"

    version_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(100))
    fingerprint: Mapped[str] = mapped_column(String(64))
    files: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float] = mapped_column(Float)
    created_at: Mapped[datetime] = mapped_column(DateTime)

    __table_args__ = (Index("by_fingerprint", "table_name", "fingerprint"),)


class PublicationRow(Base):
    """A consistent set of table versions, published in one transaction."""

    __tablename__ = "publications"
    holds = "nothing"

    publication_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    published_at: Mapped[datetime] = mapped_column(DateTime)
    as_of: Mapped[datetime] = mapped_column(DateTime)


class PublicationTableRow(Base):
    """Which version of a table belongs to a publication."""

    __tablename__ = "publication_tables"
    holds = "nothing"

    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publications.publication_id", ondelete="CASCADE"), primary_key=True
    )
    table_name: Mapped[str] = mapped_column(String(100), primary_key=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("table_versions.version_id"))
