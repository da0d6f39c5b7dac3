"""Transformed windows, kept for the next call with the same kernel.

They are kept by the kernel's own array, and let go when it dies. An array that can be written to
may have other numbers the next time: its fingerprint is taken anew at every call, which reads it
once. One that cannot, itself and every array that it is a view of, is known to be the same.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from typed_resnet.kernels.blocks import kernel_of, windows_first
from typed_resnet.kernels.lanes import one_thread

_rng = np.random.default_rng(20150927)


@dataclass
class _Entry:
    array: weakref.ref[np.ndarray]
    print: np.ndarray | None
    kept: dict[str, tuple[np.ndarray | None, np.ndarray]] = field(default_factory=dict)


_entries: dict[int, _Entry] = {}
_factors: dict[int, np.ndarray] = {}


def kept(
    name: str,
    kernel: np.ndarray,
    scale: np.ndarray | None,
    transform: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    """Return `transform(kernel scale)`, as computed before for this array where it is the same.

    The scale is one number a filter, [Cout]; a copy of it is compared.
    """
    key = id(kernel)
    entry = _entries.get(key)
    print_ = fingerprint(kernel) if _can_change(kernel) else None
    if entry is None or entry.array() is not kernel or not _same(entry.print, print_):
        entry = _Entry(weakref.ref(kernel, lambda _: _entries.pop(key, None)), print_)
        _entries[key] = entry
    held = entry.kept.get(name)
    if held is None or not _same(held[0], scale):
        scaled = kernel if scale is None else kernel * scale[:, None, None, None]
        held = (None if scale is None else scale.copy(), transform(scaled))
        entry.kept[name] = held
    return held[1]


def settled(array: np.ndarray) -> np.ndarray:
    """Copy a parameter into memory that cannot be written to, a kernel's windows first."""
    if array.dtype.hasobject or array.ndim != 4:
        made = array.copy()
    else:
        memory = np.array(windows_first(array), order="C")
        memory.flags.writeable = False
        made = kernel_of(memory)
    made.flags.writeable = False
    return made


def fingerprint(kernel: np.ndarray) -> np.ndarray:
    """Sum each filter's numbers by factors between 1 and 2 with signs, drawn once.

    A change that leaves every sum as it is, in float32, is one that the rounding of a convolution
    with this kernel hides as well, but for those that cancel by chance: one in 10^7.
    """
    factors = _factors_of(kernel.size // max(len(kernel), 1), kernel.dtype)
    with one_thread():
        if windows_first(kernel).flags.c_contiguous:
            found: np.ndarray = factors @ windows_first(kernel).reshape(-1, len(kernel))
        else:
            found = kernel.reshape(len(kernel), -1) @ factors
    return found


def _factors_of(size: int, dtype: np.dtype) -> np.ndarray:
    if size not in _factors:
        drawn = _rng.uniform(1, 2, size) * _rng.choice([-1, 1], size)
        _factors[size] = drawn.astype(dtype)
    return _factors[size]


def _can_change(array: object) -> bool:
    """Ask whether anybody could write to this array's memory."""
    while isinstance(array, np.ndarray):
        if array.flags.writeable:
            return True
        array = array.base
    return array is not None  # memory that is not NumPy's


def _same(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    if a is None or b is None or a is b:
        return a is b
    return np.array_equal(a, b)
