"""What a workspace's owner decides in `klantreis.toml`, read once and checked at the door."""

from __future__ import annotations

import itertools
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from klantreis.errors import SettingsError, message

__all__ = [
    "FILE_NAME",
    "IDENTIFIER_KINDS",
    "IdentifierSettings",
    "Retention",
    "RfmLimits",
    "Settings",
    "SourceSettings",
    "read_settings",
]

FILE_NAME = "klantreis.toml"
WITHOUT_PRIORITY = ("cookie", "device", "payer")  # these tie last, or nobody
SECTIONS = ("workspace", "sources", "state", "retention", "rfm", "identity")
OWN_SECTIONS = ("sources", "state_url", "retention", "identifier_rules", "rfm_limits")
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
IDENTIFIER_KINDS = (
    "email",
    "email_sha256",
    "phone",
    "loyalty_card",
    "customer_number",
    "user_id",
    "cookie",
    "device",
    "order",
    "social",
    "subscriber",
    "payer",
)


@dataclass(frozen=True)
class SourceSettings:
    """How one folder below `exports/` is read.

    Attributes:
        name: the folder's name.
        connector: registered connector; empty to recognise it from the files. With a mapping and
            without a name it is the mapping connector.
        mapping: mapping file for the mapping connector, relative to the workspace.
        options: whatever the connector itself understands (`time_zone`, `orders_source` ...).
    """

    name: str
    connector: str = ""
    mapping: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class IdentifierSettings:
    """What one kind of identifier may do, where that is not as usual.

    Attributes:
        unique: whether a customer has one value of it at most: two block a merge.
        limit: most records of one source that may state the same value; 0 for the usual one.
        junk: patterns of values, in their normal form, that point to nobody.
        priority: when it ties: kinds with a lower number do so first; 0 for the usual place.
    """

    unique: bool = False
    limit: int = 0
    junk: tuple[str, ...] = ()
    priority: int = 0


@dataclass(frozen=True)
class RfmLimits:
    """Limits between the scores of RFM; empty for fifths of the customers.

    Each holds four numbers, ascending. A limit belongs to the part above it: `orders` 2, 3, 5 and
    10 gives [0, 2) score 1, [2, 3) score 2, [3, 5) 3, [5, 10) 4, and 10 or more 5.

    Attributes:
        days: since the last purchase; the fewer the higher, so that [0, first) has score 5.
        orders: purchases in the window.
        amount: money in the window, in EUR.
    """

    days: tuple[float, ...] = ()
    orders: tuple[float, ...] = ()
    amount: tuple[float, ...] = ()


@dataclass(frozen=True)
class Retention:
    """How many days things are kept; 0 is for ever."""

    events_days: int = 0
    orders_days: int = 0
    messages_days: int = 0
    feedback_days: int = 0
    customers_days: int = 0  # without any sign of life
    collected_days: int = 0
    taken_back_days: int = 0
    campaigns_days: int = 0
    audit_days: int = 0
    versions_days: int = 30
    proofs_days: int = 0
    backups_days: int = 90  # advice: we do not know where backups are


@dataclass(frozen=True)
class Settings:
    """All settings of a workspace; every one has a default that carries."""

    name: str = "Klantreis"
    time_zone: str = "Europe/Amsterdam"
    country: str = "NL"
    locale: str = "nl"
    engine: str = "duckdb"
    as_of: str = ""  # ISO date-time in UTC; empty: the last moment in the data
    session_minutes: int = 30
    lapse_days: int = 60  # a journey without a step for this long has ended
    aftercare_days: int = 90  # what comes later no longer belongs to the purchase
    rfm_window_days: int = 730
    shared_identifier_limit: int = 6  # an identifier of more persons than this ties nobody
    public_url: str = "http://127.0.0.1:8000"  # where receivers of a mail find our pages
    shop_url: str = ""  # where links in mails lead
    mail_from: str = ""
    smtp_url: str = ""  # smtp://user@host:587 (STARTTLS where offered) or smtps://user@host:465
    webhook_url: str = ""
    quiet_from_hour: int = 21
    quiet_until_hour: int = 8
    messages_per_week: int = 3
    returned_days: int = 14
    global_holdout: float = 0.05
    effect_days: int = 14
    persona_groups: str = "need"  # personas are made of main needs, or of a segmentation's groups
    persona_count: int = 0  # how many; 0: as many as is advised, at most three
    upload_megabytes: int = 200  # of a file that is brought in through the pages, unpacked
    rfm_limits: RfmLimits = field(default_factory=RfmLimits)
    identifier_rules: Mapping[str, IdentifierSettings] = field(default_factory=dict)  # by kind
    retention: Retention = field(default_factory=Retention)
    sources: Mapping[str, SourceSettings] = field(default_factory=dict)
    # SQLAlchemy address of the state; empty: a SQLite file in the workspace. It may hold a password.
    state_url: str = field(default="", repr=False)


