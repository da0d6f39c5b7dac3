"""A NumPy array whose type holds its sizes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from fractions import Fraction
from types import EllipsisType
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeAlias, TypeVar, TypeVarTuple

import numpy as np
import numpy.typing as npt

from typed_resnet import kernels, runtime
from typed_resnet.differentiable import Trace
from typed_resnet.dims import B
from typed_resnet.errors import DTypeError
from typed_resnet.kernels.epilogue import Epilogue
from typed_resnet.kernels.pending import Pending, may_wait, of_array, remember
from typed_resnet.kernels.scalars import NUMBERS, Number, number, of_numbers

Shape = TypeVarTuple("Shape")

Item: TypeAlias = int | slice | EllipsisType | None
Index = TypeVar("Index", bound=Item | tuple[Item, ...])
_Sizes = TypeVarTuple("_Sizes")
Rows = TypeVar("Rows", bound=int)
Inner = TypeVar("Inner", bound=int)
Columns = TypeVar("Columns", bound=int)

_Binary: TypeAlias = Callable[[npt.NDArray[Any], npt.NDArray[Any]], npt.NDArray[Any]]

_REFLECTED: Final[dict[np.ufunc, str]] = {
    np.add: "__radd__",
    np.subtract: "__rsub__",
    np.multiply: "__rmul__",
    np.true_divide: "__rtruediv__",
}
"""What NumPy's operators are, with a tensor on the right."""

SCALARS = ("float32", "float64", "longdouble", "object arrays of Fraction")


