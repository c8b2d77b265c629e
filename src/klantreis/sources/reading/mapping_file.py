"""Reads a mapping from TOML, and says of each mistake where it stands and what is allowed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from klantreis.errors import SettingsError, message
from klantreis.sources.reading.column_mapping import column_mapping
from klantreis.sources.reading.mapping import (
    Asked,
    ColumnMapping,
    FileMapping,
    Question,
    SourceMapping,
    Split,
    TableMapping,
    Unpivot,
)
from klantreis.sources.reading.section import Section
from klantreis.tables import SOURCE_TABLES, Column, contract

__all__ = ["read_mapping"]

FORMS = ("delimited", "excel", "json_lines", "json", "parquet")
RECOGNISED = "recognised"  # by all answers to a question
WRITTEN_BY_THE_IMPORT = ("quarantine", "imports")
FILE_KEYS = (
    "name",
    "format",
    "pattern",
    "columns",
    "asks",
    "layout",
    "sheet",
    "records",
    "time_zone",
    "decimal",
    "separator",
    "heading",
    "subheadings",
    "totals",
    "from_table",
    "query",
    "key",
    "changed",
    "shared",
    "table",
)
OF_THE_WHOLE = ("connection", "options")  # beside all files
TABLE_KEYS = (
    "table",
    "each",
    "carry",
    "carry_within",
    "when",
    "skip_empty",
    "unpivot",
    "unpivot_except",
    "split",
    "split_by",
    "answers",
    "once_per",
    "number_within",
    "combine_rows",
    "check",
    "columns",
)


def read_mapping(file: Path) -> SourceMapping:
    """Read a mapping file.

    Raises:
        SettingsError: not there, not TOML, or something in it is not allowed; says where.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            message("The mapping cannot be read", where=str(file), got=str(error))
        ) from error
    whole = Section(str(file), raw)
    options = whole.section("options")
    given = {name: _option(options, name) for name in options.raw}
    raw.pop("options", None)
    connection = whole.section("connection")
    connection.allow(("url",))
    raw.pop("connection", None)
    if "file" in raw:
        whole.allow(("file", *OF_THE_WHOLE))
        kinds = whole.sections("file")
    else:
        whole.allow((*FILE_KEYS, *OF_THE_WHOLE))
        kinds = [whole]
    files = tuple(_file(kind, place) for place, kind in enumerate(kinds, 1))
    address = connection.text("url")
    if not address and any(kind.question for kind in files):
        connection.refuse("url", "nothing", "the address of the database: [connection] url = ...")
    usual = {name: value for name, (value, _) in given.items()}
    return SourceMapping(files, usual, {name: words for name, (_, words) in given.items()}, address)


def _option(options: Section, name: str) -> tuple[str, tuple[str, ...]]:
    """What holds where the settings say nothing, and the words that they may say."""
    if not isinstance(options.raw[name], Mapping):
        return options.text(name), ()
    told = options.section(name)
    told.allow(("default", "words"))
    return told.text("default"), told.texts("words")


def _file(section: Section, place: int) -> FileMapping:
    name = section.text("name") or f"file {place}"
    section = section.named(f"[[file]] {name}" if place > 1 or section.text("name") else "")
    section.allow(FILE_KEYS)
    form = section.text("format")
    section.check("format", form, ("", *FORMS))
    decimal = section.text("decimal")
    section.check("decimal", decimal, ("", ",", "."))
    section.check("totals", section.text("totals"), ("", "read"))
    zone = section.text("time_zone")
    _check_zone(section, zone)
    layout = section.texts("layout")
    if layout and not section.text("separator"):
        section.refuse("separator", "nothing", "the separator of a file without headings")
    shared = section.section("shared")
    tables = tuple(_table(_filled_alike(table, shared)) for table in section.sections("table"))
    if not tables:
        section.refuse("table", "nothing", "at least one [[table]]")
    question = _question(section)
    return FileMapping(
        name=name,
        tables=tables,
        form="parquet" if question else form,  # type: ignore[arg-type]  # checked above
        pattern=f"{_slug(question.table or name)}.*" if question else section.text("pattern"),
        columns=section.texts("columns"),
        asks=section.flag("asks"),
        layout=layout,
        sheet=section.text("sheet"),
        records=section.text("records"),
        question=question,
        time_zone=zone,
        decimal_sign=decimal,
        separator=section.text("separator"),
        heading=_heading(section),
        has_subheadings=_has_subheadings(section),
        reads_totals=section.text("totals") == "read",
    )


def _heading(section: Section) -> int | None:
    line = section.number("heading")
    if line is not None and (line < 0 or line != int(line)):
        section.refuse("heading", repr(line), "the number of a line, 0 where there is no heading")
    return None if line is None else int(line)


def _has_subheadings(section: Section) -> bool:
    if section.flag("subheadings") and not section.texts("columns"):
        section.refuse("columns", "nothing", "columns that the second line leaves empty")
    return section.flag("subheadings")


