"""What `typed` binds, over all of a call; and that all else is left to beartype."""

from __future__ import annotations

# ruff: noqa: F722  # jaxtyping's axes are no expressions
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, TypeVarTuple
from typing import Literal as L

import numpy as np
import pytest
from jaxtyping import Float, Int

from typed_resnet import ConfigError, Layer, ShapeError, Tensor, runtime, typed
from typed_resnet.dims import Add, B, C, H, Max, Mul, N, OrZero, S, W
from typed_resnet.runtime import HintError

from .dense import Dense, In, Out, dense, zeros

if TYPE_CHECKING:
    from decimal import Decimal

Pad = TypeVar("Pad", bound=OrZero)
Sizes = TypeVarTuple("Sizes")


def accepts(call: Callable[[], object]) -> bool:
    try:
        call()
    except (ShapeError, ConfigError):
        return False
    return True


class Twice(Layer, Generic[In]):
    """Two layers of one width, of which nothing but their types is known."""

    first: Dense[In, In]
    second: Dense[In, In]

    def __call__(self, x: Tensor[*B, In]) -> Tensor[*B, In]:
        return self.second(self.first(x))


class Named(Dense[In, L[2]], Generic[In]):
    name: str = "two"


# -- where sizes may stand -------------------------------------------------------------------


@typed
def pair(xs: tuple[Tensor[N, C], Tensor[C]]) -> None: ...
@typed
def rows(xs: Sequence[Tensor[N]], n: N) -> None: ...
@typed
def each(xs: Iterable[Tensor[N]], n: N) -> int:
    return len(list(xs))


@typed
def table(xs: dict[str, Tensor[N, C]], more: Mapping[str, list[Tensor[C]]]) -> None: ...
@typed
def perhaps(x: Tensor[N] | None, y: Tensor[N] | None = None) -> None: ...
@typed
def either(x: Tensor[N, C] | tuple[Tensor[N], Tensor[C]], n: N, c: C) -> None: ...
@typed
def word(x: Tensor[N] | L["none"], n: N) -> None: ...
@typed
def several(*xs: Tensor[N], **more: Tensor[N]) -> None: ...
@typed
def filled(*shape: *Sizes) -> Tensor[*Sizes]:
    return zeros(*shape) if shape else zeros(1)


@typed
def front(x: Tensor[*B, C, H], shape: tuple[*B, C]) -> tuple[*B]:
    return shape[:-1]  # type: ignore[return-value]  # mypy does not follow it


@typed
def called(f: Callable[[*Sizes], In], *arguments: *Sizes) -> In:
    return f(*arguments)


@typed
def layered(layer: Dense[In, Out], x: Tensor[In], layers: list[Dense[Out, Out]]) -> None: ...
@typed
def literal(layer: Dense[L[3], L[4]]) -> None: ...
@typed
def solved(x: Tensor[Add[H, L[2]], W], h: H) -> None: ...
@typed
def solved_later(x: Tensor[Mul[H, W]], h: H, w: W) -> None: ...
@typed
def largest(x: Tensor[H], y: Tensor[W], z: Tensor[Max[H, W]]) -> None: ...
@typed
def open_ended(x: Tensor[N, int], y: Tensor[*tuple[Any, ...]], n: N) -> None: ...
@typed
def batches(x: Tensor[*B, N], y: Tensor[*B, C]) -> None: ...
@typed
def padded(p: Pad, s: S) -> None: ...
@typed
def arrays(
    x: Float[np.ndarray, "*B C 3 _"], y: Tensor[*B, C], n: Int[np.ndarray, " C"]
) -> None: ...


