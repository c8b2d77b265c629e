"""Sums over columns: `{Quantity} * {Price} - {Discount?}`."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from klantreis.sources.reading.templates import Reference, parse_template

__all__ = ["Calculation", "calculated", "parse_calculation"]

OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
FUNCTIONS = {"abs": "abs", "smallest": "least", "largest": "greatest"}
HOLE = re.compile(r"\{[^{}]+\}")


@dataclass(frozen=True)
class Calculation:
    """A sum.

    Attributes:
        tree: its syntax, in which `column_0` stands for the first operand.
        operands: the columns; one that is optional counts as nought when it is empty.
    """

    tree: ast.expr
    operands: tuple[Reference, ...]


def parse_calculation(text: str) -> Calculation:
    """Read a sum.

    Raises:
        ValueError: not a sum of numbers, columns, `+ - * /`, `abs`, `smallest` and `largest`.
    """
    operands: list[Reference] = []

    def number(hole: re.Match[str]) -> str:
        operands.extend(parse_template(hole.group()).references)
        return f"column_{len(operands) - 1}"

    try:
        tree = ast.parse(HOLE.sub(number, text), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{text!r}, which is not a sum") from error
    calculation = Calculation(tree, tuple(operands))
    calculated(calculation, ["0"] * len(operands))
    return calculation


def calculated(calculation: Calculation, operands: Sequence[str]) -> str:
    """SQL for the sum over the operands' values; empty when one of them is."""
    return _sql(calculation.tree, operands)


def _sql(node: ast.expr, operands: Sequence[str]) -> str:
    match node:
        case ast.Constant(int() | float() as value):
            return repr(value)
        case ast.Name(name) if name.startswith("column_"):
            return operands[int(name.removeprefix("column_"))]
        case ast.UnaryOp(ast.USub(), operand):
            return f"(-{_sql(operand, operands)})"
        case ast.BinOp(left, operation, right) if type(operation) in OPERATORS:
            sign = OPERATORS[type(operation)]
            return f"({_sql(left, operands)} {sign} {_sql(right, operands)})"
        case ast.Call(ast.Name(name), arguments, []) if name in FUNCTIONS:
            inner = ", ".join(_sql(argument, operands) for argument in arguments)
            return f"{FUNCTIONS[name]}({inner})"
    allowed = f"numbers, {{columns}}, {' '.join(OPERATORS.values())}, {', '.join(FUNCTIONS)}"
    raise ValueError(f"{ast.unparse(node)!r}; allowed in a sum: {allowed}")
