"""Which kind of file of a mapping a file is, and how sure that is."""

from __future__ import annotations

from fnmatch import fnmatch

from rapidfuzz.distance import JaroWinkler

from klantreis.errors import UnreadableFileError, message
from klantreis.sources.protocol import ExportFile
from klantreis.sources.reading.heads import Head, head_of
from klantreis.sources.reading.mapping import FileMapping, SourceMapping
from klantreis.sources.reading.paths import IN_A_COLUMN

__all__ = ["kind_of", "likeness", "required_columns"]

SHOWN_CHARACTERS = 500
RENAMED = 0.75  # so alike, a new name may stand for one that is lacking
NAME_IS_WORTH = 3  # as many columns as a name that fits tells


def kind_of(file: ExportFile, mapping: SourceMapping) -> FileMapping:
    """The kind of file that fits best.

    Raises:
        UnreadableFileError: none fits; says which columns are lacking.
    """
    ranked = sorted(mapping.files, key=lambda kind: -_fit(file, kind, mapping))
    if _fit(file, ranked[0], mapping) > 0:
        return ranked[0]
    head = head_of(file, ranked[0].heading)
    wanted = required_columns(ranked[0], mapping)
    raise UnreadableFileError(
        message(
            "The file is not one that this source knows",
            where=file.shown_path,
            got=f"{head.form} with columns {', '.join(head.columns)[:SHOWN_CHARACTERS]}"
            f"{_renamed(wanted, head)}",
            allowed=" or ".join(_shown(kind, mapping) for kind in mapping.files),
            next_step="choose another connector or adapt the mapping"
            if wanted
            else "see the connector's page in docs/sources",
        )
    )


def likeness(file: ExportFile, mapping: SourceMapping) -> float:
    """How sure it is, from 0 to 1, that a file is one of a mapping's: the more columns it names
    that are all there, the surer."""
    try:
        best = max(_fit(file, kind, mapping) for kind in mapping.files)
    except UnreadableFileError:
        return 0.0
    return best / (best + 2) if best > 0 else 0.0


def required_columns(kind: FileMapping, mapping: SourceMapping) -> tuple[str, ...]:
    """Columns that a file must have; where a mapping names none, all that it speaks of."""
    if kind.columns or kind.form in ("json", "json_lines"):
        return kind.columns
    names = (name.partition(IN_A_COLUMN)[0] for name in kind.wanted)
    return tuple(dict.fromkeys(name for name in names if name not in mapping.options))


def _fit(file: ExportFile, kind: FileMapping, mapping: SourceMapping) -> int:
    """How many things fit; 0 when one does not."""
    head = head_of(file, kind.heading)
    is_named = bool(kind.pattern) and fnmatch(file.path.name.casefold(), kind.pattern.casefold())
    if kind.layout:
        is_as_wide = head.first_line.count(kind.separator) == len(kind.layout) - 1
        return len(kind.layout) if is_as_wide and (is_named or not kind.pattern) else 0
    wanted = required_columns(kind, mapping)
    same_form = kind.form in ("", head.form) or {kind.form, head.form} == {"json", "json_lines"}
    if (kind.pattern and not is_named) or not same_form or not head.has(wanted):
        return 0
    return len(wanted) + NAME_IS_WORTH * is_named + 1


def _renamed(wanted: tuple[str, ...], head: Head) -> str:
    """Which columns are lacking, and for each the new one that it may be called now."""
    known = {name.casefold() for name in wanted}
    lacking = [name for name in wanted if not head.has((name,))]
    fresh = [name for name in head.columns if name.casefold() not in known]
    if not lacking or len(lacking) == len(wanted):
        return ""
    told = []
    for name in lacking:
        likely = max(fresh, key=lambda other: _alike(name, other), default="")
        is_likely = likely and _alike(name, likely) >= RENAMED
        told.append(f"{name} (perhaps renamed to {likely})" if is_likely else name)
    return f"; lacking: {', '.join(told)}"


def _alike(name: str, other: str) -> float:
    return float(JaroWinkler.normalized_similarity(name.casefold(), other.casefold()))


def _shown(kind: FileMapping, mapping: SourceMapping) -> str:
    if kind.layout:
        return f"{len(kind.layout)} columns without headings, {kind.separator!r} between them"
    columns = ", ".join(required_columns(kind, mapping))
    name = f" named {kind.pattern}" if kind.pattern else ""
    return f"{kind.form or 'a file'}{name} with columns {columns}" if columns else f"a file{name}"
