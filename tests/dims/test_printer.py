"""Printed sizes: short, and read back as what they are."""

import ast
import random

import pytest

from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.printer import show
from typed_resnet.dims.term import Operation, Symbol, Term, Undefined

from .letters import C, H, K, P, S, W, add, ceil, div, exact, least, most, mul, sub, window
from .random_terms import SYMBOLS, random_term

_OPERATORS = {
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


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (ceil(H, 2), "⌈H/2⌉"),
        (ceil(add(H, 1), mul(2, S)), "⌈(H + 1)/(2*S)⌉"),
        (div(H, 2), "H//2"),
        (div(add(H, 1), 2), "(H + 1)//2"),
        (div(mul(3, H), 2), "(3*H)//2"),
        (mul(3, div(H, 2)), "3*(H//2)"),
        (mul(div(H, 2), 3), "(H//2)*3"),
        (mul(C, H, W), "C*H*W"),
        (mul(C, mul(H, W)), "C*(H*W)"),
        (sub(H, sub(W, 1)), "H - (W - 1)"),
        (exact(C, 4), "C/4"),
        (exact(add(C, 1), 4), "(C + 1)/4"),
        (least(H, W, 3), "min(H, W, 3)"),
        (window(H, K, S, P), "(H + 2*P - K)//S + 1"),
        (window(H, K, S, 0), "(H - K)//S + 1"),
        (mul(-1, H), "-H"),
        (mul(2, add(H, 1)), "2*(H + 1)"),
        (-3, "-3"),
    ],
)
def test_text(term: Term, text: str) -> None:
    assert show(term) == text


def test_every_form_is_read_back() -> None:
    rng = random.Random(20)
    for _ in range(400):
        term = random_term(rng, SYMBOLS, depth=3)
        try:
            form = normal_form(term)
        except Undefined:
            continue
        assert normal_form(read(show(form))) == form
