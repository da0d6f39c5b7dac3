"""A1, A2, A3, A11, A12: residual blocks, for all channels, strides, heights and widths."""

from typing import Generic, assert_type
from typing import Literal as L

from typed_resnet import BatchNorm2D, Conv2D, Layer, Tensor, relu
from typed_resnet.dims import Add, B, C, CeilDiv, Cin, Cout, FloorDiv, H, S, W


class Residual(Layer, Generic[C]):
    """A1: at stride 1 the input's shape comes back."""

    conv1: Conv2D[C, C, L[3], L[1], L[1]]
    bn1: BatchNorm2D[C]
    conv2: Conv2D[C, C, L[3], L[1], L[1]]
    bn2: BatchNorm2D[C]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        y = relu(self.bn1(self.conv1(x)))
        return relu(x + self.bn2(self.conv2(y)))


class Strided(Layer, Generic[Cin, Cout, S]):
    """A2: with a stride, the projection must take it too."""

    conv1: Conv2D[Cin, Cout, L[3], S, L[1]]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]
    projection: Conv2D[Cin, Cout, L[1], S, L[0]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.conv2(relu(self.conv1(x)))
        return relu(y + self.projection(x))


class Halving(Layer, Generic[C]):
    """A3: ⌈H/2⌉ may be declared as (H + 1)//2."""

    conv: Conv2D[C, C, L[3], L[2], L[1]]

    def __call__(
        self, x: Tensor[*B, C, H, W]
    ) -> Tensor[*B, C, FloorDiv[Add[H, L[1]], L[2]], FloorDiv[Add[W, L[1]], L[2]]]:
        return self.conv(x)


class Optionally(Layer, Generic[Cin, Cout, S]):
    """A12: a projection that may be absent is narrowed before it is used."""

    conv: Conv2D[Cin, Cout, L[3], S, L[1]]
    projection: Conv2D[Cin, Cout, L[1], S, L[0]] | None

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.conv(x)
        if self.projection is None:
            return y
        return y + self.projection(x)


class Stage(Layer, Generic[Cin, Cout]):
    """A11: a stage folds its blocks in a loop."""

    first: Strided[Cin, Cout, L[2]]
    rest: tuple[Residual[Cout], ...]

    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
        y = self.first(x)
        for block in self.rest:
            y = block(y)
        return y


def call_residual(block: Residual[C], x: Tensor[C, H, W]) -> None:
    assert_type(block(x), Tensor[C, H, W])


def call_strided(block: Strided[Cin, Cout, S], x: Tensor[Cin, H, W]) -> None:
    assert_type(block(x), Tensor[Cout, CeilDiv[H, S], CeilDiv[W, S]])


def call_strided_with_numbers(
    block: Strided[L[4], L[8], L[2]], x: Tensor[L[4], L[15], L[8]]
) -> None:
    y = block(x)
    assert_type(y, Tensor[L[8], L[8], L[4]])
    assert y.shape == (8, 8, 4)


def call_halving(block: Halving[C], x: Tensor[C, H, W]) -> None:
    assert_type(block(x), Tensor[C, CeilDiv[H, L[2]], CeilDiv[W, L[2]]])


def call_optionally(block: Optionally[Cin, Cout, S], x: Tensor[Cin, H, W]) -> None:
    assert_type(block(x), Tensor[Cout, CeilDiv[H, S], CeilDiv[W, S]])


def call_stage(stage: Stage[Cin, Cout], x: Tensor[Cin, H, W]) -> None:
    assert_type(stage(x), Tensor[Cout, CeilDiv[H, L[2]], CeilDiv[W, L[2]]])
