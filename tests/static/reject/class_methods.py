"""Values made through `cls` and classes that are passed, of fields that do not fit together."""

from typing import Generic, Self
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer
from typed_resnet.dims import Cin, Cout


class Pair(Layer, Generic[Cin, Cout]):
    conv1: Conv2D[Cin, Cout, L[3], L[1], L[1]]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]

    @classmethod
    def init(cls, rng: np.random.Generator, cin: Cin, cout: Cout) -> Self:
        return cls(Conv2D.init(rng, cin, cout, 3, 1, 1), Conv2D.init(rng, cout, cout, 3, 1, 1))

    @classmethod
    def turned(cls, rng: np.random.Generator, cin: Cin, cout: Cout) -> "Pair[Cin, Cout]":
        conv = Conv2D.init(rng, cin, cout, 3, 1, 1)
        return cls(conv, conv2=Conv2D.init(rng, cout, cin, 3, 1, 1))  # E: Pair expects Cout channels, got Cin: at Cin = 1, Cout = 2 they are 2 and 1  [shape]
        # R: Pair expects 2 channels as in conv1, got 1

    def __call__(self, rng: np.random.Generator) -> "Pair[Cin, Cout]":
        cout, cin = self.conv1.kernel.shape[:2]
        return self.turned(rng, cin, cout)


def registered(rng: np.random.Generator, cin: Cin, cout: Cout) -> None:
    kinds: dict[str, type[Pair[Cin, Cout]]] = {"pair": Pair}
    kinds["pair"](Conv2D.init(rng, cin, cout, 3, 1, 1), Conv2D.init(rng, cin, cout, 3, 1, 1))  # E: Pair expects Cout channels, got Cin: at Cin = 1, Cout = 2 they are 2 and 1  [shape]
    # R: Pair expects 2 channels as in conv1, got 1
