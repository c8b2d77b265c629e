"""Which kind of file of a mapping a file is, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch

from rapidfuzz.distance import JaroWinkler

from klantreis.errors import ChangedColumnsError, UnreadableFileError, message
from klantreis.sources.protocol import ExportFile
from klantreis.sources.reading.form_answers import are_answers
from klantreis.sources.reading.heads import Head, alternatives, head_of, sheets_of
from klantreis.sources.reading.mapping import FileMapping, SourceMapping
from klantreis.sources.reading.paths import IN_A_COLUMN, OF_THE_DOCUMENT
from klantreis.sources.reading.titles import first_rows

__all__ = ["as_laid_out", "changed_columns", "kind_of", "likeness", "required_columns"]

SHOWN_CHARACTERS = 500
# A form, and what else people make of such a file before they hand it over.
ALIKE = ({"json", "json_lines"}, {"delimited", "excel"})
RENAMED = 0.75  # so alike, a new name may stand for one that is lacking
LIKE_BEFORE = 0.5  # with fewer of its columns a file is rather another one
NAME_IS_WORTH = 3  # as many columns as a name that fits tells


def kind_of(file: ExportFile, mapping: SourceMapping) -> FileMapping:
    """The kind of file that fits best, with the line of its heading where titles stand above it.

    Raises:
        ChangedColumnsError: none fits, and it lacks some of the columns of one.
        UnreadableFileError: none fits, or several sheets of a workbook do.
    """
    ranked = sorted(mapping.files, key=lambda kind: -_fit(file, kind, mapping))
    if _fit(file, ranked[0], mapping) > 0:
        kind = _on_its_sheet(file, ranked[0], mapping)
        if kind.sheet and not ranked[0].sheet:
            _refuse_more_sheets(file, kind, mapping)
        return replace(kind, heading=_heading(file, kind, mapping))
    changed = changed_columns(file, mapping)
    if changed:
        raise changed
    head = head_of(file, ranked[0].heading, ranked[0].sheet)
    raise UnreadableFileError(
        message(
            "The file is not one that this source knows",
            where=file.shown_path,
            got=_told(head),
            allowed=" or ".join(_shown(kind, mapping) for kind in mapping.files),
            next_step="choose another connector or adapt the mapping"
            if required_columns(ranked[0], mapping)
            else "see the connector's page in docs/sources",
        )
    )


def as_laid_out(kind: FileMapping, file: ExportFile) -> FileMapping:
    """The kind with the form of the file: what is known by lines may come as a list of all records,
    and what is known as text may have been saved as a workbook."""
    if kind.layout or kind.form in ("excel", "parquet"):
        return kind
    form = head_of(file, kind.heading, kind.sheet).form
    is_within = kind.records or any(name.startswith(OF_THE_DOCUMENT) for name in kind.wanted)
    if form == "json_lines" and is_within:
        form = "json"  # a document on one line
    return replace(kind, form=form)  # type: ignore[arg-type]  # heads know the same forms


def changed_columns(file: ExportFile, mapping: SourceMapping) -> ChangedColumnsError | None:
    """Which columns a file lacks of the kind of file that it is nearest to.

    Returns:
        None where nothing is lacking, or so much that it is rather another file.
    """
    try:
        kind = max(mapping.files, key=lambda kind: _share(file, kind, mapping))
        head = _nearest_head(file, kind, mapping).of_records(kind.records)
    except UnreadableFileError:
        return None
    share = _share(file, kind, mapping)
    if share < LIKE_BEFORE or share == 1:
        return None
    lacking, fresh = _lacking(required_columns(kind, mapping), kind, head)
    told = (
        f"{name} (perhaps renamed to {likely})" if likely else name
        for name, likely in lacking.items()
    )
    return ChangedColumnsError(
        message(
            "The file is not one that this source knows",
            where=file.shown_path,
            got=f"{_told(head)}; lacking: {', '.join(told)}",
            allowed=_shown(kind, mapping),
            next_step="say what the columns are called now, or adapt the mapping",
        ),
        lacking,
        fresh,
        share,
    )


def likeness(file: ExportFile, mapping: SourceMapping) -> float:
    """How sure it is, from 0 to 1, that a file is one of a mapping's: the more columns it names
    that are all there, the surer."""
    try:
        best = max(_fit(file, kind, mapping) for kind in mapping.files if _may_tell(file, kind))
    except UnreadableFileError:
        return 0.0
    return best / (best + 2) if best > 0 else 0.0


def _may_tell(file: ExportFile, kind: FileMapping) -> bool:
    """Whether a kind with columns that many files have is told by a question among them, or by
    moments and answers as those of a form."""
    if not kind.asks:
        return True
    first = head_of(file, kind.heading, kind.sheet)
    below = [head for _, head in _below_titles(file, kind)]
    if any(name.rstrip().endswith("?") for head in [first, *below] for name in head.columns):
        return True
    moments = {name.casefold() for one in kind.columns for name in alternatives(one)}
    return (
        bool(first.columns)
        and first.columns[0].casefold() in moments
        and are_answers(
            first.columns, [head.columns for head in below], is_sheet=first.form == "excel"
        )
    )


def required_columns(kind: FileMapping, mapping: SourceMapping) -> tuple[str, ...]:
    """Columns that a file must have; where a mapping names none, all that it speaks of."""
    if kind.columns or kind.form in ("json", "json_lines"):
        return kind.columns
    names = (name.partition(IN_A_COLUMN)[0] for name in kind.wanted)
    return tuple(dict.fromkeys(name for name in names if name not in mapping.options))


def _on_its_sheet(file: ExportFile, kind: FileMapping, mapping: SourceMapping) -> FileMapping:
    """The kind with the first sheet of a workbook that has the wanted columns, where the mapping names none."""
    wanted = required_columns(kind, mapping)
    if kind.sheet or kind.layout or not wanted or head_of(file, kind.heading).form != "excel":
        return kind
    each = (replace(kind, sheet=name) for name in sheets_of(file))
    return next((one for one in each if _has_columns(file, one, mapping)), kind)


def _refuse_more_sheets(file: ExportFile, kind: FileMapping, mapping: SourceMapping) -> None:
    """A workbook with a sheet for each month would lose all but one of them, and nobody would know."""
    each = (replace(kind, sheet=name) for name in sheets_of(file))
    fitting = [one.sheet for one in each if _has_columns(file, one, mapping)]
    if len(fitting) > 1:
        raise UnreadableFileError(
            message(
                "Several sheets of the workbook have the columns",
                where=file.shown_path,
                got=", ".join(fitting),
                allowed="one sheet",
                next_step="save each sheet as a file of its own, or name one in a mapping: sheet = ...",
            )
        )


def _has_columns(file: ExportFile, kind: FileMapping, mapping: SourceMapping) -> bool:
    wanted = required_columns(kind, mapping)
    return head_of(file, _heading(file, kind, mapping), kind.sheet).has(wanted)


def _heading(file: ExportFile, kind: FileMapping, mapping: SourceMapping) -> int | None:
    """The line of the column names: as the mapping says or the first, unless those that are wanted
    stand on another, below titles."""
    if kind.heading == 0 or kind.layout:
        return kind.heading
    wanted = required_columns(kind, mapping)
    if head_of(file, kind.heading, kind.sheet).has(wanted):
        return kind.heading
    rows = _below_titles(file, kind)
    return next((line for line, head in rows if head.has(wanted)), kind.heading)


def _below_titles(file: ExportFile, kind: FileMapping) -> Sequence[tuple[int, Head]]:
    """The first lines of a file, each as if it had the names of the columns."""
    form = head_of(file, kind.heading, kind.sheet).form
    rows = first_rows(file.path, file.file_id, form, kind.sheet)
    return [(line, Head(form, names).under_known_names(file.renamed)) for line, names in rows]


def _nearest_head(file: ExportFile, kind: FileMapping, mapping: SourceMapping) -> Head:
    """The head of a file, on the line that has most of the wanted columns."""
    wanted = required_columns(kind, mapping)
    heads = [head_of(file, kind.heading, kind.sheet)]
    if not heads[0].has(wanted) and kind.heading != 0 and not kind.layout:
        heads += [head for _, head in _below_titles(file, kind)]
    return max(heads, key=lambda head: sum(head.has((name,)) for name in wanted))


def _fit(file: ExportFile, kind: FileMapping, mapping: SourceMapping) -> int:
    """How many things fit; 0 when one does not."""
    kind = _on_its_sheet(file, kind, mapping)
    head = head_of(file, _heading(file, kind, mapping), kind.sheet).of_records(kind.records)
    is_named = bool(kind.pattern) and fnmatch(file.path.name.casefold(), kind.pattern.casefold())
    if kind.layout:
        is_as_wide = head.first_line.count(kind.separator) == len(kind.layout) - 1
        return len(kind.layout) if is_as_wide and (is_named or not kind.pattern) else 0
    wanted = required_columns(kind, mapping)
    if (kind.pattern and not is_named) or not _may_be(kind, head) or not head.has(wanted):
        return 0
    return len(wanted) + NAME_IS_WORTH * is_named + 1


def _share(file: ExportFile, kind: FileMapping, mapping: SourceMapping) -> float:
    """Which part of the required columns a file has; 0 where it cannot be of this kind."""
    wanted = required_columns(kind, mapping)
    head = _nearest_head(file, kind, mapping).of_records(kind.records)
    if not wanted or kind.layout or not _may_be(kind, head):
        return 0.0
    return sum(head.has((name,)) for name in wanted) / len(wanted)


def _may_be(kind: FileMapping, head: Head) -> bool:
    """Whether a file of this kind may have this form."""
    if kind.form not in ("", head.form) and {kind.form, head.form} not in ALIKE:
        return False
    # Records in a list are read from the list that the mapping names, and from no other.
    return not (head.own and kind.records) or kind.records.partition(".")[0] in head.own


def _lacking(
    wanted: tuple[str, ...], kind: FileMapping, head: Head
) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The columns that are lacking, each with the new one that it may be called now; all new ones."""
    known = {name.casefold() for name in (*wanted, *kind.wanted)}
    fresh = tuple(name for name in head.columns if name.casefold() not in known)
    lacking: dict[str, str] = {}
    for name in (alternatives(name)[0] for name in wanted if not head.has((name,))):
        free = [other for other in fresh if other not in lacking.values()]
        likely = max(free, key=lambda other: _alike(name, other), default="")
        lacking[name] = likely if likely and _alike(name, likely) >= RENAMED else ""
    return lacking, fresh


def _told(head: Head) -> str:
    if not head.columns:
        return "no records"
    return f"{head.form} with columns {', '.join(head.columns)[:SHOWN_CHARACTERS]}"


def _alike(name: str, other: str) -> float:
    return float(JaroWinkler.normalized_similarity(name.casefold(), other.casefold()))


def _shown(kind: FileMapping, mapping: SourceMapping) -> str:
    if kind.layout:
        return f"{len(kind.layout)} columns without headings, {kind.separator!r} between them"
    columns = ", ".join(required_columns(kind, mapping))
    name = f" named {kind.pattern}" if kind.pattern else ""
    name += f" with a sheet {kind.sheet!r}" if kind.sheet else ""
    return f"{kind.form or 'a file'}{name} with columns {columns}" if columns else f"a file{name}"
