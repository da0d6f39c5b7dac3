"""Make the coefficients of `kernels.gelu`, by mpmath in 60 digits; they are printed as Python.

    1 - Φ(u) = exp(-u^2 / 2) p(t) / (1 + sqrt(2) u)      t = (u - k) / (u + k)

p is the sum of c_m T_m(t), and c_m the discrete cosine transform of p at Chebyshev's points.
"""

import mpmath as mp

from typed_resnet.kernels.gelu import MIDDLE

POINTS = 160
TERMS = 33


def scaled_tail(u: mp.mpf) -> mp.mpf:
    """Give (1 - Φ(u)) exp(u^2 / 2) (1 + sqrt(2) u), far out by the asymptotic series."""
    x = u / mp.sqrt(2)
    if x < 60:
        scaled = mp.exp(x * x) * mp.erfc(x)
    else:
        term = total = mp.mpf(1)
        for m in range(1, 60):
            term *= -(2 * m - 1) / (2 * x * x)
            total += term
        scaled = total / (x * mp.sqrt(mp.pi))
    return (1 + mp.sqrt(2) * u) * scaled / 2


def coefficients() -> list[mp.mpf]:
    angles = [mp.pi * (j + mp.mpf(1) / 2) / POINTS for j in range(POINTS)]
    places = [mp.mpf(MIDDLE) * (1 + mp.cos(a)) / (1 - mp.cos(a)) for a in angles]
    values = [scaled_tail(u) for u in places]
    found = [
        2 * sum(v * mp.cos(m * a) for v, a in zip(values, angles, strict=True)) / POINTS
        for m in range(TERMS)
    ]
    return [found[0] / 2, *found[1:]]


if __name__ == "__main__":
    mp.mp.dps = 60
    for coefficient in coefficients():
        print(f'    "{mp.nstr(coefficient, 26)}",')
