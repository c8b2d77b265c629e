"""The records of sources behind moments on the timeline, with the files that they came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from klantreis.tables import contract
from klantreis.web.pages.records.context import Raw, RawLine, RecordsQuery
from klantreis.workspace import RawRecord, Workspace

__all__ = ["raw_records"]

Row = dict[str, Any]
MOST = 25
LOOKED_INTO_BYTES = 2**24  # a larger file is looked into when that is asked: it takes seconds
OF_A_SURVEY = "survey_answers"  # whose moment is a whole response, not an answer
TOLD_APART = ("source", "file_id", "person_id")


def raw_records(workspace: Workspace, query: RecordsQuery) -> tuple[Raw, ...]:
    """What the tables hold of the moments asked for: those of one kind, the first of them at least."""
    moments = _moments(workspace, query)
    held = {
        table: _held(
            workspace, table, [row["record_id"] for row in moments if row["record_table"] == table]
        )
        for table in {row["record_table"] for row in moments}
    }
    records = [held[row["record_table"]].get(row["record_id"], []) for row in moments]
    sought = {
        table: workspace.raw_records.find(
            table, list(own), largest=None if query.seek else LOOKED_INTO_BYTES
        )
        for table, own in held.items()
    }
    found = [sought[row["record_table"]].get(row["record_id"]) for row in moments]
    files = _files(workspace, {row["file_id"] for rows in records for row in rows})
    return tuple(_raw(*each, files) for each in zip(moments, records, found, strict=True))


def _moments(workspace: Workspace, query: RecordsQuery) -> list[Row]:
    if not query.first:
        return []
    timeline = workspace.table("timeline")
    last = max(query.last, query.first)
    own = timeline.filter(
        (timeline["customer_id"] == query.customer_id)
        & timeline["position"].between(query.first, last)
    )
    rows = workspace.rows(own.order_by("position"))
    alike = [row for row in rows if _kind(row) == _kind(rows[0])]
    return alike[:MOST]


def _kind(row: Row) -> tuple[str, str]:
    return row["channel"], row["event"]


def _held(workspace: Workspace, name: str, ids: Sequence[str]) -> Mapping[str, list[Row]]:
    key = "response_id" if name == OF_A_SURVEY else contract(name).key[0]
    table = workspace.table(name)
    found: dict[str, list[Row]] = defaultdict(list)
    for row in workspace.rows(table.filter(table[key].isin(list(ids)))):
        found[row[key]].append(row)
    return found


def _files(workspace: Workspace, ids: set[str]) -> Mapping[str, Row]:
    imports = workspace.table("imports")
    rows = workspace.rows(imports.filter(imports["file_id"].isin(sorted(ids)))) if ids else []
    return {row["file_id"]: row for row in rows}


def _raw(
    moment: Row, rows: Sequence[Row], found: RawRecord | None, files: Mapping[str, Row]
) -> Raw:
    record = rows[0] if rows else {}
    file = files.get(record.get("file_id", ""), {})
    return Raw(
        table=moment["record_table"],
        record_id=moment["record_id"],
        at=moment["occurred_at"],
        channel=moment["channel"],
        event=moment["event"],
        source=record.get("source", ""),
        path=file.get("path", ""),
        imported_at=file.get("imported_at"),
        fields=_answers(rows) if moment["record_table"] == OF_A_SURVEY else _fields(record),
        seen=found.state if found else "gone",
        is_as_taken=found.is_as_taken if found else False,
        is_repaired=found.is_repaired if found else False,
        columns=found.raw.columns if found else (),
        lines=_lines(found) if found else (),
        elsewhere=found.raw.elsewhere if found else (),
    )


def _lines(found: RawRecord) -> tuple[RawLine, ...]:
    return tuple(RawLine(row.line, row.cells, row.is_meant) for row in found.raw.rows)


def _fields(record: Row) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, str(value))
        for name, value in record.items()
        if value not in (None, "", []) and name not in TOLD_APART
    )


def _answers(rows: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (row["question"] or row["question_id"], row["answer"] or str(row["score"]))
        for row in sorted(rows, key=lambda row: (row["question_id"], row["answer_id"]))
    )
