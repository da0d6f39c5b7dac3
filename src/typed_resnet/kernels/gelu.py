"""The Gaussian error linear unit, by the exact normal distribution."""

from __future__ import annotations

import functools
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from typed_resnet.kernels.scalars import Real, floats, number

BLOCK = 8192
"""How many numbers are worked on at once: few enough for every step to stay in cache."""

MIDDLE = "5.3"
"""The u at which t is 0."""

_SERIES = [
    "0.58878982348957153010201022",
    "-0.0022819115011622201195280477",
    "-0.042138746020389714776187375",
    "0.029600149978196414210598631",
    "-0.013319039659440495007778264",
    "0.0045303283879076444269546718",
    "-0.0012033199738036703420356125",
    "0.0002443054987656672330769182",
    "-0.000034320958482730813007703435",
    "0.0000020260078830777680813289795",
    "0.00000039007462448079391735169596",
    "-0.00000010883708919163736995596831",
    "5.1910554224193572544635095e-9",
    "2.2716943674767134281928982e-9",
    "-3.8305927613550990488277326e-10",
    "-3.2465891410605076990918856e-11",
    "1.426888773463717142182852e-11",
    "1.3426123767547689001081345e-13",
    "-4.8247447589570653759781633e-13",
    "1.4858395519059834259864942e-14",
    "1.6788036955842832739330656e-14",
    "-8.7794765608602102028483908e-16",
    "-6.2848489676072966414121297e-16",
    "3.4849339776945730494066525e-17",
    "2.5473680965499172329444913e-17",
    "-1.0191783520358360855709363e-18",
    "-1.0978773647179319323975322e-18",
    "8.7362040764943292320807614e-21",
    "4.8721294584862159398191367e-20",
    "1.8830023402840566099694102e-21",
    "-2.1361226770069135315182853e-21",
    "-2.1714814776182968432215356e-22",
    "8.7363349143194697603353718e-23",
]
_TERMS = {4: 14, 8: 26}
"""How many terms of the series a number of so many bytes needs; a longer one takes all."""


def gelu(x: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
    """Weigh each number by how likely a normal variable is to be below it.

        y = x Φ(x)      Φ(x) = (1 + erf(x / sqrt 2)) / 2

    Cost: about 60 flop a number.
    Raises: `DTypeError` for fractions.
    Source: Hendrycks and Gimpel, arXiv:1606.08415, section 2.
    """
    floats("gelu", x)
    return np.asarray(np.multiply(x, normal_cdf(x), order="C"))


def gelu_vjp(
    x: Real[np.ndarray, "*S"],
) -> tuple[Real[np.ndarray, "*S"], Callable[[np.ndarray], np.ndarray]]:
    """Weigh, and return with y the pullback dy -> dx.

        dx = dy (Φ(x) + x φ(x))      φ(x) = exp(-x^2 / 2) / sqrt(2 π)

    Saves: Φ(x).
    """
    floats("gelu", x)
    below = normal_cdf(x)

    def pullback(dy: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
        density = np.exp(-x * x / 2) / _root_of_two_pi(x.dtype)
        return np.asarray(np.multiply(dy, below + x * density, order="C"))

    return np.asarray(np.multiply(x, below, order="C")), pullback


def normal_cdf(x: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
    """Give Φ(x), the chance that a normal variable is below x.

    With u = |x|, k = 5.3 and t = (u - k) / (u + k), which runs from -1 to 1,

        1 - Φ(u) = exp(-u^2 / 2) p(t) / (1 + sqrt(2) u)

    where p is a sum of Chebyshev polynomials, found from 60 digits of erfc by
    `scripts/make_normal_tail.py`. In float64 Φ is within 4e-16 of the truth; in the left tail,
    where it is small, within (1 + x^2 / 2) 7e-16 of itself. In float32 2e-7 and 4e-7, in
    longdouble 2e-19 and 4e-19.

    Source: the mapping is that of Shepherd and Laframboise, Mathematics of Computation 36 (1981);
    the coefficients are our own.
    """
    flat = np.ascontiguousarray(x).reshape(-1)
    y = np.empty_like(flat)
    for start in range(0, flat.size, BLOCK):
        part = flat[start : start + BLOCK]
        tail = _tail(np.abs(part))
        y[start : start + BLOCK] = np.where(part < 0, tail, 1 - tail)
    return y.reshape(x.shape)


def _tail(u: np.ndarray) -> np.ndarray:
    """Give 1 - Φ(u), for u >= 0."""
    middle, *rest = _polynomial(u.dtype)
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        t = (u - middle) / (u + middle)
        p = np.full_like(u, rest[-1])
        for coefficient in rest[-2::-1]:
            p *= t
            p += coefficient
        decay = np.exp(-u * u / 2)
        far = decay == 0  # infinity included, which has no t
        tail: np.ndarray = decay * p / (1 + np.sqrt(number(2, u.dtype)) * u)
    tail[far] = 0
    return tail


@functools.cache
def _polynomial(dtype: np.dtype) -> list[np.generic]:
    """Give k, and p as a polynomial in t, lowest power first."""
    terms = [Fraction(c) for c in _SERIES[: _TERMS.get(dtype.itemsize, len(_SERIES))]]
    powers = [Fraction(0)] * len(terms)
    before, now = [Fraction(1)], [Fraction(0), Fraction(1)]
    for term in terms:
        for power, coefficient in enumerate(before):
            powers[power] += term * coefficient
        after = [Fraction(0), *(2 * c for c in now)]
        for power, coefficient in enumerate(before):
            after[power] -= coefficient
        before, now = now, after
    return [_rounded(Fraction(MIDDLE), dtype), *(_rounded(p, dtype) for p in powers)]


def _rounded(value: Fraction, dtype: np.dtype) -> np.generic:
    """Round to one scalar of `dtype`, of which longdouble has more digits than a float."""
    first = float(value)
    rounded: np.generic = dtype.type(first) + dtype.type(float(value - Fraction(first)))
    return rounded


def _root_of_two_pi(dtype: np.dtype) -> np.generic:
    root: np.generic = np.sqrt(8 * np.arctan(dtype.type(1)))
    return root
