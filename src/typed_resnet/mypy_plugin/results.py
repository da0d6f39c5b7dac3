"""Put the results of calls into normal form; say where a higher-order function loses sizes.

`map(conv, xs)` fires no hook for `conv`: mypy matches the sizes on its own, and where it cannot,
puts Any for them and says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mypy.plugin import FunctionContext, MethodContext
from mypy.types import CallableType, FunctionLike, Instance, Type, get_proper_type

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.sentences import lost
from typed_resnet.mypy_plugin.classes import is_tensor
from typed_resnet.mypy_plugin.codes import SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.queries import holds_error, instances
from typed_resnet.mypy_plugin.translate import Reader

Hook = Callable[[FunctionContext], Type] | Callable[[MethodContext], Type]

HIGHER_ORDER: Final = frozenset(
    {"builtins.map", "functools.partial", "functools.reduce", "itertools.starmap"}
)
"""What calls a function that it is given, and so matches sizes without our help."""


def finish(
    fullname: str,
    context: FunctionContext | MethodContext,
    result: Type,
    normalize: Callable[[Type], Type],
    strict: bool,
) -> Type:
    """Normalize the sizes in the result of a call; in strict mode report one that it lost."""
    if strict and fullname in HIGHER_ORDER and not holds_error(result):
        unknown = _unknown_shape(result)
        given = (typ for argument in context.arg_types for typ in argument)
        if unknown is not None and not any(map(_unknown_shape, given)):
            name = fullname.rpartition(".")[2]
            context.api.fail(lost(name, unknown), context.context, code=SHAPE_UNKNOWN)
    normal = normalize(result)
    if normal is result or any(_is_callable(t) for given in context.arg_types for t in given):
        # mypy compares the result with what a function among the arguments is declared to return.
        return result
    return normal


def _is_callable(typ: Type) -> bool:
    proper = get_proper_type(typ)
    if isinstance(proper, Instance):
        return proper.type.get("__call__") is not None
    return isinstance(proper, FunctionLike) and not proper.is_type_obj()


def named_type(context: FunctionContext) -> Type:
    """Give `cast` the very type it names: mypy's inference puts Any for its symbols."""
    for hint in context.arg_types[0]:
        named = get_proper_type(hint)
        if isinstance(named, CallableType) and named.is_type_obj():
            return named.ret_type
    return context.default_return_type


def _unknown_shape(typ: Type) -> tuple[Axis, ...] | None:
    """Find a shape in a type that has an unknown size."""
    if isinstance(get_proper_type(typ), CallableType):
        return None  # its own axes are matched when it is called
    for instance in instances(typ):
        if is_tensor(instance.type):
            axes = Reader().axes(instance.args)
            if None in axes or Star(None) in axes:
                return axes
    return None
