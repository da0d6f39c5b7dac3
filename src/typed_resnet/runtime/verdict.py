"""The quick verdict: Python text made once for each signature, which looks at plain ints only.

Each form becomes one condition on a value, which also binds the sizes it meets in a dict, under
their names: `"H": 28`, `"*B": (8,)`. Where the condition holds, the value fits. Where it does not,
or cannot be computed, nothing is decided yet: `judge` looks again, with all that `dims` knows.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Iterable
from typing import Any

from typed_resnet.dims.matching import Axis, Star, symbols_of
from typed_resnet.dims.products import run_of
from typed_resnet.dims.term import Operation, Symbol
from typed_resnet.runtime import fields, others
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
from typed_resnet.runtime.names import SIZES, Names


def condition(form: Form, value: str, names: Names) -> str:
    """Write the condition that `value`, a variable or an attribute, meets `form`."""
    match form:
        case TensorForm():
            return _join(_is(form.plain, value, names), _axes(f"{value}.shape", form, names))
        case ArrayForm():
            fits = names.constant(_scalars(form.plain))
            return _join(f"{fits}({value})", _axes(f"{value}.shape", form, names))
        case SizeForm():
            return _join(f"isinstance({value}, int)", _axis(form.axes.declared[0], value, names))
        case SizesForm():
            return _join(f"{names.constant(_are_ints)}({value})", _axes(value, form, names))
        case ConditionForm(stated=stated):
            holds = names.constant(stated.holds)
            return f"{holds}({names.shape(stated.formal)}, {names.shape(stated.actual)})"
        case RecordForm():
            return _record(form, value, names)
        case ChoiceForm() | FieldsForm() | ManyForm() | MappingForm() | TupleForm():
            return f"{names.constant(verdict(form))}({value}, {SIZES})"
    if form.plain is None or form.plain is type(None):
        return f"{value} is None"
    if form.plain in (typing.Any, object):
        return "True"
    if is_simple(form):
        return f"isinstance({value}, {names.constant(form.plain)})"
    if typing.get_origin(form.plain) is Callable:
        return f"callable({value})"  # nor does beartype ask more, but it hashes the hint each time
    return f"{names.constant(others.fits)}({value}, {names.constant(form.plain)})"


def is_simple(form: Form) -> bool:
    """Say whether a form asks for a class or None, and for no more."""
    return form.plain is None or others.is_class(form.plain)


@functools.lru_cache(4096)
def verdict(form: Form) -> Callable[[Any, dict[str, Any]], bool]:
    """Make the function of a value and the sizes bound so far that says whether the value fits."""
    names = Names()
    lines = list(_body(form, names))
    text = "\n    ".join([f"def check(value, {SIZES}):", *lines])
    exec(text, names.namespace)  # the text is ours, from first to last
    check: Callable[[Any, dict[str, Any]], bool] = names.namespace["check"]
    return check


def _body(form: Form, names: Names) -> Iterable[str]:
    match form:
        case ChoiceForm(inner=alternatives):
            yield f"before = {SIZES}.copy()"
            for alternative in sorted(alternatives, key=lambda a: a.sized):
                yield f"if {condition(alternative, 'value', names)}: return True"
                if alternative.sized:
                    yield f"{SIZES}.clear(); {SIZES}.update(before)"
            yield "return False"
        case ManyForm(inner=(item,)):
            yield f"if not {_is(_class_of(form), 'value', names)}: return False"
            yield f"for item in {names.constant(ManyForm.items)}(value):"
            yield f"    if not ({condition(item, 'item', names)}): return False"
            yield "return True"
        case MappingForm(inner=(key, item)):
            yield f"if not {_is(_class_of(form), 'value', names)}: return False"
            yield "for key, item in value.items():"
            yield f"    if not ({condition(key, 'key', names)}): return False"
            yield f"    if not ({condition(item, 'item', names)}): return False"
            yield "return True"
        case TupleForm(inner=items):
            wanted = f"{_is(tuple, 'value', names)} and len(value) == {len(items)}"
            yield f"if not ({wanted}): return False"
            for place, item in enumerate(items):
                yield f"item = value[{place}]"
                yield f"if not ({condition(item, 'item', names)}): return False"
            yield "return True"
        case FieldsForm(inner=items, names=fields_named):
            yield f"if not {_is(form.plain, 'value', names)}: return False"
            for name, item in zip(fields_named, items, strict=True):
                yield f"item = value.{name}"
                yield f"if not ({condition(item, 'item', names)}): return False"
            yield "return True"
        case _:
            yield f"return {condition(form, 'value', names)}"


def _class_of(form: Form) -> Any:
    return typing.get_origin(form.plain) or form.plain


def _is(cls: Any, value: str, names: Names) -> str:
    name = names.constant(cls)
    return f"({value}.__class__ is {name} or isinstance({value}, {name}))"


def _join(*conditions: str) -> str:
    return " and ".join(filter(None, conditions))


def _axes(shape: str, form: Form, names: Names) -> str:
    declared = form.axes.declared
    star = next((i for i, axis in enumerate(declared) if isinstance(axis, Star)), None)
    if star is None:
        conditions = [f"len(__shape := {shape}) == {len(declared)}"]
    else:
        conditions = [f"len(__shape := {shape}) >= {len(declared) - 1}"]
    computed: list[str] = []
    for place, axis in enumerate(declared):
        if isinstance(axis, Star):
            end = place + 1 - len(declared) or ""
            if axis.symbol is not None:
                conditions.append(names.meet_star(axis.symbol.name, f"__shape[{place}:{end}]"))
        else:
            found = place if star is None or place < star else place - len(declared)
            later = computed if isinstance(axis, Operation) else conditions
            later.append(_axis(axis, f"__shape[{found}]", names))
    return _join(*conditions, *computed)


def _axis(axis: Axis, value: str, names: Names) -> str:
    if axis is None or isinstance(axis, Star):
        return ""
    if isinstance(axis, Symbol):
        return names.meet(axis, value)
    return f"{value} == {names.arithmetic(axis)}"


def _record(form: Form, value: str, names: Names) -> str:
    look_up, owner = names.constant(fields.sizes_as), names.constant(form.plain)
    own = f"(__own := {look_up}({value}, {owner})) is not None"
    axes = (_axis(a, f"__own[{i}]", names) for i, a in enumerate(form.axes.declared))
    return _join(own, *axes)


def known_before(forms: Iterable[Form]) -> set[str]:
    """Name the symbols that these forms are sure to bind wherever their conditions hold."""
    found: set[str] = set()
    for form in forms:
        if isinstance(form, ChoiceForm | ManyForm | MappingForm):
            continue
        found |= known_before(form.inner)
        for axis in form.axes.declared:
            if isinstance(axis, Star):
                found |= {f"*{axis.symbol.name}"} if axis.symbol else set()
            elif axis is not None:
                found |= {_bound_as(symbol) for symbol in symbols_of(axis)}
    return found


def _bound_as(symbol: Symbol) -> str:
    run = run_of(symbol)
    return symbol.name if run is None else f"*{run.name}"


def _are_ints(values: object) -> bool:
    return isinstance(values, tuple) and all(isinstance(value, int) for value in values)


def _scalars(plain: Any) -> Callable[[object], bool]:
    """Make the check of an array's class and scalars, asking jaxtyping once for each."""
    fitting: set[tuple[type, object]] = set()

    def fits(value: Any) -> bool:
        kind = (value.__class__, getattr(value, "dtype", None))
        if kind in fitting:
            return True
        if isinstance(value, plain):
            fitting.add(kind)
            return True
        return False

    return fits
