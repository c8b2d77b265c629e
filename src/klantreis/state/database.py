"""The state database: SQLite in the workspace's folder, or PostgreSQL for a team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, delete, event, inspect, select, text
from sqlalchemy.orm import Session

from klantreis.state.audit import Audit
from klantreis.state.campaigns import Campaigns
from klantreis.state.drafts import Drafts
from klantreis.state.facts import ImportedFile, ImportPart, Published, TableVersion
from klantreis.state.keys import Keys
from klantreis.state.models import (
    Base,
    ImportedFileRow,
    ImportPartRow,
    PublicationRow,
    PublicationTableRow,
    TableVersionRow,
)
from klantreis.state.personas import PersonaStore
from klantreis.state.research import ResearchStore
from klantreis.state.users import Users
from klantreis.state.waits import Waits

__all__ = ["SCHEMA_VERSION", "State"]

SCHEMA_VERSION = "0007"  # the newest migration; a test holds it against the scripts


class State:
    """Reads and writes the state database; each method is one transaction.

    Args:
        url: SQLAlchemy address, as `sqlite:///…/state.sqlite` or `postgresql+psycopg://…`.

    Attributes:
        research, personas, campaigns: what people decided there.
    """

    def __init__(self, url: str) -> None:
        self._database: Engine = create_engine(url)
        if self._database.dialect.name == "sqlite":
            event.listen(self._database, "connect", _prepare_sqlite)
        self._bring_up_to_date()
        self.users = Users(self._database)
        self.keys = Keys(self._database)
        self.waits = Waits(self._database)
        self.audit = Audit(self._database)
        self.research = ResearchStore(self._database)
        self.personas = PersonaStore(self._database)
        self.drafts = Drafts(self._database)
        self.campaigns = Campaigns(self._database)

    @classmethod
    def in_folder(cls, folder: Path) -> State:
        """The embedded state of a workspace: one SQLite file."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{folder / 'state.sqlite'}")

    def close(self) -> None:
        self._database.dispose()

    def _bring_up_to_date(self) -> None:
        with self._database.begin() as connection:
            known = inspect(connection).get_table_names()
            if "alembic_version" in known:
                held = connection.execute(text("SELECT version_num FROM alembic_version"))
                if held.scalar() == SCHEMA_VERSION:
                    return
            migrate(connection)

    # Imports

    def imported_files(self) -> tuple[ImportedFile, ...]:
        """All files that were ever taken in, oldest first."""
        order = (ImportedFileRow.imported_at, ImportedFileRow.path)
        with Session(self._database) as session:
            rows = session.scalars(select(ImportedFileRow).order_by(*order)).all()
            return tuple(ImportedFile(**_values(row)) for row in rows)

    def record_import(self, files: Iterable[ImportedFile], parts: Iterable[ImportPart]) -> None:
        """Remember files and what they wrote, together or not at all."""
        with Session(self._database) as session, session.begin():
            for file in files:
                session.merge(ImportedFileRow(**asdict(file)))
            for part in parts:
                values = asdict(part) | {"files": list(part.files), "log": list(part.log)}
                session.merge(ImportPartRow(**values))

    def import_parts(self) -> tuple[ImportPart, ...]:
        """Everything that imports wrote, oldest first."""
        order = (ImportPartRow.imported_at, ImportPartRow.part_id)
        with Session(self._database) as session:
            rows = session.scalars(select(ImportPartRow).order_by(*order)).all()
            return tuple(
                ImportPart(**_values(row) | {"files": tuple(row.files), "log": tuple(row.log)})
                for row in rows
            )

    # Versions of tables

    def find_version(self, table_name: str, fingerprint: str) -> TableVersion | None:
        """The newest version of a table with this fingerprint, if it is still kept."""
        wanted = (
            select(TableVersionRow)
            .where(
                TableVersionRow.table_name == table_name,
                TableVersionRow.fingerprint == fingerprint,
            )
            .order_by(TableVersionRow.created_at.desc())
        )
        with Session(self._database) as session:
            row = session.scalars(wanted).first()
            return None if row is None else _version(row)

    def add_version(self, version: TableVersion) -> None:
        """Remember a version; it becomes visible to readers only when it is published."""
        with Session(self._database) as session, session.begin():
            session.add(TableVersionRow(**asdict(version) | {"files": list(version.files)}))

    def publish(
        self, versions: Mapping[str, TableVersion], *, as_of: datetime, at: datetime
    ) -> int:
        """Make a set of versions the one that everybody sees; returns its number."""
        with Session(self._database) as session, session.begin():
            publication = PublicationRow(published_at=at, as_of=as_of)
            session.add(publication)
            session.flush()
            for name, version in versions.items():
                session.add(
                    PublicationTableRow(
                        publication_id=publication.publication_id,
                        table_name=name,
                        version_id=version.version_id,
                    )
                )
            return publication.publication_id

    def published_number(self) -> int | None:
        """Number of the newest publication; cheap, so that readers can watch for a new one."""
        with Session(self._database) as session:
            newest = PublicationRow.publication_id
            return session.scalar(select(newest).order_by(newest.desc()).limit(1))

    def published(self, publication_id: int | None = None) -> Published | None:
        """A publication with its tables; the newest one by default, None when there is none."""
        wanted = select(PublicationRow).order_by(PublicationRow.publication_id.desc()).limit(1)
        if publication_id is not None:
            wanted = wanted.where(PublicationRow.publication_id == publication_id)
        with Session(self._database) as session:
            row = session.scalars(wanted).first()
            if row is None:
                return None
            versions = session.scalars(
                select(TableVersionRow)
                .join(PublicationTableRow)
                .where(PublicationTableRow.publication_id == row.publication_id)
            ).all()
            tables = {version.table_name: _version(version) for version in versions}
            return Published(row.publication_id, row.published_at, row.as_of, tables)

    def forget_before(self, keep: int) -> tuple[TableVersion, ...]:
        """Drop all but the newest publications and the versions that only they held.

        Versions newer than the newest publication stay: a stopped run takes them up again.

        Returns:
            The versions dropped, so that the caller can remove files that nobody refers to.
        """
        with Session(self._database) as session, session.begin():
            newest_first = select(PublicationRow).order_by(PublicationRow.publication_id.desc())
            publications = session.scalars(newest_first).all()
            if not publications:
                return ()
            for old in publications[keep:]:
                session.execute(
                    delete(PublicationTableRow).where(
                        PublicationTableRow.publication_id == old.publication_id
                    )
                )
                session.delete(old)
            session.flush()
            held = select(PublicationTableRow.version_id)
            loose = session.scalars(
                select(TableVersionRow).where(
                    TableVersionRow.version_id.not_in(held),
                    TableVersionRow.created_at <= publications[0].published_at,
                )
            ).all()
            dropped = tuple(_version(row) for row in loose)
            for row in loose:
                session.delete(row)
            return dropped

    def files_in_use(self) -> frozenset[str]:
        """Every file that an import or a version still refers to."""
        with Session(self._database) as session:
            lists = [
                *session.scalars(select(ImportPartRow.files)).all(),
                *session.scalars(select(TableVersionRow.files)).all(),
            ]
        return frozenset(file for files in lists for file in files)


def migrate(connection: Any) -> None:
    """Bring a database of any earlier version up to `SCHEMA_VERSION`, without loss."""
    # Alembic takes a third of a second to load, so only when there is something to do.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # WAL: readers go on while a run writes. Busy timeout: two writers wait instead of failing.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _values(row: Base) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in inspect(type(row)).column_attrs}


def _version(row: TableVersionRow) -> TableVersion:
    return TableVersion(**_values(row) | {"files": tuple(row.files)})
