"""Products in pieces, at the sizes of real layers, are the whole products."""

from types import SimpleNamespace

import numpy as np
import pytest

from typed_resnet.kernels import conv2d, conv2d_vjp, products, strategies
from typed_resnet.kernels.products import (
    both,
    correlate,
    even,
    multiply,
    multiply_turned,
    strip_width,
)
from typed_resnet.kernels.strategy import ACCURACY, ALL

from .arrays import difference, normal

F32 = np.dtype(np.float32)


def either_blas(monkeypatch, copies):
    monkeypatch.setattr(products, "blas", lambda: SimpleNamespace(copies=copies))


@pytest.mark.parametrize(("copies", "shares"), [(False, 1), (True, 1), (True, 2)])
@pytest.mark.parametrize("rows", [1, 11, 61, 98, 196])
@pytest.mark.parametrize(
    ("inner", "columns"), [(64, 64), (64, 128), (96, 160), (256, 72), (512, 512), (576, 61)]
)
def test_strips_make_the_whole_product(monkeypatch, copies, shares, rows, inner, columns):
    either_blas(monkeypatch, copies)
    x, w = normal(1, 3, rows, inner), normal(2, 3, inner, columns)
    width = strip_width(inner, columns, rows, shares)
    strips = np.ascontiguousarray(w.reshape(3, inner, columns // width, width).swapaxes(1, 2))
    out = np.full((3, rows, columns), np.nan)
    multiply(x, strips, out)
    assert difference(out, x @ w) < 1e-13


def test_real_layers_have_several_strips(monkeypatch):
    """Else the test above would try none."""
    either_blas(monkeypatch, copies=False)
    assert [strip_width(inner, inner, 49) < inner for inner in (96, 128, 256, 512)] == [True] * 4
    assert [strip_width(inner, 61, 49) for inner in (64, 576)] == [61, 61]
    assert [strip_width(512, 512, rows) for rows in (16, 49, 196)] == [64, 32, 512]


def test_a_blas_that_copies_is_given_whole_products_or_a_share_each(monkeypatch):
    either_blas(monkeypatch, copies=True)
    assert [strip_width(512, 512, rows) for rows in (16, 49, 196)] == [512] * 3
    assert [strip_width(512, columns, 16, 2) for columns in (512, 61)] == [256, 61]


@pytest.mark.parametrize("rows", [1, 49, 392, 3136])
@pytest.mark.parametrize(("m", "n"), [(64, 64), (96, 160), (512, 512), (61, 130)])
def test_correlations_sum_over_all_rows(rows, m, n):
    a, b = normal(1, 2, rows, m), normal(2, 2, rows, n)
    out = np.full((2, m, n), np.nan)
    correlate(a, b, out)
    assert difference(out, a.swapaxes(1, 2) @ b) < 1e-13


@pytest.mark.parametrize("copies", [False, True])
@pytest.mark.parametrize("rows", [1, 49, 64, 65])
@pytest.mark.parametrize(("m", "n"), [(64, 64), (96, 160), (512, 2000), (61, 130)])
def test_products_with_a_turned_factor(monkeypatch, copies, rows, m, n):
    either_blas(monkeypatch, copies)
    x, w = normal(1, 2, rows, n), normal(2, 2, m, n)
    out = np.full((2, rows, m), np.nan)
    multiply_turned(x, w, out)
    assert difference(out, x @ w.swapaxes(1, 2)) < 1e-13


@pytest.mark.parametrize("X", [1, 767, 768, 769, 5000])
def test_a_change_of_basis_from_both_sides(X):
    T, x = normal(1, 6, 4), normal(2, 4, 4, X)
    out, between = np.full((6, 6, X), np.nan), np.full(4 * 6 * X, np.nan)
    both(T, x, out, between)
    assert difference(out, np.einsum("ia,abx,jb->ijx", T, x, T)) < 1e-13


@pytest.mark.parametrize(("count", "most"), [(0, 4), (1, 4), (9, 4), (7, 0)])
def test_parts_cover_a_count_once(count, most):
    parts = list(even(count, most))
    assert [i for part in parts for i in range(part.start, part.stop)] == list(range(count))
    assert all(part.stop - part.start <= max(most, 1) for part in parts)


@pytest.mark.parametrize("strategy", sorted(ALL))
@pytest.mark.parametrize("channels", [(96, 160), (256, 72), (576, 96), (288, 256)])
def test_many_channels_are_as_accurate_as_stated(strategy, channels):
    """The channels of real layers, at which products are cut, and of the last one are not."""
    Cin, Cout = channels
    x, w, b = normal(1, 3, Cin, 23, 26), normal(2, Cout, Cin, 3, 3), normal(3, Cout)
    with strategies(strategy):
        x32, w32, b32 = (array.astype(F32) for array in (x, w, b))
        y, pullback = conv2d_vjp(x32, w32, b32, 1, 1)
        again = conv2d(x32, w32, b32, 1, 1)
        dy = normal(4, *y.shape)
        gradients = pullback(dy.astype(F32))
    want, exactly = conv2d_vjp(x, w, b, 1, 1)
    for got, right in zip((y, again, *gradients), (want, want, *exactly(dy)), strict=True):
        assert difference(got.astype(np.float64), right) < ACCURACY[strategy]
