"""With the checks switched off, common mistakes still get an error of ours, not NumPy's."""

import os
import subprocess
import sys

import pytest

MISTAKES = {
    "Conv2D.init(None, 3, 4, 3, 0)": "ConfigError: Conv2D expects stride ≥ 1, got 0",
    "Conv2D.init(None, 3, 4, 3, 1, -1)": ("ConfigError: Conv2D expects padding ≥ 0, got -1"),
    "Conv2D.init(None, 3, 4, 0)": ("ConfigError: Conv2D expects kernel_size ≥ 1, got 0"),
    "Conv2D.init(None, 3, True, 3)": (
        "ConfigError: Conv2D expects out_channels to be an int, got True"
    ),
    "Conv2D.init(None, 2.5, 4, 3)": (
        "ConfigError: Conv2D expects in_channels to be an int, got 2.5"
    ),
    "Linear.init(None, 3, 0)": "ConfigError: Linear expects out_features ≥ 1, got 0",
    "BatchNorm2D.init(0)": "ConfigError: BatchNorm2D expects channels ≥ 1, got 0",
    "BatchNorm2D.init(3, eps='1e-6')": (
        "ConfigError: BatchNorm2D expects eps to be a number > 0, got '1e-6'"
    ),
    "resnet18(0, 10)": "ConfigError: ResNet expects in_channels ≥ 1, got 0",
    "resnet18(3, 0)": "ConfigError: ResNet expects classes ≥ 1, got 0",
    "Conv2D.init(None, 3, 4, 3)(zeros(1, 8, 8))": (
        "ShapeError: Conv2D[3, 4, 3, 1, 0] expects 3 channels, got 1"
    ),
    "Conv2D.init(None, 3, 4, 3)(zeros(8, 8))": (
        "ShapeError: Conv2D[3, 4, 3, 1, 0] expects [*B, 3, H, W], got [8, 8]"
    ),
    "Conv2D.init(None, 3, 4, 7)(zeros(3, 8, 6))": (
        "ShapeError: window 7 does not fit width 6 padded by 0"
    ),
    "Conv2D.init(None, 3, 4, 3)(zeros(3, 8, 8).astype(float))": (
        "DTypeError: Conv2D expects float32, got float64"
    ),
    "BatchNorm2D.init(4)(zeros(3, 8, 8))": "ShapeError: BatchNorm2D[4] expects 4 channels, got 3",
    "MaxPool2D(3)(zeros(3, 2, 8))": "ShapeError: window 3 does not fit height 2 padded by 0",
    "Linear.init(None, 3, 4)(zeros(2, 4))": "ShapeError: Linear[3, 4] expects 3 features, got 4",
    "Linear.init(None, 3, 4)(zeros())": "ShapeError: Linear[3, 4] expects [*B, 3], got []",
    "global_avg_pool2d(zeros(3, 4))": (
        "ShapeError: global_avg_pool2d expects [*B, C, H, W], got [3, 4]"
    ),
    "fit(zeros(3, 4), 2)": "ShapeError: fit expects [*B, Cin, H, W], got [3, 4]",
    "resnet18(3, 10)(zeros(1, 32, 32))": (
        "ShapeError: Conv2D[3, 64, 7, 2, 3] expects 3 channels, got 1"
    ),
    "resnet18(3, 10)(zeros(3, 4, 32))": "ShapeError: window 3 does not fit height 2 padded by 0",
}


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    """Make all mistakes in one process without checks."""
    script = (
        "from typed_resnet import *\nfrom typed_resnet.layers import fit\n"
        "zeros = Tensor.zeros\n"
        f"for mistake in {list(MISTAKES)!r}:\n"
        "    try:\n"
        "        eval(mistake)\n"
        "    except TypedResNetError as error:\n"
        "        print(mistake, f'{type(error).__name__}: {error}', sep='\\t')\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"TYPED_RESNET_CHECKS": "0", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert not finished.stderr, finished.stderr
    return dict(line.split("\t") for line in finished.stdout.splitlines())


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gets_our_error(answers: dict[str, str], mistake: str):
    assert answers.get(mistake) == MISTAKES[mistake]
