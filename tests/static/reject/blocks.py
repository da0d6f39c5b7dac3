"""R2, R3, R4, R5, R10, R12: blocks that are wrong for some sizes."""

from typing import Generic
from typing import Literal as L

from typed_resnet import Conv2D, Layer, Tensor, relu
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, FloorDiv, H, S, W


class Widening(Layer, Generic[Cin, Cout]):
    """R2: the main path has Cout channels, the shortcut Cin."""

    conv: Conv2D[Cin, Cout, L[3], L[1], L[1]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, H, W]:
        return relu(self.conv(x) + x)  # E: + expects Cout channels, got Cin: at Cin = 1, Cout = 2 they are 2 and 1  [shape]
        # R: + expects 2 on axis 0, got 1


class Shrinking(Layer, Generic[C, S]):
    """R3: the main path is strided, the shortcut is not."""

    conv: Conv2D[C, C, L[3], S, L[1]]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, CeilDiv[H, S], CeilDiv[W, S]]:
        return relu(self.conv(x) + x)  # E: + expects height ⌈H/S⌉, got H: at H = 2, S = 2 they are 1 and 2  [shape]
        # R: + expects 1 on axis 1, got 2


class Unpadded(Layer, Generic[C]):
    """R5: padding 0 where 1 was meant."""

    conv: Conv2D[C, C, L[3], L[1], L[0]]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.conv(x)  # E: returns height H - 2, declared H: at H = 3 they are 1 and 3  [return-value]
        # R: Unpadded[4] returns height 1, declared 3


def swapped(x: Tensor[C, H, W]) -> Tensor[C, W, H]:
    """R4: height and width exchanged."""
    return relu(x)  # E: returns width H, declared W: at H = 1, W = 2 they are 1 and 2  [return-value]
    # R: swapped returns width 1, declared 2


def floor_for_ceiling(
    conv: Conv2D[C, C, L[3], L[2], L[1]], x: Tensor[C, H, W]
) -> Tensor[C, FloorDiv[H, L[2]], CeilDiv[W, L[2]]]:
    """R12: ⌈H/2⌉ is not H//2."""
    return conv(x)  # E: returns height ⌈H/2⌉, declared H//2: at H = 1 they are 1 and 0  [return-value]
    # R: floor_for_ceiling returns height 0, which is less than 1


def wrong_stage(
    first: Widening[L[64], L[128]], second: Widening[L[64], L[256]], x: Tensor[L[64], H, W]
) -> None:
    """R10: the second stage wants what the first one was given."""
    second(first(x))  # E: Widening[64, 256] expects 64 channels, got 128  [shape]
    # R: + expects 128 on axis 0, got 64
