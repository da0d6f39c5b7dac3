"""Stored values of other libraries; `scripts/make_reference_data.py` makes the files."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from typed_resnet import kernels

from .arrays import difference

DATA = Path(__file__).parents[1] / "data"


def cases(file):
    found = defaultdict(dict)
    with np.load(DATA / file) as arrays:
        for key in arrays:
            case, name = key.rsplit("/", 1)
            found[case][name] = arrays[key]
    return dict(found)


ONNX, TORCH = cases("onnx_pytorch.npz"), cases("torch_gradients.npz")


@pytest.mark.parametrize("case", ONNX)
def test_onnx_s_pytorch_cases(case):
    a = ONNX[case]
    x = a["x"]
    if case.startswith("Conv2d"):
        y = kernels.conv2d(x, a["1"], a.get("2"), int(a["strides"][0]), int(a["pads"][0]))
    elif case.startswith("BatchNorm2d"):
        y = kernels.batch_norm2d_inference(x, *(a[k] for k in "1234"), float(a["epsilon"]))
    elif case.startswith("MaxPool2d"):
        window, stride, padding = (int(a[k][0]) for k in ("kernel_shape", "strides", "pads"))
        y = kernels.max_pool2d(x, window, stride, padding)
    elif case.startswith("Linear"):
        y = kernels.linear(x, a["1"], a.get("2"))
    else:
        y = kernels.relu(x)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, a["y"], rtol=1e-5, atol=1e-6)


GRADIENTS = {
    "conv2d": ("w", "b", "x"),
    "linear": ("w", "b", "x"),
    "batch_norm2d": ("x", "gamma", "beta"),
    "batch_norm2d_inference": ("x", "gamma", "beta"),
}
INPUTS = ("x", "w", "b", "gamma", "beta", "mean", "variance")


@pytest.mark.parametrize("case", TORCH)
def test_torch_s_values_and_gradients(case):
    a = TORCH[case]
    function, *numbers = case.split()
    if function.startswith("batch_norm2d"):
        settings = (1e-5,)
    else:
        settings = tuple(int(number) for number in numbers if number.isdigit())
        settings = settings[1:] if function == "conv2d" else settings
    inputs = [a[name] for name in INPUTS if name in a]
    y, pullback = getattr(kernels, f"{function}_vjp")(*inputs, *settings)
    gradients = pullback(a["dy"])
    if function not in GRADIENTS:
        gradients = (gradients,)
    assert difference(y, a["y"]) < 1e-13
    for name, got in zip(GRADIENTS.get(function, ("x",)), gradients, strict=True):
        assert difference(got, a[f"d{name}"]) < 1e-13
