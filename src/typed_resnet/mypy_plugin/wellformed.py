"""Find what makes a type one that no value can have: a size below its least, a broken quotient."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import TypeInfo, Var
from mypy.types import FunctionLike, Instance, Type, get_proper_type

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.nouns import axis_name
from typed_resnet.dims.ranges import Never, at_least, contradiction
from typed_resnet.dims.sentences import too_small
from typed_resnet.dims.term import Undefined
from typed_resnet.mypy_plugin.classes import is_operator, is_tensor, least, size_parameters
from typed_resnet.mypy_plugin.likeness import Likeness
from typed_resnet.mypy_plugin.queries import holds_sizes, instances
from typed_resnet.mypy_plugin.translate import Reader


class WellFormed:
    """Says why types can have no value; remembers those that nothing speaks against."""

    def __init__(self) -> None:
        self._sound: set[Hashable] = set()
        self._fields: dict[TypeInfo, list[Type]] = {}
        self._open = ""

    def defect(self, typ: Type, open_class: str = "") -> str | None:
        """Say why a type can have no value; None where nothing speaks against it.

        A class is followed into its fields: of a bottleneck whose width 4 does not divide, no
        convolution can be. Of the class that is being read, `open_class`, more may follow.
        """
        proper = get_proper_type(typ)
        if not isinstance(proper, Instance) or self._is_sound(proper):
            return None
        self._open = open_class
        followed = {proper}
        found = _of_arguments(proper) or next(self._of_fields(proper, followed, frozenset()), None)
        if found is None:
            for instance in followed:
                self._remember(instance)
        return found

    def _is_sound(self, instance: Instance) -> bool:
        likeness = Likeness.of((instance,))
        return likeness is not None and likeness.key in self._sound

    def _remember(self, instance: Instance) -> None:
        likeness = Likeness.of((instance,))
        bases = instance.type.mro if _is_followed(instance.type) else ()
        if likeness is not None and all(base in self._fields for base in bases):
            self._sound.add(likeness.key)

    def _of_fields(
        self, owner: Instance, followed: set[Instance], owners: frozenset[TypeInfo]
    ) -> Iterator[str]:
        """Find fields that cannot be; the class that declares the impossible size is named."""
        if not _is_followed(owner.type):
            return
        owners |= {owner.type}
        for base in owner.type.mro:
            for field in self._sized_fields(base):
                of_owner = expand_type_by_instance(field, map_instance_to_supertype(owner, base))
                for inner in instances(of_owner):
                    if inner in followed or self._is_sound(inner):
                        continue
                    found = _of_arguments(inner)
                    if found is not None:
                        yield f"{owner.type.name}: {found.removeprefix(f'{inner.type.name}: ')}"
                    elif inner.type not in owners:  # within itself it may be of ever other sizes
                        followed.add(inner)
                        yield from self._of_fields(inner, followed, owners)

    def _sized_fields(self, info: TypeInfo) -> list[Type]:
        """List the types of the fields that a class itself has, as far as they hold sizes."""
        known = self._fields.get(info)
        if known is not None:
            return known
        nodes = [symbol.node for _, symbol in sorted(info.names.items())]  # caches keep no order
        types = [node.type for node in nodes if isinstance(node, Var)]
        fields = [typ for typ in types if typ is not None and _may_be_followed(typ)]
        if None not in types and not f"{self._open}.".startswith(f"{info.fullname}."):
            self._fields[info] = fields
        return fields


def _is_followed(info: TypeInfo) -> bool:
    return not is_tensor(info) and bool(size_parameters(info))


def _may_be_followed(field: Type) -> bool:
    return holds_sizes(field) and not isinstance(get_proper_type(field), FunctionLike)


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
