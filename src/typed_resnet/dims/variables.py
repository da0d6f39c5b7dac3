"""Ready-made names of sizes; a model may as well declare its own, in the same way.

A variable stands for a whole number of at least one. One that may also be nought, as a padding
may, is bounded by `OrZero`.
"""

from typing import Literal, TypeAlias, TypeVar, TypeVarTuple

OrZero: TypeAlias = int | Literal[0]

B = TypeVarTuple("B")
"""Any leading axes: none for one image, one for a batch, more for a batch of batches."""

N = TypeVar("N", bound=int)
C = TypeVar("C", bound=int)
H = TypeVar("H", bound=int)
W = TypeVar("W", bound=int)
Cin = TypeVar("Cin", bound=int)
Cout = TypeVar("Cout", bound=int)
K = TypeVar("K", bound=int)
S = TypeVar("S", bound=int)
P = TypeVar("P", bound=OrZero)
