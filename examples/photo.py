"""ResNet-18 on a photograph: what mypy says of each layer, beside the array that comes out of it.

make demo
"""

from __future__ import annotations

import sys
from typing import Literal as L

import numpy as np
from skimage import data

from typed_resnet import Tensor, cast, resnet18, resnet18_with_projections
from typed_resnet.models import ResNet18
from typed_resnet.summary import show, summarize

MEAN = np.array([0.485, 0.456, 0.406])
DEVIATION = np.array([0.229, 0.224, 0.225])
"""Of the photographs in ImageNet, for each of red, green and blue."""


def photograph() -> Tensor[L[3], L[224], L[224]]:
    """Cut the astronaut's face out of her portrait, and normalise it."""
    pixels = data.astronaut()[0:224, 112:336] / 255
    normal = (pixels - MEAN) / DEVIATION
    return cast(Tensor[L[3], L[224], L[224]], normal.transpose(2, 0, 1).astype(np.float32))


def plain() -> ResNet18[L[3], L[1000]]:
    """Draw weights as He et al. do; where channels change, a shortcut appends noughts."""
    return resnet18(3, 1000, np.random.default_rng(0))


def projected() -> ResNet18[L[3], L[1000]]:
    """The same with learned 1x1 convolutions where channels change."""
    return resnet18_with_projections(3, 1000, np.random.default_rng(0))


def main() -> int:
    x = photograph()
    disagreements = 0
    for title, net in (("without projections", plain()), ("with projections", projected())):
        print(f"ResNet-18 {title}\n")
        summary = summarize(net, x)
        show(summary)
        print()
        disagreements += len(summary.disagreements)
    return int(disagreements > 0)


if __name__ == "__main__":
    sys.exit(main())
