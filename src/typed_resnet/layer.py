"""What makes a class a layer, or a record of gradients."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any, Self, dataclass_transform

from typed_resnet import runtime
from typed_resnet.differentiable import Trace, joined, trace_of
from typed_resnet.dims.operators import literal_hint
from typed_resnet.kernels.pending import within_derivative, within_layer


class _TraceOfFields:
    """The trace that a record's tensors carry, looked for once, as a record never changes."""

    def __get__(self, record: object, owner: type) -> Trace | None:
        if not dataclasses.is_dataclass(record) or isinstance(record, type):
            return None
        held = (getattr(record, field.name, None) for field in dataclasses.fields(record))
        found = trace_of(held)
        vars(record)["__trace__"] = found
        return found


@dataclass_transform(frozen_default=True)
class Record:
    """Tensors, records and ints under names, whose sizes are the class's type parameters.

    A subclass is made a frozen dataclass, and each of its methods, construction included, is
    checked at run time against its own signature (see `typed`). Gradients are records too.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        made = "__init__" not in vars(cls)
        dataclasses.dataclass(init=made, frozen=True, eq=False, repr=False)(cls)
        runtime.typed(cls)

    __trace__ = _TraceOfFields()

    def parts(self) -> Iterator[tuple[str, object]]:
        """Name what the record holds."""
        for field in dataclasses.fields(self):  # type: ignore[arg-type]  # every subclass is one
            yield field.name, getattr(self, field.name)

    def with_parts(self, parts: Mapping[str, object]) -> Self:
        """Make a record like this one of other parts, under the same names."""
        return type(self)(**parts)

    def __repr__(self) -> str:
        return runtime.printed_type(self)

    if not TYPE_CHECKING:

        def __class_getitem__(cls, arguments):
            arguments = arguments if isinstance(arguments, tuple) else (arguments,)
            return super().__class_getitem__(tuple(map(literal_hint, arguments)))


class State(Record):
    """What a layer holds besides its parameters: statistics, tables, constants.

    No gradient flows into it, and no optimiser moves it.
    """


class Layer(Record):
    """A record of tensors, layers and ints, whose `__call__` states its shape rule.

        class Smooth(Layer, Generic[C]):
            conv: Conv2D[C, C, L[3], L[1], L[1]]

            def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
                return relu(self.conv(x))

    `Smooth(conv)` makes one, and `smooth(x)` is typed, and checked, by that signature alone.

    A layer that also states `vjp`, beside its `__call__`, is differentiated by it; any other, by
    what it is made of.
    """

    def __init_subclass__(cls) -> None:
        stated = dict(vars(cls))
        call, derivative = stated.get("__call__"), stated.get("vjp")
        made: dict[FunctionType, Callable[..., Any]] = {}
        if isinstance(call, FunctionType):
            whole = within_layer(call)
            made[call] = whole if derivative is None else joined(whole, lambda: made[derivative])
        if isinstance(derivative, FunctionType):
            made[derivative] = within_derivative(derivative)
        for name, value in stated.items():
            if isinstance(value, FunctionType) and value in made:
                setattr(cls, name, made[value])  # `forward = __call__` is one function
        super().__init_subclass__()
