"""A file that was brought: what was said of it, what it seems to be, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from klantreis.sources import NO_TOTALS, Guess, Preview

__all__ = ["BESIDE", "UNREAD", "Brought", "BroughtIn", "Changed", "Choices", "Guessed"]

UNREAD, BESIDE = "totals_unread", "totals_beside"


@dataclass(frozen=True)
class Choices:
    """What somebody said of a file; what is empty is guessed.

    Attributes:
        source: folder below `exports/`.
        own_mapping: a mapping of its own, though a connector knows the file.
        heading: line with the column names; -1 to guess it, 0 for none.
        means: by column what it means; empty: it is not used.
    """

    source: str = ""
    own_mapping: bool = False
    row_is: str = ""
    separator: str = ""
    heading: int = -1
    decimal_sign: str = ""
    date_order: str = ""
    time_zone: str = ""
    channel: str = ""
    means: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """A connector that would know the file, if some columns were not called otherwise.

    Attributes:
        lacking: columns that are not there, each with the one that it may be called now, or empty.
        fresh: columns of the file that nobody knows.
        source: whose own mapping would read it; empty where that is another connector.
    """

    connector: str
    lacking: Mapping[str, str]
    fresh: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True)
class Guessed:
    """What a file seems to be.

    Attributes:
        connector: that knows it; empty when none does.
        guess: of everything that a mapping says; None where a connector reads what we cannot guess.
        mapping: the text of the mapping file that it comes to.
        changed: the connector of which it may be an export with other columns; None when it is not.
        source: of the workspace, whose mapping reads it as it is; empty when there is none.
        beside: codes of doubts about the totals of purchases in it: `totals_unread`, the connector
            passes them over, and `totals_beside`, other sources tell of purchases too.
    """

    connector: str
    guess: Guess | None
    mapping: str
    changed: Changed | None = None
    source: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brought:
    """A file that was brought and waits to be taken in.

    Attributes:
        token: under which it waits.
        name, size_bytes: of the file.
        source: the folder below `exports/` that it will go to.
        preview: its first rows as they will be.
        taken_as, taken_by: path of a file with this very content that was taken in before, and the
            source that it is of, this one if it may be; empty when there is none.
    """

    token: str
    name: str
    size_bytes: int
    source: str
    choices: Choices
    guessed: Guessed
    preview: Preview
    taken_as: str = ""
    taken_by: str = ""

    @property
    def is_mapped(self) -> bool:
        """Whether a mapping of its own reads it, and no connector."""
        return not self.guessed.connector or self.choices.own_mapping

    @property
    def unsure(self) -> tuple[str, ...]:
        """Codes of what to look at; where a connector reads the file, those about totals only."""
        found = self.guessed.guess
        codes = (*(found.unsure if found else ()), *self.guessed.beside)
        if self.is_mapped:
            return tuple(code for code in codes if code != UNREAD)
        return tuple(code for code in codes if code in (UNREAD, *NO_TOTALS))


@dataclass(frozen=True)
class BroughtIn:
    """Where a file went: its path and that of its mapping file, relative to the workspace."""

    source: str
    path: str
    mapping: str
