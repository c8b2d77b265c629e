"""Reads `klantreis.toml`, once, and leaves nothing in it unread without a word."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from klantreis.errors import SettingsError, message
from klantreis.settings.checking import identifier_rules, retention, rfm_limits, workspace_values
from klantreis.settings.settings import FILE_NAME, Settings, SourceSettings

__all__ = ["read_settings"]

SECTIONS = ("workspace", "sources", "state", "retention", "rfm", "identity")


def read_settings(folder: Path) -> Settings:
    """Read `klantreis.toml` of a workspace; without one every setting has its default.

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
    values = workspace_values(raw.get("workspace", {}), file)
    window_days = values.get("rfm_window_days", Settings.rfm_window_days)
    return Settings(
        **values,
        sources={name: _source(name, own) for name, own in raw.get("sources", {}).items()},
        state_url=_state_url(raw.get("state", {}), file),
        retention=retention(raw.get("retention", {}), file),
        rfm_limits=rfm_limits(raw.get("rfm", {}), window_days, file),
        identifier_rules=identifier_rules(raw.get("identity", {}), file),
    )


def _source(name: str, section: Mapping[str, Any]) -> SourceSettings:
    mapping = str(section.get("mapping", ""))
    return SourceSettings(
        name=name,
        # Who names a mapping means the connector that reads by one.
        connector=str(section.get("connector", "mapping" if mapping else "")),
        mapping=mapping,
        options={k: v for k, v in section.items() if k not in ("connector", "mapping")},
    )


def _refuse_strays(raw: Mapping[str, Any], file: Path) -> None:
    """What stands outside the sections that are known would be left unread without a word."""
    for name, section in raw.items():
        if name not in SECTIONS:
            raise _stray(name, section, file)
        if not isinstance(section, Mapping):
            raise _no_section(name, section, f"[{name}]", "with settings below it", str(file))
    for name, section in raw.get("sources", {}).items():
        if not isinstance(section, Mapping):
            heading, below = f"[sources.{name}]", "and connector = ... below it"
            raise _no_section(name, section, heading, below, f"[sources] of {file}")


def _stray(name: str, section: object, file: Path) -> SettingsError:
    allowed = ", ".join(f"[{one}]" for one in SECTIONS)
    if isinstance(section, Mapping):
        return SettingsError(
            message("Unknown section", where=str(file), got=f"[{name}]", allowed=allowed)
        )
    return SettingsError(
        message(
            "Not in a section",
            where=str(file),
            got=f"{name} = ...",
            allowed=allowed,
            next_step="set it below the name of a section",
        )
    )


def _no_section(name: str, value: object, heading: str, below: str, where: str) -> SettingsError:
    return SettingsError(
        message(
            "Not a section",
            where=where,
            got=f"{name} = {value!r}",
            allowed=f"{heading} on a line of its own, {below}",
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
