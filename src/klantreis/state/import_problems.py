"""Files that the last import could not take in at all, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import JSON, Engine, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from klantreis.state.models import Base

__all__ = ["ImportProblem", "ImportProblems"]


@dataclass(frozen=True)
class ImportProblem:
    """A file that could not be taken in at all; the others were.

    Attributes:
        path: relative to the workspace.
        source: folder below `exports/`; empty where it is no export.
        parts: what, where, got, allowed and next step; see `errors.Message`.
        lacking: columns that it lacks, each with the one that it may be called now, or empty.
        fresh: columns that nobody knows.
    """

    path: str
    source: str
    parts: tuple[str, ...]
    lacking: Mapping[str, str] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()


class ImportProblemRow(Base):
    """A file that the last import could not take in."""

    __tablename__ = "import_problems"
    holds = "texts"

    problem_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    path: Mapped[str] = mapped_column(String(1000))
    source: Mapped[str] = mapped_column(String(100))
    parts: Mapped[list[str]] = mapped_column(JSON)
    lacking: Mapped[dict[str, Any]] = mapped_column(JSON)
    fresh: Mapped[list[str]] = mapped_column(JSON)


class ImportProblems:
    """What the last import could not take in; each method is one transaction."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def put(self, problems: Iterable[ImportProblem]) -> None:
        """Keep those of an import, instead of those of the import before."""
        with Session(self._database) as session, session.begin():
            session.execute(delete(ImportProblemRow))
            session.add_all(ImportProblemRow(**asdict(one)) for one in problems)

    def all(self) -> tuple[ImportProblem, ...]:
        """Those of the last import, in its order."""
        wanted = select(ImportProblemRow).order_by(ImportProblemRow.problem_id)
        with Session(self._database) as session:
            return tuple(
                ImportProblem(row.path, row.source, tuple(row.parts), row.lacking, tuple(row.fresh))
                for row in session.scalars(wanted)
            )
