"""The rules of saved audiences: each read when it is asked for, and what asks for which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from klantreis.errors import InputError, message
from klantreis.rules import InAudience, Rule, parts_of

__all__ = ["SavedRules", "asked_for"]


class SavedRules(Mapping[str, Rule]):
    """Rules of saved audiences, each read once and only when it is asked for.

    Args:
        texts: by name of the audience.
        parsed: reads a text, which may ask for others of these.
    """

    def __init__(
        self, texts: Mapping[str, str], parsed: Callable[[str, Mapping[str, Rule]], Rule]
    ) -> None:
        self._texts, self._parsed = texts, parsed
        self._read: dict[str, Rule] = {}
        self._path: list[str] = []

    def __getitem__(self, name: str) -> Rule:
        if name not in self._read:
            text = self._texts[name]
            if name in self._path:
                # Refused when they are saved; two editors at once can still make one.
                circle = " > ".join((*self._path, name))
                raise InputError(message("Audiences rest on each other", got=circle))
            self._path.append(name)
            try:
                self._read[name] = self._parsed(text, self)
            finally:
                self._path.pop()
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def asked_for(rule: Rule) -> frozenset[str]:
    """Names of the saved audiences in a rule, those within them too."""
    return frozenset(part.name for part in parts_of(rule) if isinstance(part, InAudience))
