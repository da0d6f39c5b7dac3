"""Reads an annotation: what it asks for, in the class that it is written in."""

from __future__ import annotations

import collections.abc
import dataclasses
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Union

from typed_resnet.runtime import resolve
from typed_resnet.runtime.arrays import array_axes, is_array_hint, without_axes
from typed_resnet.runtime.axes import Axes, is_size, read_axes, read_axis, read_condition
from typed_resnet.runtime.forms import (
    ArrayForm,
    ChoiceForm,
    ConditionForm,
    FieldsForm,
    Form,
    ManyForm,
    MappingForm,
    RecordForm,
    SizeForm,
    SizesForm,
    TensorForm,
    TupleForm,
)
from typed_resnet.runtime.hint import ShapeHint
from typed_resnet.runtime.others import in_new_words
from typed_resnet.runtime.substitution import (
    Given,
    assign,
    base_arguments,
    is_literal,
    replace,
    replace_all,
    unpacked,
)


def read_form(
    hint: Any, evaluate: Callable[[str], Any], given: Given, owner: type | None = None
) -> Form:
    """Read an annotation in the class `owner`, if in any.

    `evaluate` looks names up, `given` stands for type parameters.
    """
    return _Reader(evaluate, given, owner).read(hint)


def forms_of_fields(
    cls: type, outer: Given, inside: frozenset[type] = frozenset()
) -> dict[str, Form]:
    """Read what a class and its bases annotate; `outer` stands for the parameters of the class."""
    forms: dict[str, Form] = {}
    for base in reversed(cls.__mro__):
        given = base_arguments(cls, base)
        if given is None:
            continue
        given = {
            p: replace_all(hint, outer) if isinstance(hint, tuple) else replace(hint, outer)
            for p, hint in given.items()
        }
        evaluate = resolve.evaluator(resolve.names_of_class(base), base.__qualname__)
        reader = _Reader(evaluate, given, cls, inside | {cls})
        for name, hint in resolve.annotations_of(base).items():
            if typing.get_origin(hint) is not typing.ClassVar and "ClassVar" not in str(hint):
                forms[name] = reader.read(hint)
    return forms


@dataclass(frozen=True)
class _Reader:
    evaluate: Callable[[str], Any]
    given: Given
    owner: type | None
    inside: frozenset[type] = frozenset()
    """The classes whose fields are being read, which may have fields of their own class."""

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
        if any(unpacked(hint) is not None for hint in hints):
            return Form(tuple)
        return self._tuple(hints)

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
        if parameters and dataclasses.is_dataclass(origin) and origin not in self.inside:
            given = assign(origin.__qualname__, parameters, replace_all(arguments, self.given))
            fields = forms_of_fields(origin, given, self.inside)
            return _if_sized(FieldsForm(origin, inner=(*fields.values(),), names=(*fields,)))
        if issubclass(origin, collections.abc.Collection) or origin is collections.abc.Iterable:
            inner = tuple(map(self.read, arguments))
            if issubclass(origin, collections.abc.Mapping) and len(inner) == 2:
                return _if_sized(MappingForm(_subscript(origin, inner), inner=inner))
            if len(inner) == 1:
                return _if_sized(ManyForm(_subscript(origin, inner), inner=inner))
        return Form(in_new_words(hint, origin, arguments))


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
