"""Arithmetic over named columns, as an indicator file writes it: ``rd_expenditure / gdp``.

Only names, numbers, ``+ - * / **``, a leading minus and parentheses are understood, so that a file from
somebody else can compute but not do anything.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import CodeType

_BINARY = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
_NOTHING = {"__builtins__": {}}
"""What a formula can name besides its variables."""
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
    _code: CodeType = field(repr=False, compare=False)

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
        return cls(text, names, compile(ast.Expression(_in_floats(tree)), text, "eval"))

    def __call__(self, values: Mapping):
        try:
            return eval(self._code, _NOTHING, values)
        except NameError as error:
            raise KeyError(error.name) from None

    def __reduce__(self):
        return Formula.parse, (self.text,)

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
    if isinstance(node, ast.Name) and not node.id.startswith("__"):  # __debug__ is no variable
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


def _in_floats(node: ast.expr) -> ast.expr:
    """The checked tree with every number as a float."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant):
            part.value = float(part.value)
    return node
