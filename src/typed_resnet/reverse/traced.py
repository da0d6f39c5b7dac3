"""A tensor that carries its trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt

from typed_resnet.differentiable import Derivative, Pullback, Trace
from typed_resnet.dims import B
from typed_resnet.errors import GradientError
from typed_resnet.kernels.scalars import NUMBERS, Number
from typed_resnet.layers import FunctionVjp
from typed_resnet.ops import matmul
from typed_resnet.reverse.graph import Source
from typed_resnet.reverse.places import AnyTensor
from typed_resnet.tensor import Columns, Index, Indexed, Inner, Rows, Shape, Tensor

_OPERANDS: Final = (Tensor, *NUMBERS)

_ToOne: TypeAlias = Callable[[AnyTensor], AnyTensor]
_OfTwo: TypeAlias = tuple[AnyTensor, Pullback]


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

    def __add__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        return self._combined(Tensor.__add__, _add_vjp, self, other)

    def __radd__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        return self._combined(Tensor.__add__, _add_vjp, other, self)

    def __sub__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        return self._combined(Tensor.__sub__, _sub_vjp, self, other)

    def __rsub__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        return self._combined(Tensor.__sub__, _sub_vjp, other, self)

    def __mul__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        return self._combined(Tensor.__mul__, _mul_vjp, self, other)

    def __rmul__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        return self._combined(Tensor.__mul__, _mul_vjp, other, self)

    def __truediv__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        return self._combined(Tensor.__truediv__, _div_vjp, self, other)

    def __rtruediv__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
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
        if not isinstance(left, _OPERANDS) or not isinstance(right, _OPERANDS):
            return NotImplemented  # type: ignore[no-any-return]  # as of any operator
        return self._recorded(operator, derivative, left, right)

    def _recorded(
        self, operator: Callable[..., Any], derivative: Derivative, *arguments: object
    ) -> Tensor[*Shape]:
        made: Tensor[*Shape] = self.__trace__.record(operator, derivative, arguments, {})
        return made


def _add_vjp(x: Any, y: Any) -> _OfTwo:
    return x + y, _pullback(x, y, lambda dz: dz, lambda dz: dz)


def _sub_vjp(x: Any, y: Any) -> _OfTwo:
    return x - y, _pullback(x, y, lambda dz: dz, lambda dz: -dz)


def _mul_vjp(x: Any, y: Any) -> _OfTwo:
    return x * y, _pullback(x, y, lambda dz: dz * y, lambda dz: x * dz)


def _div_vjp(x: Any, y: Any) -> _OfTwo:
    z = x / y
    return z, _pullback(x, y, lambda dz: dz / y, lambda dz: -(dz * z / y))


def _pullback(x: object, y: object, to_x: _ToOne, to_y: _ToOne) -> Pullback:
    """Pull back to both operands, or to the one that is no number."""
    if not isinstance(x, Tensor):
        return to_y
    if not isinstance(y, Tensor):
        return to_x
    return lambda dz: (to_x(dz), to_y(dz))


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
