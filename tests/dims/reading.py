"""Printed sizes, read back."""

import ast
from typing import Final

from typed_resnet.dims.term import Operation, Symbol, Term

from .letters import ceil, least, most, mul

_OPERATORS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "Add",
    ast.Sub: "Sub",
    ast.Mult: "Mul",
    ast.FloorDiv: "FloorDiv",
    ast.Div: "ExactDiv",
}


def read(text: str) -> Term:
    """Read a printed size: Python, with ⌈a/b⌉."""
    return _read(ast.parse(text.replace("⌈", "ceil(").replace("⌉", ")"), mode="eval").body)


def _read(node: ast.expr) -> Term:
    match node:
        case ast.Constant(int(value)):
            return value
        case ast.Name(name):
            return Symbol(name, 0 if name == "P" else 1)
        case ast.UnaryOp(ast.USub(), operand):
            return mul(-1, _read(operand))
        case ast.BinOp(left, operator, right):
            return Operation(_OPERATORS[type(operator)], (_read(left), _read(right)))
        case ast.Call(ast.Name("ceil"), [ast.BinOp(left, ast.Div(), right)]):
            return ceil(_read(left), _read(right))
        case ast.Call(ast.Name(name), arguments):
            return (least if name == "min" else most)(*map(_read, arguments))
    raise ValueError(ast.dump(node))
