"""Imports point one way, as drawn in `docs/why.md`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src/typed_resnet"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERED = {
    # Each part may import what stands before it, and itself.
    "errors": set[str](),
    "dims": set[str](),
    "kernels": {"errors"},
    "runtime": {"errors", "dims"},
    "differentiable": set[str](),
    "tensor": {"errors", "dims", "runtime", "differentiable", "kernels"},
    "layer": {"errors", "dims", "runtime", "differentiable", "kernels", "tensor"},
    "records": {"tensor", "layer"},
    "layers": {"errors", "dims", "runtime", "differentiable", "tensor", "layer", "kernels"},
    "models": {"errors", "dims", "runtime", "tensor", "layer", "records", "layers"},
    "torchvision": {
        *("errors", "dims", "runtime", "tensor", "layer", "records", "layers", "models"),
    },
    "ops": {
        *("errors", "dims", "runtime", "differentiable", "tensor", "layer", "layers", "kernels"),
    },
    "reverse": {
        *("errors", "dims", "runtime", "differentiable", "tensor", "layer", "records", "layers"),
        *("kernels", "ops"),
    },
    "optim": {"errors", "runtime", "tensor", "layer", "records", "kernels", "reverse"},
    "mypy_plugin": {"errors", "dims"},
    "check": {"errors", "dims"},
    "hints": {"errors", "dims", "mypy_plugin", "check"},
    "drawing": set(),
    "pages": {"errors", "hints", "drawing"},
    "summary": {
        *("errors", "dims", "runtime", "tensor", "layer", "kernels", "layers", "models"),
        *("mypy_plugin", "check", "drawing"),
    },
    "__init__": {
        *("errors", "dims", "runtime", "tensor", "layer", "layers", "models", "reverse"),
    },
    "__main__": {"check", "hints", "summary", "pages"},
}

ONLY = {
    # Who may import a third-party package.
    "mypy": {"mypy_plugin", "check", "hints", "summary"},
    "pygls": {"hints"},
    "lsprotocol": {"hints"},
    "rich": {"summary", "pages"},
    "beartype": {"runtime"},
    "jaxtyping": {"runtime", "kernels"},
    "threadpoolctl": {"kernels"},
    "numpy": {
        *("kernels", "runtime", "tensor", "layers", "models", "torchvision", "summary"),
        *("ops", "optim", "records", "reverse"),
    },
    "pytest": {"runtime"},
    "typing_extensions": {"layers", "models"},
    "safetensors": {"torchvision"},
    "annotationlib": {"runtime"},  # of the standard library, from 3.14 on
}


def part(module: Path) -> str:
    """Name the part of the package that a module belongs to."""
    inside = module.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(module: Path) -> Iterator[str]:
    """Walk the full names of what a module imports, wherever in it that is."""
    package = ".".join(["typed_resnet", *module.relative_to(PACKAGE).parts[:-1]])
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            start = (
                ".".join([*above, node.module or ""]).rstrip(".") if node.level else node.module
            )
            yield from (f"{start}.{alias.name}" for alias in node.names)


def own(name: str) -> str | None:
    """Name the part of the package that an import reaches, if it is of the package."""
    package, _, rest = name.partition(".")
    first = rest.partition(".")[0]
    if package != "typed_resnet":
        return None
    is_part = (PACKAGE / first).is_dir() or (PACKAGE / f"{first}.py").is_file()
    return first if is_part else "__init__"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(module: Path) -> None:
    reached = {inner for name in imports(module) if (inner := own(name)) is not None}
    assert reached - {part(module)} <= LAYERED[part(module)]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_package_of_others_is_used_where_it_belongs(module: Path) -> None:
    used = {name.partition(".")[0] for name in imports(module)}
    foreign = used - sys.stdlib_module_names - {"typed_resnet"}
    assert foreign <= set(ONLY)
    for package in foreign:
        assert part(module) in ONLY[package], f"{part(module)} imports {package}"


def test_every_part_is_drawn() -> None:
    assert {part(module) for module in MODULES} <= set(LAYERED)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_are_small(module: Path) -> None:
    """About 300 lines; one that is longer is two subjects."""
    assert len(module.read_text().splitlines()) <= 350
