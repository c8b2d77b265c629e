"""What points to one customer: their identifiers, and how each is found in any text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

__all__ = ["OURS", "Identifier", "Needles", "comparable"]

# A shorter text also stands for other things: `1001` is a price, a year, a product.
SHORTEST = 6
SHORTEST_NUMBER = 9
PHONE_DIGITS = 9  # what a number keeps in every way of writing it
SEPARATORS = b" \t\r\n-./()"
BETWEEN_DIGITS = rb"[\s\-./()]{0,3}"
WORD = b"abcdefghijklmnopqrstuvwxyz0123456789_"
BEFORE, AFTER = WORD + b".+-", WORD + b"-"
OF_A_NUMBER = tuple(bytes([one]) for one in WORD[:-1])
ENCODINGS = ("utf-8", "cp1252", "utf-16-le")
OURS = ".klantreis"  # stands for the files that we ourselves write


@dataclass(frozen=True)
class Identifier:
    """One identifier: its kind (as in table `identifiers`), source and value as written."""

    kind: str
    source: str
    value: str


@dataclass(frozen=True)
class Needles:
    """What to look for.

    Attributes:
        identifiers: of one customer, and of nobody else.
        persons: ids of the person records, as `shopify:1001`.
        orders: ids of the orders, as `shopify:#1001`.
        customers: numbers under which we know them, old ones too.
        words: what only they said, and what only they are called: looked for where people write.
    """

    identifiers: tuple[Identifier, ...]
    persons: frozenset[str]
    orders: frozenset[str]
    customers: frozenset[int] = frozenset()
    words: tuple[str, ...] = ()
    _numbers_of: dict[str, tuple[bytes, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def sure(self) -> tuple[Identifier, ...]:
        """Identifiers that stand for this customer wherever they are written."""
        return tuple(one for one in self.identifiers if _is_sure(one))

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """Finds an identifier that stands by itself, in bytes of any usual encoding."""
        parts = {part for one in self.sure for part in _patterns(one)}
        return re.compile(b"|".join(sorted(parts)) or rb"(?!)", re.IGNORECASE)

    def is_in(self, content: bytes) -> bool:
        """Whether an identifier stands in these bytes."""
        return any(True for _ in self._places(content))

    def is_inside(self, content: bytes, *, starts: bool, ends: bool) -> bool:
        """Whether an identifier stands in a portion of a file.

        Args:
            starts, ends: whether the file itself begins and ends there; what stands at any other
                edge is seen whole in the portion beside it.
        """
        return any(
            (starts or first > 0) and (ends or beyond < len(content))
            for first, beyond in self._places(content)
        )

    def may_refer(self, content: bytes, source: str) -> bool:
        """Whether a number of an order or record occurs at all; columns tell whether it counts."""
        lowered = content.lower()
        return any(
            # `1001` within `2025-03-10T10:01:10015` is part of something else.
            lowered[place - 1 : place] not in OF_A_NUMBER
            and lowered[place + len(number) : place + len(number) + 1] not in OF_A_NUMBER
            for number in self._written_numbers(source)
            for place in _found(lowered, number)
        )

    def _places(self, content: bytes) -> Iterator[tuple[int, int]]:
        """Where identifiers stand by themselves: first byte and the byte beyond.

        Plain texts are looked for, and then what stands around them: a hundred times faster than
        one pattern for all.
        """
        lowered = content.lower()
        is_wide = b"\0" in content
        for text in self._literals:
            if b"\0" in text and not is_wide:
                continue
            for place in _found(lowered, text):
                if _stands_alone(lowered, place, place + len(text)):
                    yield place, place + len(text)
        if self._digits:
            digits = lowered.translate(None, SEPARATORS)
            if any(one in digits for one in self._digits):
                yield from (one.span() for one in self._phones.finditer(content))

    def _written_numbers(self, source: str) -> tuple[bytes, ...]:
        if source not in self._numbers_of:
            numbers = sorted(one.encode() for one in self.order_numbers | self.numbers(source))
            self._numbers_of[source] = tuple(numbers)
        return self._numbers_of[source]

    @cached_property
    def _literals(self) -> tuple[bytes, ...]:
        texts = {text for one in self.sure for text in _texts(one)}
        texts |= {text.lower() for text in texts}
        return tuple(sorted({t.encode(e, "replace").lower() for t in texts for e in ENCODINGS}))

    @cached_property
    def _digits(self) -> tuple[bytes, ...]:
        return tuple({_last_digits(one).encode() for one in self.sure if one.kind == "phone"})

    @cached_property
    def _phones(self) -> re.Pattern[bytes]:
        written = sorted({_phone_pattern(one) for one in self.sure if one.kind == "phone"})
        return re.compile(b"|".join(written))

    def is_in_text(self, text: str) -> bool:
        """Whether an identifier stands in this text."""
        return self.is_in(text.encode("utf-8", "surrogatepass"))

    def without(self, text: str) -> str:
        """The text with each identifier replaced."""
        content = self.pattern.sub(b"[erased]", text.encode("utf-8", "surrogatepass"))
        return content.decode("utf-8", "replace")

    def is_named_in(self, text: str) -> bool:
        """Whether what someone wrote holds an identifier, or names or quotes them."""
        return self.is_in_text(text) or self._words.search(text) is not None

    def without_name(self, text: str) -> str:
        """What someone wrote, with what identifies, names or quotes them replaced."""
        return self._words.sub("[erased]", self.without(text))

    @cached_property
    def _words(self) -> re.Pattern[str]:
        longest_first = sorted(set(self.words), key=lambda word: (-len(word), word))
        written = "|".join(re.escape(word) for word in longest_first)
        return re.compile(rf"(?<!\w)(?:{written})(?!\w)" if written else r"(?!)", re.IGNORECASE)

    def numbers(self, source: str) -> frozenset[str]:
        """The source's own numbers of this customer's records; our own in our own files."""
        if source == OURS:
            return frozenset(map(str, self.customers))
        return frozenset(_own(one, source) for one in self.persons if one.startswith(f"{source}:"))

    @cached_property
    def order_numbers(self) -> frozenset[str]:
        """Numbers of the orders, without source and `#`."""
        return frozenset(order.partition(":")[2].lstrip("#").lower() for order in self.orders)


def comparable(identifier: Identifier) -> str:
    """Kind and value in one way of writing, so that equal means the same.

    >>> comparable(Identifier("phone", "till", "06-123 456 78"))
    'phone:612345678'
    >>> comparable(Identifier("customer_number", "shopify", "1001"))
    'customer_number:shopify/1001'
    """
    value = identifier.value.strip().lower()
    if identifier.kind == "phone":
        value = _last_digits(identifier)
    if identifier.kind == "customer_number":
        value = f"{identifier.source}/{value}"
    return f"{identifier.kind}:{value}"


def _is_sure(identifier: Identifier) -> bool:
    value = identifier.value.strip()
    is_number = value.isdigit() and identifier.kind != "phone"
    return len(value) >= (SHORTEST_NUMBER if is_number else SHORTEST)


def _patterns(identifier: Identifier) -> Iterable[bytes]:
    if identifier.kind == "phone":
        yield _phone_pattern(identifier)
    for text in _texts(identifier):
        for encoding in ENCODINGS:
            written = re.escape(text.encode(encoding, "replace"))
            yield rb"(?<![\w.+\-])" + written + rb"(?![\w\-]|\.\w)"


def _phone_pattern(identifier: Identifier) -> bytes:
    written = BETWEEN_DIGITS.join(digit.encode() for digit in _last_digits(identifier))
    return rb"(?<!\d)(?:(?:\+|00)?\d{2}" + BETWEEN_DIGITS + rb"|0)?" + written + rb"(?!\d)"


def _found(content: bytes, text: bytes) -> Iterator[int]:
    place = content.find(text)
    while place >= 0:
        yield place
        place = content.find(text, place + 1)


def _stands_alone(lowered: bytes, first: int, beyond: int) -> bool:
    # `ann@x.nl` is not in `joann@x.nl`, and not in `ann@x.nl.example`.
    if first and lowered[first - 1] in BEFORE:
        return False
    following = lowered[beyond : beyond + 2]
    is_over = not following or following[0] not in AFTER
    return is_over and not (following[:1] == b"." and following[1:] and following[1] in WORD)


def _texts(identifier: Identifier) -> tuple[str, ...]:
    value = identifier.value.strip()
    if identifier.kind == "email":
        return value, _hashed(value)
    if identifier.kind == "phone":
        # As advertising platforms take it in: with country code, with and without `+`.
        whole = value.removeprefix("+") if value.startswith("+") else ""
        return (_hashed(f"+{whole}"), _hashed(whole)) if whole.isdigit() else ()
    return (value,)


def _hashed(value: str) -> str:
    return hashlib.sha256(value.lower().encode()).hexdigest()


def _last_digits(identifier: Identifier) -> str:
    return re.sub(r"\D", "", identifier.value)[-PHONE_DIGITS:]


def _own(person_id: str, source: str) -> str:
    return person_id.removeprefix(f"{source}:").lower()
