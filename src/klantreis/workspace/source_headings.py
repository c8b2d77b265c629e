"""Columns that came into the files of a source, went out of them, or changed their name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz.distance import JaroWinkler

__all__ = ["Heading", "Headings", "heading_changes"]

ALIKE = 0.75  # so alike, a new name may stand for one that is lacking


@dataclass(frozen=True)
class Heading:
    """A column that the newest file has and earlier ones had not, or the reverse.

    Attributes:
        change: `appeared`, `missing`, or `renamed`: lacking, and a new one looks like it.
        name: of the column; of a renamed one the new name.
        earlier_name: of a renamed column, else empty.
        was_read: whether the connector read the column, of a renamed one its earlier name.
        is_read: whether it reads the column in the newest file.
    """

    change: str
    name: str
    earlier_name: str
    was_read: bool
    is_read: bool


@dataclass(frozen=True)
class Headings:
    """The headings of the newest file of one kind beside those of earlier files.

    Attributes:
        connector, file_kind: what reads such files, and which of its kinds they are.
        path, earlier_path: the newest file, and the newest of the earlier ones; empty when there
            is none.
        columns: how many columns the newest file has; 0 for files without headings.
        changes: renamed ones first, then missing and new ones.
    """

    connector: str
    file_kind: str
    path: str
    earlier_path: str
    columns: int
    changes: tuple[Heading, ...]


@dataclass(frozen=True)
class _File:
    path: str
    imported_at: datetime
    last_at: datetime
    headings: tuple[str, ...]
    read: frozenset[str]


def heading_changes(imports: Sequence[Mapping[str, Any]]) -> tuple[Headings, ...]:
    """Compare the newest file of each kind with those of earlier imports.

    Where all files of a kind were taken in together, it is compared with the others. Kinds of
    which no row is ever read, as the other sheets of a report, are left out.

    Args:
        imports: rows of the table `imports` of one source.
    """
    kinds: dict[tuple[str, str], dict[str, _File]] = defaultdict(dict)
    told = {(row["connector"], row["file_kind"] or "") for row in imports if row["rows_read"]}
    for row in imports:
        file = _File(
            row["path"],
            row["imported_at"],
            row["last_at"] or datetime.min,
            tuple(row["headings"] or ()),
            frozenset(row["headings_read"] or ()),
        )
        held = kinds[row["connector"], row["file_kind"] or ""].setdefault(row["file_id"], file)
        if file.last_at > held.last_at:
            kinds[row["connector"], row["file_kind"] or ""][row["file_id"]] = file
    return tuple(
        _compared(connector, kind, sorted(files.values(), key=_order))
        for (connector, kind), files in sorted(kinds.items())
        if (connector, kind) in told
    )


def _order(file: _File) -> tuple[datetime, datetime, str]:
    return file.imported_at, file.last_at, file.path


def _compared(connector: str, kind: str, files: Sequence[_File]) -> Headings:
    newest = files[-1]
    before = [file for file in files if file.imported_at < newest.imported_at] or files[:-1]
    earlier = [file for file in before if file.headings] if newest.headings else []
    return Headings(
        connector,
        kind,
        newest.path,
        earlier[-1].path if earlier else "",
        len(newest.headings),
        tuple(_changes(newest, earlier)) if earlier else (),
    )


def _changes(newest: _File, earlier: Sequence[_File]) -> Iterator[Heading]:
    known = {name.casefold() for file in earlier for name in file.headings}
    there = {name.casefold() for name in newest.headings}
    last = earlier[-1]
    appeared = [name for name in newest.headings if name.casefold() not in known]
    missing = [name for name in last.headings if name.casefold() not in there]
    renamed: dict[str, str] = {}
    for name in missing:
        likely = _likely(name, [one for one in appeared if one not in renamed.values()])
        if likely:
            renamed[name] = likely
            yield Heading("renamed", likely, name, name in last.read, likely in newest.read)
    for name in missing:
        if name not in renamed:
            yield Heading("missing", name, "", name in last.read, False)
    for name in appeared:
        if name not in renamed.values():
            yield Heading("appeared", name, "", False, name in newest.read)


def _likely(name: str, fresh: Sequence[str]) -> str:
    """The new column that looks most like a lacking one, when one does."""
    best = max(fresh, key=lambda other: _alike(name, other), default="")
    return best if best and _alike(name, best) >= ALIKE else ""


def _alike(name: str, other: str) -> float:
    return float(JaroWinkler.normalized_similarity(name.casefold(), other.casefold()))