ints = functools.partial(np.zeros, dtype=int)
CALLS: list[tuple[bool, Callable[[], object]]] = [
    (True, lambda: pair((zeros(2, 3), zeros(3)))),
    (False, lambda: pair((zeros(2, 3), zeros(2)))),
    (True, lambda: rows([zeros(2), zeros(2)], 2)),
    (True, lambda: rows([], 2)),
    (False, lambda: rows((zeros(2), zeros(3)), 2)),
    (False, lambda: rows([zeros(3)], 2)),
    (False, lambda: rows([], 0)),
    (False, lambda: each({zeros(2): 1, zeros(3): 2}, 2)),
    (False, lambda: each((zeros(2),), 3)),
    (True, lambda: each([zeros(2)], 2)),
    (True, lambda: each(iter([zeros(2)]), 3)),  # to look at it would use it up
    (True, lambda: table({"a": zeros(1, 2)}, {"b": [zeros(2), zeros(2)]})),
    (False, lambda: table({"a": zeros(1, 2)}, {"b": [zeros(2), zeros(1)]})),
    (True, lambda: perhaps(None, zeros(2))),
    (True, lambda: perhaps(None)),
    (True, lambda: perhaps(zeros(2), zeros(2))),
    (False, lambda: perhaps(zeros(2), zeros(3))),
    (True, lambda: either(zeros(2, 3), 2, 3)),
    (True, lambda: either((zeros(2), zeros(3)), 2, 3)),
    (False, lambda: either((zeros(2), zeros(3)), 3, 2)),
    (True, lambda: word("none", 2)),
    (True, lambda: word(zeros(2), 2)),
    (False, lambda: word(zeros(2), 3)),
    (True, lambda: several(zeros(2), zeros(2), a=zeros(2))),
    (True, several),
    (False, lambda: several(zeros(2), zeros(3))),
    (False, lambda: several(zeros(2), a=zeros(3))),
    (True, lambda: filled(2, 3)),
    (False, filled),
    (True, lambda: front(zeros(7, 2, 3), (7, 2))),
    (True, lambda: front(zeros(2, 3), (2,))),
    (False, lambda: front(zeros(7, 2, 3), (7, 3))),
    (False, lambda: front(zeros(7, 2, 3), (2,))),
    (True, lambda: called(lambda name, size: size, "of no tensor", 5)),
    (True, lambda: layered(dense(2, 3), zeros(2), [dense(3, 3)])),
    (False, lambda: layered(dense(2, 3), zeros(3), [dense(3, 3)])),
    (False, lambda: layered(dense(2, 3), zeros(2), [dense(3, 3), dense(3, 2)])),
    (True, lambda: literal(dense(3, 4))),
    (False, lambda: literal(dense(4, 3))),
    (True, lambda: literal(Dense[L[3], L[4]](zeros(4, 3)))),
    (True, lambda: solved(zeros(5, 1), 3)),
    (False, lambda: solved(zeros(5, 1), 5)),
    (False, lambda: solved(zeros(2, 1), 3)),
    (True, lambda: solved_later(zeros(6), 2, 3)),
    (False, lambda: solved_later(zeros(5), 2, 3)),
    (True, lambda: largest(zeros(2), zeros(3), zeros(3))),
    (False, lambda: largest(zeros(2), zeros(3), zeros(2))),
    (True, lambda: open_ended(zeros(2, 9), zeros(), 2)),
    (False, lambda: open_ended(zeros(2, 9), zeros(1), 3)),
    (True, lambda: batches(zeros(3), zeros(4))),
    (True, lambda: batches(zeros(0, 5, 3), zeros(0, 5, 4))),
    (False, lambda: batches(zeros(5, 3), zeros(5, 5, 4))),
    (True, lambda: padded(0, 1)),
    (False, lambda: padded(0, 0)),
    (False, lambda: padded(-1, 1)),
    (True, lambda: arrays(np.zeros((7, 2, 3, 5)), zeros(7, 2), ints(2))),
    (False, lambda: arrays(np.zeros((7, 2, 3, 5)), zeros(7, 3), ints(2))),
    (False, lambda: arrays(np.zeros((7, 2, 3, 5)), zeros(7, 2), ints(3))),
    (False, lambda: arrays(np.zeros((7, 2, 4, 5)), zeros(7, 2), ints(2))),
    (True, lambda: dense(2, 3)(zeros(7, 2))),
    (False, lambda: dense(2, 3).forward(zeros(7, 3))),
    (False, lambda: Dense(zeros(3, 2), zeros(2))),
    (True, lambda: dense(2, 2).diagonal),
    (False, lambda: dense(2, 3).with_bias(zeros(2))),
    (True, lambda: Twice(dense(2, 2), dense(2, 2))(zeros(2))),
    (False, lambda: Twice(dense(2, 3), dense(3, 2))),
    (False, lambda: Twice(dense(2, 2), dense(3, 3))),
    (True, lambda: Named(zeros(2, 3))(zeros(3))),
    (True, lambda: layered(Named(zeros(2, 3)), zeros(3), [])),
    (False, lambda: layered(Named(zeros(2, 3)), zeros(2), [])),
    (False, lambda: Named(zeros(4, 3))),
]


