"""What a checker says an expression is, as an editor shows it on hover."""

from typing import Generic, reveal_type
from typing import Literal as L

from typed_resnet import (
    Conv2D,
    Layer,
    Linear,
    MaxPool2D,
    ResNetBlock,
    Tensor,
    global_avg_pool2d,
    relu,
)
from typed_resnet.dims import B, C, Cin, Cout, H, S, W


def of_numbers(
    conv: Conv2D[L[3], L[64], L[7], L[2], L[3]],
    pool: MaxPool2D[L[2], L[2], L[0]],
    x: Tensor[L[8], L[3], L[224], L[224]],
) -> None:
    reveal_type(conv(x))
    reveal_type(pool(x))


class OfSymbols(Layer, Generic[Cin, Cout, S]):
    block: ResNetBlock[Cin, Cout, S]
    same: Conv2D[Cout, Cout, L[5], L[1], L[2]]
    head: Linear[Cout, L[10]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, L[10]]:
        y = self.block(x)
        reveal_type(self.same.kernel)
        reveal_type(y)
        reveal_type(self.same(relu(y)))
        return self.head(global_avg_pool2d(y))


def unpacked(x: Tensor[C, H, W]) -> None:
    channels, _, _ = x.shape
    reveal_type(channels)
