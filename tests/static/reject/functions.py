"""The library's functions and constructors, called with what does not fit them."""

from typing import Any, Generic, Protocol
from typing import Literal as L

import numpy as np

from typed_resnet import (
    BottleneckBlock,
    Conv2D,
    Layer,
    Linear,
    Tensor,
    cast,
    pad_channels,
    relu,
    resnet18,
    typed,
)
from typed_resnet.dims import B, C, Cin, Cout, ExactDiv, H, N, W
from typed_resnet.dims.term import Operation, evaluate
from typed_resnet.layers import fit, global_avg_pool2d, subsample
from typed_resnet.models import Projection, ResNet, resnet18_config


def two_axes(x: Tensor[H, W]) -> None:
    fit(x, 3)  # E: fit expects [*B, Cin, H, W], got [H, W]  [shape]
    # R: fit expects [*B, Cin, H, W], got [9, 7]


def no_image(x: Tensor[L[3], L[4]]) -> None:
    global_avg_pool2d(x)  # E: global_avg_pool2d expects [*B, C, H, W], got [3, 4]  [shape]


def no_channels_to_fit(x: Tensor[Cin, H, W]) -> None:
    fit(x, 0)  # E: fit expects channels ≥ 1, got 0  [shape-range]


def no_channels_to_pad(x: Tensor[Cin, H, W]) -> None:
    pad_channels(x, 0)  # E: pad_channels expects channels ≥ 1, got 0  [shape-range]


def no_stride(x: Tensor[Cin, H, W]) -> None:
    subsample(x, 0)  # E: subsample expects stride ≥ 1, got 0  [shape-range]


def no_channels_of_a_network() -> None:
    resnet18(0, 10)  # E: resnet18 expects in_channels ≥ 1, got 0  [shape-range]


def no_classes_of_a_network() -> None:
    ResNet.init(None, resnet18_config, 3, 0)  # E: ResNet.init expects classes ≥ 1, got 0  [shape-range]


def no_channels_of_a_projection() -> None:
    Projection.init(None, 3, 0, 1)  # E: Projection.init expects out_channels ≥ 1, got 0  [shape-range]


def negative_padding(rng: np.random.Generator) -> None:
    Conv2D.init(rng, 3, 4, 3, padding=-1)  # E: Conv2D.init expects padding ≥ 0, got -1  [shape-range]


def quarter_of_6_channels() -> None:
    BottleneckBlock.init(None, 64, 6)  # E: BottleneckBlock: 4 does not divide 6  [shape-range]
    # R: BottleneckBlock: 4 does not divide 6


def opaque(x: Tensor[*B, L[3], H, W]) -> Tensor[*B, L[4], H, W]:
    """The axis is counted from the right, as *B may be any number of axes."""
    return relu(x)  # E: returns 3 on axis -3, declared 4  [return-value]
    # R: opaque returns 3 on axis -3, declared 4


def reduced(
    conv: Conv2D[Cin, ExactDiv[Cout, L[4]], L[1], L[1], L[0]], x: Tensor[Cin, H, W], width: Cout
) -> Tensor[ExactDiv[Cout, L[4]], H, W]:
    return conv(x)


def width_6_of_a_quarter(conv: Conv2D[L[3], L[1], L[1], L[1], L[0]], x: Tensor[L[3], H, W]) -> None:
    reduced(conv, x, 6)  # E: reduced: 4 does not divide 6  [shape]


def shared(x: Tensor[C, H, W], heads: N) -> Tensor[ExactDiv[C, N], H, W]:
    """Keep the channels of the first head."""
    return Tensor(x.array[: evaluate(Operation("ExactDiv", (len(x.array), heads)), {})])


def five_heads_of_32_channels(x: Tensor[L[32], H, W]) -> None:
    shared(x, 5)  # E: shared: 5 does not divide 32  [shape-range]
    # R: shared: 5 does not divide 32


def the_symbols_of_the_function_around(x: Tensor[C, H], y: Tensor[C, W]) -> None:
    @typed
    def add(z: Tensor[C, H]) -> Tensor[C, H]:
        return z + x

    add(y)  # E: add expects height H, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: add expects height 1, got 2


def cast_to_other_numbers(x: Tensor[N, L[3]]) -> None:
    cast(Tensor[N, L[4]], x)  # E: cast expects 4 on axis 1, got 3  [shape]


def cast_to_other_numbers_behind_any(x: Tensor[*B, L[3], L[5]]) -> None:
    cast(Tensor[*B, L[3], L[4]], x)  # E: cast expects 4 on axis -1, got 5  [shape]


def cast_to_another_rank(x: Tensor[N, C, H]) -> None:
    cast(Tensor[N, C], x)  # E: cast expects [N, C], got [N, C, H]  [shape]
    # R: cast expects [2, 4], got [2, 4, 9]


def appended_to_others(x: Tensor[L[5]], y: Tensor[L[4]]) -> None:
    rows = [y]
    rows.append(x)  # E: list.append expects 4 on axis 0, got 5  [shape]
    # R: + expects 4 on axis 0, got 5
    rows[0] + rows[1]  # where the run finds it


class _Coder(Protocol[C, N]):
    def encode(self, x: Tensor[*B, C], /) -> Tensor[*B, N]: ...
    def decode(self, z: Tensor[*B, N], /) -> Tensor[*B, C]: ...


class _Linears(Layer, Generic[C, N]):
    down: Linear[C, N]
    up: Linear[N, C]

    def encode(self, x: Tensor[*B, C]) -> Tensor[*B, N]:
        return self.down(x)

    def decode(self, z: Tensor[*B, N]) -> Tensor[*B, C]:
        return self.up(z)


def _coded(coder: _Coder[C, N], x: Tensor[*B, C]) -> Tensor[*B, N]:
    return coder.encode(x)


def protocol_of_other_features(coder: _Linears[L[6], L[2]], x: Tensor[H, L[5]]) -> None:
    """By its methods a value is of the sizes that a Protocol leaves open."""
    _coded(coder, x)  # E: _coded expects 6 channels as in coder, got 5  [shape]
    # R: _Linears[6, 2].encode expects 6 channels, got 5


def _kept(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return x


def of_unknown_rank(x: Tensor[C, H, W]) -> None:
    anything: Any = x
    _kept(anything)  # E: _kept expects channels in x, got [*?] of unknown size  [shape-unknown]


def cast_to_another_shape(x: Tensor[C, H, W]) -> Tensor[C, W, H]:
    """Of what is named once one message is enough."""
    return cast(Tensor[C, H, W], x.array)  # E: returns width H, declared W: at H = 1, W = 2 they are 1 and 2  [return-value]
    # R: cast_to_another_shape returns width 1, declared 2
