"""Shapes with another number of elements; and what does not stretch."""

from typing import Literal as L
from typing import TypeVar, TypeVarTuple

from typed_resnet import Conv2D, Linear, Tensor
from typed_resnet.dims import CHECKED, B, C, Equal, H, Mul, N, Product, S, W
from typed_resnet.ops import broadcast_to, reshape

G = TypeVar("G", bound=int)
Shape = TypeVarTuple("Shape")


def reshape_that_drops_an_axis(x: Tensor[N, C, H, W]) -> None:
    n, c, h, w = x.shape
    reshape(x, n, c * h)  # E: reshape expects C*H*N*W elements, got C*H*N: at C = 1, H = 1, N = 1, W = 2 they are 2 and 1  [shape]
    # R: reshape expects 2 elements, got 1


def numbers(x: Tensor[L[2], L[3], L[4]]) -> None:
    reshape(x, 6, 5)  # E: reshape expects 24 elements, got 30  [shape]


def squared(x: Tensor[*B, C, H, W]) -> None:
    c, h, w = x.shape[-3:]
    reshape(x, *x.shape[:-3], c, h * h)  # E: reshape expects C*H*W*∏B elements, got C*H*H*∏B: at C = 1, H = 1, W = 2 they are 2 and 1  [shape]
    # R: reshape expects 2 elements, got 1


def inferred(x: Tensor[C, H]) -> None:
    reshape(x, -1)  # E: reshape expects axis 0 ≥ 0, got -1  [shape-range]


def turned(x: Tensor[C, H, W]) -> Tensor[C, W, H]:
    """It reshapes where it means to transpose, and to the wrong shape at that."""
    c, h, w = x.shape
    return reshape(x, c, h, w)  # E: returns width H, declared W: at H = 1, W = 2 they are 1 and 2  [return-value]
    # R: turned returns width 1, declared 2


def _flatten(x: Tensor[N, *Shape]) -> Tensor[N, Product[*Shape]]:
    n, *others = x.shape
    return Tensor(x.array.reshape(n, -1))


def linear_of_rows(linear: Linear[Mul[C, H], L[10]], x: Tensor[N, C, H, W]) -> None:
    """It is sized C·H after a flatten of C·H·W."""
    linear(_flatten(x))  # E: Linear[C*H, 10] expects C*H features, got C*H*W: at C = 1, H = 1, W = 2 they are 1 and 2  [shape]
    # R: Linear[1, 10] expects 1 feature, got 2


def linear_of_8_rows(
    conv: Conv2D[L[3], L[8], L[3], L[2], L[1]],
    linear: Linear[Mul[L[8], L[4]], L[10]],
    x: Tensor[N, L[3], L[8], L[8]],
) -> None:
    linear(_flatten(conv(x)))  # E: Linear[32, 10] expects 32 features, got 128  [shape]


def _split(
    x: Tensor[*B, C], groups: G, size: S, where: Equal[Mul[G, S], C] = CHECKED
) -> Tensor[*B, G, S]:
    return Tensor(x.array.reshape(*x.array.shape[:-1], groups, size))


def own_condition(x: Tensor[N, L[12]]) -> None:
    _split(x, 3, 5)  # E: _split expects G*S = C, got 15 and 12  [shape]


def bias_of_channels(x: Tensor[N, C, H, W], b: Tensor[C]) -> None:
    x + b  # E: + expects [N, C, H, W], got [C] (only broadcast_to stretches)  [shape]
    # R: + expects [2, 4, 9, 7], got [4] (only broadcast_to stretches)


def scale_of_one_row(x: Tensor[*B, H, W], scale: Tensor[*B, L[1], W]) -> None:
    x * scale  # E: * expects height H, got 1: at H = 2 they are 2 and 1  [shape]
    # R: * expects 2 on axis 0, got 1


def bias_of_rows(x: Tensor[C, H, W], b: Tensor[C]) -> None:
    """A bias of channels stretches along rows where it is not told otherwise."""
    x + broadcast_to(b, *x.shape)  # E: broadcast_to expects 1 or W on axis -1, got C: at C = 2, W = 1 they are 1 and 2  [shape]
    # R: broadcast_to expects 1 on axis -1, got 2


def two_rows(x: Tensor[C, L[2], W]) -> None:
    broadcast_to(x, 3, 4, 5)  # E: broadcast_to expects 1 or 5 on axis -1, got W: at W = 2 they are 5 and 2  [shape]
    # R: broadcast_to expects 1 or 5 on axis -1, got 2


def fewer_axes(x: Tensor[C, H]) -> None:
    c, h = x.shape
    broadcast_to(x, h)  # E: broadcast_to expects a shape that stretches to [H], got [C, H]  [shape]
    # R: broadcast_to expects a shape that stretches to [9], got [4, 9]


def shape_in_one(x: Tensor[C, H, W], y: Tensor[H, W]) -> Tensor[C, H, W]:
    """That it is no size is all that is said; it is unpacked, `*x.shape`, in the accepted ones."""
    return broadcast_to(y, x.shape)  # E: Argument 2 to "broadcast_to" has incompatible type "tuple[C, H, W]"; expected "int"  [arg-type]
    # R: Call of broadcast_to, argument sizes: value (4, 9, 7) violates type hint <class 'int'>, as tuple (4, 9, 7) not instance of int.
