"""A tensor that carries its trace."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from typed_resnet.differentiable import Derivative, Trace
from typed_resnet.dims import B
from typed_resnet.errors import GradientError
from typed_resnet.layers import FunctionVjp
from typed_resnet.ops import matmul
from typed_resnet.reverse.graph import Source
from typed_resnet.reverse.places import AnyTensor
from typed_resnet.tensor import Columns, Index, Indexed, Inner, Rows, Shape, Tensor


class TracedTensor(Tensor[*Shape]):
    """A tensor whose numbers are seen by operations that know their derivative, and by no others.

    It lives inside one call of `vjp`.
    """

    __slots__ = ("__trace__", "plain", "source")

    __trace__: Trace
    plain: AnyTensor
    source: Source

    def __init__(self, plain: AnyTensor, trace: Trace, source: Source) -> None:
        self.plain = plain
        self.source = source
        self.__trace__ = trace

    @property
    def array(self) -> NoReturn:
        """Refuse: what NumPy would make of the numbers would have lost its gradient."""
        raise GradientError(
            "a tensor under vjp expects operations that have one, got a read of its array:"
            " join yours to its vjp by `differentiable`, or read `detach().array` as a constant"
        )

    @property
    def shape(self) -> tuple[*Shape]:
        return self.plain.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.plain.dtype

    def detach(self) -> Tensor[*Shape]:
        return self.plain

    def astype(self, dtype: npt.DTypeLike) -> Tensor[*Shape]:
        return self._recorded(Tensor.astype, _astype_vjp, self, dtype)

    def __add__(self, other: Tensor[*Shape]) -> Tensor[*Shape]:
        return self._combined(Tensor.__add__, _add_vjp, self, other)

    def __radd__(self, other: Tensor[*Shape]) -> Tensor[*Shape]:
        return self._combined(Tensor.__add__, _add_vjp, other, self)

    def __sub__(self, other: Tensor[*Shape]) -> Tensor[*Shape]:
        return self._combined(Tensor.__sub__, _sub_vjp, self, other)

    def __rsub__(self, other: Tensor[*Shape]) -> Tensor[*Shape]:
        return self._combined(Tensor.__sub__, _sub_vjp, other, self)

    def __mul__(self, other: Tensor[*Shape] | float | Fraction) -> Tensor[*Shape]:
        if isinstance(other, float | int | Fraction):
            return self._recorded(Tensor.__mul__, _scale_vjp, self, other)
        return self._combined(Tensor.__mul__, _mul_vjp, self, other)

    def __rmul__(self, other: Tensor[*Shape]) -> Tensor[*Shape]:
        return self._combined(Tensor.__mul__, _mul_vjp, other, self)

    def __truediv__(self, other: Tensor[*Shape] | float | Fraction) -> Tensor[*Shape]:
        if isinstance(other, float | int | Fraction):
            return self._recorded(Tensor.__truediv__, _divide_vjp, self, other)
        return self._combined(Tensor.__truediv__, _div_vjp, self, other)

    def __rtruediv__(self, other: Tensor[*Shape]) -> Tensor[*Shape]:
        return self._combined(Tensor.__truediv__, _div_vjp, other, self)

    def __matmul__(
        self: Tensor[*B, Rows, Inner], other: Tensor[*B, Inner, Columns]
    ) -> Tensor[*B, Rows, Columns]:
        return matmul(self, other)

    def __rmatmul__(
        self: Tensor[*B, Inner, Columns], other: Tensor[*B, Rows, Inner]
    ) -> Tensor[*B, Rows, Columns]:
        return matmul(other, self)

    def __neg__(self) -> Tensor[*Shape]:
        return self._recorded(Tensor.__neg__, _neg_vjp, self)

    def __getitem__(self, index: Index) -> Indexed[Index, *Shape]:
        made: Indexed[Index, *Shape]
        made = self.__trace__.record(Tensor.__getitem__, _indexed_vjp, (self, index), {})
        return made

    def _combined(
        self, operator: Callable[..., Any], derivative: Derivative, left: object, right: object
    ) -> Tensor[*Shape]:
        if not isinstance(left, Tensor) or not isinstance(right, Tensor):
            return NotImplemented  # type: ignore[no-any-return]  # as of any operator
        return self._recorded(operator, derivative, left, right)

    def _recorded(
        self, operator: Callable[..., Any], derivative: Derivative, *arguments: object
    ) -> Tensor[*Shape]:
        made: Tensor[*Shape] = self.__trace__.record(operator, derivative, arguments, {})
        return made


def _add_vjp(
    x: Tensor[*Shape], y: Tensor[*Shape]
) -> FunctionVjp[Tensor[*Shape], tuple[Tensor[*Shape], Tensor[*Shape]]]:
    return x + y, lambda dz: (dz, dz)


def _sub_vjp(
    x: Tensor[*Shape], y: Tensor[*Shape]
) -> FunctionVjp[Tensor[*Shape], tuple[Tensor[*Shape], Tensor[*Shape]]]:
    return x - y, lambda dz: (dz, -dz)


def _mul_vjp(
    x: Tensor[*Shape], y: Tensor[*Shape]
) -> FunctionVjp[Tensor[*Shape], tuple[Tensor[*Shape], Tensor[*Shape]]]:
    return x * y, lambda dz: (dz * y, x * dz)


def _scale_vjp(
    x: Tensor[*Shape], factor: float | Fraction
) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    return x * factor, lambda dy: dy * factor


def _div_vjp(
    x: Tensor[*Shape], y: Tensor[*Shape]
) -> FunctionVjp[Tensor[*Shape], tuple[Tensor[*Shape], Tensor[*Shape]]]:
    z = x / y
    return z, lambda dz: (dz / y, -(dz * z / y))


def _divide_vjp(
    x: Tensor[*Shape], divisor: float | Fraction
) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    return x / divisor, lambda dy: dy / divisor


def _neg_vjp(x: Tensor[*Shape]) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    return -x, lambda dy: -dy


def _indexed_vjp(x: Tensor[*Shape], index: Any) -> FunctionVjp[AnyTensor, Tensor[*Shape]]:
    """Index, and scatter dy into noughts: an index takes each element once at most."""

    def back(dy: AnyTensor) -> Tensor[*Shape]:
        dx = np.zeros_like(x.array)
        dx[index] = dy.array
        return Tensor(dx)

    return x[index], back


def _astype_vjp(
    x: Tensor[*Shape], dtype: npt.DTypeLike
) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    before = x.dtype
    return x.astype(dtype), lambda dy: dy.astype(before)
