"""What an annotation asks for, read once: which parts are sizes, and which are beartype's.

A form says what is to be bound; `plain` is the same hint with its sizes taken out, for beartype.
"""

from __future__ import annotations

import collections.abc
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from typed_resnet.dims.conditions import Condition
from typed_resnet.dims.matching import Axis, Star, symbols_of
from typed_resnet.dims.term import Symbol
from typed_resnet.runtime.axes import Axes


@dataclass(frozen=True)
class Form:
    """A hint; by itself, one without sizes."""

    plain: Any
    axes: Axes = dataclasses.field(default=Axes((), ()), kw_only=True)
    inner: tuple[Form, ...] = dataclasses.field(default=(), kw_only=True)

    @property
    def sized(self) -> bool:
        return bool(self.axes.declared) or any(form.sized for form in self.inner)


@dataclass(frozen=True)
class TensorForm(Form):
    """`Tensor[*B, C, H, W]`, also where it has no axes at all."""

    sized = True


@dataclass(frozen=True)
class ArrayForm(Form):
    """`Float[np.ndarray, "C H W"]`."""

    sized = True


@dataclass(frozen=True)
class SizeForm(Form):
    """An int that is a size: `stride: S`."""


@dataclass(frozen=True)
class SizesForm(Form):
    """Ints that are a shape together: `*shape: *Sizes`, `tuple[*B, N]`."""


@dataclass(frozen=True)
class RecordForm(Form):
    """An object of a class generic in sizes: `conv: Conv2D[Cin, Cout, L[3], S, L[1]]`."""


@dataclass(frozen=True)
class FieldsForm(Form):
    """An object of any other generic class, by its fields: `Sequential[Conv2D[L[3], C, ...]]`."""

    names: tuple[str, ...] = dataclasses.field(kw_only=True)


@dataclass(frozen=True)
class ConditionForm(Form):
    """A condition on the sizes of a call, whatever is passed: `Equal[Product[*Old], N]`."""

    stated: Condition = dataclasses.field(kw_only=True)
    sized = True


@dataclass(frozen=True)
class ManyForm(Form):
    """Any number of items of the one inner form: `list[Tensor[C, H, W]]`."""

    @staticmethod
    def items(values: Any) -> collections.abc.Collection[Any]:
        """Take what can be looked at without using it up: of an iterator nothing."""
        return values if isinstance(values, collections.abc.Collection) else ()


@dataclass(frozen=True)
class MappingForm(Form):
    """`dict[str, Tensor[C]]`: the inner forms are the key's and the value's."""


@dataclass(frozen=True)
class TupleForm(Form):
    """An inner form for each item: `tuple[Tensor[C], S]`."""


@dataclass(frozen=True)
class ChoiceForm(Form):
    """A union; what one alternative has bound before it fails is given back."""


def axes_inside(form: Form) -> Iterator[Axis]:
    """Walk all the axes of a form."""
    yield from form.axes.declared
    for inner in form.inner:
        yield from axes_inside(inner)


def runs_of_shapes(form: Form) -> set[Symbol]:
    """Find the runs of axes, `*B`, that tensors and arrays have."""
    of_shape = isinstance(form, TensorForm | ArrayForm | RecordForm)
    axes = form.axes.declared if of_shape else ()
    runs = {axis.symbol for axis in axes if isinstance(axis, Star) and axis.symbol is not None}
    return runs.union(*map(runs_of_shapes, form.inner))


def without_others_runs(form: Form, runs: set[Symbol]) -> Form:
    """Leave alone what a `*Ts` holds that is no run of axes: it need not be ints."""
    if isinstance(form, SizesForm):
        stars = {axis.symbol for axis in form.axes.declared if isinstance(axis, Star)}
        return form if stars <= {None, *runs} else Form(Any)
    inner = tuple(without_others_runs(each, runs) for each in form.inner)
    return form if inner == form.inner else dataclasses.replace(form, inner=inner)


def symbols_inside(form: Form) -> dict[str, Symbol]:
    """The symbols of a form, each under its name; a star's name begins with one."""
    found: dict[str, Symbol] = {}
    for axis in axes_inside(form):
        if isinstance(axis, Star):
            if axis.symbol is not None:
                found[f"*{axis.symbol.name}"] = axis.symbol
        elif axis is not None:
            found |= {symbol.name: symbol for symbol in symbols_of(axis)}
    return found
