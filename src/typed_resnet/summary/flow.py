"""The flow of a model: which step takes what another returned, seen while it runs on an array.

Python tells of each call and return while the model runs. A layer without layers in it is a step;
so is any other function that takes tensors and makes a new one, and in which no step has made it.
One that returns what it takes, number for number, is left out: a shortcut with nothing to do.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from typed_resnet.drawing import Flow, Kind, Step
from typed_resnet.layer import Layer
from typed_resnet.models import parameters, with_parameters
from typed_resnet.runtime import printed_type
from typed_resnet.summary.model import Shape, is_leaf, layers, names
from typed_resnet.summary.rows import Row, Summary
from typed_resnet.summary.table import UNKNOWN, amount
from typed_resnet.tensor import Tensor

AnyTensor = Tensor[*tuple[Any, ...]]

SIGNS: Final = {"__add__": "+", "__sub__": "-", "__mul__": "×", "__neg__": "-"}
"""The operators of a Tensor, as they are written."""


def flow(summary: Summary, x: AnyTensor, *, symbolic: bool = False) -> Flow:
    """Run the model of a summary once more, and put down the steps of its run."""
    model = noisy(summary.model)
    paths = names(summary.model)
    pairs = zip(layers(summary.model), layers(model), strict=True)
    watched = Watched(model, {id(other): paths[id(one)] for (_, one), (_, other) in pairs}, x)
    with watched.watching(), np.errstate(all="ignore"):
        cast(Any, model)(x)  # each Layer states a `__call__` of its own
    rows: dict[str, list[Row]] = {}
    for known in summary.rows:
        rows.setdefault(known.path, []).append(known)
    seen: Counter[str] = Counter()
    steps = [Step("x", "input", drawn(x.array.shape))]
    for made in watched.made:
        row: Row | None = None
        if made.layer is not None and seen[made.path] < len(rows.get(made.path, [])):
            row = rows[made.path][seen[made.path]]
            seen[made.path] += 1
        steps.append(_step(made, row, symbolic))
    title = printed_type(summary.model)  # a `repr` may list all the layers, which are drawn
    return Flow(f"{title} on {drawn(summary.input)}", tuple(steps))


def noisy(model: Layer) -> Layer:
    """Make a model anew with parameters drawn at random, of its own sizes and scalars.

    One whose parameters are 0 returns 0 from every layer, and no step would tell itself from one
    that does nothing.
    """
    noise = np.random.default_rng(0).standard_normal(9973)  # a prime: no two rows are the same
    drawn_arrays: dict[str, npt.NDArray[Any]] = {}
    for name, tensor in parameters(model):
        array = tensor.array
        if array.dtype == object:  # fractions stay as they are
            drawn_arrays[name] = array
            continue
        scale = 1 / math.sqrt(max(1, math.prod(array.shape[1:])))
        drawn_arrays[name] = np.resize((noise * scale).astype(array.dtype), array.shape)
    return with_parameters(model, drawn_arrays)


@dataclass
class Made:
    """A tensor that a step has made."""

    tensor: AnyTensor
    name: str
    sources: tuple[int, ...]
    """The places in the flow of those it is made of; the input has the first place."""
    groups: tuple[str, ...]
    """The paths of the layers that were running, outermost first."""
    layer: Layer | None = None
    path: str = ""


@dataclass
class _Running:
    """A call that has not returned yet."""

    frame: FrameType
    takes: list[AnyTensor]
    begin: int
    """How many steps there were before it."""
    layer: Layer | None
    path: str | None


@dataclass
class Watched:
    """The steps that a model makes of an input, while it is watched."""

    model: Layer
    paths: Mapping[int, str]
    """The names of its layers, by identity."""
    x: AnyTensor
    made: list[Made] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._leaves = {id(layer) for _, layer in layers(self.model) if is_leaf(layer)}
        self._places = {id(self.x): 0}  # steps keep their tensors: an id stays theirs
        self._kept: list[AnyTensor] = []
        self._running: list[_Running] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch what this thread calls."""
        before = sys.getprofile()
        sys.setprofile(self._event)
        try:
            yield
        finally:
            sys.setprofile(before)

    def _event(self, frame: FrameType, event: str, result: object) -> None:
        if event == "call" and not frame.f_code.co_filename.startswith("<"):  # generated text
            takes = [tensor for value in _arguments(frame) for tensor in _tensors(value)]
            if takes:
                layer = frame.f_locals.get("self")
                layer = layer if isinstance(layer, Layer) else None
                path = None if layer is None else self.paths.get(id(layer))
                self._running.append(_Running(frame, takes, len(self.made), layer, path))
        elif event == "return" and self._running and self._running[-1].frame is frame:
            self._return(self._running.pop(), frame.f_code, result)

    def _return(self, call: _Running, code: CodeType, result: object) -> None:
        if not isinstance(result, Tensor) or any(result is taken for taken in call.takes):
            return
        groups = tuple(dict.fromkeys(r.path for r in self._running if r.path))
        sources = tuple(dict.fromkeys(self._places.get(id(taken), -1) for taken in call.takes))
        sources = tuple(source for source in sources if source >= 0)
        inside = self.made[call.begin :]
        if call.path is not None and id(call.layer) in self._leaves:
            if groups[-1:] == (call.path,):  # `super().__call__`: the step is the outer one
                return
            self._forget(call.begin)
            made = Made(result, "", sources, groups, call.layer, call.path)
        elif not inside or inside[-1].tensor is not result:
            if id(result) in self._places:
                return
            if len(sources) == 1 and np.array_equal(call.takes[0].array, result.array):
                self._places[id(result)] = sources[0]
                self._kept.append(result)
                return
            made = Made(result, code.co_name, sources, groups)
        elif len(inside) == 1 and inside[0].layer is None and inside[0].sources == sources:
            inside[0].name = code.co_name  # the outer function's name says more
            return
        else:
            return
        self.made.append(made)
        self._places[id(result)] = len(self.made)

    def _forget(self, begin: int) -> None:
        for gone in self.made[begin:]:
            del self._places[id(gone.tensor)]
        del self.made[begin:]