@pytest.mark.parametrize(("fits", "call"), CALLS, ids=range(len(CALLS)))
def test_sizes_are_bound_over_the_whole_call(fits: bool, call: Callable[[], object]) -> None:
    assert accepts(call) is fits


def test_an_iterator_is_left_to_the_body() -> None:
    assert each(iter([zeros(2), zeros(2)]), 3) == 2


def test_a_layer_knows_its_sizes() -> None:
    assert runtime.layer_sizes(dense(2, 3)) == {"In": 2, "Out": 3}
    assert runtime.layer_sizes(Twice(dense(2, 2), dense(2, 2))) == {"In": 2}
    assert repr(dense(2, 3)) == "Dense[2, 3]"
    assert repr(Named(zeros(2, 3))) == "Named[3]"
    assert runtime.printed_type(5) == "int"


# -- all that is no size -----------------------------------------------------------------------


@typed
def plain(name: str, rate: float = 1, *, deep: list[int] | None = None) -> str:
    return name if rate else 5  # type: ignore[return-value]  # wrong on purpose


def test_the_rest_is_beartypes() -> None:
    assert plain("a", 2) == "a"
    with pytest.raises(HintError, match=r"plain.*name=5"):
        plain(5)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(HintError, match=r"plain.*return"):
        plain("a", 0)
    with pytest.raises(HintError, match="deep"):
        plain("a", deep=["b"])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(HintError, match=r"^solved expects x: Tensor, got ndarray$"):
        solved(np.zeros((5, 1)), 3)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(HintError):
        rows([zeros(2), "b", zeros(2)], 2)  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(TypeError, match=r"plain\(\) missing 1 required positional argument"):
        plain()  # type: ignore[call-arg]  # wrong on purpose


def test_any_name_will_do_for_a_parameter() -> None:
    @typed
    def odd(_: N, __: str, made: Tensor[N], make: int = 3, *, value: N, name: str = "") -> N:
        return _

    assert odd(2, "", zeros(2), value=2) == 2
    with pytest.raises(ShapeError, match=r"^odd expects 2 images as in _, got 3"):
        odd(2, "", zeros(2), value=3)


def test_what_is_wrong_is_said_before_the_body_runs() -> None:
    ran = []

    @typed
    def body(x: Tensor[N], out: Tensor[N]) -> None:
        ran.append(x)

    with pytest.raises(ShapeError):
        body(zeros(2), zeros(3))
    assert not ran


@typed
def fixed_size() -> Tensor[L[2], Add[L[1], L[2]]]:
    return zeros(2, 4)  # type: ignore[return-value]  # wrong on purpose


def test_a_result_may_be_all_that_is_declared() -> None:
    with pytest.raises(ShapeError, match=r"^fixed_size returns 4 on axis 1, declared 3"):
        fixed_size()


def test_a_name_for_checkers_only_leaves_its_argument_unchecked() -> None:
    @typed
    def price(x: Tensor[N], y: Tensor[N], amount: Decimal) -> None: ...

    with pytest.warns(RuntimeWarning, match="Decimal is not checked"):
        price(zeros(2), zeros(2), 5)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ShapeError):
        price(zeros(2), zeros(3), 5)  # type: ignore[arg-type]  # wrong on purpose


def test_an_annotation_may_be_quoted_twice() -> None:
    """Once by its author, and once more by `from __future__ import annotations`."""

    @typed
    def same(x: "Tensor[N]", y: "list['Tensor[N]']") -> "Tensor[N]":  # noqa: UP037  # the point
        return y[-1]

    assert same(zeros(2), [zeros(2)]).shape == (2,)
    with pytest.raises(ShapeError, match=r"^.*same expects 2 images as in x, got 3"):
        same(zeros(2), [zeros(3)])


def test_only_functions_and_classes_can_be_checked() -> None:
    with pytest.raises(TypeError, match="takes a function or a class"):
        typed(5)
