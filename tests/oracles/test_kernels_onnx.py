"""The ONNX node cases, through the kernels."""

import onnx_cases
import pytest

from typed_resnet import kernels

pytestmark = pytest.mark.oracle


def test_every_operator_has_cases_and_every_exception_exists():
    assert set(map(onnx_cases.operator, onnx_cases.CASES)) == onnx_cases.OPERATORS
    assert set(onnx_cases.OUT_OF_SCOPE) <= set(onnx_cases.CASES)


def batch_norm(x, gamma, beta, mean, variance, eps, training):
    if training:
        return kernels.batch_norm2d(x, gamma, beta, eps)
    return kernels.batch_norm2d_inference(x, gamma, beta, mean, variance, eps)


RUN = {
    "BatchNormalization": batch_norm,
    "Conv": kernels.conv2d,
    "Gemm": kernels.linear,
    "GlobalAveragePool": lambda x: kernels.global_avg_pool2d(x)[:, :, None, None],
    "MaxPool": kernels.max_pool2d,
    "Relu": kernels.relu,
}


@pytest.mark.parametrize("name", onnx_cases.in_scope("Add"))
def test_node_case(name):
    """But a sum of two tensors, which is the tensor's own and no kernel."""
    onnx_cases.compare(name, RUN)