class Tensor(Generic[*Shape]):
    """An array of scalars: `Tensor[C, H, W]` holds one image, `Tensor[N, C, H, W]` a batch.

    A wrapper and no more: `x.array` is the array that was given, not a copy. Operations take
    equal shapes and equal scalar types; nothing broadcasts, nothing is promoted. Inside a layer
    a result's numbers may wait until they are asked for: see `kernels.pending`.

    Made of a bare array, a Tensor takes on the shape that its place declares, and the run checks
    it there; `cast(Tensor[L[3], H, W], array)` checks it at once.

    Raises: DTypeError, where the scalars are none of float32, float64, longdouble, Fraction.
    """

    __slots__ = ("__weakref__", "_array", "_pending")

    _array: npt.NDArray[Any] | None
    _pending: Pending | None
    __trace__: Trace | None = None
    """What records the operations on this tensor, if it is one under `vjp`."""

    def __init__(self, array: npt.ArrayLike) -> None:
        self._array, self._pending = _scalars(np.asarray(array)), None

    @staticmethod
    def later(pending: Pending) -> Tensor[*_Sizes]:
        """Make a tensor whose numbers wait, at most until the outermost layer returns."""
        made: Tensor[*_Sizes] = Tensor.__new__(Tensor)
        made._array, made._pending = None, pending
        remember(made)
        return made

    @property
    def array(self) -> npt.NDArray[Any]:
        """The numbers, computed now if they have waited."""
        pending = self._pending
        if pending is not None:
            self._array = pending.numbers()
            self._pending = None  # after that: another thread may be reading
        assert self._array is not None
        return self._array

    @property
    def pending(self) -> Pending | None:
        """What is known of the numbers while they wait."""
        return self._pending

    def __reduce__(self) -> tuple[type, tuple[npt.NDArray[Any]]]:
        return type(self), (self.array,)

    if not TYPE_CHECKING:

        def __class_getitem__(cls, axes):
            return runtime.tensor_hint(cls, axes)

    @property
    def shape(self) -> tuple[*Shape]:
        """The sizes, as ints whose types are the sizes: `c, h, w = x.shape`."""
        pending = self._pending
        if pending is not None:
            return pending.shape
        assert self._array is not None
        return self._array.shape  # not by `array`: a checked call asks for no more than this

    @property
    def dtype(self) -> np.dtype[Any]:
        pending = self._pending
        if pending is not None:
            return pending.dtype
        assert self._array is not None
        return self._array.dtype

    @staticmethod
    def zeros(*shape: *_Sizes, dtype: npt.DTypeLike = np.float32) -> Tensor[*_Sizes]:
        """Fill a new tensor with noughts."""
        return Tensor(np.zeros(runtime.sizes(shape), dtype))

    @staticmethod
    def ones(*shape: *_Sizes, dtype: npt.DTypeLike = np.float32) -> Tensor[*_Sizes]:
        """Fill a new tensor with ones."""
        return Tensor(np.ones(runtime.sizes(shape), dtype))

    @staticmethod
    def normal(
        rng: np.random.Generator,
        standard_deviation: float,
        *shape: *_Sizes,
        dtype: npt.DTypeLike = np.float32,
    ) -> Tensor[*_Sizes]:
        """Draw a new tensor from the normal distribution around nought."""
        drawn = rng.standard_normal(runtime.sizes(shape)) * standard_deviation
        return Tensor(drawn.astype(dtype))

    def detach(self) -> Tensor[*Shape]:
        """Give the same numbers, as a constant: under `vjp` no gradient flows through them."""
        return self

    def astype(self, dtype: npt.DTypeLike) -> Tensor[*Shape]:
        """Convert the scalars; the shape stays."""
        return Tensor(self.array.astype(dtype))

    def __add__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        """Add element by element, or one number to every element."""
        if isinstance(other, NUMBERS) or self.dtype != np.float32 or len(self.shape) < 3:
            return self._combine("+", np.add, other)
        return self._sum(other)

    @of_numbers
    def __radd__(self, other: Number) -> Tensor[*Shape]:
        return self._from_number(np.add, other)

    def __sub__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        """Subtract element by element, or one number from every element."""
        return self._combine("-", np.subtract, other)

    @of_numbers
    def __rsub__(self, other: Number) -> Tensor[*Shape]:
        return self._from_number(np.subtract, other)

    def __mul__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        """Multiply element by element, or every element by one number."""
        return self._combine("*", np.multiply, other)

    @of_numbers
    def __rmul__(self, other: Number) -> Tensor[*Shape]:
        return self._from_number(np.multiply, other)

    def __truediv__(self, other: Tensor[*Shape] | Number) -> Tensor[*Shape]:
        """Divide element by element, or every element by one number."""
        return self._combine("/", np.divide, other)

    @of_numbers
    def __rtruediv__(self, other: Number) -> Tensor[*Shape]:
        return self._from_number(np.divide, other)

    def __matmul__(
        self: Tensor[*B, Rows, Inner], other: Tensor[*B, Inner, Columns]
    ) -> Tensor[*B, Rows, Columns]:
        """Multiply matrices: `[*B, Rows, Inner] @ [*B, Inner, Columns]`."""
        if not isinstance(other, Tensor):
            return NotImplemented
        check_product(self, other)
        return Tensor(kernels.matmul(self.array, other.array))

    def __neg__(self) -> Tensor[*Shape]:
        return Tensor(-self.array)

    def _combine(
        self, sign: str, operation: _Binary, other: Tensor[*Shape] | Number
    ) -> Tensor[*Shape]:
        """Combine with a tensor of one's own shape and dtype, or each element with one number."""
        if isinstance(other, NUMBERS):
            return Tensor(operation(self.array, number(other, self.dtype)))
        if not isinstance(other, Tensor):
            return NotImplemented
        check_alike(sign, self, other)
        return Tensor(operation(self.array, other.array))

    def _from_number(self, operation: _Binary, other: Number) -> Tensor[*Shape]:
        """Combine one number with each element; it promotes nothing."""
        return Tensor(operation(number(other, self.dtype), self.array))

    def _sum(self, other: Tensor[*Shape]) -> Tensor[*Shape]:
        """Add images to a result that waits, or this one to another that does."""
        if not isinstance(other, Tensor):
            return NotImplemented
        check_alike("+", self, other)
        for first, second in ((self, other), (other, self)):
            if first.pending is not None:
                made = first.pending.plus(first, second.array)
                if made is not None:
                    return Tensor.later(made)
        made = of_array(self.array.shape[:-3], self.array, Epilogue(residual=other.array))
        return Tensor.later(made) if may_wait(self.dtype) else Tensor(made.numbers())

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        return np.array(self.array, dtype=dtype, copy=copy)

    def __array_ufunc__(
        self, function: np.ufunc, method: str, *inputs: object, **options: object
    ) -> object:
        """Let NumPy's functions of one array see the numbers; of its operators, take numbers.

        NumPy asks here for `np.float64(2) * x`, too. Of a bare array and a tensor it would stretch
        either to the other's shape.

        Raises: TypeError.
        """
        reflected = _REFLECTED.get(function)
        if reflected is not None and isinstance(inputs[0], NUMBERS):
            operate: Callable[[object], object] = getattr(self, reflected)
            return operate(inputs[0])
        array = self.array
        if len(inputs) > 1:
            given = " and ".join(type(each).__name__ for each in inputs)
            raise TypeError(
                f"np.{function.__name__} expects bare arrays, got {given}:"
                " `Tensor(array)` makes a tensor of one"
            )
        return getattr(function, method)(array, **options)

    if TYPE_CHECKING:

        def __getitem__(self, index: Index) -> Indexed[Index, *Shape]:
            """Take a part, by Python's rules for ints, slices, `...` and None.

            `x[..., 1:-1, ::2]` is [*B, C, H - 2, ⌈W/2⌉]. It shares the elements of x, as NumPy's
            views do. No list, array or bool is an index, and no slice may be empty.

            Raises: ShapeError; TypeError, for any other index.
            """

    else:

        def __getitem__(self, index):
            part = runtime.indexed(self.array, index)
            return type(self)(part) if _takes_any_shape(type(self)) else Tensor(part)

    def __repr__(self) -> str:
        sizes = ", ".join(map(str, self.shape)) or "()"
        return f"Tensor[{sizes}]({self.dtype})"