def read_settings(folder: Path) -> Settings:
    """Read `klantreis.toml` of a workspace.

    Raises:
        SettingsError: not TOML, an unknown name or a value of the wrong kind; says which.
    """
    file = folder / FILE_NAME
    if not file.exists():
        return Settings()
    try:
        # Some editors put a byte-order mark before what they save.
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(message("Not valid TOML", where=str(file), got=str(error))) from error
    _refuse_strays(raw, file)
    values = _checked_values(raw.get("workspace", {}), file)
    sources = {
        name: SourceSettings(
            name=name,
            # Who names a mapping means the connector that reads by one.
            connector=str(section.get("connector", "mapping" if section.get("mapping") else "")),
            mapping=str(section.get("mapping", "")),
            options={k: v for k, v in section.items() if k not in ("connector", "mapping")},
        )
        for name, section in raw.get("sources", {}).items()
    }
    return Settings(
        **values,
        sources=sources,
        state_url=_state_url(raw.get("state", {}), file),
        retention=_retention(raw.get("retention", {}), file),
        rfm_limits=_rfm_limits(raw.get("rfm", {}), values, file),
        identifier_rules={
            kind: _identifier_settings(kind, section, file)
            for kind, section in sorted(_identity(raw.get("identity", {}), file).items())
        },
    )


def _refuse_strays(raw: Mapping[str, Any], file: Path) -> None:
    """What stands outside the sections that are known would be left unread without a word."""
    for name, section in raw.items():
        if name not in SECTIONS:
            raise SettingsError(
                message(
                    "Unknown section" if isinstance(section, Mapping) else "Not in a section",
                    where=str(file),
                    got=f"[{name}]" if isinstance(section, Mapping) else f"{name} = ...",
                    allowed=", ".join(f"[{one}]" for one in SECTIONS),
                    next_step="set it below the name of a section"
                    if not isinstance(section, Mapping)
                    else "",
                )
            )
        if not isinstance(section, Mapping):
            raise SettingsError(
                message(
                    "Not a section",
                    where=str(file),
                    got=f"{name} = {section!r}",
                    allowed=f"[{name}] on a line of its own, with settings below it",
                )
            )
    for name, section in raw.get("sources", {}).items():
        if not isinstance(section, Mapping):
            raise SettingsError(
                message(
                    "Not a section",
                    where=f"[sources] of {file}",
                    got=f"{name} = {section!r}",
                    allowed=f"[sources.{name}] on a line of its own, and connector = ... below it",
                )
            )


def _state_url(section: Mapping[str, Any], file: Path) -> str:
    """The address with `${NAME}` filled in from the environment, so that no password is written."""
    unknown = set(section) - {"url"}
    if unknown:
        raise SettingsError(
            message(
                "Unknown setting",
                where=f"[state] of {file}",
                got=", ".join(sorted(unknown)),
                allowed="url",
            )
        )

    def fill(found: re.Match[str]) -> str:
        value = os.environ.get(found[1])
        if value is None:
            raise SettingsError(
                message(
                    "An environment variable is not set",
                    where=f"url in [state] of {file}",
                    got=found[0],
                    next_step=f"set {found[1]}",
                )
            )
        return quote(value, safe="")

    return re.sub(r"\$\{(\w+)\}", fill, str(section.get("url", "")))


def _retention(section: Mapping[str, Any], file: Path) -> Retention:
    known = vars(Retention())
    for name, value in section.items():
        if name not in known:
            raise SettingsError(
                message(
                    "Unknown setting",
                    where=f"[retention] of {file}",
                    got=name,
                    allowed=", ".join(known),
                )
            )
        if type(value) is not int or value < 0:
            raise SettingsError(
                message(
                    "Wrong kind of value",
                    where=f"{name} in [retention] of {file}",
                    got=repr(value),
                    allowed="a number of days, 0 for ever",
                )
            )
    return Retention(**section)


