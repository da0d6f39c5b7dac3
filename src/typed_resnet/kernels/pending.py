"""Results whose numbers are not needed yet, so that what follows joins in one sweep.

    relu(self.bn(self.conv(x)) + shortcut)

asks for the numbers of the outermost call alone: one convolution, in whose blocks scale, shift,
residual and rectifier are applied while they are in the cache. Shapes and scalar types are checked
at once; only numbers wait, and only inside a layer: when the outermost layer returns, all are
computed that anybody still holds. So nobody outside a layer meets one, and what is written to an
input or a parameter after the call changes no result of it.

An intermediate result that somebody still holds when a later one is computed, is computed too
and not a second time; one that nobody holds is never stored.
"""

from __future__ import annotations

import functools
import math
import threading
import weakref
from collections.abc import Callable
from contextvars import copy_context
from types import FunctionType
from typing import Any, NamedTuple, Protocol

import numpy as np

from typed_resnet.kernels.conv import conv2d
from typed_resnet.kernels.epilogue import NOTHING, Epilogue
from typed_resnet.kernels.errands import Errand
from typed_resnet.kernels.lanes import MUCH, Filling, leave, one_thread, width
from typed_resnet.kernels.sums import affine
from typed_resnet.kernels.windows import window_count


class Holder(Protocol):
    """What shows a result to others: a tensor."""

    @property
    def array(self) -> np.ndarray: ...

    @property
    def pending(self) -> Pending | None: ...

    @property
    def shape(self) -> tuple[Any, ...]: ...


_CHAIN = 8
"""Convolutions of which each waits for the one before: computing them nests as deep."""

_FLOAT32 = np.dtype(np.float32)


class Pending(NamedTuple):
    """A convolution or a norm, or an array, and what is to be done to it."""

    shape: tuple[Any, ...]
    """[*B, C, H, W]."""
    images: tuple[int, ...]
    """[N, C, H, W]."""
    source: Callable[[Epilogue], np.ndarray] | None
    """A convolution or a norm, which can do an epilogue besides."""
    base: np.ndarray | None
    then: Epilogue = NOTHING
    before: tuple[tuple[weakref.ref[Holder], Epilogue], ...] = ()
    """Who holds what this was made of, in the order of its making."""
    chain: int = 0
    """Convolutions that wait one for another, up to this."""

    @property
    def dtype(self) -> np.dtype[np.float32]:
        return _FLOAT32

    def numbers(self) -> np.ndarray:
        """Compute it: [*B, C, H, W]."""
        if self.source is None:
            assert self.base is not None
            return affine(self.base, self.then).reshape(self.shape)
        for reference, done in self.before:
            holder = reference()
            if holder is not None:
                array = holder.array.reshape(self.images)
                return affine(array, self.then.without(done)).reshape(self.shape)
        return self.source(self.then).reshape(self.shape)

    def scaled(self, holder: Holder, then: Epilogue) -> Pending | None:
        """Multiply and shift each channel, if nothing has been done yet."""
        return self._with(holder, then) if self.then is NOTHING else None

    def plus(self, holder: Holder, residual: np.ndarray) -> Pending | None:
        """Add an array of its shape, if no other was added, and nothing rectified."""
        if self.then.residual is not None or self.then.rectified or self.then.where is not None:
            return None
        return self._with(holder, self.then._replace(residual=residual.reshape(self.images)))

    def masked(self, y: np.ndarray) -> Pending | None:
        """Keep numbers where y > 0, if they are those of an array or of a sum of two."""
        if self.source is not None or self.then.rectified or self.then.where is not None:
            return None
        return self._replace(then=self.then._replace(where=y.reshape(self.images)))

    def rectified(self, holder: Holder) -> Pending:
        return self._with(holder, self.then._replace(rectified=True))

    def _with(self, holder: Holder, then: Epilogue) -> Pending:
        before = (*self.before, (weakref.ref(holder), self.then))
        return Pending(self.shape, self.images, self.source, self.base, then, before, self.chain)


def convolution(
    batch: tuple[int, ...],
    x: Holder,
    kernel: np.ndarray,
    bias: np.ndarray | None,
    stride: int,
    padding: int,
) -> Pending:
    """Wait with a convolution of [*B, Cin, H, W], whose own numbers may wait as well.

    The strategies that are allowed are those of now.
    """
    before = x.pending
    chain = 1 if before is None else before.chain + 1
    if chain > _CHAIN:
        x.array  # noqa: B018  # computes it
        chain = 1
    Cin, *size = x.shape[-3:]
    places = (
        window_count(cells, window, stride, padding)
        for cells, window in zip(size, kernel.shape[2:], strict=True)
    )
    count = math.prod(batch)
    now = copy_context()

    def source(then: Epilogue) -> np.ndarray:
        images = x.array.reshape(count, Cin, *size)
        return now.run(conv2d, images, kernel, bias, stride, padding, then)

    return of_source(batch, (count, len(kernel), *places), source)._replace(chain=chain)


