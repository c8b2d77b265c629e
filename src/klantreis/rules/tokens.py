"""The words of a rule, one by one, and what may stand where they end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NoReturn, TypeAlias

from klantreis.errors import RuleError

__all__ = ["TOKENS", "Token", "Tokens", "bare"]

Ends: TypeAlias = tuple[int, int] | tuple[date, date]
TOKENS = re.compile(
    r"(?P<space>\s+)|(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign><=|>=|!=|[=<>(),])"
)


@dataclass(frozen=True)
class Token:
    """One word of a rule, and where it stands."""

    kind: str
    text: str
    position: int


class Tokens:
    """Walks through the words of one text.

    Attributes:
        expected: what may stand at the end of the text, as (kind, name), in the order in which it
            was asked for; `word` is the kind of fixed words, others are kinds of names.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokens()
        self.at = 0
        self.expected: dict[tuple[str, str], None] = {}

    def _tokens(self) -> list[Token]:
        tokens, position = [], 0
        while position < len(self.text):
            found = TOKENS.match(self.text, position)
            if found is None:
                if self.text[position] == "'":
                    self.refuse_at("unfinished_text", position, "no closing quote", "'text'")
                got = repr(self.text[position])
                allowed = "names, numbers, 'texts', ( ) , and = != < <= > >="
                self.refuse_at("unknown_sign", position, got, allowed)
            if found.lastgroup != "space":
                tokens.append(Token(str(found.lastgroup), found[0], position))
            position = found.end()
        return [*tokens, Token("end", "", len(self.text))]

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def after(self, places: int) -> Token:
        """The word so many places on; the end when there are not so many."""
        return self.tokens[min(self.at + places, len(self.tokens) - 1)]

    def takes(self, *words: str) -> bool:
        """Whether these words come now; they are passed when they do."""
        for place, word in enumerate(words):
            token = self.after(place)
            if token.kind == "end":
                self.expected["word", " ".join(words[place:])] = None
            if token.text != word:
                return False
        self.at += len(words)
        return True

    def expects(self, kind: str, name: str = "") -> None:
        """Note that something of a kind may stand here, for who completes the text."""
        if self.now.kind == "end":
            self.expected[kind, name] = None

    def must(self, word: str) -> None:
        if not self.takes(word):
            self.refuse("unexpected_word", allowed=word)

    def refuse(self, kind: str, *, allowed: str, ends: Ends | None = None) -> NoReturn:
        got = repr(self.now.text) if self.now.kind != "end" else "the end"
        self.refuse_at(kind, self.now.position, got, allowed, ends)

    def refuse_at(
        self, kind: str, position: int, got: str, allowed: str, ends: Ends | None = None
    ) -> NoReturn:
        raise RuleError(kind, self.text, position, got=got, allowed=allowed, ends=ends)


def bare(quoted: str) -> str:
    """A text without its quotes."""
    return quoted[1:-1].replace("''", "'")
