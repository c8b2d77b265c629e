"""The texts of error messages in the source, for the catalogues: what `errors.message` is called with.

A part that is put together (`f"line {number} of {file}"`) becomes a text with holes, by the names of
what fills them (`line %(number)s of %(file)s`). Parts without words of ours - a name, a value, what a
library says - are left out, and stay as they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["error_texts"]

HOLE = re.compile(r"%\(\w+\)s")
LETTER = re.compile(r"[^\W\d_]")


def error_texts(source: Path) -> Iterator[tuple[str, str]]:
    """Each text with the file where it stands, relative to the source."""
    for file in sorted(source.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = _constants(tree)
        shown = file.relative_to(source).as_posix()
        for part in _parts(tree):
            for text in _texts(part, constants):
                if is_told(text):
                    yield text, shown


def is_told(text: str) -> bool:
    """Whether a text has words to tell: it is no bare name, nor two values with `of` between them."""
    letters = len(LETTER.findall(HOLE.sub("", text)))
    return " " in text and letters > (5 if text.startswith("%(") else 2)


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """What names at the top of a module stand for."""
    return {
        one.targets[0].id: one.value
        for one in tree.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }


def _parts(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "message":
            yield from node.args
            yield from (keyword.value for keyword in node.keywords)
        if isinstance(node, ast.Call) and _name(node.func) in ("FieldError", "RuleError"):
            yield from node.args[1:]


def _texts(part: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    match part:
        case ast.Constant(value=str(text)):
            yield text.replace("%", "%%")
        case ast.JoinedStr(values=pieces):
            yield _with_holes(pieces)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, constants)
            yield from _texts(other, constants)
        case ast.BoolOp(values=ones):
            for one in ones:
                yield from _texts(one, constants)
        case ast.Name(id=name) if name in constants:
            yield from _texts(constants[name], {})


def _with_holes(pieces: list[ast.expr]) -> str:
    text, taken = "", set[str]()
    for piece in pieces:
        if isinstance(piece, ast.Constant):
            text += str(piece.value).replace("%", "%%")
        else:
            assert isinstance(piece, ast.FormattedValue)
            name = _hole(piece.value)
            while name in taken:
                name += "_too"
            taken.add(name)
            text += f"%({name})s"
    return text


def _hole(value: ast.expr) -> str:
    """The last name in what fills a hole: `file` of `self.file`, `allowed` of `", ".join(allowed)`."""
    match value:
        case ast.Name(id=name):
            return name.strip("_").lower()
        case ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Call(args=[first, *_]) if not isinstance(first, ast.Constant):
            return _hole(first)
        case ast.Call(func=function):
            return _hole(function)
        case ast.Subscript(value=inner) | ast.GeneratorExp(elt=inner):
            return _hole(inner)
        case _:
            return "value"


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
