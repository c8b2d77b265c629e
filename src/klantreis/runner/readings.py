"""How the files of a source are read, and whether that changed since they were taken in."""

from __future__ import annotations

from pathlib import Path

from klantreis.runner.fingerprint import fingerprint
from klantreis.settings import Settings, SourceSettings
from klantreis.sources import names_database

__all__ = ["ASKED", "BESIDE", "CHANGES", "Readings", "why_otherwise"]

# Marks on a file that say that the next import reads it, whatever its source's settings are.
ASKED = "asked"  # somebody asked for it
BESIDE = "again"  # a file that was read together with it was taken back
PARTS = {"time_zone": 12, "settings": 24, "mapping": 24}  # of a fingerprint: digits of each
CHANGES = (*PARTS, "otherwise", "asked", "beside")


class Readings:
    """Fingerprints of how each source is read now, each worked out once.

    A fingerprint has a part for the time zone of the workspace, the settings of the source and what
    its mapping says, so that it can be told what changed. A database is asked for what is new
    there; what it answered is not read in another way later.

    Args:
        folder: the workspace.
        settings: as they are now.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._folder = settings, folder
        self._found: dict[str, tuple[str, str]] = {}

    def of(self, source: str) -> str:
        """How the files of a source are read now."""
        return self._both(source)[0]

    def why_again(self, source: str, reading: str) -> str:
        """Why a file that was read so has to be read again, of `CHANGES`; empty when it has not.

        Args:
            reading: as it was noted when the file was read.
        """
        now, as_before = self._both(source)
        return "" if reading in ("", now, as_before) else why_otherwise(reading, now)

    def _both(self, source: str) -> tuple[str, str]:
        """The fingerprint, and the one in one piece that earlier versions noted."""
        if source not in self._found:
            own = self._settings.sources.get(source) or SourceSettings(source)
            said = self._said(own)
            options = [own.connector, own.mapping, sorted(own.options.items())]
            zone = self._settings.time_zone
            parts = zip(PARTS.values(), (zone, options, said), strict=True)
            self._found[source] = (
                "-".join(fingerprint([part])[:digits] for digits, part in parts),
                fingerprint([zone, *options, said]),
            )
        return self._found[source]

    def _said(self, own: SourceSettings) -> bytes:
        """What the mapping of a source says; nothing where it has none or asks a database."""
        mapping = self._folder / own.mapping if own.mapping else None
        if mapping is None or not mapping.is_file() or names_database(mapping):
            return b""
        return mapping.read_bytes()


def why_otherwise(before: str, now: str) -> str:
    """What changed between two readings, of `CHANGES`: the first that did."""
    if before in (ASKED, BESIDE):
        return "asked" if before == ASKED else "beside"
    earlier, later = before.split("-"), now.split("-")
    if len(earlier) != len(later):
        return "otherwise"  # noted in one piece, by an earlier version
    changed = (part for part, was, is_ in zip(PARTS, earlier, later, strict=True) if was != is_)
    # Another mapping file is another setting too: what it says is what people know of.
    return max(changed, key=list(PARTS).index)
