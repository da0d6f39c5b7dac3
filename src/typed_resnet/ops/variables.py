"""Sizes that the signatures of operations name, beside those of `dims`.

The last four axes are called N, C, H and W; where an axis differs from one tensor to the next,
its name has a number.
"""

from typing import TypeVar

from typed_resnet.dims import OrZero

N1 = TypeVar("N1", bound=int)
N2 = TypeVar("N2", bound=int)
N3 = TypeVar("N3", bound=int)
N4 = TypeVar("N4", bound=int)
C1 = TypeVar("C1", bound=int)
C2 = TypeVar("C2", bound=int)
C3 = TypeVar("C3", bound=int)
C4 = TypeVar("C4", bound=int)
H1 = TypeVar("H1", bound=int)
H2 = TypeVar("H2", bound=int)
H3 = TypeVar("H3", bound=int)
H4 = TypeVar("H4", bound=int)
W1 = TypeVar("W1", bound=int)
W2 = TypeVar("W2", bound=int)
W3 = TypeVar("W3", bound=int)
W4 = TypeVar("W4", bound=int)

Top = TypeVar("Top", bound=OrZero)
Bottom = TypeVar("Bottom", bound=OrZero)
Left = TypeVar("Left", bound=OrZero)
Right = TypeVar("Right", bound=OrZero)
