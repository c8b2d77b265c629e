"""What a workspace's owner decides in `klantreis.toml`, read once and checked at the door."""

from __future__ import annotations

from klantreis.settings.reading import read_settings
from klantreis.settings.settings import (
    FILE_NAME,
    IDENTIFIER_KINDS,
    OWN_SECTIONS,
    IdentifierSettings,
    Retention,
    RfmLimits,
    Settings,
    SourceSettings,
)

__all__ = [
    "FILE_NAME",
    "IDENTIFIER_KINDS",
    "OWN_SECTIONS",
    "IdentifierSettings",
    "Retention",
    "RfmLimits",
    "Settings",
    "SourceSettings",
    "read_settings",
]
