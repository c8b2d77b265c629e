"""How the page of bringing a file in is found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from klantreis.errors import KlantreisError, NotFoundError
from klantreis.web.pages.bring.context import (
    Bring,
    BringQuery,
    ConsentShown,
    FileColumn,
    FileShown,
    PutAside,
    TableShown,
    Waiting,
)
from klantreis.web.problems import LackingColumn, not_taken_in, received, renamed_columns
from klantreis.web.totals import TOTAL, filled_in
from klantreis.workspace import SHAPES, Brought, Guess, Workspace

__all__ = ["bring"]


def bring(workspace: Workspace, query: BringQuery) -> Bring:
    """Answer the page."""
    shown, refused, told = None, query.refused, received(query.got)
    if query.file:
        try:
            shown = _shown(workspace, workspace.sources.waiting(query.file))
        except KlantreisError as error:
            if not refused:
                refused = "gone" if isinstance(error, NotFoundError) else "file"
                told = error.parts
    return Bring(
        file=shown,
        waiting=tuple(Waiting(*one) for one in workspace.sources.all_waiting()),
        refused=refused,
        told=told if refused else (),
        kept=query.kept,
        rows_taken=query.rows,
        aside=query.aside,
        problems=not_taken_in(workspace),
        renamed_columns=renamed_columns(workspace),
        renamed=query.renamed,
        largest_megabytes=workspace.settings.upload_megabytes,
        own_zone=workspace.settings.time_zone,
    )


def _shown(workspace: Workspace, brought: Brought) -> FileShown:
    found = brought.guessed.guess
    shape = found.shape if found else None
    sample = found.sample if found else None
    preview, changed = brought.preview, brought.guessed.changed
    zone = found.time_zone if found else "UTC"
    own_zone = ZoneInfo(workspace.settings.time_zone)
    return FileShown(
        token=brought.token,
        name=brought.name,
        size_bytes=brought.size_bytes,
        source=brought.source,
        connector=brought.guessed.connector,
        is_mapped=brought.is_mapped,
        can_map=found is not None,
        row_is=found.row_is if found else "",
        shapes=tuple(SHAPES),
        form=sample.form if sample else "",
        encoding=sample.encoding if sample else "",
        separator=sample.separator if sample else "",
        heading=sample.heading if sample else 1,
        titles=sample.titles if sample else (),
        decimal_sign=found.decimal_sign if found else "",
        date_order=found.date_order if found else "",
        time_zone=zone,
        time_zones=_zones(zone),
        channel=found.channel if found else "",
        channels=shape.channels if shape else (),
        rows_seen=sample.rows if sample else 0,
        is_whole=sample.is_whole if sample else False,
        unsure=brought.unsure,
        lacks=found.lacks if found else (),
        lacking_means=_lacking_means(found) if found else (),
        choices=tuple(shape.targets) if shape else (),
        columns=_columns(found) if found else (),
        tables=tuple(
            _table(name, rows, preview.read.get(name, 0), preview.put_aside.get(name, 0), own_zone)
            for name, rows in preview.tables.items()
        ),
        consents=tuple(ConsentShown(name, *n) for name, n in preview.consents.items()),
        undated=_undated(brought),
        rejected=tuple(
            PutAside(
                line=row["line"],
                column=row["column"] or "",
                reason=row["reason"],
                found=row["found"] or "",
                filled=filled_in(row["found"] or "") if row["reason"] == TOTAL else (),
                allowed=row["allowed"] or "",
                table=row["table_name"] or "",
            )
            for row in preview.rejected
        ),
        rejected_total=preview.rejected_total,
        totals=preview.totals,
        problem=preview.problem.parts if preview.problem else (),
        nearest=(changed.source or changed.connector) if changed else "",
        nearest_source=changed.source if changed else "",
        lacking=tuple(LackingColumn(*pair) for pair in changed.lacking.items()) if changed else (),
        fresh=changed.fresh if changed else (),
        mapping=brought.guessed.mapping,
        taken_as=brought.taken_as,
        taken_by=brought.taken_by,
    )


def _columns(found: Guess) -> tuple[FileColumn, ...]:
    """The columns, what is unsure first, then what is used, then what is not."""
    numbered = enumerate(found.columns, start=1)
    shown = [
        FileColumn(
            number=number,
            name=one.column,
            examples=one.examples,
            means=one.means,
            target=one.target,
            sureness=one.sureness,
            is_unsure=one.is_unsure,
            why=one.why.code,
            kind=one.why.kind,
            looked_at=one.why.looked_at,
            share=one.why.share,
        )
        for number, one in numbered
    ]
    return tuple(sorted(shown, key=lambda one: (not one.is_unsure, not one.means, one.number)))


def _lacking_means(found: Guess) -> tuple[str, ...]:
    """What a column would have to mean for each thing that is lacking."""
    targets = found.shape.targets if found.shape else {}
    return tuple(
        next((means for means, target in targets.items() if target == lack), lack)
        for lack in found.lacks
    )


def _undated(brought: Brought) -> str:
    """The column that says whether they may be mailed, where that comes to no consent."""
    found = brought.guessed.guess
    if found is None or not brought.is_mapped or brought.preview.consents:
        return ""
    is_read = bool(brought.preview.tables)
    return next((one.column for one in found.columns if one.means == "newsletter" and is_read), "")


def _table(
    name: str, rows: Sequence[dict[str, Any]], read: int, put_aside: int, zone: ZoneInfo
) -> TableShown:
    columns = tuple(rows[0]) if rows else ()
    texts = tuple(tuple(_text(row[column], zone) for column in columns) for row in rows)
    return TableShown(name, columns, texts, read, put_aside)


def _text(value: Any, zone: ZoneInfo) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.replace(tzinfo=UTC).astimezone(zone):%Y-%m-%d %H:%M:%S}"
        case Decimal():
            return f"{value:.2f}"
        case float():
            return f"{value:g}"
    return str(value)


def _zones(chosen: str) -> tuple[str, ...]:
    """Time zones to choose from: those of Europe, UTC and the one in use."""
    europe = {name for name in available_timezones() if name.startswith("Europe/")}
    return tuple(sorted(europe | {"UTC", chosen}))
