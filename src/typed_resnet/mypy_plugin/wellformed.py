"""Find what makes a type one that no value can have: a size below its least, a broken quotient."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import MypyFile, TypeInfo, Var
from mypy.types import (
    FunctionLike,
    Instance,
    Type,
    get_proper_type,
)
from mypy.typevars import fill_typevars

from typed_resnet.mypy_plugin.aliases import aliases
from typed_resnet.mypy_plugin.classes import (
    has_sizes,
    is_operator,
    is_tensor,
)
from typed_resnet.mypy_plugin.in_order import defect_of_arguments, is_in_order
from typed_resnet.mypy_plugin.library import rests_on_library
from typed_resnet.mypy_plugin.likeness import Likeness
from typed_resnet.mypy_plugin.queries import holds_sizes, instances


class WellFormed:
    """Says why types can have no value; remembers those that nothing speaks against."""

    def __init__(self, file: MypyFile | None = None) -> None:
        self._file = file
        """The one that is being read, where mypy may have another tree of it, too."""
        self._sound: set[tuple[Hashable, ...]] = set()
        self._lasting: set[tuple[Hashable, ...]] = set()
        """Of what is sound, that which rests on the library alone."""
        self._fields: dict[TypeInfo, list[Type]] = {}
        self._inner: dict[TypeInfo, set[TypeInfo]] = {}
        self._simple: dict[TypeInfo, bool] = {}
        """Of classes, whether all their fields are in order whatever their sizes are."""
        self._open = ""

    def of_library(self, file: MypyFile | None) -> WellFormed:
        """Keep what rests on the library alone, while another file is read."""
        kept = WellFormed(file)
        kept._lasting = self._lasting
        kept._fields = {i: fields for i, fields in self._fields.items() if rests_on_library(i)}
        kept._inner = {i: inner for i, inner in self._inner.items() if rests_on_library(i)}
        kept._simple = {i: simple for i, simple in self._simple.items() if rests_on_library(i)}
        return kept

    @property
    def size(self) -> int:
        """Count what is remembered."""
        return len(self._sound) + len(self._lasting) + len(self._fields) + len(self._simple)

    def defect(self, typ: Type, open_class: str = "") -> str | None:
        """Say why a type can have no value; None where nothing speaks against it.

        A class is followed into its fields: of a bottleneck whose width 4 does not divide, no
        convolution can be. Of the class that is being read, `open_class`, more may follow.
        """
        proper = get_proper_type(typ)
        if not isinstance(proper, Instance) or self.is_plain(proper):
            return None
        likeness = Likeness.of((proper,))
        if self._is_sound(likeness):
            return None
        self._open = open_class
        followed = {proper: likeness}
        found = defect_of_arguments(proper) or next(
            self._of_fields(proper, followed, frozenset()), None
        )
        if found is None:
            for instance, likeness in followed.items():
                self._remember(instance, likeness)
        return found

    def is_settled(self, typ: Type) -> bool:
        """Say whether a type against which nothing speaks is one for good.

        Of what class a value can be, its fields say, and the types of some are inferred later.
        """
        proper = get_proper_type(typ)
        if not isinstance(proper, Instance) or not is_followed(proper.type):
            return True
        return self.is_plain(proper) or self._is_sound(Likeness.of((proper,)))

    def is_plain(self, typ: Type) -> bool:
        """Say whether it is seen at once that a type is in order, and has no arithmetic.

        Its sizes are variables, unknown, or numbers of one or more; its fields only pass them on.
        """
        if not isinstance(typ, Instance):
            return False
        return all(map(is_in_order, typ.args)) and (
            not is_followed(typ.type) or self._is_simple(typ.type)
        )

    def classes_within(self, classes: Iterable[TypeInfo]) -> set[TypeInfo]:
        """Find the classes that are looked into with these: those of their fields, and so on."""
        found, waiting = set(classes), [*classes]
        bases: set[TypeInfo] = set()
        while waiting:
            new = [base for base in self._newest(waiting.pop()).mro if base not in bases]
            bases.update(new)
            for base in new:
                inner = self._classes_of_fields(base)
                waiting += filter(is_followed, inner - found)
                found |= inner
        return found

    def _classes_of_fields(self, info: TypeInfo) -> set[TypeInfo]:
        """Find the classes in the types of the fields that a class itself has."""
        known = self._inner.get(info)
        if known is None:
            fields = self._sized_fields(info)
            known = {instance.type for field in fields for instance in instances(field)}
            if info in self._fields:
                self._inner[info] = known
        return known

    def _is_simple(self, info: TypeInfo) -> bool:
        known = self._simple.get(info)
        if known is not None:
            return known
        self._simple[info] = False  # while its fields lead back to it
        if is_operator(info):
            return False
        if self._passes_all_on(info):
            self._simple[info] = True
            return True
        followed, waiting = {info}, [info]
        while waiting:
            for base in self._newest(waiting.pop()).mro:
                inner = self._classes_of_fields(base)
                if base not in self._fields:
                    del self._simple[info]  # more fields may follow
                    return False
                if any(map(is_operator, inner)):
                    return False
                unknown = (i for i in inner - followed if not self._simple.get(i))
                waiting += filter(is_followed, unknown)
                followed |= inner
        owner = fill_typevars(info)
        if isinstance(owner, Instance):
            self._simple[info] = not any(self._of_fields(owner, {owner: None}, frozenset()))
        return self._simple[info]

    def _passes_all_on(self, info: TypeInfo) -> bool:
        """Say at a glance that a class inherits no fields, and of its own each is in order."""
        bases = self._newest(info).mro
        own, *inherited = map(self._sized_fields, bases)
        return (
            not any(inherited)
            and all(base in self._fields for base in bases)
            and all(map(self.is_plain, own))
        )

    def _is_sound(self, likeness: Likeness | None) -> bool:
        if likeness is None:
            return False
        return likeness.key in self._sound or likeness.key in self._lasting

    def _remember(self, instance: Instance, likeness: Likeness | None) -> None:
        bases = self._newest(instance.type).mro if is_followed(instance.type) else ()
        if likeness is not None and all(base in self._fields for base in bases):
            lasts = all(map(rests_on_library, likeness.key))
            (self._lasting if lasts else self._sound).add(likeness.key)

    def _of_fields(
        self,
        owner: Instance,
        followed: dict[Instance, Likeness | None],
        owners: frozenset[TypeInfo],
    ) -> Iterator[str]:
        """Find fields that cannot be; the class that declares the impossible size is named.

        What is looked into on the way is added to `followed`.
        """
        if not is_followed(owner.type):
            return
        owners |= {owner.type}
        newest = self._newest(owner.type)
        now = owner if newest is owner.type else Instance(newest, owner.args)
        for base in newest.mro:
            for field in self._sized_fields(base):
                of_owner = expand_type_by_instance(field, map_instance_to_supertype(now, base))
                for inner in instances(of_owner):
                    if inner in followed or self.is_plain(inner):
                        continue
                    likeness = Likeness.of((inner,))
                    if self._is_sound(likeness):
                        continue
                    found = defect_of_arguments(inner)
                    if found is not None:
                        yield f"{owner.type.name}: {found.removeprefix(f'{inner.type.name}: ')}"
                    elif inner.type not in owners:  # within itself it may be of ever other sizes
                        followed[inner] = likeness
                        yield from self._of_fields(inner, followed, owners)

    def _sized_fields(self, info: TypeInfo) -> list[Type]:
        """List the types of the fields that a class itself has, as far as they hold sizes."""
        known = self._fields.get(info)
        if known is not None:
            return known
        names = self._newest(info).names
        nodes = [symbol.node for _, symbol in sorted(names.items())]  # caches keep no order
        types = [node.type for node in nodes if isinstance(node, Var) and not _is_constant(node)]
        fields = [typ for typ in types if typ is not None and _may_be_followed(typ)]
        if None not in types and not f"{self._open}.".startswith(f"{info.fullname}."):
            self._fields[info] = fields
        return fields

    def what_fields_rest_on(self, info: TypeInfo) -> set[str]:
        """Name what decides which fields hold sizes that a class itself has, and which sizes.

        The class, as its bases may be others; its fields with sizes; and if it has some itself,
        aliases, and what is inferred: these may come to have sizes though nobody edits the class.
        """
        may_come = is_followed(info)
        found: set[str] = {info.fullname} if may_come else set()
        for name, symbol in info.names.items():
            field = symbol.node
            if not isinstance(field, Var) or _is_constant(field):
                continue
            aliased = aliases(field.type) if may_come and field.type is not None else ()
            is_open = may_come and (field.is_inferred or field.type is None or bool(aliased))
            if is_open or (field.type is not None and _may_be_followed(field.type)):
                found.update((info.fullname, f"{info.fullname}.{name}", *aliased))
        return found

    def _newest(self, info: TypeInfo) -> TypeInfo:
        """Find a class as it is being read: after an edit, other files speak of the old one."""
        if self._file is None or info.module_name != self._file.fullname:
            return info
        symbol = self._file.names.get(info.name)
        node = symbol.node if symbol is not None else None
        if isinstance(node, TypeInfo) and node.fullname == info.fullname and node.mro:
            return node
        return info


def is_followed(info: TypeInfo) -> bool:
    """Say whether the fields of a class are looked into."""
    return has_sizes(info) and not is_tensor(info)


def _is_constant(field: Var) -> bool:
    """Say whether a field is what a class body sets it to, of sizes that are judged there.

    It knows nothing of the class's own sizes; and of `forward = __call__` the type is found late.
    """
    return field.is_inferred and field.is_initialized_in_class


def _may_be_followed(field: Type) -> bool:
    return holds_sizes(field) and not isinstance(get_proper_type(field), FunctionLike)
