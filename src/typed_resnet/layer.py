"""What makes a class a layer, or a record of gradients."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, dataclass_transform

from typed_resnet import runtime
from typed_resnet.dims.operators import literal_hint


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

    def __repr__(self) -> str:
        return runtime.printed_type(self)

    if not TYPE_CHECKING:

        def __class_getitem__(cls, arguments):
            arguments = arguments if isinstance(arguments, tuple) else (arguments,)
            return super().__class_getitem__(tuple(map(literal_hint, arguments)))


class Layer(Record):
    """A record of tensors, layers and ints, whose `__call__` states its shape rule.

        class Smooth(Layer, Generic[C]):
            conv: Conv2D[C, C, L[3], L[1], L[1]]

            def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
                return relu(self.conv(x))

    `Smooth(conv)` makes one, and `smooth(x)` is typed, and checked, by that signature alone.
    """
