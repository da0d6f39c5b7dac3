"""What float32, float64, longdouble and exact fractions do differently.

An object array holds `fractions.Fraction`s: their sums, products and quotients are exact, and so
are square roots where they exist. The other kernels are written once for all four.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from fractions import Fraction
from numbers import Rational
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import numpy as np

from typed_resnet.errors import DTypeError

__all__ = [
    "NUMBERS",
    "Number",
    "Real",
    "floats",
    "is_nan",
    "number",
    "of_numbers",
    "product",
    "square_root",
    "zeros",
]

if TYPE_CHECKING:
    from jaxtyping import Shaped as Real
else:
    from jaxtyping import AbstractDtype

    class Real(AbstractDtype):
        """The scalar types that kernels take."""

        dtypes = ("float32", "float64", "longdouble", "object_")


Number: TypeAlias = int | float | Fraction | np.floating[Any] | np.integer[Any]
Reflected = TypeVar("Reflected", bound=Callable[..., object])
NUMBERS: Final = (float, int, Fraction, np.floating, np.integer)
"""Numbers that may stand beside an array: Python's, and NumPy's own."""


def number(value: Number, dtype: np.dtype) -> Any:
    """Return `value` as one scalar of `dtype`, so that it promotes nothing.

    Among fractions a Python float stands for the decimal that it prints as: 1e-6 is 1/1000000.
    """
    if dtype.kind == "O":
        return Fraction(str(value))
    return dtype.type(value if isinstance(value, np.generic) else float(value))


def of_numbers(reflected: Reflected) -> Reflected:
    """Leave all but numbers on the left to what stands there: a tensor has the operator itself.

    mypy would try a reflected operator for two shapes that do not fit, too, and lose both. It
    asks the plugin only about attributes and methods that are decorated.
    """

    @functools.wraps(reflected)
    def apply(self: object, other: object) -> object:
        return reflected(self, other) if isinstance(other, NUMBERS) else NotImplemented

    made: Any = apply
    return made  # type: ignore[no-any-return]  # it takes what `reflected` takes


def zeros(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    return np.full(shape, number(0, dtype), dtype)


def floats(who: str, x: np.ndarray) -> None:
    """Refuse fractions where a result would be none.

    Raises: `DTypeError`.
    """
    if x.dtype.kind == "O":
        raise DTypeError(f"{who} expects floats, got fractions")


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Multiply two matrices; a sum of no terms is a zero of the arrays' own scalar type."""
    if a.shape[-1] == 0:
        return zeros((a.shape[-2], b.shape[-1]), a.dtype)
    y: np.ndarray = a @ b
    return y


def is_nan(x: np.ndarray) -> np.ndarray:
    return np.asarray(x != x)  # noqa: PLR0124  # np.isnan takes no object array


def square_root(x: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
    """Take the square root of every entry; of a fraction the exact one.

    Raises: `DTypeError` for a fraction without a rational square root.
    """
    if x.dtype.kind != "O":
        return np.asarray(np.sqrt(x))
    roots = np.empty_like(x)
    for index, value in np.ndenumerate(x):
        roots[index] = _exact_root(value)
    return roots


def _exact_root(value: object) -> Fraction:
    if not isinstance(value, Rational):
        raise DTypeError(f"an object array holds fractions, got {type(value).__name__}")
    square = Fraction(value)
    if square >= 0:
        root = Fraction(math.isqrt(square.numerator), math.isqrt(square.denominator))
        if root * root == square:
            return root
    raise DTypeError(f"the square root of {square} is not a fraction; take floats, or another eps")
