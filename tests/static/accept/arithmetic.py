"""A6, A9, A10, A14: sizes that are equal only by arithmetic."""

from typing import Generic, TypeVar, assert_type
from typing import Literal as L

from typed_resnet import Conv2D, Layer, Linear, Tensor, relu
from typed_resnet.dims import (
    Add,
    B,
    C,
    CeilDiv,
    Cin,
    Cout,
    ExactDiv,
    FloorDiv,
    H,
    Max,
    Min,
    Mul,
    N,
    Sub,
    W,
)

Classes = TypeVar("Classes", bound=int)


class Narrow(Layer, Generic[Cin, Cout]):
    """A6: a bottleneck without its norms; 4 must divide Cout."""

    reduce: Conv2D[Cin, ExactDiv[Cout, L[4]], L[1], L[1], L[0]]
    inner: Conv2D[ExactDiv[Cout, L[4]], ExactDiv[Cout, L[4]], L[3], L[1], L[1]]
    widen: Conv2D[ExactDiv[Cout, L[4]], Cout, L[1], L[1], L[0]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, H, W]:
        return self.widen(relu(self.inner(relu(self.reduce(x)))))


def narrow_with_numbers(layer: Narrow[L[64], L[256]], x: Tensor[L[64], H, W]) -> None:
    assert_type(layer.inner, Conv2D[L[64], L[64], L[3], L[1], L[1]])
    assert_type(layer(x), Tensor[L[256], H, W])


def upper_half(x: Tensor[C, H, W]) -> Tensor[C, Sub[H, FloorDiv[H, L[2]]], W]:
    """Keep the upper rows, the middle one included."""
    return Tensor(x.array[:, : (x.array.shape[1] + 1) // 2])


def half_is_the_rest_of_half(x: Tensor[C, H, W]) -> Tensor[C, CeilDiv[H, L[2]], W]:
    """A9: H - H//2 is ⌈H/2⌉."""
    return upper_half(x)


def crop(x: Tensor[C, Add[H, L[2]], Add[W, L[2]]]) -> Tensor[C, H, W]:
    """Leave out the border."""
    return Tensor(x.array[:, 1:-1, 1:-1])


def crop_solves(x: Tensor[C, L[9], L[12]], conv: Conv2D[C, C, L[3], L[1], L[2]]) -> None:
    """A10: H + 2 = 9 makes H 7; what a padding of 2 adds, the crop takes away."""
    assert_type(crop(x), Tensor[C, L[7], L[10]])
    assert_type(crop(conv(x)), Tensor[C, L[9], L[12]])


def crop_of_padded(conv: Conv2D[C, C, L[3], L[1], L[2]], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return crop(conv(x))


def flatten(x: Tensor[*B, C, H, W]) -> Tensor[*B, Mul[C, Mul[H, W]]]:
    """Put the pixels of an image in a row."""
    *batch, c, h, w = x.array.shape
    return Tensor(x.array.reshape(*batch, c * h * w))


def classify(
    fc: Linear[Mul[Mul[H, W], C], Classes], x: Tensor[*B, C, H, W]
) -> Tensor[*B, Classes]:
    """A14: C*(H*W) features are (H*W)*C features."""
    return fc(flatten(x))


def flatten_with_numbers(fc: Linear[L[2400], L[10]], x: Tensor[L[6], L[20], L[20]]) -> None:
    assert_type(flatten(x), Tensor[L[2400]])
    assert_type(fc(flatten(x)), Tensor[L[10]])


def nested_halves(x: Tensor[C, FloorDiv[FloorDiv[H, L[2]], L[2]], W]) -> None:
    assert_type(relu(x), Tensor[C, FloorDiv[H, L[4]], W])


def larger_and_smaller(x: Tensor[Max[Cin, Cout], Min[Cin, Cout], W]) -> None:
    assert_type(relu(x), Tensor[Max[Cout, Cin], Min[Cout, Cin], W])


def by_heads(x: Tensor[C, W], heads: N) -> Tensor[N, ExactDiv[C, N], W]:
    """Say which channels are of which head."""
    return Tensor(x.array.reshape(heads, -1, x.array.shape[1]))


def together(x: Tensor[N, C, W]) -> Tensor[Mul[N, C], W]:
    """Forget the heads."""
    return Tensor(x.array.reshape(-1, x.array.shape[2]))


def heads_leave_no_trace(x: Tensor[C, W], heads: N) -> Tensor[C, W]:
    """N times C/N is C."""
    return together(by_heads(x, heads))


def four_heads_of_32_channels(x: Tensor[L[32], W]) -> None:
    """That 4 divides 32 is seen, and the quotient is a number."""
    assert_type(by_heads(x, 4), Tensor[L[4], L[8], W])
