"""What an annotation asks for, read once: which parts are sizes, and which are beartype's.

A form says what is to be bound; `plain` is the same hint with its sizes taken out, for beartype.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Union

from typed_resnet.dims.conditions import Condition
from typed_resnet.dims.matching import Axis, Star, symbols_of
from typed_resnet.dims.term import Symbol
from typed_resnet.runtime.arrays import array_axes, is_array_hint, without_axes
from typed_resnet.runtime.axes import Axes, is_size, read_axes, read_axis, read_condition
from typed_resnet.runtime.hint import ShapeHint
from typed_resnet.runtime.substitution import (
    Given,
    assign,
    base_arguments,
    is_literal,
    replace,
    replace_all,
    unpacked,
)


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


def read_form(
    hint: Any, evaluate: Callable[[str], Any], given: Given, owner: type | None = None
) -> Form:
    """Read an annotation in the class `owner`, if in any.

    `evaluate` looks names up, `given` stands for type parameters.
    """
    return _Reader(evaluate, given, owner).read(hint)


@dataclass(frozen=True)
class _Reader:
    evaluate: Callable[[str], Any]
    given: Given
    owner: type | None

    def read(self, hint: Any) -> Form:
        if isinstance(hint, typing.ForwardRef):
            hint = hint.__forward_arg__
        if isinstance(hint, str):
            return self.read(self.evaluate(hint))  # again, where the text was quoted twice
        if isinstance(hint, dataclasses.InitVar):
            hint = hint.type
        if hint is typing.Self and self.owner is not None:
            parameters = getattr(self.owner, "__parameters__", ())
            return self.read(self.owner[parameters] if parameters else self.owner)  # type: ignore[index]  # generic
        if isinstance(hint, ShapeHint):
            return _tensor(hint.origin, replace_all(hint.axes, self.given))
        if isinstance(hint, typing.TypeVar) and is_size(hint):
            axis = read_axis(replace(hint, self.given))
            return SizeForm(int, axes=Axes((axis,), (hint.__name__,)))
        if is_array_hint(hint):
            return ArrayForm(without_axes(hint), axes=array_axes(hint))
        if _is_structural(typing.get_origin(hint) or hint):
            return Form(Any)  # no class to ask for
        if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
            return Form(hint)
        return self._alias(hint)

    def _alias(self, hint: Any) -> Form:
        if unpacked(hint) is not None:  # of `*shape: *Sizes`
            form = self._open_tuple((hint,))
            return form if form.sized else Form(Any)
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if hasattr(origin or hint, "__value__"):  # `type Image[C] = ...`, from Python 3.12
            alias = origin or hint
            given = assign(repr(alias), alias.__type_params__, arguments) if arguments else {}
            return self.read(replace(alias.__value__, given))
        if origin in (typing.Annotated, typing.Final):
            inner = self.read(arguments[0])
            return inner if inner.sized or origin is typing.Final else Form(hint)
        if origin in (Union, types.UnionType):
            return self._union(arguments)
        if origin is tuple and hint is not typing.Tuple:  # noqa: UP006  # the bare one
            return self._tuple(arguments)
        if isinstance(origin, type):
            return self._subscripted(hint, origin, arguments)
        return Form(hint)

    def _union(self, arguments: tuple[Any, ...]) -> Form:
        inner = tuple(map(self.read, arguments))
        union: Any = Union
        return _if_sized(ChoiceForm(union[tuple(form.plain for form in inner)], inner=inner))

    def _tuple(self, arguments: tuple[Any, ...]) -> Form:
        if any(unpacked(hint) is not None for hint in arguments):
            return self._open_tuple(arguments)
        if len(arguments) == 2 and arguments[1] is ...:
            item = self.read(arguments[0])
            return _if_sized(ManyForm(types.GenericAlias(tuple, (item.plain, ...)), inner=(item,)))
        items = tuple(map(self.read, arguments))
        plain = types.GenericAlias(tuple, tuple(form.plain for form in items))
        return _if_sized(TupleForm(plain, inner=items))

    def _open_tuple(self, arguments: tuple[Any, ...]) -> Form:
        """Read `tuple[*Shape]`, `tuple[*B, N]`: ints that are a shape, if all are sizes."""
        hints = replace_all(arguments, self.given)
        if all(map(_is_size_or_run, hints)):
            return SizesForm(types.GenericAlias(tuple, (int, ...)), axes=read_axes(hints))
        return Form(tuple)

    def _subscripted(self, hint: Any, origin: type, arguments: tuple[Any, ...]) -> Form:
        stated = read_condition(replace(hint, self.given), "where")
        if stated is not None:
            return ConditionForm(Any, stated=stated)
        if issubclass(origin, int):
            axis = read_axis(replace(hint, self.given))
            return SizeForm(int, axes=Axes((axis,), (None,))) if axis is not None else Form(hint)
        if typing.is_typeddict(origin):
            return Form(dict)
        parameters = getattr(origin, "__parameters__", ())
        if any(map(is_size, parameters)):
            return _record(origin, parameters, replace_all(arguments, self.given))
        if issubclass(origin, collections.abc.Collection) or origin is collections.abc.Iterable:
            inner = tuple(map(self.read, arguments))
            if issubclass(origin, collections.abc.Mapping) and len(inner) == 2:
                return _if_sized(MappingForm(_subscript(origin, inner), inner=inner))
            if len(inner) == 1:
                return _if_sized(ManyForm(_subscript(origin, inner), inner=inner))
        return Form(_in_new_words(hint, origin, arguments))


_NEW_HOMES: Final = frozenset({"builtins", "collections", "collections.abc", "contextlib", "re"})


def _is_structural(hint: Any) -> bool:
    """Say whether a hint is a Protocol that `isinstance` does not take."""
    return getattr(hint, "_is_protocol", False) and not getattr(
        hint, "_is_runtime_protocol", False
    )


def _subscript(origin: Any, inner: tuple[Form, ...]) -> Any:
    return origin[tuple(form.plain for form in inner)]


def _is_size_or_run(hint: Any) -> bool:
    inner = unpacked(hint)
    if inner is not None:
        return all(_is_size_or_run(each) for each in typing.get_args(inner) if each is not ...)
    origin = typing.get_origin(hint)
    if is_literal(hint):
        return all(type(value) is int for value in typing.get_args(hint))
    return is_size(hint) or hint is int or (isinstance(origin, type) and issubclass(origin, int))


def _if_sized(form: Form) -> Form:
    return form if form.sized else Form(form.plain)


def _in_new_words(hint: Any, origin: Any, arguments: tuple[Any, ...]) -> Any:
    """Write `typing.Callable` as `collections.abc` does: beartype warns of the old words."""
    if type(hint).__module__ != "typing" or origin.__module__ not in _NEW_HOMES:
        return hint
    return origin[arguments] if arguments else origin


def _tensor(origin: type, arguments: tuple[Any, ...]) -> Form:
    """Read the axes of a hint; one of a subclass, such as `Image[C, H, W]`, by its base."""
    base = next(cls for cls in origin.__mro__ if "__class_getitem__" in vars(cls))
    if origin is not base:
        meant = base_arguments(origin, base) or {}
        given = assign(origin.__qualname__, getattr(origin, "__parameters__", ()), arguments)
        arguments = tuple(axis for axes in meant.values() for axis in replace_all(axes, given))
    return TensorForm(origin, axes=read_axes(arguments))


def _record(origin: type, parameters: tuple[Any, ...], arguments: tuple[Any, ...]) -> Form:
    if getattr(origin, "_is_protocol", False):  # what meets a Protocol has no sizes of its name
        return Form(origin if getattr(origin, "_is_runtime_protocol", False) else object)
    given = assign(origin.__qualname__, parameters, arguments)
    sizes = {p.__name__: given.get(p) for p in parameters if is_size(p)}
    axes = Axes(tuple(map(read_axis, sizes.values())), tuple(sizes))
    return RecordForm(origin, axes=axes)
