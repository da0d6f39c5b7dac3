"""Arithmetic on sizes, spelled as types: `CeilDiv[H, L[2]]` stands for ⌈H/2⌉.

To a checker without our plugin each is an opaque name, equal only to itself: nothing wrong is
accepted, and what needs arithmetic is refused. The plugin and the run-time hook read them as
`dims.term` does, where each operation is defined.
"""

from typing import TYPE_CHECKING, Any, Final, Generic, Literal, Never, TypeVar, TypeVarTuple

_Left = TypeVar("_Left", bound=int)
_Right = TypeVar("_Right", bound=int)
_Size = TypeVar("_Size", bound=int)
_Window = TypeVar("_Window", bound=int)
_Stride = TypeVar("_Stride", bound=int)
_Padding = TypeVar("_Padding", bound=int)
_Factors = TypeVarTuple("_Factors")
_Shape = TypeVar("_Shape", bound=tuple[Any, ...])
_Stretched = TypeVar("_Stretched", bound=tuple[Any, ...])


def literal_hint(hint: Any) -> Any:
    """Read the shorthand: a bare 3 in a hint is `Literal[3]`."""
    return Literal[hint] if type(hint) is int else hint


class _Sized:
    if not TYPE_CHECKING:

        def __class_getitem__(cls, arguments):
            arguments = arguments if isinstance(arguments, tuple) else (arguments,)
            return super().__class_getitem__(tuple(map(literal_hint, arguments)))


class _Operator(_Sized, int):
    if TYPE_CHECKING:  # two operations may come to one number: to compare them is no mistake

        def __eq__(self, other: object, /) -> bool: ...
        def __hash__(self) -> int: ...


class Add(_Operator, Generic[_Left, _Right]):
    """The sum of two sizes."""


class Sub(_Operator, Generic[_Left, _Right]):
    """The difference of two sizes."""


class Mul(_Operator, Generic[_Left, _Right]):
    """The product of two sizes."""


class FloorDiv(_Operator, Generic[_Left, _Right]):
    """The quotient, rounded down: `H//2`."""


class CeilDiv(_Operator, Generic[_Left, _Right]):
    """The quotient, rounded up: ⌈H/2⌉."""


class ExactDiv(_Operator, Generic[_Left, _Right]):
    """The quotient of a size that the divisor divides; any other is an error."""


class Min(_Operator, Generic[_Left, _Right]):
    """The smaller of two sizes."""


class Max(_Operator, Generic[_Left, _Right]):
    """The larger of two sizes."""


class ConvOut(_Operator, Generic[_Size, _Window, _Stride, _Padding]):
    """The number of places a window takes: `(size + 2 padding - window)//stride + 1`."""


class Product(_Operator, Generic[*_Factors]):
    """The product of any number of sizes: `Product[*Shape]` is how many elements a shape has."""


class Equal(_Sized, Generic[_Left, _Right]):
    """The condition that two sizes are equal."""


class Divides(_Sized, Generic[_Left, _Right]):
    """The condition that a size divides another: `Divides[Heads, C]`."""


class Stretches(_Sized, Generic[_Shape, _Stretched]):
    """The condition that a shape stretches to another: `Stretches[tuple[*Old], tuple[*New]]`.

    Counted from the right, each size is the other shape's, or 1; leading axes may be missing.
    """


_nothing: Any = None
CHECKED: Final[Never] = _nothing
"""What stands for a condition where a signature states one: nobody passes it.

To checkers its type is Never, which suits every condition; of Any, Pyright would bind sizes to it.

    def regroup(x: Tensor[N, C], size: K, where: Equal[Mul[N, K], C] = CHECKED) -> ...
"""