def of_source(
    batch: tuple[int, ...], images: tuple[int, ...], source: Callable[[Epilogue], np.ndarray]
) -> Pending:
    """Wait with what makes [N, C, H, W] together with an epilogue."""
    return Pending((*batch, *images[1:]), images, source, None)


def of_array(batch: tuple[int, ...], x: np.ndarray, then: Epilogue) -> Pending:
    """Wait with an epilogue of [N, C, H, W], or of [*B, C, H, W]."""
    return Pending((*batch, *x.shape[-3:]), x.shape, None, x, then)


def of_filling(filling: Filling) -> Pending | None:
    """Leave an array [K, C, H, W] to be filled by lanes that have no turn, if that pays here."""
    if not may_wait(filling.array.dtype) or not _WORTH <= filling.work < MUCH or width() < 2:
        return None
    errand = _scope.leave(filling)

    def source(then: Epilogue) -> np.ndarray:
        errand.wait()
        return filling.array if then is NOTHING else affine(filling.array, then)

    return of_source(filling.array.shape[:1], filling.array.shape, source)


_WORTH = 2**21
"""Multiplications that are worth leaving to another lane."""


class _Scope(threading.local):
    depth = 0

    def __init__(self) -> None:
        self.waiting: list[weakref.ref[Holder]] = []
        self.errands: list[Errand] = []
        self.quiet = one_thread()

    def leave(self, filling: Filling) -> Errand:
        """Leave an errand, which is done when the outermost layer returns."""
        if not self.errands:
            self.quiet = one_thread()
            self.quiet.__enter__()
        self.errands.append(leave(filling.blocks, filling.task))
        return self.errands[-1]

    def settle(self) -> None:
        """See that all errands are done."""
        if not self.errands:
            return
        try:
            for errand in self.errands:
                errand.wait()
        finally:
            self.errands = []
            self.quiet.__exit__()


_scope = _Scope()


def may_wait(dtype: np.dtype) -> bool:
    """Ask whether a result of this scalar type may be left pending here."""
    return _scope.depth > 0 and dtype == np.float32


def remember(holder: Holder) -> None:
    """Have a tensor's numbers computed when the outermost layer returns."""
    _scope.waiting.append(weakref.ref(holder))


def settled(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call what is done for a layer; when the outermost of these returns, nothing waits."""
    _scope.depth += 1
    try:
        result = function(*arguments, **options)
    finally:
        waiting = _end()
    for reference in waiting:
        holder = reference()
        if holder is not None:
            holder.array  # noqa: B018  # computes it
    return result


def within_layer(method: FunctionType) -> FunctionType:
    """Let results wait inside a layer's method, until the outermost one returns."""
    call = settled

    def whole(*arguments: Any, **options: Any) -> Any:
        return call(method, *arguments, **options)

    return _among_its_globals(whole, method)


def within_derivative(method: FunctionType) -> FunctionType:
    """Let results wait inside a layer's `vjp`, and then inside the pullback that it returns."""
    call, with_pullback = settled, _with_settled_pullback

    def whole(*arguments: Any, **options: Any) -> Any:
        return with_pullback(call(method, *arguments, **options))

    return _among_its_globals(whole, method)


def _with_settled_pullback(result: Any) -> Any:
    """See to the pullback of the outermost `vjp`; what is none stays, for a check to name it."""
    if _scope.depth > 0 or type(result) is not tuple or len(result) != 2:
        return result
    y, pullback = result
    return (y, functools.partial(settled, pullback)) if callable(pullback) else result


def _among_its_globals(whole: Callable[..., Any], method: FunctionType) -> FunctionType:
    """Have a wrapper live among the globals of the method, where its annotations are looked up."""
    assert isinstance(whole, FunctionType)
    made = FunctionType(
        whole.__code__, method.__globals__, method.__name__, None, whole.__closure__
    )
    functools.update_wrapper(made, method)
    return made


def _end() -> list[weakref.ref[Holder]]:
    """Leave a layer; from the outermost, return all who may hold results that wait."""
    _scope.depth -= 1
    if _scope.depth > 0:
        return []
    waiting, _scope.waiting = _scope.waiting, []
    _scope.settle()
    return waiting
