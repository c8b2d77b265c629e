"""The e-mail address and telephone number of persons are identifiers, also where a mapping does not say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from klantreis.sources.reading.mapping import (
    ColumnMapping,
    FileMapping,
    Fill,
    SourceMapping,
    TableMapping,
)
from klantreis.tables import contract

__all__ = ["with_contacts"]

CONTACTS = ("email", "phone")  # columns of persons, and kinds of identifier of the same name
ANY_KIND = "*"


def with_contacts(mapping: SourceMapping) -> SourceMapping:
    """The mapping with identifiers of what it fills of the e-mail address and telephone of persons.

    Who writes `email = "E-mail"` for a person means that it points to that person. A kind that a
    file's own `identifiers` can fill is left to them.
    """
    return replace(mapping, files=tuple(_of_file(file) for file in mapping.files))


def _of_file(file: FileMapping) -> FileMapping:
    stated = {kind for table in file.tables for kind in _kinds(table)}
    if ANY_KIND in stated:
        return file
    derived = [
        _contact(table, kind)
        for table in file.tables
        if table.table.name == "persons"
        for kind in CONTACTS
        if kind not in stated and _fills(table, kind)
    ]
    return replace(file, tables=(*file.tables, *derived))


def _kinds(table: TableMapping) -> Iterator[str]:
    """The kinds of identifier that a table may be filled with; `*` where the file decides."""
    if table.table.name != "identifiers":
        return
    labels = [label for label, _ in table.unpivot.labels] if table.unpivot else []
    for fill in _fills(table, "kind"):
        meanings = dict(fill.values)
        if fill.constant is not None:
            yield fill.constant
        elif fill.text and fill.text.shown == "label" and labels:
            yield from (meanings.get(label, label) for label in labels)
        elif meanings and fill.refuses_others:
            yield from meanings.values()
        else:
            yield ANY_KIND


def _fills(table: TableMapping, name: str) -> Sequence[Fill]:
    return [fill for each in table.columns if each.column.name == name for fill in each.fills]


def _contact(persons: TableMapping, kind: str) -> TableMapping:
    """The identifiers of one kind, from where the persons of a file have them."""
    identifiers = contract("identifiers")
    filled = {each.column.name: each for each in persons.columns}
    columns = (
        filled["person_id"],
        ColumnMapping(
            identifiers.column("kind"),
            (Fill(constant=kind),),
            is_required=True,
            puts_row_aside=True,
        ),
        replace(filled[kind], column=identifiers.column("value")),
    )
    # The same address on several rows of one person is one identifier.
    return replace(
        persons,
        table=identifiers,
        columns=columns,
        skip_empty="value",
        is_combined=True,
        checked=(),
    )