def _question(section: Section) -> Question | None:
    table, sql = section.text("from_table"), section.text("query")
    if table and sql:
        section.refuse("query", "from_table as well", "one of from_table and query")
    key, changed = section.texts("key"), section.text("changed")
    if not (table or sql):
        if key or changed:
            section.refuse("key", "no from_table or query", "from_table or query with it")
        return None
    return Question(table, sql.strip().rstrip(";"), key, changed)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_") or "rows"


def _filled_alike(table: Section, shared: Section) -> Section:
    """The table with `{ shared = "answered_at" }` written out: what several tables fill alike."""
    columns = table.section("columns")
    written = {}
    for name, given in columns.raw.items():
        if not isinstance(given, Mapping) or "shared" not in given:
            continue
        columns.check(f"shared of {name}", columns.section(name).text("shared"), tuple(shared.raw))
        way = shared.raw[given["shared"]]
        own = {key: value for key, value in given.items() if key != "shared"}
        if own:
            way = {**(way if isinstance(way, Mapping) else {"first_of": way}), **own}
        written[name] = way
    return Section(table.where, {**table.raw, "columns": {**columns.raw, **written}})


def _table(section: Section) -> TableMapping:
    name = section.text("table")
    fillable = tuple(table for table in SOURCE_TABLES if table not in WRITTEN_BY_THE_IMPORT)
    section.check("table", name, fillable)
    section = section.named(f"[[table]] {name}")
    section.allow(TABLE_KEYS)
    table = contract(name)
    given = section.section("columns")
    is_combined = section.flag("combine_rows")
    columns = tuple(column_mapping(given, table, key, is_combined=is_combined) for key in given.raw)
    filled = {mapped.column.name for mapped in columns} | {"source", "file_id"}
    for column in table.columns:
        if (column.required or column.name in table.key) and column.name not in filled:
            section.refuse(
                "columns", ", ".join(sorted(filled)), f"also {column.name}, which {name} must have"
            )
    _check_digests(section, columns)
    if bool(section.texts("carry")) != bool(section.text("carry_within")):
        section.refuse("carry", "one without the other", "carry and carry_within together")
    skip = section.text("skip_empty")
    section.check("skip_empty", skip, ("", *(mapped.column.name for mapped in columns)))
    split = section.template("split")
    mapping = TableMapping(
        table=table,
        columns=columns,
        each=section.text("each"),
        carried=section.texts("carry"),
        carried_within=section.template("carry_within"),
        when=section.conditions("when"),
        skip_empty=skip,
        unpivot=_unpivot(section),
        split=Split(split, _separator(section)) if split else None,
        asked=_asked(section),
        once_per=section.template("once_per"),
        numbered_within=section.template("number_within"),
        is_combined=is_combined,
        checked=_checked(section),
    )
    for name in mapping.lists:
        section.check("each", name, (mapping.each,) if mapping.each else ())
    return mapping


def _check_digests(section: Section, columns: Sequence[ColumnMapping]) -> None:
    """What a digest is made of has to be read, and to be no digest of others itself."""
    plain = [
        each.column.name
        for each in columns
        if each.fills and not any(fill.digest_of for fill in each.fills)
    ]
    for each in columns:
        for name in (name for fill in each.fills for name in fill.digest_of):
            section.check(f"hash_of of {each.column.name}", name, plain)


def _unpivot(section: Section) -> Unpivot | None:
    left_out = section.texts("unpivot_except")
    given = section.raw.get("unpivot")
    if given is None:
        return Unpivot(left_out=left_out) if left_out else None
    if isinstance(given, Mapping):
        labels = section.section("unpivot")
        return Unpivot(tuple((label, labels.templates(label)) for label in given))
    return Unpivot(tuple((name, (Section.column(name),)) for name in section.texts("unpivot")))


def _separator(section: Section) -> str:
    separator = section.text("split_by") or ", "
    return "" if separator == RECOGNISED and "answers" in section.raw else separator


def _asked(section: Section) -> Asked | None:
    if "answers" not in section.raw:
        return None
    given = section.section("answers")
    given.allow(("question", "answer"))
    question, answer = (given.template(key) for key in ("question", "answer"))
    if not question or not answer:
        given.refuse("answers", "nothing", '{ question = "{label}", answer = "{value}" }')
    return Asked(question, answer)


def _checked(section: Section) -> tuple[ColumnMapping, ...]:
    """Columns that are not kept but must be readable."""
    given = section.section("check")
    kinds = {"number": "money", "date": "date", "moment": "timestamp(6)"}
    for name in given.raw:
        given.check(name, given.text(name), tuple(kinds))
    return tuple(
        column_mapping(
            Section(given.where, {name: {"from": name}}),
            None,
            name,
            column=Column(name, kinds[given.text(name)], ""),
        )
        for name in given.raw
    )


def _check_zone(section: Section, zone: str) -> None:
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        section.refuse("time_zone", repr(zone), "an IANA name such as 'Europe/Amsterdam'")
