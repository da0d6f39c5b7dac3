"""Arrays for tests, and what to compare of them."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from hypothesis import settings

DTYPES = [np.dtype(t) for t in (np.float32, np.float64, np.longdouble, object)]

laws = settings(max_examples=60)


def exact(nested: object) -> np.ndarray:
    """An object array of fractions."""
    return np.asarray(np.vectorize(Fraction, otypes=[object])(np.array(nested, object)))


def as_dtype(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    return exact(values) if dtype.kind == "O" else values.astype(dtype)


def whole(seed: int, *shape: int) -> np.ndarray:
    """Small whole numbers in float64: sums of products of them are exact, whatever the order."""
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(np.float64)


def normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def distinct(seed: int, *shape: int) -> np.ndarray:
    """Numbers at least 1 apart, none nearer to 0 than 1/2: away from every kink."""
    count = int(np.prod(shape))
    return np.random.default_rng(seed).permutation(count).reshape(shape) - count // 2 + 0.5


def frozen(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The same arrays, refusing to be written to."""
    for array in arrays:
        array.flags.writeable = False
    return arrays


def inner(a: np.ndarray, b: np.ndarray) -> float | Fraction:
    assert a.shape == b.shape
    return sum((a * b).ravel().tolist())


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """The largest difference over the largest value."""
    assert a.shape == b.shape
    assert a.dtype == b.dtype
    if a.size == 0:
        return 0.0
    scale = np.abs(b).max()
    return float(np.abs(a - b).max() / scale if scale else np.abs(a).max())


def slope(
    f: Callable[..., np.ndarray], at: list[np.ndarray], along: list[np.ndarray]
) -> np.ndarray:
    """The derivative of f at a point along a direction, by central differences."""
    h = 1e-5
    ahead = f(*(x + h * v for x, v in zip(at, along, strict=True)))
    behind = f(*(x - h * v for x, v in zip(at, along, strict=True)))
    return (ahead - behind) / (2 * h)
