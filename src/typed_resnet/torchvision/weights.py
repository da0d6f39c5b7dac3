"""Weights under torchvision's names, in safetensors files."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast, overload

import numpy as np
import numpy.typing as npt

from typed_resnet.errors import WeightsError
from typed_resnet.layer import Layer
from typed_resnet.records import changed, walk
from typed_resnet.tensor import Tensor
from typed_resnet.torchvision.basic import ResNet
from typed_resnet.torchvision.bottleneck import BottleneckResNet
from typed_resnet.torchvision.making import BLOCKS, Blocks, of_basic_blocks, of_bottlenecks

Model = TypeVar("Model", bound=Layer)
Arrays: TypeAlias = dict[str, npt.NDArray[Any]]

_RENAMED = (
    (r"\.first\.", ".0."),
    (r"\.projection\.conv\.", ".downsample.0."),
    (r"\.projection\.bn\.", ".downsample.1."),
    (r"\.(kernel|gamma)$", ".weight"),
    (r"\.beta$", ".bias"),
    (r"\.statistics\.mean$", ".running_mean"),
    (r"\.statistics\.variance$", ".running_var"),
    (r"\.statistics\.batches$", ".num_batches_tracked"),
)


def torchvisions_name(name: str) -> str:
    """Rename `layer1.rest.0.bn1.gamma` to `layer1.1.bn1.weight`."""
    for pattern, replacement in _RENAMED:
        name = re.sub(pattern, replacement, name)
    return re.sub(r"\.rest\.(\d+)\.", lambda found: f".{int(found[1]) + 1}.", name)


def arrays(net: Layer) -> Arrays:
    """List parameters and stored statistics under torchvision's names, in no copies."""
    found: Arrays = {}
    for name, value in walk("", net):
        if isinstance(value, Tensor):
            found[torchvisions_name(name)] = value.array
        elif isinstance(value, np.ndarray):
            found[torchvisions_name(name)] = cast("npt.NDArray[Any]", value)
    return found


def save(net: Layer, path: str | os.PathLike[str]) -> None:
    """Write parameters and stored statistics to a safetensors file."""
    from safetensors.numpy import (  # noqa: PLC0415  # an optional extra
        save_file,  # pyright: ignore[reportUnknownVariableType]  # its PathLike has no argument
    )

    # safetensors 0.8.0 writes the bytes of a strided array in the wrong order (its issue 825).
    save_file({name: np.asarray(array, order="C") for name, array in arrays(net).items()}, path)


@overload
def load(path: str | os.PathLike[str]) -> ResNet[Any] | BottleneckResNet[Any]: ...
@overload
def load(path: str | os.PathLike[str], like: Model) -> Model: ...
def load(path: str | os.PathLike[str], like: Layer | None = None) -> Layer:
    """Read a network from a safetensors file under torchvision's names.

    Without a network to be like, it is the one of the five whose blocks the file has.

    Raises: WeightsError, which names all that is missing, unexpected, or of another shape or
    dtype; and where the file is no whole safetensors file.
    """
    stored = _read(Path(path))
    like = _network(stored) if like is None else like
    expected = arrays(like)
    faults = [f"{name} is missing" for name in expected if name not in stored]
    faults += [f"{name} is unexpected" for name in stored if name not in expected]
    for name, array in expected.items():
        if name in stored and stored[name].shape != array.shape:
            shapes = f"{list(array.shape)}, got {list(stored[name].shape)}"
            faults.append(f"{name} expects shape {shapes}")
        elif name in stored and stored[name].dtype != array.dtype:
            faults.append(f"{name} expects {array.dtype}, got {stored[name].dtype}")
    if faults:
        raise WeightsError("; ".join(faults))
    return _filled(like, stored)


def _read(path: Path) -> Arrays:
    from safetensors import SafetensorError  # noqa: PLC0415  # an optional extra
    from safetensors.numpy import (  # noqa: PLC0415
        load_file,  # pyright: ignore[reportUnknownVariableType]  # its PathLike has no argument
    )

    try:
        return load_file(path)
    except FileNotFoundError:
        raise
    except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
        raise WeightsError(f"{path.name} is no whole safetensors file: {error}") from error


def _network(stored: Mapping[str, npt.NDArray[Any]]) -> Layer:
    """Make the network that the names of the file belong to, of zeros."""
    blocks = [_blocks(f"layer{stage}", stored) for stage in range(1, 5)]
    counts = cast("Blocks", tuple(blocks))
    deep = any(".conv3." in name for name in stored)
    if (counts, deep) not in BLOCKS.values() or "fc.weight" not in stored:
        kind = "bottleneck" if deep else "basic"
        raise WeightsError(f"no torchvision ResNet has stages of {blocks} {kind} blocks")
    make = of_bottlenecks if deep else of_basic_blocks
    weight = stored["fc.weight"]
    dtype = weight.dtype if weight.dtype == np.float64 else np.dtype(np.float32)
    return make(None, counts, len(weight), dtype)


def _blocks(stage: str, names: Mapping[str, object]) -> int:
    """Count the blocks of a stage by the largest number in its names."""
    found = [re.match(rf"{stage}\.(\d+)\.", name) for name in names]
    return 1 + max((int(number[1]) for number in found if number), default=-1)


def _filled(net: Model, stored: Mapping[str, npt.NDArray[Any]]) -> Model:
    def change(name: str, value: object) -> object:
        if isinstance(value, Tensor):
            made: Tensor[*tuple[Any, ...]] = Tensor(stored[torchvisions_name(name)])
            return made
        if isinstance(value, np.ndarray):
            return stored[torchvisions_name(name)]
        return value

    return changed(net, change)
