"""Sequences of layers and of functions, made in one module and applied in another.

What mypy's cache keeps of a function that is held by a value is its type alone, without a link
to where it was defined; it must be judged as in its own module.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .project import Project

MODEL = """\
import numpy as np
from typed_resnet import Conv2D, Linear, MaxPool2D, relu
from typed_resnet.layers import Sequential, global_avg_pool2d
from typed_resnet.ops import softmax

rng = np.random.default_rng(0)
layers = Sequential(Conv2D.init(rng, {channels}, 8, 3, 1, 1), MaxPool2D(2))
functions = Sequential(relu, global_avg_pool2d, softmax)
both = Sequential(layers, functions, Linear.init(rng, 8, 10))
"""
USER = """\
from typing import Literal as L, assert_type
from model import both, functions, layers
from typed_resnet import Tensor
from typed_resnet.dims import B, C, FloorDiv, H, W

def use(x: Tensor[*B, L[3], H, W], rows: Tensor[*B, C]) -> None:
    assert_type(layers(x), Tensor[*B, L[8], FloorDiv[H, L[2]], FloorDiv[W, L[2]]])
    assert_type(functions(x), Tensor[*B, L[3]])
    assert_type(functions(layers(x)), Tensor[*B, L[8]])
    assert_type(both(x), Tensor[*B, L[10]])
    functions(rows)
"""
ROWS = (
    "user.py:11: error: layer 1 of Sequential:"
    " global_avg_pool2d expects [*B, C, H, W], got [*B, C]  [shape]"
)
OF_FOUR = "Conv2D[4, 8, 3, 1, 1] expects 4 channels, got 3  [shape]"
OTHERS = [
    f"user.py:7: error: layer 0 of Sequential: {OF_FOUR}",
    f"user.py:9: error: layer 0 of Sequential: {OF_FOUR}",
    f"user.py:10: error: layer 0.0 of Sequential: {OF_FOUR}",
]
STEPS = [(3, False), (3, True), (4, False), (4, True), (3, True)]
"""How many channels the model takes, and whether its user is touched besides."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("mypy.ini", "[mypy]\nplugins = typed_resnet.mypy_plugin\nstrict = true\n")
    return made


def errors(project: Project, channels: int, touched: bool, *command: str) -> list[str]:
    # Within a second, mypy's daemon tells files by their length.
    project.write("model.py", MODEL.format(channels=channels) + "#" * channels)
    project.write("user.py", USER + "#" * touched)
    said = project.run(*command, "model.py", "user.py")
    return [line for line in said if "assert-type" not in line]


def expected(channels: int) -> list[str]:
    return [ROWS] if channels == 3 else [*OTHERS, ROWS]


def test_a_cache_keeps_what_they_make_of_shapes(project: Project) -> None:
    for channels, touched in STEPS:
        assert errors(project, channels, touched, "mypy") == expected(channels)


def test_a_daemon_keeps_what_they_make_of_shapes(project: Project) -> None:
    try:
        project.run("mypy.dmypy", "start")
        for channels, touched in STEPS:
            assert errors(project, channels, touched, "mypy.dmypy", "check") == expected(channels)
    finally:
        project.run("mypy.dmypy", "stop")
