"""What is timed: whole networks, the convolutions of ResNet-18 and -50, and their flop."""

from __future__ import annotations

from typing import Final

MODELS: Final = {
    "ResNet-18, evaluation, 1 image": "resnet18 eval 1",
    "ResNet-18, evaluation, 8 images": "resnet18 eval 8",
    "ResNet-18, forward and backward, 1 image": "resnet18 train 1",
    "ResNet-18, forward and backward, 8 images": "resnet18 train 8",
    "the specification's, forward": "spec eval 1",
    "the specification's, forward and backward": "spec train 1",
}

# Channels in and out, size, window, stride: what ResNet-18 and ResNet-50 are made of.
SHAPES: Final = [
    *[(3, 64, 224, 7, 2), (64, 64, 56, 3, 1), (64, 128, 56, 3, 2), (64, 128, 56, 1, 2)],
    *[(128, 128, 28, 3, 1), (128, 256, 28, 3, 2), (256, 256, 14, 3, 1), (256, 512, 14, 3, 2)],
    *[(512, 512, 7, 3, 1), (64, 256, 56, 1, 1), (256, 64, 56, 1, 1), (256, 128, 56, 1, 1)],
    *[(128, 128, 56, 3, 2), (128, 512, 28, 1, 1), (512, 128, 28, 1, 1), (256, 512, 56, 1, 2)],
    *[(256, 256, 28, 3, 2), (256, 1024, 14, 1, 1), (1024, 256, 14, 1, 1), (512, 512, 14, 3, 2)],
    *[(512, 2048, 7, 1, 1), (2048, 512, 7, 1, 1), (1024, 2048, 14, 1, 2)],
]
CONVS: Final = {
    f"{k}x{k} / {s}, {cin} to {cout} at {size}": f"conv {cin} {cout} {size} {k} {s} 1"
    for cin, cout, size, k, s in SHAPES
}  # fmt: skip


ASKED: Final = dict(zip(MODELS, (0.85, 0.75, 0.95, 0.9, 0.55, 0.45), strict=True))
"""Our time over PyTorch eager's, as asked for."""


def flop(task: str) -> int:
    """Count the flop of direct convolutions; forward and backward, three times the forward's."""
    what, *rest = task.split()
    if what == "conv":
        cin, cout, size, window, stride, n = map(int, rest)
        return 2 * n * cin * cout * window**2 * (-(-size // stride)) ** 2
    mode, n = rest
    shapes = [(3, 64, 224, 7, 2)]
    cin, size = 64, 56 if what == "resnet18" else 55
    for cout in (64, 128, 256, 512):
        stride = 2 if what == "resnet18" and cout != cin else 1
        shapes.append((cin, cout, size, 3, stride))
        shapes += [(cin, cout, size, 1, stride)] * (stride == 2)
        size //= stride
        shapes += [(cout, cout, size, 3, 1)] * 3
        cin = cout
    total = sum(flop(f"conv {' '.join(map(str, shape))} {n}") for shape in shapes)
    return total * (3 if mode == "train" else 1)
