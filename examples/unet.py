"""A U-Net whose skips are proved to fit, for all images whose height and width 4 divides.

Each of two pools halves the image, each of two upsamplings doubles it again, and what comes up is
put beside what went down. For an image of any height that need not fit: of 6 rows a pool leaves
3, the next 1, and 1 goes up to 2 and 4. The signature therefore asks for `Mul[L[4], H]` rows, and
for those mypy proves every `concat`, whatever H, the width and the number of channels are. Where
`Mul[L[2], H]` is written in its place, it says that 2 (H//2) is not H.

    python -m examples.unet
"""

from __future__ import annotations

from typing import Generic, TypeVar
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet import Conv2D, Layer, MaxPool2D, Tensor, relu, vjp
from typed_resnet.dims import Add, B, C, Cin, Cout, H, Mul, W
from typed_resnet.layers import Upsample
from typed_resnet.ops import concat, mse_loss
from typed_resnet.optim import Adam

_Cin = TypeVar("_Cin", bound=int)
_Cout = TypeVar("_Cout", bound=int)


class Twice(Layer, Generic[Cin, Cout]):
    """Convolve and rectify, twice."""

    conv1: Conv2D[Cin, Cout, L[3], L[1], L[1]]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, H, W]:
        return relu(self.conv2(relu(self.conv1(x))))


class UNet(Layer, Generic[Cin, C, Cout]):
    """Source: Ronneberger, Fischer and Brox, arXiv:1505.04597, figure 1, with two levels."""

    enter: Twice[Cin, C]
    down: Twice[C, Mul[L[2], C]]
    bottom: Twice[Mul[L[2], C], Mul[L[4], C]]
    up: Twice[Add[Mul[L[4], C], Mul[L[2], C]], Mul[L[2], C]]
    leave: Twice[Add[Mul[L[2], C], C], C]
    head: Conv2D[C, Cout, L[1], L[1], L[0]]
    halve: MaxPool2D[L[2], L[2], L[0]]
    double: Upsample[L[2]]

    def __call__(
        self, x: Tensor[*B, Cin, Mul[L[4], H], Mul[L[4], W]]
    ) -> Tensor[*B, Cout, Mul[L[4], H], Mul[L[4], W]]:
        whole = self.enter(x)
        half = self.down(self.halve(whole))
        quarter = self.bottom(self.halve(half))
        half = self.up(concat(self.double(quarter), half, axis=-3))
        whole = self.leave(concat(self.double(half), whole, axis=-3))
        return self.head(whole)


def twice(
    rng: np.random.Generator, cin: _Cin, cout: _Cout, dtype: npt.DTypeLike
) -> Twice[_Cin, _Cout]:
    return Twice(
        Conv2D.init(rng, cin, cout, 3, padding=1, dtype=dtype),
        Conv2D.init(rng, cout, cout, 3, padding=1, dtype=dtype),
    )


def unet(rng: np.random.Generator, dtype: npt.DTypeLike = np.float32) -> UNet[L[1], L[8], L[1]]:
    """Draw a network of grey images, with 8 channels at the top and 32 at the bottom."""
    return UNet(
        twice(rng, 1, 8, dtype),
        twice(rng, 8, 16, dtype),
        twice(rng, 16, 32, dtype),
        twice(rng, 48, 16, dtype),
        twice(rng, 24, 8, dtype),
        Conv2D.init(rng, 8, 1, 1, dtype=dtype),
        MaxPool2D(2),
        Upsample(2),
    )


def cost(
    net: UNet[Cin, C, Cout],
    noisy: Tensor[*B, Cin, Mul[L[4], H], Mul[L[4], W]],
    clean: Tensor[*B, Cout, Mul[L[4], H], Mul[L[4], W]],
) -> Tensor[()]:
    return mse_loss(net(noisy), clean)


def train(
    net: UNet[Cin, C, Cout],
    noisy: Tensor[*B, Cin, Mul[L[4], H], Mul[L[4], W]],
    clean: Tensor[*B, Cout, Mul[L[4], H], Mul[L[4], W]],
    steps: int,
) -> list[float]:
    """Take steps of Adam on one batch, and return the loss before each."""
    losses: list[float] = []
    adam, moments = Adam(0.002), None
    for _ in range(steps):
        loss, pullback = vjp(cost, net, noisy, clean)
        grads, _, _ = pullback(Tensor.ones(dtype=loss.dtype))
        net, moments = adam.step(net, grads, moments)
        losses.append(float(loss.array))
    return losses


def main() -> None:
    """Learn to take the noise off a few discs."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:24, :32]
    discs = [(rows - r) ** 2 + (columns - c) ** 2 < 30 for r, c in rng.integers(6, 18, (4, 2))]
    clean: Tensor[L[4], L[1], L[24], L[32]] = Tensor(np.array(discs, np.float32)[:, None])
    noisy = clean + Tensor.normal(rng, 0.3, 4, 1, 24, 32)
    print("loss:", *(f"{loss:.3f}" for loss in train(unet(rng), noisy, clean, 10)))


if __name__ == "__main__":
    main()
