"""Layers that are named by a text: `getattr(self, "conv1")` is self.conv1."""

from typing import Final, Generic, assert_type
from typing import Literal as L

from typed_resnet import Conv2D, Layer, Tensor, relu
from typed_resnet.dims import B, C, Cin, Cout, H, Mul, W
from typed_resnet.ops import concat

LAST: Final = "conv2"


class Pair(Layer, Generic[Cin, Cout]):
    conv1: Conv2D[Cin, Cout, L[3], L[1], L[1]]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, H, W]:
        y = relu(getattr(self, "conv1")(x))  # noqa: B009 -- what is judged
        assert_type(y, Tensor[*B, Cout, H, W])
        return relu(getattr(self, LAST)(y))


def _one(pair: Pair[C, C], name: L["conv1", "conv2"], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return relu(getattr(pair, name)(x))


def either(pair: Pair[C, C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return _one(pair, "conv1", x) + _one(pair, "conv2", x)


def if_there(pair: Pair[Cin, Cout]) -> None:
    assert_type(getattr(pair, "conv1", None), Conv2D[Cin, Cout, L[3], L[1], L[1]] | None)


def if_given(pair: Pair[C, C] | None, x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return relu(getattr(pair, "conv1")(x))  # noqa: B009 -- what is judged


def of_either(pair: Pair[C, L[8]] | Pair[C, L[16]], x: Tensor[C, H, W]) -> None:
    y = getattr(pair, "conv1")(x)  # noqa: B009 -- what is judged
    assert_type(y, Tensor[L[8], H, W] | Tensor[L[16], H, W])


class Ops:
    """All sizes are in its methods."""

    name: str = "ops"

    def double(self, x: Tensor[C, H, W]) -> Tensor[Mul[L[2], C], H, W]:
        return concat(x, x, axis=-3)

    @staticmethod
    def same(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
        return relu(x)


def method_by_name(x: Tensor[C, H, W]) -> Tensor[Mul[L[2], C], H, W]:
    ops = Ops()
    return getattr(ops, "double")(getattr(ops, "same")(x))  # noqa: B009 -- what is judged


def text_by_name(place: int) -> str:
    """Where no sizes are wanted, any name will do."""
    text: str = getattr(Ops(), f"name{place}", "none")
    return text
