"""Laws of the operations, on shapes and numbers of all kinds."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typed_resnet import ConfigError, DTypeError, ShapeError, Tensor, ops

laws = settings(max_examples=60)

SHAPES = st.lists(st.integers(1, 4), min_size=4, max_size=6).map(tuple)
AXES = st.sampled_from([-1, -2, -3, -4])
SEEDS = st.integers(0, 2**32)

Shaped = Tensor[*tuple[Any, ...]]


def tensor(shape: tuple[int, ...], seed: int, scale: float = 1) -> Shaped:
    return Tensor(np.random.default_rng(seed).standard_normal(shape) * scale)


@laws
@given(SHAPES, AXES, st.integers(1, 4), SEEDS)
def test_split_undoes_concat(shape: tuple[int, ...], axis: Any, other: int, seed: int):
    x = tensor(shape, seed)
    y = tensor((*shape[: len(shape) + axis], other, *shape[len(shape) + axis + 1 :]), seed + 1)
    joined = ops.concat(x, y, axis=axis)
    first, second = ops.split(joined, shape[axis], axis)
    np.testing.assert_array_equal(first.array, x.array)
    np.testing.assert_array_equal(second.array, y.array)
    np.testing.assert_array_equal(ops.concat(first, second, axis=axis).array, joined.array)


@laws
@given(SHAPES, st.sampled_from([(a, b) for a in (-4, -3, -2) for b in range(a + 1, 0)]), SEEDS)
def test_transpose_twice_is_the_identity(shape: tuple[int, ...], axes: Any, seed: int):
    x = tensor(shape, seed)
    once = ops.transpose(x, *axes)
    assert once.shape[axes[0]] == shape[axes[1]]
    np.testing.assert_array_equal(ops.transpose(once, *axes).array, x.array)


@laws
@given(SHAPES, AXES, st.sampled_from([1, 100, 1e4, 1e300]), SEEDS)
def test_softmax_sums_to_one_and_is_not_moved_by_a_shift(
    shape: tuple[int, ...], axis: Any, scale: float, seed: int
):
    x = tensor(shape, seed, scale)
    y = ops.softmax(x, axis)
    np.testing.assert_allclose(ops.sum(y, axis).array, 1, rtol=1e-14)
    assert (y.array >= 0).all()
    np.testing.assert_allclose(np.exp(ops.log_softmax(x, axis).array), y.array, rtol=1e-12)
    if scale == 1:
        shifted = ops.softmax(Tensor(x.array + 100), axis)
        np.testing.assert_allclose(shifted.array, y.array, rtol=1e-12)


@laws
@given(SHAPES, AXES, SEEDS)
def test_means_and_sums(shape: tuple[int, ...], axis: Any, seed: int):
    x = tensor(shape, seed)
    np.testing.assert_allclose(ops.sum(x, axis).array, x.array.sum(axis), atol=1e-14)
    total = ops.sum(ops.mean(x, axis)).array * shape[axis]
    np.testing.assert_allclose(total, ops.sum(x).array, atol=1e-12)
    squeezed = ops.squeeze(ops.unsqueeze(x, axis), axis)
    np.testing.assert_array_equal(squeezed.array, x.array)


@laws
@given(st.lists(st.integers(1, 3), max_size=3).map(tuple), st.integers(1, 5), SEEDS)
def test_products_are_exact_in_fractions(batch: tuple[int, ...], inner: int, seed: int):
    rng = np.random.default_rng(seed)
    x, y = (rng.integers(-9, 10, (*batch, *s)) for s in ((3, inner), (inner, 2)))
    halves = [Tensor(np.vectorize(Fraction, otypes=[object])(a) / Fraction(2)) for a in (x, y)]
    z = halves[0] @ halves[1]
    assert (z.array == Fraction(1, 4) * np.matmul(x, y)).all()
    assert {type(value) for value in z.array.flat} == {Fraction}


@laws
@given(st.integers(1, 4), SEEDS)
def test_average_pool_undoes_upsample(factor: int, seed: int):
    x = tensor((2, 3, 4), seed)
    pooled = ops.avg_pool2d(ops.upsample(x, factor), factor)
    np.testing.assert_allclose(pooled.array, x.array, rtol=1e-14)


def test_numbers_scale_and_promote_nothing():
    x = Tensor(np.array([1, 2], np.float32))
    doubled = (x * 2.0, x * 2, x / 0.5, x * np.float64(2), x * np.int8(2), x * Fraction(2))
    from_the_left = (2.0 * x, 2 * x, np.float64(2) * x, np.longdouble(2) * x, Fraction(2) * x)
    for y in (*doubled, *from_the_left):
        assert y.dtype == np.float32
        assert y.array.tolist() == [2, 4]
    halves = Tensor(np.array([Fraction(1)], object)) * 0.5
    assert halves.array.tolist() == [Fraction(1, 2)]
    assert (x / x).array.tolist() == [1, 1]
    for shifted in (x + 1, 1 + x, np.float64(1) + x, x - (-1), 3 - (2 - x), x - np.float32(-1)):
        assert shifted.dtype == np.float32
        assert shifted.array.tolist() == [2, 3]
    assert (1 / x).array.tolist() == [1, 0.5]
    assert (Fraction(1, 3) + halves).array.tolist() == [Fraction(5, 6)]
    with pytest.raises(DTypeError, match=r"/ expects float32, got float64"):
        _ = x / x.astype(np.float64)
    with pytest.raises(DTypeError, match=r"@ expects float32, got float64"):
        _ = Tensor.zeros(2, 2) @ Tensor.zeros(2, 2, dtype=np.float64)


@pytest.mark.parametrize("sign", ["add", "sub", "mul", "truediv", "matmul"])
def test_a_bare_array_beside_a_tensor_is_refused(sign: str):
    """NumPy would stretch it, or the tensor, and return a bare array."""
    combine, x, array = getattr(operator, sign), Tensor.ones(2, 3), np.ones(3, np.float32)
    with pytest.raises(TypeError, match="expects bare arrays, got Tensor and ndarray"):
        combine(x, array)
    with pytest.raises(TypeError, match="expects bare arrays, got ndarray and Tensor"):
        combine(array, x)


def test_functions_of_numpy_see_the_numbers():
    assert np.exp(Tensor.zeros(2)).tolist() == [1, 1]
    np.testing.assert_array_equal(np.asarray(Tensor.ones(2)), [1, 1])


def test_an_axis_is_one_of_the_last_four():
    x = Tensor.zeros(2, 3, 4)
    for axis in (0, -5, "1", [1], None):
        with pytest.raises(ConfigError, match="softmax expects axis -1 or -2 or -3 or -4, got"):
            ops.softmax(x, axis)  # type: ignore[call-overload]  # the mistake
    with pytest.raises(ConfigError, match="concat expects axis -1 or -2 or -3 or -4, got none"):
        ops.concat(x, x)  # type: ignore[call-overload]  # the mistake
    with pytest.raises(ConfigError, match="transpose expects axes"):
        ops.transpose(x, -2, -2)  # type: ignore[call-overload]  # the mistake
    with pytest.raises(TypeError, match=r"stack expects \(x, y\) or .*, got \(x\)"):
        ops.stack(x)  # type: ignore[call-overload]  # the mistake


def test_nothing_has_no_mean_square():
    with pytest.raises(ShapeError, match=r"mse_loss expects at least 1 number, got \[0, 2\]"):
        ops.mse_loss(Tensor.zeros(0, 2), Tensor.zeros(0, 2))


def test_roots_and_squashes_by_hand():
    four = Tensor(np.array([Fraction(9, 4)], object))
    assert ops.sqrt(four).array.tolist() == [Fraction(3, 2)]
    with pytest.raises(DTypeError, match="square root of 2"):
        ops.sqrt(Tensor(np.array([Fraction(2)], object)))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert ops.sigmoid(Tensor(np.array([-1e3, 0, 1e3]))).array.tolist() == [0, 0.5, 1]
    assert math.isclose(float(ops.mse_loss(Tensor.ones(4), Tensor.zeros(4)).array), 1)
