"""Layers that are named by a text, one for another, or by a text that is made up."""

from typing import Generic
from typing import Literal as L

from typed_resnet import Conv2D, Layer, Tensor
from typed_resnet.dims import B, Cin, Cout, H, W


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
