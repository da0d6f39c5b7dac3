"""Each layer of a model as mypy sees it, joined with what came out of it."""

from __future__ import annotations

import inspect
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from typed_resnet.dims.sentences import shape
from typed_resnet.errors import ConfigError, TypedResNetError
from typed_resnet.layer import Layer
from typed_resnet.models import parameter_count, parameters
from typed_resnet.summary.inference import Inferred, infer
from typed_resnet.summary.model import Shape, written
from typed_resnet.summary.source import Source
from typed_resnet.summary.trace import Traced, tracing
from typed_resnet.tensor import Tensor

Call = TypeVar("Call", Inferred, Traced)


@dataclass(frozen=True)
class Row:
    """One call of one layer; either side is None where the other has nothing to meet it."""

    path: str
    inferred: Inferred | None
    traced: Traced | None

    @property
    def expected(self) -> Shape | None:
        """The shape that mypy infers, where it knows it."""
        return None if self.inferred is None else self.inferred.shape

    @property
    def shape(self) -> Shape | None:
        """The shape of the array that came out, where the layer ran."""
        return None if self.traced is None else self.traced.shape

    @property
    def agrees(self) -> bool | None:
        """Say whether mypy and the array agree; None where one of them says nothing."""
        if self.expected is None or self.shape is None:
            return None
        return self.expected == self.shape

    @property
    def parameters(self) -> int:
        return 0 if self.traced is None else parameter_count(self.traced.layer)

    @property
    def parameter_memory(self) -> int:
        """Count the bytes of the layer's parameters."""
        return 0 if self.traced is None else parameter_memory(self.traced.layer)

    @property
    def memory(self) -> int:
        """Count the bytes of the array that came out."""
        return 0 if self.traced is None else self.traced.memory

    @property
    def multiply_adds(self) -> int:
        traced = self.traced
        return 0 if traced is None else multiply_adds(traced.layer, traced.shape)

    @property
    def strategies(self) -> tuple[str, ...]:
        """Name the ways in which the layer's convolutions were computed, each once."""
        return () if self.traced is None else tuple(dict.fromkeys(self.traced.strategies))

    @property
    def seconds(self) -> float:
        return 0 if self.traced is None else self.traced.seconds


@dataclass(frozen=True)
class Summary:
    """A model on one input."""

    model: Layer
    input: Shape
    rows: list[Row]
    errors: list[str]
    """What mypy finds wrong in the model's source."""

    @property
    def disagreements(self) -> list[Row]:
        return [row for row in self.rows if row.agrees is False]

    @property
    def parameters(self) -> int:
        """Count the numbers that the whole model learns, once each."""
        return parameter_count(self.model)

    @property
    def parameter_memory(self) -> int:
        """Count the bytes of all parameters, once each."""
        return parameter_memory(self.model)

    @property
    def memory(self) -> int:
        """Count the bytes of all that layers return: what training keeps, sums and such apart."""
        return sum(row.memory for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        return sum(row.multiply_adds for row in self.rows)

    @property
    def seconds(self) -> float:
        return sum(row.seconds for row in self.rows)

    def verdict(self) -> str:
        """Say in a line how far mypy and the arrays agree."""
        if wrong := self.disagreements:
            return f"mypy and the arrays disagree at {', '.join(row.path for row in wrong)}"
        agreeing, of = sum(row.agrees is True for row in self.rows), len(self.rows)
        if agreeing == of:
            rows = "the one row" if of == 1 else f"all {of} rows"
            return f"mypy and the arrays agree in {rows}"
        if of == 1:
            return "what mypy and the array say of the one row cannot be compared"
        return f"mypy and the arrays agree in {agreeing} of {of} rows, the rest unknown"


def summarize(model: Layer, x: Tensor[*tuple[Any, ...]], source: Source | None = None) -> Summary:
    """Infer the shapes of a model's layers from its source, run it, and put both side by side.

    Raises: ShapeError or DTypeError, where the model does not take x; ConfigError, where it takes
    other things, or fails.
    """
    run = cast(Any, model)  # each Layer states a `__call__` of its own
    wanted = inspect.signature(run)
    try:
        wanted.bind(x)
    except TypeError:
        who, takes = type(model).__name__, " and ".join(wanted.parameters) or "nothing"
        raise ConfigError(f"{who} takes {takes}, and a summary brings one tensor") from None
    source = source or Source(model)
    inferred = infer(model, x.array.shape, source)
    with tracing(model) as calls:
        try:
            run(x)
        except TypedResNetError:
            raise
        except (Exception, SystemExit) as error:  # a model of the user's may do anything
            who = f"{type(model).__name__} on {shape(x.array.shape)}"
            raise ConfigError(f"{who} fails: {written(error)}") from error
    return Summary(model, x.array.shape, joined(inferred, calls), source.errors)


def joined(inferred: Iterable[Inferred], calls: Sequence[Traced]) -> list[Row]:
    """Join what was inferred and what ran: the n-th call of a layer with the n-th call of it."""
    found, ran = _numbered(inferred), _numbered(calls)
    return [Row(key[0], found.get(key), ran.get(key)) for key in ran | found]


def _numbered(calls: Iterable[Call]) -> dict[tuple[str, int], Call]:
    count: Counter[str] = Counter()
    numbered = {}
    for call in calls:
        numbered[call.path, count[call.path]] = call
        count[call.path] += 1
    return numbered


def parameter_memory(layer: Layer) -> int:
    """Count the bytes of a layer's parameters."""
    return sum(tensor.array.nbytes for _, tensor in parameters(layer))


def multiply_adds(layer: Layer, shape: Shape | None) -> int:
    """Count the multiplications of a layer without layers in it, from the shape it returns.

    Each number of the result is the sum of a row of weights, each times a number of the input.
    So a parameter of n numbers in r rows costs n/r for each number of the result: of the kernel
    [Cout, Cin, K, K] that is Cin K^2, of the weight [Out, In] it is In. Parameters of one axis,
    such as biases, are no weights of sums, and count for nothing.
    """
    weights = [tensor.array.shape for _, tensor in parameters(layer)]
    row_sizes = [math.prod(weight[1:]) for weight in weights if len(weight) > 1]
    return 0 if shape is None else math.prod(shape) * sum(row_sizes)
