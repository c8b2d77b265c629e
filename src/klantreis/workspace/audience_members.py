"""Who was in a saved audience at its last run, and who came and left at each run before.

Publications are dropped after a few runs and by every erasure, and asking a rule of an old one
costs as much as asking it of today's. So what is kept is the answer, as Parquet files beside the
tables: the members of the last run, and of each run only the customers who came or left.

    audiences/<mark of the rule>/members.parquet           customer_id, in order
    audiences/<mark of the rule>/moves/<moment>.parquet    customer_id, came

In order the numbers are written as differences: 900,000 members take 80 KB. These are people:
an erasure takes them out, and a backup and a person's access file hold them.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

__all__ = ["FOLDER", "LOCK", "AudienceMembers", "Moves", "Numbers"]

FOLDER = "audiences"
LOCK = "audiences.lock"
MEMBERS = "members.parquet"
MOVES = "moves"
STAMP = "%Y%m%dT%H%M%S%f"
RUNS_KEPT = 100  # of earlier ones the numbers stay in the state, not who it was

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Moves:
    """Who came into an audience and who left it, between two runs.

    Attributes:
        since, at: up to when the tables of either run held, naive UTC.
        came, left: numbers of customers as they were at `at`, in order.
    """

    since: datetime
    at: datetime
    came: Numbers
    left: Numbers


@dataclass(frozen=True)
class _Members:
    at: datetime
    customers: Numbers


class AudienceMembers:
    """Keeps who was in which audience; an audience is known by the mark of its rule.

    Args:
        folder: the store of the workspace.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._lock = folder / LOCK

    def keep(
        self, mark: str, members: Numbers, *, at: datetime, now_known_as: Mapping[int, int]
    ) -> Moves | None:
        """Set the members of now beside those of the last run before, and keep what differs.

        A run over the same data, or up to an earlier moment, gives way to this one: what was kept
        of it is taken back first. A customer whose number went over into another one did not
        leave, and who is no longer there at all (erased) did not either.

        Args:
            mark: stands for the rule.
            members: for whom it holds, in order.
            at: up to when the tables hold, naive UTC.
            now_known_as: numbers that are no longer used, and which took them over; of a number
                that nobody has any more itself.

        Returns:
            Who came and left; None when there is no earlier run by this rule.
        """
        with self.writing():
            before = self._before(mark, at)
            moves = None
            if before is not None:
                earlier, gone = _renumbered(before.customers, now_known_as)
                came = np.setdiff1d(members, earlier, assume_unique=True)
                left = np.setdiff1d(earlier, members, assume_unique=True)
                left = np.setdiff1d(left, gone, assume_unique=True)
                moves = Moves(before.at, at, came, left)
                self._write_moves(mark, moves)
            # Last, so that a stop before this leaves the earlier run as it was.
            self._write_members(mark, _Members(at, members))
            for old in self._files(mark)[:-RUNS_KEPT]:
                old.unlink()
            return moves

    def moves(self, mark: str, at: datetime | None = None) -> Moves | None:
        """Who came and left at a run, by default the last one; None when that was not kept."""
        files = self._files(mark)
        wanted = self._file(mark, at) if at else (files[-1] if files else None)
        try:
            return _moves(wanted) if wanted else None
        except FileNotFoundError:
            return None

    def moments(self, mark: str) -> tuple[datetime, ...]:
        """The runs of which it was kept who came and left, the first one first."""
        return tuple(_moment(file) for file in self._files(mark))

    def of_customer(self, mark: str, numbers: Collection[int]) -> tuple[tuple[datetime, str], ...]:
        """When a customer `came` into an audience or `left` it, and whether it `is in` it at the last run."""
        theirs = np.fromiter(numbers, np.int64)
        every = [_moves(file) for file in self._files(mark)]
        told = [
            (one.at, word)
            for one in every
            for word, moved in (("came", one.came), ("left", one.left))
            if np.isin(theirs, moved).any()
        ]
        members = self._members(mark)
        if members and np.isin(theirs, members.customers).any():
            told.append((members.at, "is in"))
        return tuple(told)

    def forget_others(self, marks: Collection[str]) -> None:
        """Drop what was kept by rules that no audience has any more."""
        with self.writing():
            for home in self._homes():
                if home.name not in marks:
                    shutil.rmtree(home)

    def take_out(self, numbers: Iterable[int]) -> int:
        """Take customers out of everything; returns how many files held them."""
        gone = np.fromiter(numbers, np.int64)
        changed = 0
        with self.writing():
            for file in self.files():
                table = pq.read_table(file)
                stays = ~np.isin(_numbers(table), gone)
                if not stays.all():
                    _write(file, table.filter(pa.array(stays)))
                    changed += 1
        return changed

    def files(self) -> Iterator[Path]:
        """Every file, for a backup; to be read while nobody writes, see `writing`."""
        yield from sorted(self._folder.rglob("*.parquet"))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A run and someone who saves an audience may be at it at once: one after the other."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._lock):
            yield

    def _before(self, mark: str, at: datetime) -> _Members | None:
        """The members of the last run before a moment; what was kept of later ones is dropped."""
        members = self._members(mark)
        for file in reversed(self._files(mark)):
            if members is None or _moment(file) > members.at:
                file.unlink()  # of a run that was broken off before its members were written
                continue
            if members.at < at:
                break
            members = _taken_back(members, _moves(file))
            self._write_members(mark, members)
            file.unlink()
        return members if members and members.at < at else None

    def _members(self, mark: str) -> _Members | None:
        file = self._folder / mark / MEMBERS
        if not file.exists():
            return None
        table = pq.read_table(file)
        return _Members(_told(table, "at"), _numbers(table))

    def _write_members(self, mark: str, members: _Members) -> None:
        table = pa.table({"customer_id": members.customers})
        _write(self._folder / mark / MEMBERS, _telling(table, at=members.at))

    def _write_moves(self, mark: str, moves: Moves) -> None:
        customers = np.concatenate([moves.came, moves.left])
        came = np.arange(len(customers)) < len(moves.came)
        order = np.argsort(customers)
        table = pa.table({"customer_id": customers[order], "came": came[order]})
        _write(self._file(mark, moves.at), _telling(table, since=moves.since, at=moves.at))

    def _homes(self) -> list[Path]:
        return [one for one in self._folder.glob("*") if one.is_dir()]

    def _files(self, mark: str) -> list[Path]:
        return sorted((self._folder / mark / MOVES).glob("*.parquet"))

    def _file(self, mark: str, at: datetime) -> Path:
        return self._folder / mark / MOVES / f"{at.strftime(STAMP)}.parquet"