def _arguments(frame: FrameType) -> list[object]:
    """List what a function was called with, of the names it declares."""
    code = frame.f_code
    declared = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return [frame.f_locals[name] for name in declared if name in frame.f_locals]


def _tensors(value: object) -> list[AnyTensor]:
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, list | tuple):
        return [item for item in cast(list[object], value) if isinstance(item, Tensor)]
    return []


def _step(made: Made, row: Row | None, symbolic: bool) -> Step:
    groups = tuple(_relative(path, made.groups) for path in made.groups)
    shape = drawn(made.tensor.array.shape)
    if made.layer is None:
        kind: Kind = "sum" if made.name in SIGNS else "function"
        name = SIGNS.get(made.name, made.name)
        return Step(name, kind, shape, made.sources, (), groups, f"{name}: {shape}")
    inferred = row.inferred if row is not None else None
    numbers = inferred.numbers if inferred is not None else UNKNOWN
    lines = [numbers if numbers != UNKNOWN else repr(made.layer)]
    title = [made.path, *lines, shape]
    if inferred is not None:
        title.append(f"for all inputs: {inferred.symbolic}")
        if symbolic:
            lines.append(inferred.symbolic)
    if row is not None and row.parameters:
        title.append(f"{row.parameters:,} parameters, {amount(row.multiply_adds)} multiply-adds")
    kind = "layer" if row is not None and row.parameters else "plain"
    name = _relative(made.path, made.groups) or type(made.layer).__name__
    return Step(name, kind, shape, made.sources, tuple(lines), groups, "\n".join(title))


def _relative(path: str, groups: tuple[str, ...]) -> str:
    """Name a layer in the innermost of the groups that it is in."""
    outer = [group for group in groups if path.startswith(f"{group}.")]
    return path.removeprefix(f"{max(outer, key=len)}.") if outer else path


def drawn(shape: Shape) -> str:
    """Write a shape as it stands in the picture: `64 × 112 × 112`."""
    return " × ".join(map(str, shape)) or "1 number"
