"""Computes Ibis expressions on one row, here and at once: for answers within a millisecond.

An engine takes milliseconds to plan a query, however small. What a step says of a million rows
holds for one as well, so it is written once, and read here as Python functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
from rapidfuzz.distance import Levenshtein

from klantreis.errors import ContractError, message

__all__ = ["OneRow"]

Function = Callable[..., Any]
NOT_A_LETTER = r"[^\p{L}]"
WHITE = r"\t\n\f\r "  # what `\s` is to the engines; to Python it is more


class OneRow:
    """Expressions over one table without rows, ready to be computed on rows given one by one.

    Args:
        values: what to compute, by name: columns of an unbound table, or of projections of it.

    Raises:
        ContractError: an expression has an operation that is not known here.

    >>> import ibis
    >>> asked = ibis.table({"town": "string"})
    >>> OneRow({"small": asked["town"].lower()})({"town": "Gent"})
    {'small': 'gent'}
    """

    def __init__(self, values: Mapping[str, ir.Value]) -> None:
        self._places: dict[ops.Node, int] = {}
        self._constants: dict[int, Any] = {}
        self._functions: dict[str, Function] = {}
        self._lines: list[str] = []
        outputs = {name: self._place(value.op()) for name, value in values.items()}
        told = ", ".join(f"{name!r}: v{place}" for name, place in outputs.items())
        known = {f"v{place}": value for place, value in self._constants.items()}
        program = "\n    ".join(["def computed(row):", *self._lines, f"return {{{told}}}"])
        namespace: dict[str, Any] = {**known, **self._functions}
        exec(program, namespace)  # noqa: S102  # made of our own expressions, no input
        self._computed: Callable[[Mapping[str, Any]], dict[str, Any]] = namespace["computed"]

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Compute the values of a row; columns that it lacks are empty."""
        return self._computed(row)

    def _place(self, node: ops.Node) -> int:
        """The number of the value of a node; each node is computed once."""
        if node not in self._places:
            self._places[node] = self._added(node)
        return self._places[node]

    def _added(self, node: ops.Node) -> int:
        if isinstance(node, ops.Alias):
            return self._place(node.arg)
        if isinstance(node, ops.Literal):
            return self._constant(node.value)
        if isinstance(node, ops.Field):
            return self._column(node)
        if isinstance(node, ops.SearchedCase):
            return self._first_case(node)
        function, parts, is_strict = _function(node)
        return self._step(function, [self._place(part) for part in parts], is_strict=is_strict)

    def _column(self, node: ops.Field) -> int:
        match node.rel:
            case ops.Project():
                return self._place(node.rel.values[node.name])
            case ops.DropColumns():
                return self._place(ops.Field(node.rel.parent, node.name))
            case ops.UnboundTable():
                return self._line(f"row.get({node.name!r})")
        raise _unknown(node.rel)

    def _constant(self, value: Any) -> int:
        place = self._next()
        self._constants[place] = value
        return place

    def _line(self, expression: str) -> int:
        place = self._next()
        self._lines.append(f"v{place} = {expression}")
        return place

    def _next(self) -> int:
        return len(self._constants) + len(self._lines)

    def _step(self, function: Function, places: Sequence[int], *, is_strict: bool) -> int:
        """One computation; a strict one is empty as soon as one of its arguments is."""
        if all(place in self._constants for place in places):
            given = [self._constants[place] for place in places]
            return self._constant(None if is_strict and None in given else function(*given))
        name = f"f{self._next()}"
        self._functions[name] = function
        called = f"{name}({', '.join(f'v{place}' for place in places)})"
        asked = [f"v{place} is None" for place in places if place not in self._constants]
        return self._line(f"None if {' or '.join(asked)} else {called}" if is_strict else called)

    def _first_case(self, node: ops.SearchedCase) -> int:
        """Cases of which the condition is known beforehand are decided beforehand."""
        chosen: list[int] = []
        for case, result in zip(node.cases, node.results, strict=True):
            condition = self._place(case)
            if condition in self._constants:
                if not self._constants[condition]:
                    continue
                chosen.append(self._place(result))
                break
            chosen += [condition, self._place(result)]
        else:
            chosen.append(self._place(node.default))
        return chosen[0] if len(chosen) == 1 else self._step(_first_of, chosen, is_strict=False)


def _first_of(*chosen: Any) -> Any:
    for place in range(0, len(chosen) - 1, 2):
        if chosen[place]:
            return chosen[place + 1]
    return chosen[-1]


