"""What a call brings for the arguments of a function, and what stands for those it leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from mypy.nodes import ARG_POS, CallExpr, Expression, FuncDef
from mypy.types import CallableType

from typed_resnet.summary.body import Body


def passed(call: CallExpr, names: Sequence[str]) -> dict[str, Expression]:
    """Say which name each argument is passed for; what `*` and `**` pass is left out."""
    passed: dict[str, Expression] = {}
    for place, (argument, kind) in enumerate(zip(call.args, call.arg_kinds, strict=True)):
        name = call.arg_names[place]
        if name is not None:
            passed[name] = argument
        elif kind != ARG_POS:
            break
        elif place < len(names):
            passed[names[place]] = argument
    return passed


def names_of(function: FuncDef) -> list[str]:
    return [argument.variable.name for argument in function.arguments]


def defaults(function: FuncDef) -> dict[str, object]:
    """Say what the arguments stand for that a call leaves out."""
    return {
        argument.variable.name: Body({}).value(argument.initializer)
        for argument in function.arguments
        if argument.initializer is not None
    }


def signature_of(function: FuncDef) -> CallableType:
    assert isinstance(function.type, CallableType)
    return function.type
