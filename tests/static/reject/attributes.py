"""Layers that are named by a text, one for another, or by a text that is made up."""

from typing import Generic
from typing import Literal as L

from typed_resnet import Conv2D, Layer, Tensor, relu
from typed_resnet.dims import B, C, Cin, Cout, H, Mul, W
from typed_resnet.ops import concat


class Pair(Layer, Generic[Cin, Cout]):
    conv1: Conv2D[Cin, Cout, L[3], L[1], L[1]]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, H, W]:
        return self.conv2(self.conv1(x))


def one_for_another(pair: Pair[Cin, Cout], x: Tensor[Cin, H, W]) -> None:
    getattr(pair, "conv2")(x)  # noqa: B009  # E: Conv2D[Cout, Cout, 3, 1, 1] expects Cout channels, got Cin: at Cin = 1, Cout = 2 they are 2 and 1  [shape]
    # R: Conv2D[2, 2, 3, 1, 1] expects 2 channels, got 1


def made_up(pair: Pair[L[3], L[3]], x: Tensor[L[3], H, W]) -> Tensor[L[3], H, W]:
    for place in (1, 2):
        x = getattr(pair, f"conv{place}")(x)  # E: getattr of Pair is of unknown sizes, for its name is not known here  [shape-unknown]
    return x


def made_up_if_given(
    pair: Pair[L[3], L[3]] | None, x: Tensor[L[3], H, W]
) -> Tensor[L[3], H, W]:
    for place in (1, 2):
        x = getattr(pair, f"conv{place}")(x)  # E: getattr of Pair is of unknown sizes, for its name is not known here  [shape-unknown]
    return x


def made_up_of_either(pair: Pair[C, C] | Pair[C, L[8]], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    for place in (1, 1):
        x = getattr(pair, f"conv{place}")(x)  # E: getattr of Pair is of unknown sizes, for its name is not known here  [shape-unknown]
    return x


class Ops:
    """All sizes are in its methods."""

    def double(self, x: Tensor[C, H, W]) -> Tensor[Mul[L[2], C], H, W]:
        return concat(x, x, axis=-3)

    @staticmethod
    def same2(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
        return relu(x)


class Statics:
    @staticmethod
    def same2(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
        return relu(x)


def method_by_name(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return getattr(Ops(), "double")(x)  # noqa: B009  # E: returns 2*C channels, declared C: at C = 1 they are 2 and 1  [return-value]
    # R: method_by_name returns 2 channels, declared 1


def method_made_up(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    for place in (2, 2):
        x = getattr(Ops(), f"same{place}")(x)  # E: getattr of Ops is of unknown sizes, for its name is not known here  [shape-unknown]
    return x


def static_made_up(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    for place in (2, 2):
        x = getattr(Statics(), f"same{place}")(x)  # E: getattr of Statics is of unknown sizes, for its name is not known here  [shape-unknown]
    return x
