"""What holds of every operation: it equals its vjp's value, and its pullback is an adjoint."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from typed_resnet import DTypeError, ShapeError, Tensor, ops, vjp

from .cases import CASES, LINEAR, PRODUCTS, SMOOTH, STACKED, WHOLE, Case

BATCHES = [(), (2,), (2, 3), (2, 1, 2)]
IN_THEIR_OWN_PLACES = {
    *("broadcast_to", "conv2d", "cross_entropy", "differentiable", "dropout", "linear"),
    *("max_pool2d", "reshape"),
}


def arrays(value: Any) -> list[np.ndarray]:
    """The arrays of one tensor, or of a tuple of them."""
    return [t.array for t in value] if isinstance(value, tuple) else [value.array]


def like(value: Any, made: Callable[[np.ndarray], np.ndarray]) -> Any:
    """One tensor, or a tuple of them, made of those of another."""
    parts = tuple(Tensor(made(array)) for array in arrays(value))
    return parts if isinstance(value, tuple) else parts[0]


def inner(left: Any, right: Any) -> Any:
    pairs = zip(arrays(left), arrays(right), strict=True)
    return sum(((a * b).sum() for a, b in pairs), start=0)


def exact(array: np.ndarray) -> np.ndarray:
    whole = np.rint(4 * array).astype(int)
    return np.asarray(np.vectorize(Fraction, otypes=[object])(whole))


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_pullback_is_the_adjoint_of_the_slope(case: Case, batch: tuple[int, ...]):
    """By central differences in extended precision, along a random direction."""
    xs = case.tensors(batch, dtype=np.longdouble)
    along = case.tensors(batch, seed=1, dtype=np.longdouble)
    y, pullback = case.vjp(*xs)
    for value, again in zip(arrays(case.function(*xs)), arrays(y), strict=True):
        np.testing.assert_array_equal(value, again)
    rng = np.random.default_rng(2)
    u = like(y, lambda a: np.asarray(rng.standard_normal(a.shape), np.longdouble))
    step = np.longdouble(1e-6)
    ahead, behind = (
        case.function(*(Tensor(x.array + s * v.array) for x, v in zip(xs, along, strict=True)))
        for s in (step, -step)
    )
    forward = (inner(ahead, u) - inner(behind, u)) / (2 * step)
    dxs = pullback(u)
    assert [a.shape for a in arrays(dxs)] == [x.array.shape for x in xs]
    backward = inner(dxs, tuple(along))
    assert abs(forward - backward) < 1e-9 * max(1, abs(backward))


@pytest.mark.parametrize("case", LINEAR, ids=str)
def test_a_linear_map_and_its_pullback_are_adjoint_in_fractions(case: Case):
    """⟨f(v), u⟩ = ⟨v, f*(u)⟩, to the last digit; and what comes out are fractions."""
    vs = [Tensor(exact(v.array)) for v in case.tensors((2,))]
    y, pullback = case.vjp(*vs)
    rng = np.random.default_rng(2)
    u = like(y, lambda a: exact(rng.standard_normal(a.shape)))
    dxs = pullback(u)
    assert inner(y, u) == inner(dxs, tuple(vs))
    for array in (*arrays(y), *arrays(dxs)):
        assert {type(value) for value in array.flat} == {Fraction}


@pytest.mark.parametrize("case", [c for c in CASES if c not in [*STACKED, *WHOLE]], ids=str)
def test_each_of_a_batch_is_worked_on_by_itself(case: Case):
    xs = case.tensors((2, 3))
    y, pullback = case.vjp(*xs)
    dxs = arrays(pullback(y))
    for place in np.ndindex(2, 3):
        one, pull_one = case.vjp(*(Tensor(x.array[place]) for x in xs))
        for whole, part in zip(arrays(y), arrays(one), strict=True):
            np.testing.assert_allclose(whole[place], part, rtol=1e-13, atol=1e-15)
        for whole, part in zip(dxs, arrays(pull_one(one)), strict=True):
            np.testing.assert_allclose(whole[place], part, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_nothing_is_promoted(case: Case, dtype: type):
    y, pullback = case.vjp(*case.tensors((2,), dtype=dtype))
    for array in (*arrays(y), *arrays(pullback(y))):
        assert array.dtype == dtype


@pytest.mark.parametrize("case", [c for c in SMOOTH if c.name != "sqrt"], ids=str)
def test_what_is_no_fraction_is_refused(case: Case):
    (x,) = case.tensors((2,))
    with pytest.raises(DTypeError, match=f"{case.name} expects floats, got fractions"):
        case.function(Tensor(exact(x.array)))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_cotangent_of_another_shape_or_type_is_refused(case: Case):
    y, pullback = case.vjp(*case.tensors((2,)))
    with pytest.raises(ShapeError):
        pullback(like(y, lambda a: np.zeros((*a.shape, 2))))
    with pytest.raises(DTypeError, match="expects float64, got float32"):
        pullback(like(y, lambda a: a.astype(np.float32)))


@pytest.mark.parametrize("case", [c for c in [*CASES, *PRODUCTS] if len(c.shapes) > 1], ids=str)
def test_scalar_types_are_not_mixed(case: Case):
    first, *others = case.tensors(())
    with pytest.raises(DTypeError, match="expects float32, got float64"):
        case.function(first.astype(np.float32), *others)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_trace_pulls_back_by_the_same_vjp(case: Case):
    xs = case.tensors((2,))
    y, by_hand = case.vjp(*xs)
    traced, by_trace = vjp(case.function, *xs)
    for one, other in zip(
        (*arrays(y), *arrays(by_hand(y))), (*arrays(traced), *arrays(by_trace(y))), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_every_operation_is_a_case_and_has_its_vjp():
    functions = {name for name in ops.__all__ if inspect.isfunction(getattr(ops, name))}
    forward = {name for name in functions if not name.endswith("_vjp")} - {"differentiable"}
    assert functions - forward - {"differentiable"} == {f"{name}_vjp" for name in forward}
    assert forward - IN_THEIR_OWN_PLACES <= {case.name for case in CASES}
    assert all(getattr(ops, name).__doc__ for name in functions)
