"""The ONNX node cases of the operators that we have, in our arguments.

Each case is run, or is listed here with its reason.
"""

import importlib
from collections.abc import Callable

import numpy as np
from onnx import helper
from onnx.backend.test.case import node as node_cases

Arrays = np.ndarray | tuple[np.ndarray, ...]

MODULES = ["add", "batch_normalization", "conv", "gemm", "globalaveragepool", "maxpool", "relu"]
OPERATORS = {"Add", "BatchNormalization", "Conv", "Gemm", "GlobalAveragePool", "MaxPool", "Relu"}

OUT_OF_SCOPE = {
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
# In scope but for an output that we do not have: the places of maxima.


def collect():
    for module in MODULES:
        importlib.import_module(f"onnx.backend.test.case.node.{module}")
    return {
        case.name: case
        for case in node_cases._NodeTestCases
        if len(case.model.graph.node) == 1 and case.model.graph.node[0].op_type in OPERATORS
    }


CASES = collect()


def in_scope(*without: str) -> list[str]:
    """Name the cases to run, but for those of these operators."""
    names = set(CASES) - set(OUT_OF_SCOPE)
    return sorted(name for name in names if operator(name) not in without)


def operator(name: str) -> str:
    return CASES[name].model.graph.node[0].op_type


def compare(name: str, run: dict[str, Callable[..., Arrays]]) -> None:
    """Assert that a case's outputs, or as many of them as there are, come out."""
    case = CASES[name]
    node = case.model.graph.node[0]
    settings = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    for inputs, outputs in case.data_sets:
        given = ARGUMENTS.get(node.op_type, lambda _, *arrays: arrays)(settings, *inputs)
        results = run[node.op_type](*given)
        results = results if isinstance(results, tuple) else (results,)
        for result, output in zip(results, outputs, strict=False):
            assert result.dtype == np.float32
            np.testing.assert_allclose(result, output, rtol=case.rtol, atol=case.atol, strict=True)


def conv(settings, x, w, b=None):
    """Return x, kernel, bias, stride and padding."""
    return x, w, b, *stride_and_padding(settings, x, w.shape[2:])


def max_pool(settings, x):
    """Return x, window, stride and padding."""
    window = settings["kernel_shape"]
    assert window[0] == window[1]
    return x, window[0], *stride_and_padding(settings, x, window)


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
    """Return x, gamma, beta, mean, variance, eps, and whether to train."""
    assert settings.get("momentum", 0.9) == 0.9 or not settings.get("training_mode")
    eps, training = settings.get("epsilon", 1e-5), bool(settings.get("training_mode"))
    return x, gamma, beta, mean, variance, eps, training


def gemm(settings, a, b, c=None):
    """Return x, weight and bias; Gemm's factors belong to these."""
    x = a.T if settings.get("transA") else a
    weight = b if settings.get("transB") else b.T
    weight = weight * np.float32(settings.get("alpha", 1.0))
    if c is not None:
        row = (c * np.float32(settings.get("beta", 1.0))).reshape(-1)
        c = np.broadcast_to(row, weight.shape[0])
    return x, weight, c


ARGUMENTS = {
    "BatchNormalization": batch_normalization,
    "Conv": conv,
    "Gemm": gemm,
    "MaxPool": max_pool,
}