def _taken_back(members: _Members, moves: Moves) -> _Members:
    kept = np.setdiff1d(members.customers, moves.came, assume_unique=True)
    return _Members(moves.since, np.union1d(kept, moves.left))


def _renumbered(customers: Numbers, now_known_as: Mapping[int, int]) -> tuple[Numbers, Numbers]:
    """Customers by their numbers of now, in order, and those whom nobody is any more."""
    old = np.fromiter(now_known_as, np.int64, len(now_known_as))
    went = np.isin(customers, old)
    if not went.any():
        return customers, np.empty(0, np.int64)
    fresh = np.fromiter((now_known_as[int(one)] for one in customers[went]), np.int64)
    gone = np.unique(fresh[np.isin(fresh, old)])
    return np.unique(np.concatenate([customers[~went], fresh])), gone


def _moves(file: Path) -> Moves:
    table = pq.read_table(file)
    customers, came = _numbers(table), table["came"].to_numpy()
    return Moves(_told(table, "since"), _told(table, "at"), customers[came], customers[~came])


def _moment(file: Path) -> datetime:
    return datetime.strptime(file.stem, STAMP)


def _numbers(table: pa.Table) -> Numbers:
    numbers: Numbers = table["customer_id"].to_numpy()
    return numbers


def _telling(table: pa.Table, **moments: datetime) -> pa.Table:
    return table.replace_schema_metadata({name: at.isoformat() for name, at in moments.items()})


def _told(table: pa.Table, name: str) -> datetime:
    return datetime.fromisoformat(table.schema.metadata[name.encode()].decode())


def _write(file: Path, table: pa.Table) -> None:
    """Write a file so that it is there whole, or as it was before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    pq.write_table(
        table,
        part,
        compression="zstd",
        use_dictionary=False,
        column_encoding={"customer_id": "DELTA_BINARY_PACKED"},
    )
    part.replace(file)
