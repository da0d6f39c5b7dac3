"""Every operation with arguments for it, each as (f, f_vjp, shapes of the tensors it takes)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from typed_resnet import Tensor, layers, ops

Shapes = Sequence[tuple[int, ...]]


@dataclass(frozen=True)
class Case:
    """An operation with its settings, and what tensors it takes behind any leading axes."""

    name: str
    settings: dict[str, Any]
    shapes: Shapes

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{k}={v}' for k, v in self.settings.items())})"

    @property
    def function(self) -> Callable[..., Any]:
        return partial(self._named(""), **self.settings)

    @property
    def vjp(self) -> Callable[..., Any]:
        return partial(self._named("_vjp"), **self.settings)

    def _named(self, suffix: str) -> Callable[..., Any]:
        name = f"{self.name}{suffix}"
        found: Callable[..., Any] = getattr(ops, name, None) or getattr(layers, name)
        return found

    def tensors(self, batch: tuple[int, ...], seed: int = 0, dtype: Any = float) -> list[Any]:
        rng = np.random.default_rng(seed)
        positive = self.name == "sqrt"
        arrays = [rng.standard_normal((*batch, *shape)) for shape in self.shapes]
        return [Tensor((np.abs(a) + 0.5 if positive else a).astype(dtype)) for a in arrays]


IMAGE = (3, 4, 5)
ELEMENTWISE = [Case(name, {}, [IMAGE]) for name in ("exp", "gelu", "sigmoid", "sqrt", "tanh")]
ALONG = [
    Case(name, {"axis": axis}, [(2, 3, 4, 5)])
    for name in ("log_softmax", "mean", "softmax", "sum")
    for axis in (-1, -2, -3, -4)
]
MOVED = [
    *(Case(name, {"axis": (-2, -1)}, [IMAGE]) for name in ("mean", "sum")),
    *(
        Case("transpose", {"axis0": a, "axis1": b}, [(2, 3, 4, 5)])
        for a in (-4, -3, -2, -1)
        for b in (-4, -3, -2, -1)
        if a != b
    ),
    Case("squeeze", {"axis": -1}, [(2, 3, 4, 1)]),
    Case("squeeze", {"axis": -2}, [(2, 3, 1, 5)]),
    Case("squeeze", {"axis": -3}, [(2, 1, 4, 5)]),
    Case("squeeze", {"axis": -4}, [(1, 3, 4, 5)]),
    *(Case("unsqueeze", {"axis": axis}, [IMAGE]) for axis in (-1, -2, -3, -4)),
    Case("concat", {"axis": -1}, [(2, 3, 4, 5), (2, 3, 4, 1)]),
    Case("concat", {"axis": -2}, [(2, 3, 4, 5), (2, 3, 2, 5)]),
    Case("concat", {"axis": -3}, [(2, 3, 4, 5), (2, 1, 4, 5)]),
    Case("concat", {"axis": -4}, [(2, 3, 4, 5), (1, 3, 4, 5)]),
    Case("concat", {"axis": -1}, [(3, 1), (3, 2), (3, 3)]),
    Case("concat", {"axis": -2}, [(2, 3), (1, 3), (4, 3)]),
    Case("concat", {"axis": -3}, [(2, 3, 3), (1, 3, 3), (4, 3, 3)]),
    Case("concat", {"axis": -4}, [(2, 1, 3, 3), (1, 1, 3, 3), (4, 1, 3, 3)]),
    Case("concat", {"axis": -1}, [(3, 1), (3, 2), (3, 3), (3, 1)]),
    Case("concat", {"axis": -2}, [(2, 3), (1, 3), (4, 3), (2, 3)]),
    Case("concat", {"axis": -3}, [(2, 3, 3), (1, 3, 3), (4, 3, 3), (2, 3, 3)]),
    Case("concat", {"axis": -4}, [(2, 1, 3, 3), (1, 1, 3, 3), (4, 1, 3, 3), (2, 1, 3, 3)]),
    *(
        Case("chunk", {"chunks": chunks, "axis": axis}, [(12, 12, 12, 12)[axis:]])
        for chunks in (2, 3, 4)
        for axis in (-1, -2)
    ),
    *(
        Case(
            "chunk", {"chunks": chunks, "axis": axis}, [(4, 6, 1, 2) if axis == -4 else (6, 1, 2)]
        )
        for chunks, axis in ((2, -3), (3, -3), (2, -4), (4, -4))
    ),
    *(Case("split", {"size": 1, "axis": axis}, [(2, 3, 4, 5)]) for axis in (-1, -2, -3, -4)),
    Case("flatten", {}, [IMAGE]),
    Case("pad", {"top": 1, "bottom": 0, "left": 2, "right": 3}, [IMAGE]),
    Case("upsample", {"factor": 2}, [IMAGE]),
    Case("avg_pool2d", {"kernel_size": 3, "stride": 2, "padding": 1}, [IMAGE]),
    Case("avg_pool2d", {"kernel_size": 2, "stride": 2, "padding": 0}, [IMAGE]),
    Case("subsample", {"stride": 2}, [IMAGE]),
    Case("fit", {"channels": 5}, [IMAGE]),
    Case("fit", {"channels": 2}, [IMAGE]),
]
STACKED = [Case("stack", {}, [IMAGE] * count) for count in (2, 3, 4)]
SMOOTH = [*ELEMENTWISE, *(c for c in ALONG if "softmax" in c.name)]
LINEAR = [*(c for c in ALONG if "softmax" not in c.name), *MOVED, *STACKED]
WHOLE = [Case("mean", {}, [IMAGE]), Case("sum", {}, [IMAGE]), Case("mse_loss", {}, [IMAGE] * 2)]
PRODUCTS = [Case("matmul", {}, [(3, 4), (4, 5)])]
CASES = [*SMOOTH, *LINEAR, *WHOLE, *PRODUCTS]
