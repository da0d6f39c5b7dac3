"""Find what makes a type one that no value can have: a size below its least, a broken quotient."""

from __future__ import annotations

from collections.abc import Iterator

from mypy.expandtype import expand_type_by_instance
from mypy.nodes import Var
from mypy.types import FunctionLike, Instance, Type, get_proper_type

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.ranges import Never, at_least, contradiction
from typed_resnet.dims.sentences import axis_name, too_small
from typed_resnet.dims.term import Undefined
from typed_resnet.mypy_plugin.classes import is_operator, is_tensor, least, size_parameters
from typed_resnet.mypy_plugin.queries import holds_sizes, instances
from typed_resnet.mypy_plugin.translate import Reader


def defect(typ: Type, owners: frozenset[Instance] = frozenset()) -> str | None:
    """Say why a type can have no value; None where nothing speaks against it.

    A class is followed into its fields: of a bottleneck whose width 4 does not divide, no
    convolution can be.
    """
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance) or proper in owners:
        return None
    return _of_arguments(proper) or next(_of_fields(proper, owners | {proper}), None)


def _of_arguments(instance: Instance) -> str | None:
    name = instance.type.name
    if is_operator(instance.type):
        return None
    if is_tensor(instance.type):
        return _of_shape(name, Reader().axes(instance.args))
    for place, variable in size_parameters(instance.type):
        if place < len(instance.args):
            term = Reader().term(instance.args[place])
            found = _of_size(name, variable.name, least(variable) or 0, term)
            if found is not None:
                return found
    return None


def _of_shape(name: str, axes: tuple[Axis, ...]) -> str | None:
    sizes: list[Dim] = []
    for place, axis in enumerate(axes):
        if axis is None or isinstance(axis, Star):
            continue
        found = _of_size(name, axis_name(axis), 1, axis, place)
        if found is not None:
            return found
        sizes.append(normal_form(axis))
    return contradiction(size for size in sizes if size.constant is None)


def _of_size(name: str, noun: str | None, smallest: int, axis: Axis, place: int = 0) -> str | None:
    if axis is None or isinstance(axis, Star):
        return None
    try:
        size = normal_form(axis)
    except Undefined as undefined:
        return f"{name}: {undefined}"
    if isinstance(at_least(size, smallest), Never):
        return too_small(name, noun, smallest, size, place)
    return None


def _of_fields(owner: Instance, owners: frozenset[Instance]) -> Iterator[str]:
    """Find fields that cannot be; the class that declares the impossible size is named."""
    if is_tensor(owner.type) or not size_parameters(owner.type):
        return
    for base in owner.type.mro:
        for _, symbol in sorted(base.names.items()):  # mypy's cache keeps no order
            field = symbol.node
            if not isinstance(field, Var) or field.type is None or not holds_sizes(field.type):
                continue
            if isinstance(get_proper_type(field.type), FunctionLike):
                continue  # an alias of a method, such as `forward`
            for inner in instances(expand_type_by_instance(field.type, owner)):
                found = _of_arguments(inner)
                if found is not None:
                    yield f"{owner.type.name}: {found.removeprefix(f'{inner.type.name}: ')}"
                elif inner not in owners:
                    yield from _of_fields(inner, owners | {inner})
