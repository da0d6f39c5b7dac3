"""A model from outside: its layers by name, and how it is found by the name of its module."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import traceback
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Final, cast

from typed_resnet.errors import ConfigError
from typed_resnet.layer import Layer

Shape = tuple[int, ...]
PACKAGE: Final = Path(__file__).parents[1]
"""Where this library is: what is raised in it, its user has called."""


def layers(model: object) -> Iterator[tuple[str, Layer]]:
    """Walk all layers in a model, each with its name in it; the model itself comes first.

    Of a list or tuple, walk all layers in it; in what is neither there are none.
    """
    return _named("", model)


def names(model: Layer) -> dict[int, str]:
    """Name each layer, by identity; one that stands in two places has the name of the first."""
    found: dict[int, str] = {}
    for name, layer in layers(model):
        found.setdefault(id(layer), name)
    return found


def is_leaf(layer: Layer) -> bool:
    """Say whether a layer has no layers in it."""
    return not any(name for name, _ in layers(layer))


def joined(path: str, name: object) -> str:
    """Write the name of what is in a layer: `layer1.rest`, and then `layer1.rest.0`."""
    return f"{path}.{name}" if path else str(name)


def _named(path: str, value: object) -> Iterator[tuple[str, Layer]]:
    if isinstance(value, Layer):
        yield path, value
        for name, item in value.parts():
            yield from _named(joined(path, name), item)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(cast(list[object] | tuple[object, ...], value)):
            yield from _named(joined(path, index), item)


def load(address: str) -> Layer:
    """Find `module:name`: a layer, or a function that makes one when called without arguments.

    Raises: ConfigError.
    """
    module, colon, name = address.partition(":")
    if not (name and colon and all(part.isidentifier() for part in module.split("."))):
        raise ConfigError(f"MODEL is a module and a name in it, as in nets:small, got {address!r}")
    try:
        found = reduce(getattr, name.split("."), _imported(module))
    except AttributeError:
        raise ConfigError(f"module {module} has no {name}") from None
    made = _called(address, found)
    if not isinstance(made, Layer):
        raise ConfigError(f"{address} is no layer, and makes none: it is {_kind(made)}")
    return made


def _imported(module: str) -> object:
    if "" not in sys.path:
        sys.path.insert(0, "")  # as `python -m` does
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as missing:
        if module == missing.name or module.startswith(f"{missing.name}."):
            raise ConfigError(f"no module {module} here, nor installed") from None
        raise ConfigError(
            f"module {module} needs {missing.name}, which is not installed"
        ) from None
    except (Exception, SystemExit) as error:  # a module of the user's may do anything
        raise ConfigError(f"module {module} cannot be imported: {written(error)}") from error


def _called(address: str, found: object) -> object:
    if isinstance(found, Layer) or not callable(found):
        return found
    try:
        inspect.signature(found).bind()
    except (TypeError, ValueError):
        raise ConfigError(f"{address} needs arguments: name a function that needs none") from None
    try:
        return found()
    except (Exception, SystemExit) as error:  # a function of the user's may do anything
        raise ConfigError(f"{address} cannot be called: {written(error)}") from error


def _kind(value: object) -> str:
    kind = type(value).__name__
    return kind if value is None else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def written(error: BaseException) -> str:
    """Write what was raised, and where in the user's own files, in a line."""
    what = f"{type(error).__name__}: {' '.join(str(error).split())}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename[:1] != "<"]
    if not frames or isinstance(error, SyntaxError):  # which says where by itself
        return what
    own = [f for f in frames if not _is_of_a_library(Path(f.filename))]
    last = own[-1] if own else frames[-1]
    return f"{what} ({Path(last.filename).name}:{last.lineno})"


def _is_of_a_library(file: Path) -> bool:
    return PACKAGE in file.parents or "site-packages" in file.parts


def read_shape(text: str) -> Shape:
    """Read `3x224x224`.

    Raises: ConfigError.
    """
    if not re.fullmatch(r"[1-9]\d*(x[1-9]\d*)*", text, re.ASCII):
        raise ConfigError(f"--input is sizes ≥ 1 with x between, as in 3x224x224, got {text!r}")
    return tuple(map(int, text.split("x")))