class Indexed(Tensor[*tuple[Any, ...]], Generic[Index, *Shape]):
    """What an index leaves of a shape, in a signature: `Indexed[Index, *Shape]`.

    The plugin puts the shape for it, of any function that returns it. To other checkers it is a
    Tensor of any shape. While the program runs it is nothing: a Tensor's own indexing checks.
    """

    if not TYPE_CHECKING:

        def __class_getitem__(cls, arguments):
            return Tensor


@functools.cache
def _takes_any_shape(cls: type) -> bool:
    """Say whether a class of tensors leaves its shape open, as `Labels` does."""
    parameters: tuple[object, ...] = getattr(cls, "__parameters__", ())
    return len(parameters) == 1 and isinstance(parameters[0], TypeVarTuple)


class HasDType(Protocol):
    """A tensor, or what is left of one."""

    @property
    def dtype(self) -> np.dtype[Any]: ...


def check_product(x: Tensor[*tuple[Any, ...]], y: Tensor[*tuple[Any, ...]]) -> None:
    """Refuse what is no product of matrices, `[*B, Rows, Inner] @ [*B, Inner, Columns]`.

    Raises: ShapeError or DTypeError.
    """
    runtime.check_product("@", x.array.shape, y.array.shape)
    check_same_dtype("@", x, y)


def check_alike(sign: str, x: Tensor[*tuple[Any, ...]], y: Tensor[*tuple[Any, ...]]) -> None:
    """Refuse tensors of different shapes or scalar types.

    Raises: ShapeError or DTypeError.
    """
    runtime.check_same_shape(sign, x.shape, y.shape)
    check_same_dtype(sign, x, y)


def check_same_dtype(who: str, *tensors: HasDType | None) -> None:
    """Refuse tensors of different scalar types; what is absent counts for nothing.

    Raises: DTypeError.
    """
    expected = None
    for tensor in tensors:
        if tensor is not None:
            dtype = tensor.dtype
            if expected is None:
                expected = dtype
            elif dtype != expected:
                raise DTypeError(f"{who} expects {expected}, got {dtype}")


def _scalars(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Pass an array of the scalars we compute with, and refuse any other."""
    if array.dtype == object:
        strange = next((v for v in array.flat if not isinstance(v, Fraction | int)), None)
        if strange is not None:
            raise DTypeError(
                f"Tensor expects {', '.join(SCALARS)}, got an object array"
                f" that holds a {type(strange).__name__}"
            )
    elif array.dtype.type not in (np.float32, np.float64, np.longdouble):
        raise DTypeError(f"Tensor expects {', '.join(SCALARS)}, got {array.dtype}")
    return array
