"""What each section of `klantreis.toml` may say; what it may not is refused with what may."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from klantreis.errors import SettingsError, message
from klantreis.settings.settings import (
    IDENTIFIER_KINDS,
    OWN_SECTIONS,
    IdentifierSettings,
    Retention,
    RfmLimits,
    Settings,
)

__all__ = ["identifier_rules", "retention", "rfm_limits", "workspace_values"]

WITHOUT_PRIORITY = ("cookie", "device", "payer")  # these tie last, or nobody
ENDLESS = float("inf")
# Numbers that only make sense between these; the others say nothing about where they end.
WITHIN: Mapping[str, tuple[float, float]] = {
    "session_minutes": (1, ENDLESS),
    "lapse_days": (1, ENDLESS),
    "aftercare_days": (0, ENDLESS),
    "rfm_window_days": (1, ENDLESS),
    "shared_identifier_limit": (1, ENDLESS),
    "quiet_from_hour": (0, 24),
    "quiet_until_hour": (0, 24),
    "messages_per_week": (0, ENDLESS),
    "returned_days": (0, ENDLESS),
    "global_holdout": (0, 1),
    "effect_days": (1, ENDLESS),
    "persona_count": (0, ENDLESS),
    "upload_megabytes": (1, ENDLESS),
}


def workspace_values(section: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """The settings that `[workspace]` gives, by name, each of the type of its default.

    Raises:
        SettingsError: an unknown name, a value of the wrong kind or out of its bounds, no moment
            or no time zone.
    """
    where = f"[workspace] of {file}"
    defaults = {k: v for k, v in vars(Settings()).items() if k not in OWN_SECTIONS}
    values = {
        name: _of_kind(value, defaults[name], f"{name} in {where}")
        for name, value in _known(section, defaults, where)
    }
    for name in (one for one in values if one in WITHIN):
        _refuse_outside(values[name], WITHIN[name], f"{name} in {where}")
    _refuse_no_moment(str(section.get("as_of", "")), where)
    _refuse_no_times(str(section.get("update_at", "")), where)
    _refuse_no_time_zone(str(section.get("time_zone", "UTC")), where)
    return values


def retention(section: Mapping[str, Any], file: Path) -> Retention:
    """The days that `[retention]` gives.

    Raises:
        SettingsError: an unknown name, or no number of days.
    """
    where = f"[retention] of {file}"
    for name, value in _known(section, vars(Retention()), where):
        if type(value) is not int or value < 0:
            raise _wrong_kind(f"{name} in {where}", value, "a number of days, 0 for ever")
    return Retention(**section)


def rfm_limits(section: Mapping[str, Any], window_days: int, file: Path) -> RfmLimits:
    """The limits between scores that `[rfm]` gives.

    Args:
        window_days: days of purchases that are looked at; no limit lies beyond.

    Raises:
        SettingsError: an unknown name, not four ascending numbers, or a limit outside the window.
    """
    where = f"[rfm] of {file}"
    for name, limits in _known(section, vars(RfmLimits()), where):
        if not _are_limits(limits):
            raise SettingsError(
                message(
                    "Wrong limits between scores",
                    where=f"{name} in {where}",
                    got=repr(limits),
                    allowed="four numbers above 0, each higher than the one before, as [2, 3, 5, 10]",
                )
            )
    if "days" in section and section["days"][-1] > window_days:
        raise SettingsError(
            message(
                "A limit lies outside the window",
                where=f"days in {where}",
                got=repr(section["days"][-1]),
                allowed=f"at most rfm_window_days, which is {window_days}",
            )
        )
    return RfmLimits(**{name: tuple(limits) for name, limits in section.items()})


def identifier_rules(section: Mapping[str, Any], file: Path) -> dict[str, IdentifierSettings]:
    """By kind, in the order of the alphabet, what the sections `[identity.<kind>]` give.

    Raises:
        SettingsError: an unknown kind or name, or a value of the wrong kind.
    """
    for kind, own in section.items():
        if kind not in IDENTIFIER_KINDS or not isinstance(own, Mapping):
            raise SettingsError(
                message(
                    "Unknown kind of identifier",
                    where=f"[identity] of {file}",
                    got=kind,
                    allowed=f"sections [identity.<kind>] with {', '.join(IDENTIFIER_KINDS)}",
                )
            )
    return {kind: _identifier_settings(kind, own, file) for kind, own in sorted(section.items())}


def _identifier_settings(kind: str, section: Mapping[str, Any], file: Path) -> IdentifierSettings:
    where = f"[identity.{kind}] of {file}"
    allowed = {
        "unique": "true or false",
        "limit": "a number from 1 on",
        "junk": "a list of patterns such as ['^info@']",
        "priority": "a number from 1 on, the lowest ties first",
    }
    if kind in WITHOUT_PRIORITY:
        del allowed["priority"]
    for name, value in _known(section, allowed, where):
        is_right = {
            "unique": type(value) is bool,
            "limit": type(value) is int and value > 0,
            "junk": isinstance(value, list) and all(map(_is_pattern, value)),
            "priority": type(value) is int and value > 0,
        }
        if not is_right[name]:
            raise _wrong_kind(f"{name} in {where}", value, allowed[name])
    return IdentifierSettings(**{**section, "junk": tuple(section.get("junk", ()))})


def _known(
    section: Mapping[str, Any], names: Iterable[str], where: str
) -> Iterator[tuple[str, Any]]:
    """What a section sets, in the order of the file; a name that nobody knows is refused."""
    for name, value in section.items():
        if name not in names:
            allowed = ", ".join(names)
            raise SettingsError(message("Unknown setting", where=where, got=name, allowed=allowed))
        yield name, value


def _of_kind(value: Any, default: Any, where: str) -> Any:
    """A value of the type of the default; a whole number serves where that has decimals."""
    if type(default) is float and type(value) is int:
        return float(value)
    if type(value) is not type(default):
        raise _wrong_kind(where, value, f"a value such as {default!r}")
    return value


def _wrong_kind(where: str, value: object, allowed: str) -> SettingsError:
    return SettingsError(
        message("Wrong kind of value", where=where, got=repr(value), allowed=allowed)
    )


def _refuse_outside(value: float, bounds: tuple[float, float], where: str) -> None:
    low, high = bounds
    if not low <= value <= high:
        raise SettingsError(
            message(
                "Not a possible value",
                where=where,
                got=repr(value),
                allowed=f"from {low} to {high}" if high < ENDLESS else f"from {low} on",
            )
        )


def _refuse_no_moment(as_of: str, where: str) -> None:
    try:
        found = datetime.fromisoformat(as_of) if as_of else None
    except ValueError:
        found = None
    if as_of and (found is None or found.tzinfo not in (None, UTC)):
        raise SettingsError(
            message(
                "Not a moment",
                where=f"as_of in {where}",
                got=repr(as_of),
                allowed="a date or moment in UTC such as '2026-01-31' or '2026-01-31 23:00'",
            )
        )


def _refuse_no_times(update_at: str, where: str) -> None:
    try:
        _ = Settings(update_at=update_at).update_times
    except ValueError as error:
        raise SettingsError(
            message(
                "Not a time",
                where=f"update_at in {where}",
                got=repr(update_at),
                allowed='a time of day, or several: "06:00", "06:00, 13:30"',
            )
        ) from error


def _refuse_no_time_zone(name: str, where: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            message(
                "Unknown time zone",
                where=f"time_zone in {where}",
                got=repr(name),
                allowed="an IANA name such as 'Europe/Amsterdam'",
            )
        ) from error


def _are_limits(limits: object) -> bool:
    if not isinstance(limits, list) or len(limits) != 4:
        return False
    if not all(type(one) in (int, float) and 0 < one < ENDLESS for one in limits):
        return False
    return all(low < high for low, high in itertools.pairwise(limits))


def _is_pattern(text: object) -> bool:
    if not isinstance(text, str) or not text:
        return False
    try:
        re.compile(text)
    except re.error:
        return False
    return True
