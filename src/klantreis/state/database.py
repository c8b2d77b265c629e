"""The state database: SQLite in the workspace's folder, or PostgreSQL for a team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Engine,
    create_engine,
    delete,
    event,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from klantreis.errors import MissingExtraError, WorkspaceError, message
from klantreis.state.audiences import AudienceStore
from klantreis.state.audit import Audit
from klantreis.state.campaigns import Campaigns
from klantreis.state.column_names import ColumnNames
from klantreis.state.consents import ConsentStore
from klantreis.state.copying import copy_rows, save_sqlite
from klantreis.state.drafts import Drafts
from klantreis.state.erasures import Erasures
from klantreis.state.facts import ImportedFile, ImportPart, Published, TableVersion
from klantreis.state.identity_decisions import IdentityDecisions
from klantreis.state.import_problems import ImportProblems
from klantreis.state.keys import Keys
from klantreis.state.models import (
    Base,
    ImportedFileRow,
    ImportPartRow,
    PublicationRow,
    PublicationTableRow,
    TableVersionRow,
)
from klantreis.state.outbox import Outbox
from klantreis.state.personas import PersonaStore
from klantreis.state.persons import PersonsInState
from klantreis.state.repairs import RepairStore
from klantreis.state.research import ResearchStore
from klantreis.state.users import Users
from klantreis.state.waits import Waits

__all__ = ["SCHEMA_VERSION", "State"]

SCHEMA_VERSION = "0018"  # the newest migration; a test holds it against the scripts


class State:
    """Reads and writes the state database; each method is one transaction.

    Args:
        url: SQLAlchemy address, as `sqlite:///…/state.sqlite` or `postgresql+pg8000://…`.

    Attributes:
        research, personas, campaigns, identity: what people decided there.
    """

    def __init__(self, url: str) -> None:
        self._database: Engine = _connect(url)
        if self._database.dialect.name == "sqlite":
            event.listen(self._database, "connect", _prepare_sqlite)
        try:
            self._bring_up_to_date()
        except DBAPIError as error:
            raise _not_opened(self._database.url, error) from error
        self.users = Users(self._database)
        self.keys = Keys(self._database)
        self.waits = Waits(self._database)
        self.audit = Audit(self._database)
        self.erasures = Erasures(self._database)
        self.persons = PersonsInState(self._database)
        self.consents = ConsentStore(self._database)
        self.identity = IdentityDecisions(self._database)
        self.repairs = RepairStore(self._database)
        self.problems = ImportProblems(self._database)
        self.column_names = ColumnNames(self._database)
        self.research = ResearchStore(self._database)
        self.personas = PersonaStore(self._database)
        self.drafts = Drafts(self._database)
        self.audiences = AudienceStore(self._database)
        self.campaigns = Campaigns(self._database)
        self.outbox = Outbox(self._database)

    @classmethod
    def in_folder(cls, folder: Path) -> State:
        """The embedded state of a workspace: one SQLite file."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceError(
                message(
                    "The workspace cannot be written to",
                    where=str(folder.parent),
                    got=error.strerror or str(error),
                    next_step="make the folder writable",
                )
            ) from error
        return cls(f"sqlite:///{folder / 'state.sqlite'}")

    def close(self) -> None:
        self._database.dispose()

    def save(self, file: Path) -> None:
        """Write everything, as of one moment, into a new SQLite file."""
        if self._database.dialect.name == "sqlite":
            save_sqlite(self._database, file)
            return
        target = State(f"sqlite:///{file}")
        copy_rows(self._database, target._database)
        target.close()

    def load(self, file: Path) -> None:
        """Take everything over from a file that `save` wrote.

        Raises:
            WorkspaceError: this state holds something already.
        """
        source = State(f"sqlite:///{file}")  # one of an earlier version is brought up to date
        try:
            copy_rows(source._database, self._database)
        finally:
            source.close()

    def _bring_up_to_date(self) -> None:
        with self._database.begin() as connection:
            if connection.dialect.name == "postgresql":
                # Two processes that start together do not both make the tables.
                connection.execute(text("SELECT pg_advisory_xact_lock(7203)"))
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
        order = (ImportPartRow.imported_at, ImportPartRow.place, ImportPartRow.part_id)
        with Session(self._database) as session:
            rows = session.scalars(select(ImportPartRow).order_by(*order)).all()
            return tuple(
                ImportPart(**_values(row) | {"files": tuple(row.files), "log": tuple(row.log)})
                for row in rows
            )

    def replace_parts(
        self,
        parts: Mapping[str, ImportPart | None],
        files: Iterable[ImportedFile],
        forgotten: Iterable[ImportedFile],
    ) -> None:
        """Put parts in the place of others, with files as they are now, all at once.

        Args:
            parts: the new part by the id of the one that goes; None where nothing takes its place.
            files: as they are now.
            forgotten: contents that are no longer known, so that they are read when they come again.
        """
        with Session(self._database) as session, session.begin():
            session.execute(delete(ImportPartRow).where(ImportPartRow.part_id.in_(list(parts))))
            session.flush()
            for part in filter(None, parts.values()):
                values = asdict(part) | {"files": list(part.files), "log": list(part.log)}
                session.add(ImportPartRow(**values))
            for file in forgotten:
                held = session.get(ImportedFileRow, (file.source, file.file_id))
                if held is not None:
                    session.delete(held)
            session.flush()
            for file in files:
                session.merge(ImportedFileRow(**asdict(file)))

    def note_checked(self, part_ids: Iterable[str]) -> None:
        """Note that nobody who was erased is in these parts."""
        checked = update(ImportPartRow).where(ImportPartRow.part_id.in_(list(part_ids)))
        with Session(self._database) as session, session.begin():
            session.execute(checked.values(is_checked=True))

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

    def rests_on(self, version: TableVersion, fingerprint: str) -> TableVersion:
        """Note that a version says what a later one would say, which rests on what this tells."""
        noted = update(TableVersionRow).where(TableVersionRow.version_id == version.version_id)
        with Session(self._database) as session, session.begin():
            session.execute(noted.values(fingerprint=fingerprint))
        return replace(version, fingerprint=fingerprint)

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

    def publications_since(self, moment: datetime) -> int:
        """How many publications were made at a moment or later."""
        return self._count_publications(PublicationRow.published_at >= moment)

    def publications_before(self, moment: datetime) -> int:
        """How many publications, without the newest one, were made before a moment."""
        newest = self.published_number()
        return self._count_publications(
            (PublicationRow.published_at < moment) & (PublicationRow.publication_id != newest)
        )

    def _count_publications(self, wanted: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(PublicationRow).where(wanted)
        with Session(self._database) as session:
            return session.scalar(counted) or 0

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


def _connect(url: str) -> Engine:
    try:
        return create_engine(url)
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            message(
                "The driver of the state database is not installed",
                got=str(error.name),
                next_step="pip install 'klantreis[postgres]'",
            )
        ) from error


def _not_opened(url: URL, error: DBAPIError) -> WorkspaceError:
    in_folder = url.get_backend_name() == "sqlite"
    return WorkspaceError(
        message(
            "The state cannot be opened",
            where=str(url.database) if in_folder else url.render_as_string(hide_password=True),
            got=str(error.orig).strip().splitlines()[0],
            next_step="make the folder writable, or restore a backup where the file is broken"
            if in_folder
            else "see that the database runs and that its address in [state] is right",
        )
    )


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
    # Secure delete: what was deleted does not stay behind in free pages.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _values(row: Base) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in inspect(type(row)).column_attrs}


def _version(row: TableVersionRow) -> TableVersion:
    return TableVersion(**_values(row) | {"files": tuple(row.files)})
