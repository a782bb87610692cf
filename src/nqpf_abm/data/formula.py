"""Arithmetic over named columns, as an indicator file writes it: ``rd_expenditure / gdp``.

Only names, numbers, ``+ - * / **``, a leading minus and parentheses are understood, so that a file from
somebody else can compute but not do anything.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field

_BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_LONGEST = 500


@dataclass(frozen=True)
class Formula:
    """A checked expression. Called with arrays (or floats) by name it returns the value, elementwise.

    Where a division by zero or a root of a negative number leaves no number, the result is NaN or infinite
    for arrays.
    """

    text: str
    names: tuple[str, ...]
    """Variables it needs, in order of first appearance."""
    _tree: ast.expr = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Formula:
        """The formula written in `text`; ValueError says what in it is not arithmetic over names."""
        if not isinstance(text, str):
            raise ValueError(f"{text!r} is not text; write the expression in quotes")
        if len(text) > _LONGEST:
            raise ValueError(f"{text[:40]!r}... is longer than {_LONGEST} characters")
        try:
            tree = ast.parse(text.strip(), mode="eval").body
            names = tuple(dict.fromkeys(_names(tree)))
        except SyntaxError as error:
            raise ValueError(f"{text!r} is not an expression ({error.msg})") from None
        except _NotArithmetic:
            raise
        except (RecursionError, MemoryError, ValueError) as error:
            # how ast refuses null characters, digits without end and towers of parentheses
            raise ValueError(f"{text[:40]!r} is not an expression ({error})") from None
        if not names:
            raise ValueError(f"{text!r} names no variable")
        return cls(text, names, tree)

    def __call__(self, values: Mapping):
        return _evaluate(self._tree, values)

    def __str__(self) -> str:
        return self.text


class _NotArithmetic(ValueError):
    pass


def _names(node: ast.expr) -> list[str]:
    """Names in the tree from left to right; refuses every node that is not arithmetic."""
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _names(node.left) + _names(node.right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _names(node.operand)
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        try:
            finite = math.isfinite(float(node.value))
        except OverflowError:
            finite = False
        if finite:
            return []
    raise _NotArithmetic(
        f"{ast.unparse(node)[:60]!r} is not allowed; use names, numbers, + - * / **, minus and parentheses"
    )


def _evaluate(node: ast.expr, values: Mapping):
    if isinstance(node, ast.BinOp):
        return _BINARY[type(node.op)](_evaluate(node.left, values), _evaluate(node.right, values))
    if isinstance(node, ast.UnaryOp):
        return -_evaluate(node.operand, values)
    if isinstance(node, ast.Name):
        return values[node.id]
    return float(node.value)
