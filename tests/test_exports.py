"""What the package offers, by name."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
import types

import pytest

import typed_resnet

PUBLIC = [
    "typed_resnet",
    "typed_resnet.dims",
    "typed_resnet.hints",
    "typed_resnet.layers",
    "typed_resnet.models",
    "typed_resnet.ops",
    "typed_resnet.optim",
    "typed_resnet.pages",
    "typed_resnet.summary",
]


def _constants_first(name: str) -> tuple[bool, str]:
    return not (name.isupper() and len(name) > 1), name


@pytest.mark.parametrize("name", PUBLIC)
def test_all_is_sorted_and_true(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__all__ == sorted(module.__all__, key=_constants_first)
    assert len(module.__all__) == len(set(module.__all__))
    missing = [exported for exported in module.__all__ if not hasattr(module, exported)]
    assert missing == []


@pytest.mark.parametrize("name", PUBLIC)
def test_all_leaves_nothing_out(name: str) -> None:
    """What a module imports under its own name is for others, and is listed."""
    module = importlib.import_module(name)
    public = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_") and not isinstance(value, types.ModuleType | bool)
    }
    assert public == {key for key in module.__all__ if key in public}


def test_the_plugin_waits_for_no_array() -> None:
    """Mypy imports the plugin on each run; NumPy and the hook would cost it half a second."""
    program = "import sys, typed_resnet.mypy_plugin; print({'numpy', 'beartype'} & {*sys.modules})"
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert printed.stdout == "set()\n"


def test_the_top_knows_its_names_and_no_others() -> None:
    assert dir(typed_resnet) == typed_resnet.__all__
    with pytest.raises(AttributeError, match="has no attribute 'Conv3D'"):
        _ = typed_resnet.Conv3D


def test_few_names_stand_at_the_top() -> None:
    assert len(typed_resnet.__all__) <= 40


@pytest.mark.parametrize("name", typed_resnet.__all__)
def test_each_class_and_function_has_a_docstring(name: str) -> None:
    value = getattr(typed_resnet, name)
    if isinstance(value, type | types.FunctionType):
        assert inspect.getdoc(value)
        assert value.__doc__, f"{name} has the docstring of its base class"


@pytest.mark.parametrize("name", typed_resnet.__all__)
def test_each_callable_is_annotated(name: str) -> None:
    value = getattr(typed_resnet, name)
    if isinstance(value, types.FunctionType):
        signature = inspect.signature(value)
        assert signature.return_annotation is not signature.empty
        assert all(p.annotation is not p.empty for p in signature.parameters.values())
