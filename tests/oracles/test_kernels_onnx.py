"""The ONNX node cases, through the kernels; each case runs, or is listed here with its reason."""

import importlib

import numpy as np
import pytest
from onnx import helper
from onnx.backend.test.case import node as node_cases

from typed_resnet import kernels

pytestmark = pytest.mark.oracle

MODULES = ["add", "batch_normalization", "conv", "gemm", "globalaveragepool", "maxpool", "relu"]
OPERATORS = {"Add", "BatchNormalization", "Conv", "Gemm", "GlobalAveragePool", "MaxPool", "Relu"}

# The sum of two tensors is the tensor's own, not a kernel: tests of Tensor run it.
OUT_OF_SCOPE = {
    "test_add": "no kernel: `+` of two tensors of one shape",
    "test_add_bcast": "nothing broadcasts",
    "test_add_int8": "whole numbers are no scalar type here",
    "test_add_int16": "whole numbers are no scalar type here",
    "test_add_uint8": "whole numbers are no scalar type here",
    "test_add_uint16": "whole numbers are no scalar type here",
    "test_add_uint32": "whole numbers are no scalar type here",
    "test_add_uint64": "whole numbers are no scalar type here",
    "test_conv_with_strides_and_asymmetric_padding": "one padding for all sides",
    "test_gemm_default_matrix_bias": "a bias is one vector for all rows",
    "test_maxpool_1d_default": "images have two axes",
    "test_maxpool_2d_ceil": "sizes round down",
    "test_maxpool_2d_dilations": "windows have no holes",
    "test_maxpool_2d_same_lower": "one padding for all sides",
    "test_maxpool_2d_same_upper": "one padding for all sides",
    "test_maxpool_2d_uint8": "whole numbers are no scalar type here",
    "test_maxpool_3d_default": "images have two axes",
    "test_maxpool_3d_dilations": "images have two axes",
    "test_maxpool_3d_dilations_use_ref_impl": "images have two axes",
    "test_maxpool_3d_dilations_use_ref_impl_large": "images have two axes",
}
# In scope but for an output that no kernel has: places of maxima, running statistics.


def collect():
    for module in MODULES:
        importlib.import_module(f"onnx.backend.test.case.node.{module}")
    return {
        case.name: case
        for case in node_cases._NodeTestCases
        if len(case.model.graph.node) == 1 and case.model.graph.node[0].op_type in OPERATORS
    }


CASES = collect()


def test_every_operator_has_cases_and_every_exception_exists():
    assert {case.model.graph.node[0].op_type for case in CASES.values()} == OPERATORS
    assert set(OUT_OF_SCOPE) <= set(CASES)


@pytest.mark.parametrize("name", sorted(set(CASES) - set(OUT_OF_SCOPE)))
def test_node_case(name):
    case = CASES[name]
    node = case.model.graph.node[0]
    settings = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    for inputs, outputs in case.data_sets:
        y = RUN[node.op_type](settings, *inputs)
        assert y.dtype == np.float32
        np.testing.assert_allclose(y, outputs[0], rtol=case.rtol, atol=case.atol, strict=True)


def conv(settings, x, w, b=None):
    stride, padding = stride_and_padding(settings, x, w.shape[2:])
    return kernels.conv2d(x, w, b, stride, padding)


def max_pool(settings, x):
    window = settings["kernel_shape"]
    assert window[0] == window[1]
    stride, padding = stride_and_padding(settings, x, window)
    return kernels.max_pool2d(x, window[0], stride, padding)


def stride_and_padding(settings, x, window):
    """Return the one stride and the one padding that the case must have."""
    (stride,) = set(settings.get("strides", [1, 1]))
    pads = settings.get("pads", [0])
    if settings.get("auto_pad", b"NOTSET") != b"NOTSET":
        totals = [
            (-(-size // stride) - 1) * stride + k - size
            for size, k in zip(x.shape[2:], window, strict=True)
        ]
        assert not any(total % 2 for total in totals)
        pads = [total // 2 for total in totals]
    (padding,) = set(pads)
    return stride, padding


def batch_normalization(settings, x, gamma, beta, mean, variance):
    eps = settings.get("epsilon", 1e-5)
    if settings.get("training_mode"):
        return kernels.batch_norm2d(x, gamma, beta, eps)
    return kernels.batch_norm2d_inference(x, gamma, beta, mean, variance, eps)


def gemm(settings, a, b, c=None):
    """Gemm's factors belong to the weight and to the bias."""
    x = a.T if settings.get("transA") else a
    weight = b if settings.get("transB") else b.T
    weight = weight * np.float32(settings.get("alpha", 1.0))
    if c is not None:
        row = (c * np.float32(settings.get("beta", 1.0))).reshape(-1)
        c = np.broadcast_to(row, weight.shape[0])
    return kernels.linear(x, weight, c)


def global_average_pool(settings, x):
    return kernels.global_avg_pool2d(x)[:, :, None, None]


def relu(settings, x):
    return kernels.relu(x)


RUN = {
    "BatchNormalization": batch_normalization,
    "Conv": conv,
    "Gemm": gemm,
    "GlobalAveragePool": global_average_pool,
    "MaxPool": max_pool,
    "Relu": relu,
}