def _function(node: ops.Node) -> tuple[Function, Sequence[ops.Node], bool]:
    """What computes a node, the nodes that it takes, and whether it is strict."""
    match node:
        case ops.RegexReplace():
            return _replacing(node), [node.arg], True
        case ops.RegexSearch():
            return partial(_is_in, _pattern(node)), [node.arg], True
        case ops.RegexExtract():
            return partial(_extracted, _pattern(node), _value(node.index)), [node.arg], True
        case ops.Cast():
            return (str if node.to.is_string() else int), [node.arg], True
        case ops.InValues():
            options = frozenset(_value(option) for option in node.options)
            return options.__contains__, [node.value], True
        case ops.ArrayContains(arg=ops.StringSplit(arg=ops.Literal() as listed, delimiter=by)):
            told = frozenset(_value(listed).split(_value(by)))
            return told.__contains__, [node.other], True
        case ops.Translate():
            letters = str.maketrans(_value(node.from_str), _value(node.to_str))
            return partial(_translated, letters), [node.arg], True
    parts: list[ops.Node] = []
    for arg in node.args:
        parts += arg if isinstance(arg, tuple) else [] if arg is None else [arg]
    if type(node) in OF_THE_TOLD:
        return OF_THE_TOLD[type(node)], parts, True
    if type(node) in OF_ALL:
        return OF_ALL[type(node)], parts, False
    raise _unknown(node)


def _unknown(node: ops.Node) -> ContractError:
    return ContractError(
        message("This operation cannot be computed on one row", got=type(node).__name__)
    )


def _value(node: Any) -> Any:
    return node.value if isinstance(node, ops.Literal) else node


def _pattern(node: Any) -> re.Pattern[str]:
    """The regular expression as the engines read it."""
    read, is_class = "", False
    for part in re.findall(r"\\.|.", _value(node.pattern), re.DOTALL):
        if part == r"\s":
            read += WHITE if is_class else f"[{WHITE}]"
        elif part == "$" and not is_class:
            read += r"\Z"
        else:
            is_class = part == "[" or (is_class and part != "]")
            read += part
    newlines = re.NOFLAG if isinstance(node, ops.RegexReplace) else re.DOTALL
    return re.compile(read, re.ASCII | newlines)


def _only_letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())


def _replacing(node: ops.RegexReplace) -> Function:
    written, replacement = _value(node.pattern), _value(node.replacement)
    if (written, replacement) == (NOT_A_LETTER, ""):
        return _only_letters  # Python's expressions know no classes of Unicode
    return partial(_pattern(node).sub, replacement)


def _is_in(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def _extracted(pattern: re.Pattern[str], index: int, text: str) -> str:
    found = pattern.search(text)
    return (found[index] or "") if found else ""


def _translated(table: Mapping[int, int], text: str) -> str:
    return text.translate(table)


def _lower(text: str) -> str:
    # The engines know one letter for each letter; Python two for some, and two forms of sigma.
    return text.lower() if text.isascii() else "".join(sign.lower()[0] for sign in text)


def _upper(text: str) -> str:
    if text.isascii():
        return text.upper()
    small = text.replace("ß", "ẞ")
    return "".join(sign if len(sign.upper()) > 1 else sign.upper() for sign in small)


def _part(text: str, start: int, length: int | None = None) -> str:
    return text[start:] if length is None else text[start : start + length]


def _distance(one: str, other: str) -> int:
    # The engine counts bytes.
    return Levenshtein.distance(one.encode(), other.encode())


def _and(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _or(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _least(*values: Any) -> Any:
    return min((value for value in values if value is not None), default=None)


def _greatest(*values: Any) -> Any:
    return max((value for value in values if value is not None), default=None)


OF_THE_TOLD: Mapping[type[ops.Node], Function] = {
    ops.Add: lambda one, other: one + other,
    ops.EndsWith: str.endswith,
    ops.Equals: lambda one, other: one == other,
    ops.ExtractDay: lambda day: day.day,
    ops.ExtractMonth: lambda day: day.month,
    ops.ExtractYear: lambda day: day.year,
    ops.Greater: lambda one, other: one > other,
    ops.GreaterEqual: lambda one, other: one >= other,
    ops.Less: lambda one, other: one < other,
    ops.LessEqual: lambda one, other: one <= other,
    ops.Levenshtein: _distance,
    ops.Lowercase: _lower,
    ops.Multiply: lambda one, other: one * other,
    ops.Not: lambda one: not one,
    ops.NotEquals: lambda one, other: one != other,
    ops.StartsWith: str.startswith,
    ops.StringConcat: lambda *texts: "".join(texts),
    ops.StringContains: lambda text, part: part in text,
    ops.StringLength: len,
    ops.StringReplace: str.replace,
    ops.Substring: _part,
    ops.Uppercase: _upper,
}
OF_ALL: Mapping[type[ops.Node], Function] = {
    ops.And: _and,
    ops.Coalesce: lambda *values: next((value for value in values if value is not None), None),
    ops.Greatest: _greatest,
    ops.IfElse: lambda condition, then, otherwise: then if condition else otherwise,
    ops.IsNull: lambda value: value is None,
    ops.Least: _least,
    ops.NotNull: lambda value: value is not None,
    ops.NullIf: lambda one, other: None if one == other else one,
    ops.Or: _or,
}
