"""The library is under its own hook: whatever uses a layer or an operation uses a checked one."""

import inspect
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

import pytest

import typed_resnet
from typed_resnet import layers, models, ops, optim, torchvision
from typed_resnet.layer import Record

MODULES = (typed_resnet, layers, models, ops, optim, torchvision)


def public_functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Name the functions that a module exports, and the methods of its records."""
    for name in module.__all__:
        value = getattr(module, name)
        if isinstance(value, FunctionType):
            yield f"{module.__name__}.{name}", value
        elif isinstance(value, type) and issubclass(value, Record):
            for method in ("__init__", "__call__", "vjp", "backward"):
                if method in vars(value):
                    yield f"{module.__name__}.{name}.{method}", vars(value)[method]


FUNCTIONS = dict(found for module in MODULES for found in public_functions(module))


def takes_tensors(function: Callable[..., Any]) -> bool:
    """Say whether a signature has sizes to check, by its text."""
    return any("Tensor[" in str(written) for written in inspect.get_annotations(function).values())


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if takes_tensors(FUNCTIONS[name])])
def test_what_takes_tensors_is_checked(name: str) -> None:
    assert getattr(FUNCTIONS[name], "__typed_resnet__", False), f"{name} is not checked"


def test_that_is_most_of_the_library() -> None:
    assert sum(map(takes_tensors, FUNCTIONS.values())) > 100
