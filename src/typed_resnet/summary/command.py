"""`typed-resnet summary MODEL --input 3x224x224`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.text import Text

from typed_resnet.drawing import svg
from typed_resnet.errors import ConfigError, TypedResNetError
from typed_resnet.layer import Layer
from typed_resnet.models import parameters
from typed_resnet.summary.flow import flow
from typed_resnet.summary.model import Shape, load, read_shape
from typed_resnet.summary.rows import Summary, summarize
from typed_resnet.summary.source import Source
from typed_resnet.summary.table import table
from typed_resnet.tensor import Tensor


def main(address: str, size: str, *, symbolic: bool, drawing: str | None = None) -> int:
    """Print the table of a model, and draw it where that is asked for.

    Return 1 where mypy and the arrays disagree, 2 for bad input.
    """
    try:
        shape = read_shape(size)
        model = load(address)
        x = noise(model, shape)
        summary = _summarized(model, x)
        if drawing is not None:
            _draw(summary, x, Path(drawing), symbolic=symbolic)
    except TypedResNetError as error:
        Console(stderr=True).print(Text(f"typed-resnet summary: {error}"), soft_wrap=True)
        return 2
    show(summary, symbolic=symbolic)
    return int(bool(summary.disagreements))


def show(summary: Summary, *, symbolic: bool = False) -> None:
    """Print a summary: its table, and how far mypy and the arrays agree."""
    console = Console()
    made = table(summary, symbolic=symbolic)
    if not console.is_terminal:  # a file is as wide as it must be
        console = Console(width=1000)
        console = Console(width=console.measure(made).maximum)
    console.print(made)
    console.print(Text(summary.verdict()))
    if summary.errors:
        console.print(Text("mypy finds errors in the model's source:", "red"))
        console.print(Text("\n".join(summary.errors)), soft_wrap=True)


def _draw(summary: Summary, x: Tensor[*tuple[int, ...]], file: Path, *, symbolic: bool) -> None:
    """Write the picture of a model's flow."""
    try:
        file.write_text(svg(flow(summary, x, symbolic=symbolic)), "utf-8")
    except OSError as error:
        raise ConfigError(f"--svg cannot write {file}: {error.strerror}") from None


def _summarized(model: Layer, x: Tensor[*tuple[int, ...]]) -> Summary:
    console = Console(stderr=True)
    with console.status("mypy reads the model's source"):
        source = Source(model)
    with console.status("the model runs"):
        return summarize(model, x, source)


def noise(model: Layer, shape: Shape) -> Tensor[*tuple[int, ...]]:
    """Draw an input from the normal distribution, of the scalars that the model holds."""
    dtype = next((tensor.dtype for _, tensor in parameters(model)), np.dtype(np.float32))
    try:
        drawn = np.random.default_rng(0).standard_normal(shape).astype(dtype)
    except (ValueError, MemoryError):  # NumPy raises one or the other
        sizes = "x".join(map(str, shape))
        raise ConfigError(f"--input {sizes} is more than memory holds") from None
    return Tensor(drawn)
