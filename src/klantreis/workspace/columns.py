"""Files that could not be taken in, and columns that are called otherwise now."""

from __future__ import annotations

from klantreis.errors import InputError, message
from klantreis.state import ColumnName, ImportProblem, State
from klantreis.workspace.accounts import utc_now

__all__ = ["Columns"]

LONGEST = 500


class Columns:
    """What people say of columns that were renamed in the exports of a source.

    It is kept in the state and not in `klantreis.toml`: it is said by a button or a command, with who
    and when, and can be taken back; the settings stay the text that their owner wrote.

    Args:
        state: where it is kept.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def problems(self) -> tuple[ImportProblem, ...]:
        """The files that the last import could not take in, each with the columns that it lacks."""
        return self._state.problems.all()

    def names(self) -> tuple[ColumnName, ...]:
        """The columns that are called otherwise now, oldest first."""
        return self._state.column_names.in_force()

    def accept(self, source: str, known: str, now: str, *, by: str) -> ColumnName:
        """From the next import on, a column of a source is called otherwise.

        Args:
            source: folder below `exports/`.
            known: the name that its connector knows.
            now: the name in the exports from now on.
            by: who says so.

        Raises:
            InputError: a name is empty or too long, or both are one.
        """
        known, now = known.strip(), now.strip()
        is_right = known and now and known.casefold() != now.casefold()
        if not source or not is_right or max(len(known), len(now)) > LONGEST:
            raise InputError(
                message(
                    "Not a new name for a column",
                    where=f"source {source}",
                    got=f"{known} = {now}"[:LONGEST],
                    allowed="the name that the connector knows, and another one of the exports",
                )
            )
        name = ColumnName(source, known, now, utc_now(), by)
        self._state.column_names.say(name)
        return name

    def take_back(self, source: str, known: str, *, by: str) -> None:
        """From the next import on, a column has its old name again; what was taken in stays.

        Raises:
            NotFoundError: it has no other name.
        """
        self._state.column_names.take_back(source, known, at=utc_now(), by=by)