def _rfm_limits(section: Mapping[str, Any], values: Mapping[str, Any], file: Path) -> RfmLimits:
    where = f"[rfm] of {file}"
    known = vars(RfmLimits())
    for name, limits in section.items():
        if name not in known:
            allowed = ", ".join(known)
            raise SettingsError(message("Unknown setting", where=where, got=name, allowed=allowed))
        if not _are_limits(limits):
            raise SettingsError(
                message(
                    "Wrong limits between scores",
                    where=f"{name} in {where}",
                    got=repr(limits),
                    allowed="four numbers above 0, each higher than the one before, as [2, 3, 5, 10]",
                )
            )
    window = values.get("rfm_window_days", Settings.rfm_window_days)
    if "days" in section and section["days"][-1] > window:
        raise SettingsError(
            message(
                "A limit lies outside the window",
                where=f"days in {where}",
                got=repr(section["days"][-1]),
                allowed=f"at most rfm_window_days, which is {window}",
            )
        )
    return RfmLimits(**{name: tuple(limits) for name, limits in section.items()})


def _are_limits(limits: object) -> bool:
    if not isinstance(limits, list) or len(limits) != 4:
        return False
    if not all(type(one) in (int, float) and 0 < one < float("inf") for one in limits):
        return False
    return all(low < high for low, high in itertools.pairwise(limits))


def _identity(section: Mapping[str, Any], file: Path) -> Mapping[str, Mapping[str, Any]]:
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
    return section


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
    for name, value in section.items():
        if name not in allowed:
            known = ", ".join(allowed)
            raise SettingsError(message("Unknown setting", where=where, got=name, allowed=known))
        is_right = {
            "unique": type(value) is bool,
            "limit": type(value) is int and value > 0,
            "junk": isinstance(value, list) and all(map(_is_pattern, value)),
            "priority": type(value) is int and value > 0,
        }
        if not is_right[name]:
            raise SettingsError(
                message(
                    "Wrong kind of value",
                    where=f"{name} in {where}",
                    got=repr(value),
                    allowed=allowed[name],
                )
            )
    return IdentifierSettings(**{**section, "junk": tuple(section.get("junk", ()))})


def _is_pattern(text: object) -> bool:
    if not isinstance(text, str) or not text:
        return False
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _checked_values(section: Mapping[str, Any], file: Path) -> dict[str, Any]:
    defaults = {k: v for k, v in vars(Settings()).items() if k not in OWN_SECTIONS}
    for name, value in section.items():
        if name not in defaults:
            raise SettingsError(
                message(
                    "Unknown setting",
                    where=f"[workspace] of {file}",
                    got=name,
                    allowed=", ".join(defaults),
                )
            )
        if type(defaults[name]) is float and type(value) is int:
            value = float(value)
        if type(value) is not type(defaults[name]):
            raise SettingsError(
                message(
                    "Wrong kind of value",
                    where=f"{name} in [workspace] of {file}",
                    got=repr(value),
                    allowed=f"a value such as {defaults[name]!r}",
                )
            )
        if name in WITHIN and not WITHIN[name][0] <= value <= WITHIN[name][1]:
            low, high = WITHIN[name]
            raise SettingsError(
                message(
                    "Not a possible value",
                    where=f"{name} in [workspace] of {file}",
                    got=repr(value),
                    allowed=f"from {low} to {high}" if high < ENDLESS else f"from {low} on",
                )
            )
    _refuse_no_moment(str(section.get("as_of", "")), file)
    try:
        ZoneInfo(str(section.get("time_zone", "UTC")))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            message(
                "Unknown time zone",
                where=f"time_zone in [workspace] of {file}",
                got=repr(section["time_zone"]),
                allowed="an IANA name such as 'Europe/Amsterdam'",
            )
        ) from error
    return {
        name: float(value) if type(defaults[name]) is float else value
        for name, value in section.items()
    }


def _refuse_no_moment(as_of: str, file: Path) -> None:
    try:
        found = datetime.fromisoformat(as_of) if as_of else None
    except ValueError:
        found = None
    if as_of and (found is None or found.tzinfo not in (None, UTC)):
        raise SettingsError(
            message(
                "Not a moment",
                where=f"as_of in [workspace] of {file}",
                got=repr(as_of),
                allowed="a date or moment in UTC such as '2026-01-31' or '2026-01-31 23:00'",
            )
        )
