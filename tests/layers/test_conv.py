"""Convolution: the specification's example, construction, what is refused."""

import numpy as np
import pytest

from typed_resnet import Conv2D, DTypeError, ShapeError, Tensor, TypedResNetError

X = np.arange(1.0, 10.0).reshape(1, 3, 3)
KERNEL = np.array([[[[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]]])
BIAS = np.array([0.5])


def conv(stride: int, padding: int) -> Conv2D:
    return Conv2D(Tensor(KERNEL), Tensor(BIAS), stride, padding)


def test_the_worked_example_at_stride_one():
    y = conv(1, 1)(Tensor(X)).array
    assert (y == np.array([[-17, -11, 19], [-39, -15, 41], [-41, -11, 43]]) / 2).all()


def test_the_worked_example_at_stride_two_is_its_corners():
    y = conv(2, 1)(Tensor(X)).array
    assert (y == np.array([[-17, 19], [-41, 43]]) / 2).all()


@pytest.mark.parametrize("batch", [(), (2,), (2, 3), (0,), (2, 0)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_leading_axes_and_scalars_stay(batch: tuple[int, ...], dtype: type):
    layer = Conv2D.init(np.random.default_rng(0), 3, 4, 3, stride=2, padding=1, dtype=dtype)
    x = np.random.default_rng(1).standard_normal((*batch, 3, 5, 6)).astype(dtype)
    y = layer(Tensor(x))
    assert y.shape == (*batch, 4, 3, 3)
    assert y.dtype == dtype
    for index in np.ndindex(*batch):
        np.testing.assert_allclose(layer(Tensor(x[index])).array, y.array[index], rtol=2e-5)


def test_a_stride_left_out_is_one_and_a_padding_nought():
    layer = Conv2D.init(None, 3, 4, 5)
    assert (layer.stride, layer.padding) == (1, 0)
    layer = Conv2D.zero_init(3, 4, 5, padding=2, bias=False)
    assert (layer.stride, layer.padding, layer.bias) == (1, 2, None)
    assert layer.kernel.shape == (4, 3, 5, 5)
    assert not layer.kernel.array.any()


def test_first_kernels_have_the_variance_of_he_et_al():
    kernel = Conv2D.init(np.random.default_rng(0), 64, 64, 3, dtype=np.float64).kernel.array
    assert np.isclose(kernel.var(), 2 / (64 * 9), rtol=0.02)
    assert abs(kernel.mean()) < 1e-3


def test_without_a_bias_none_is_added():
    layer = Conv2D(Tensor(KERNEL), None, 1, 1)
    assert (layer(Tensor(X)).array == conv(1, 1)(Tensor(X)).array - 0.5).all()


@pytest.mark.parametrize(
    ("arguments", "clause"),
    [
        ({"stride": 0}, "≥ 1, got 0"),
        ({"padding": -1}, "≥ 0, got -1"),
        ({"kernel_size": 0}, "≥ 1, got 0"),
        ({"in_channels": 0}, "≥ 1, got 0"),
        ({"out_channels": -2}, "≥ 1, got -2"),
    ],
)
def test_numbers_out_of_their_range_are_refused(arguments: dict[str, int], clause: str):
    sizes = {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "stride": 1, "padding": 1}
    with pytest.raises(TypedResNetError, match=clause):
        Conv2D.init(None, **(sizes | arguments))


def test_other_channels_other_ranks_and_other_scalars_are_refused():
    layer = Conv2D.init(None, 3, 4, 3)
    with pytest.raises(ShapeError, match="expects 3 channels, got 1"):
        layer(Tensor.zeros(1, 8, 8))
    with pytest.raises(ShapeError, match=r"expects \[\*B, 3, H, W\], got \[8, 8\]"):
        layer(Tensor.zeros(8, 8))
    with pytest.raises(DTypeError, match="Conv2D expects float32, got float64"):
        layer(Tensor(np.zeros((3, 8, 8))))


def test_a_window_larger_than_the_padded_image_is_refused():
    layer = Conv2D.init(None, 3, 4, 7, padding=1)
    assert layer(Tensor.zeros(3, 5, 5)).shape == (4, 1, 1)
    with pytest.raises(ShapeError, match="window 7 does not fit height 4 padded by 1"):
        layer(Tensor.zeros(3, 4, 5))


@pytest.mark.parametrize(
    "array", [np.array([["a"]], dtype=object), np.zeros(3, int), np.array("x")]
)
def test_scalars_that_are_no_numbers_of_ours_are_refused(array: np.ndarray):
    with pytest.raises(DTypeError, match="Tensor expects float32"):
        Tensor(array)


def test_the_gradients_of_the_worked_example():
    dy = np.zeros((1, 3, 3))
    dy[0, 0, 0], dy[0, 2, 2] = 1, 2
    grads, dx = conv(1, 1).backward(Tensor(X), Tensor(dy))
    assert grads.bias is not None
    assert grads.bias.array.tolist() == [3]
    assert grads.kernel.array.tolist() == [[[[10, 12, 0], [16, 19, 2], [0, 4, 5]]]]
    assert dx.array.tolist() == [[[0, -2, 0], [0, 1, 0], [0, 4, 0]]]


@pytest.mark.parametrize("batch", [(), (2,), (2, 3), (0,)])
def test_the_pullback_is_adjoint_to_the_linear_map_for_any_leading_axes(batch: tuple[int, ...]):
    rng = np.random.default_rng(0)
    layer = Conv2D.init(rng, 3, 4, 3, 2, 1, bias=False, dtype=np.float64)
    x = rng.standard_normal((*batch, 3, 5, 6))
    y, pullback = layer.vjp(Tensor(x))
    dy = rng.standard_normal(y.shape)
    grads, dx = pullback(Tensor(dy))
    assert grads.bias is None
    assert np.isclose(np.vdot(y.array, dy), np.vdot(x, dx.array))
    assert np.isclose(np.vdot(y.array, dy), np.vdot(layer.kernel.array, grads.kernel.array))
    assert (y.array == layer(Tensor(x)).array).all()


def test_a_cotangent_unlike_the_result_is_refused():
    _, pullback = conv(2, 1).vjp(Tensor(X))
    with pytest.raises(ShapeError, match="Conv2D expects"):
        pullback(Tensor(np.zeros((1, 3, 3))))
    with pytest.raises(DTypeError, match="Conv2D expects float64, got float32"):
        pullback(Tensor.zeros(1, 2, 2))


def test_forward_is_the_call():
    assert (conv(1, 1).forward(Tensor(X)).array == conv(1, 1)(Tensor(X)).array).all()
