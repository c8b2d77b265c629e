"""Options of a source in `klantreis.toml`: each is one that its connector understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapidfuzz.distance import DamerauLevenshtein

from klantreis import registry
from klantreis.errors import InputError, NotFoundError, SettingsError, message
from klantreis.settings import FILE_NAME, SourceSettings

__all__ = ["check_each_source", "check_options"]

OF_EVERY_SOURCE = ("connector", "mapping", "time_zone")
ALIKE = 0.7  # so alike, one name may be a slip for the other
Options = Mapping[str, Sequence[str]]


def check_each_source(sources: Mapping[str, SourceSettings], folder: Path) -> None:
    """Refuse options that nobody would read. Of a source without a named connector this is what no
    connector knows; the import, which recognises it, asks again with `check_options`.

    Args:
        folder: the workspace.

    Raises:
        SettingsError: an option that the connector does not have, or a value that it cannot have.
    """
    for own in sources.values():
        named = (own.connector,) if own.connector else registry.names("sources")
        check_options(own, named, folder)


def check_options(own: SourceSettings, connectors: Iterable[str], folder: Path) -> None:
    """Refuse options that none of some connectors has.

    Args:
        own: what the owner set for the source.
        connectors: that read its files.
        folder: the workspace.

    Raises:
        SettingsError: as above; says which, what is allowed and which name is near.
    """
    where = f"{FILE_NAME} > [sources.{own.name}]"
    _refuse_zone(own.options.get("time_zone"), where)
    if own.mapping and own.connector != "mapping":
        raise SettingsError(
            message(
                "Only the mapping connector has a mapping",
                where=where,
                got=f"mapping = {own.mapping!r}, connector = {own.connector!r}",
                allowed='connector = "mapping"',
                next_step="set it, or leave the mapping out",
            )
        )
    asked = {name: value for name, value in own.options.items() if name not in OF_EVERY_SOURCE}
    if not asked:
        return
    known = _known(own, connectors, folder)
    if known is None:
        return
    for name, value in asked.items():
        if name not in known:
            raise _unknown(name, own, known, where)
        _refuse_value(name, value, known[name], where)


def _known(own: SourceSettings, connectors: Iterable[str], folder: Path) -> Options | None:
    """The options of connectors, with the words that each may have; None where one does not tell."""
    told = {**own.options, "folder": folder, "mapping": own.mapping}
    known: dict[str, Sequence[str]] = {}
    for name in connectors:
        if name == "mapping" and not own.mapping:
            continue
        try:
            connector = registry.load("sources", name)
            known |= connector.options(told) if hasattr(connector, "options") else {}
        except (InputError, NotFoundError):
            return None  # whoever reads its files says what is wrong with it
        if not hasattr(connector, "options"):
            return None
    return known


def _unknown(name: str, own: SourceSettings, known: Options, where: str) -> SettingsError:
    allowed = (*OF_EVERY_SOURCE, *sorted(known))
    near = max(allowed, key=lambda other: _likeness(name, other))
    is_near = _likeness(name, near) >= ALIKE
    reader = f"connector {own.connector} does not have it" if own.connector else "nothing reads it"
    return SettingsError(
        message(
            "Unknown setting",
            where=where,
            got=name,
            allowed=", ".join(allowed),
            next_step=f"write {near}, or leave it out" if is_near else f"leave it out: {reader}",
        )
    )


def _likeness(name: str, other: str) -> float:
    return float(DamerauLevenshtein.normalized_similarity(name.casefold(), other.casefold()))


def _refuse_value(name: str, value: object, words: Sequence[str], where: str) -> None:
    said = str(value).lower().split(",") if value != "" else []
    is_plain = isinstance(value, str | int | float)
    if is_plain and (not words or all(word.strip() in words for word in said)):
        return
    raise SettingsError(
        message(
            "Not a possible value",
            where=f"{where} > {name}",
            got=repr(value),
            allowed=f"{', '.join(words)}; several with a comma between" if words else "a text",
        )
    )


def _refuse_zone(name: object, where: str) -> None:
    try:
        ZoneInfo(str("UTC" if name is None else name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            message(
                "Unknown time zone",
                where=f"{where} > time_zone",
                got=repr(name),
                allowed="an IANA name such as 'Europe/Amsterdam'",
            )
        ) from error
