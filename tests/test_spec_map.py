"""The map of the specification is whole: each declaration and each quirk, each with its test."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import typed_resnet
from typed_resnet import dims, layers, models, ops, optim, torchvision

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs/spec-map.md").read_text()

DECLARATIONS = """
    ResNetConfig ResNetConfig.WF resnet18Config resnet18Config_wf resnet18ConfigWithProjections
    resnet18ConfigWithProjections_wf conv3x3_outSize_eq conv1x1_outSize_eq pos_add_one
    ne_zero_add_one ResNetBlockSpec ResNetBlockSpec.forward ResNetBlockGrads
    ResNetBlockSpec.backward ResNetLayerSpec ResNetLayerSpec.forward ResNetLayerGrads
    ResNetLayerSpec.backward ResNetSpec ResNetSpec.forward ResNetGrads ResNetSpec.backward
    ResNetSpec.zeroInit ResNet18Spec ResNet18SpecWithProjections BottleneckResNetBlockSpec
    BottleneckResNetBlockSpec.forward BottleneckResNetLayerSpec BottleneckResNetLayerSpec.forward
    ResNetSpec.depth ResNetSpec.parameterCount ResNetModuleSpec
"""
"""Those of TorchLean's NN.Spec.Models.Resnet, commit 411682f6."""

ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in PAGE.splitlines()
    if line[:1] == "|"
]
MAPPED = [row for row in ROWS if row[0].startswith("`")]
QUIRKS = [row for row in ROWS if re.fullmatch(r"D\d+", row[0])]


def test_every_declaration_and_every_quirk_has_its_row() -> None:
    named = [name for row in MAPPED for name in re.findall(r"`([^`]+)`", row[0])]
    assert sorted(named) == sorted(DECLARATIONS.split())
    assert [row[0] for row in QUIRKS] == [f"D{number}" for number in range(1, 16)]


@pytest.mark.parametrize("row", [*MAPPED, *QUIRKS], ids=lambda row: row[0].strip("`"))
def test_every_row_names_a_test(row: list[str]) -> None:
    file, _, name = row[-1].strip("`").partition("::")
    tree = ast.parse((TESTS / file).read_text())
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert name in functions


@pytest.mark.parametrize("module", [typed_resnet, dims, layers, models, ops, optim, torchvision])
def test_names_are_of_one_style(module: object) -> None:
    """Functions are in snake_case; of a class the name is in CamelCase, its members are not."""
    names: list[str] = []
    for name in module.__all__:  # type: ignore[attr-defined]  # a package of ours
        value = getattr(module, name)
        if inspect.isclass(value):
            assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)
            names += [member for member in vars(value) if not member.startswith("_")]
        elif inspect.isfunction(value):
            names.append(name)
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []
