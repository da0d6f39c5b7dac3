"""The ONNX node cases, through the layers; some that are out of scope are refused."""

import numpy as np
import onnx_cases
import pytest

from typed_resnet import (
    BatchNorm2D,
    ConfigError,
    Conv2D,
    DTypeError,
    Linear,
    MaxPool2D,
    ShapeError,
    Tensor,
    global_avg_pool2d,
    relu,
)
from typed_resnet.layers import RunningStatistics

pytestmark = pytest.mark.oracle


def conv(x, kernel, bias, stride, padding):
    bias = None if bias is None else Tensor(bias)
    return Conv2D(Tensor(kernel), bias, stride, padding)(Tensor(x)).array


def linear(x, weight, bias):
    return Linear(Tensor(weight), None if bias is None else Tensor(bias))(Tensor(x)).array


def max_pool(x, window, stride, padding):
    return MaxPool2D(window, stride, padding)(Tensor(x)).array


def batch_norm(x, gamma, beta, mean, variance, eps, training):
    """Return y, and of training the stored statistics too.

    ONNX stores the biased variance, where PyTorch and we store the unbiased one.
    """
    before, count = variance.copy(), x.size // x.shape[1]
    stored = RunningStatistics(
        Tensor(mean.copy()), Tensor(variance.copy()), np.array(0), 0.1, training
    )
    y = BatchNorm2D(Tensor(gamma), Tensor(beta), eps, stored)(Tensor(x)).array
    if not training:
        assert (stored.variance.array == before).all()
        return y
    moved = (stored.variance.array - np.float32(0.9) * before) * np.float32((count - 1) / count)
    return y, stored.mean.array, np.float32(0.9) * before + moved


RUN = {
    "Add": lambda x, y: (Tensor(x) + Tensor(y)).array,
    "BatchNormalization": batch_norm,
    "Conv": conv,
    "Gemm": linear,
    "GlobalAveragePool": lambda x: global_avg_pool2d(Tensor(x)).array[:, :, None, None],
    "MaxPool": max_pool,
    "Relu": lambda x: relu(Tensor(x)).array,
}


HALF = "test_maxpool_2d_pads"


@pytest.mark.parametrize("name", sorted(set(onnx_cases.in_scope()) - {HALF}))
def test_node_case(name):
    onnx_cases.compare(name, RUN)


def test_padding_of_more_than_half_the_window_is_refused_as_pytorch_does():
    with pytest.raises(ConfigError, match="padding ≤ 1, half of window 3, got 2"):
        onnx_cases.compare(HALF, RUN)


@pytest.mark.parametrize("name", [n for n in onnx_cases.OUT_OF_SCOPE if n.startswith("test_add")])
def test_other_sums_are_refused(name):
    error = ShapeError if name == "test_add_bcast" else DTypeError
    (data,) = onnx_cases.CASES[name].data_sets
    with pytest.raises(error):
        RUN["Add"](*data[0])
