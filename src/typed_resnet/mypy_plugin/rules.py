"""What is called, what its formals take, and the verdicts of its calls."""

from __future__ import annotations

from collections.abc import Hashable

from mypy.expandtype import expand_type
from mypy.nodes import Decorator, FuncDef, OverloadedFuncDef, SymbolNode, TypeInfo, Var
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    ProperType,
    get_proper_type,
)

from typed_resnet.mypy_plugin.composing import joins_layers
from typed_resnet.mypy_plugin.functions import takes_functions
from typed_resnet.mypy_plugin.library import of_library, rests_on_library
from typed_resnet.mypy_plugin.likeness import Likeness
from typed_resnet.mypy_plugin.literals import takes_literals
from typed_resnet.mypy_plugin.queries import foreign_variables, free_variables
from typed_resnet.mypy_plugin.signatures import (
    declares_sizes,
    takes_one_by_one,
    takes_sizes,
)


class Verdict:
    """What a signature becomes by a call that is right."""

    __slots__ = ("arg_types", "leaves_nothing", "of", "ret_type")

    def __init__(self, filled: CallableType, of: Likeness) -> None:
        self.arg_types = filled.arg_types
        self.ret_type = filled.ret_type
        self.of = of
        self.leaves_nothing = all(type(formal) is AnyType for formal in filled.arg_types)
        """All has been compared: mypy takes whatever is brought for these formals."""

    def fill(self, signature: CallableType, likeness: Likeness) -> CallableType:
        """Return the signature with the sizes of a call that is like this one filled in."""
        put = likeness.put_for(self.of)
        formals = self.arg_types
        if not self.leaves_nothing:
            formals = [expand_type(formal, put) for formal in formals]
        return signature.copy_modified(
            arg_types=formals,
            ret_type=expand_type(self.ret_type, put) if put else self.ret_type,
            variables=(),
        )


def class_of(receiver: ProperType | None) -> TypeInfo | None:
    """Give the class that a method is called through, by an instance or by its name."""
    if isinstance(receiver, Instance):
        return receiver.type
    if isinstance(receiver, FunctionLike) and receiver.is_type_obj():
        return receiver.type_object()
    return None


class Formals:
    """What the formals of a signature take."""

    __slots__ = (
        "are_sizeless",
        "declare_sizes",
        "take_functions",
        "take_layers",
        "take_literals",
        "take_one_by_one",
        "takes_sizes",
    )

    def __init__(self, signature: CallableType) -> None:
        self.take_layers = joins_layers(signature)
        self.take_functions = takes_functions(signature)
        self.declare_sizes = declares_sizes(signature)
        self.are_sizeless = not (self.declare_sizes or self.take_functions or self.take_layers)
        """No call has anything to do with sizes."""
        self.take_literals = not self.are_sizeless and takes_literals(signature)
        """A call may be refused for what is no size, as the number of an axis is."""
        self.take_one_by_one = not self.are_sizeless and takes_one_by_one(signature)
        """One of them stands for several: `*xs: *tuple[Tensor[C], Tensor[H]]`."""
        self.takes_sizes = [False] * len(signature.arg_types)
        """Of each, whether it does."""
        if self.declare_sizes:
            self.takes_sizes = list(map(takes_sizes, signature.arg_types))

    @property
    def follow_from_types(self) -> bool:
        """Say whether calls that bring the same types may be judged alike."""
        judged = self.take_functions or self.take_literals or self.take_layers
        return not (judged or self.take_one_by_one)


class Verdicts:
    """What is known of calls, by what they bring."""

    __slots__ = ("lasting", "others")

    def __init__(self) -> None:
        self.lasting: dict[Hashable, Verdict] = {}
        """Those that rest on the library alone."""
        self.others: dict[Hashable, Verdict] = {}

    def of(self, likeness: Likeness) -> Verdict | None:
        """Give what is known of calls that are like this one."""
        return self.others.get(likeness.key) or self.lasting.get(likeness.key)

    def remember(
        self, likeness: Likeness, filled: CallableType, *, of_library: bool
    ) -> Verdict | None:
        """Remember what a signature becomes by a call that is right, if it says all."""
        if filled.variables and not _are_unused(filled):
            return None
        verdict = Verdict(filled, likeness)
        lasts = of_library and all(map(rests_on_library, likeness.key))
        (self.lasting if lasts else self.others)[likeness.key] = verdict
        return verdict


def _are_unused(filled: CallableType) -> bool:
    """Say whether variables are left that say nothing: a class's, of a static method of it."""
    used = {variable.id for variable in free_variables(filled.copy_modified(variables=()))}
    return used.isdisjoint(variable.id for variable in filled.variables)


class Rule:
    """A function or method, and the verdicts of its calls, by any name and receiver."""

    __slots__ = ("callers", "declared", "formals", "holder", "says_all", "verdicts")

    def __init__(self, holder: FuncDef | Var, signature: CallableType) -> None:
        self.holder = holder
        self.declared = holder.type
        self.callers: set[tuple[str, TypeInfo | None]] = set()
        """The names it is called by, and the classes it is called through."""
        foreign = self._foreign(signature)
        self.says_all = foreign is not None and not foreign
        """Every variable of the signature is a size; `self` is no formal."""
        own = {variable.name for variable in signature.variables}
        self.formals = Formals(signature) if foreign is not None and foreign <= own else None
        """None where they take sizes or not by the type of the owner: `get(self) -> T`."""
        self.verdicts = Verdicts()

    def forget_others(self) -> None:
        """Forget what rests on more than the library."""
        self.verdicts.others.clear()
        self.callers = {
            (name, through)
            for name, through in self.callers
            if of_library(name) and rests_on_library(through)
        }

    def _foreign(self, signature: CallableType) -> set[str] | None:
        """Name the variables that are no sizes; None where these are not all declared."""
        declared = signature if signature.is_type_obj() else get_proper_type(self.declared)
        formals = len(signature.arg_types)
        if not isinstance(declared, CallableType) or formals > len(declared.arg_types):
            return None
        own = declared.arg_types[len(declared.arg_types) - formals :]
        return {name for typ in (*own, declared.ret_type) for name in foreign_variables(typ)}

    def formals_of(self, signature: CallableType) -> Formals:
        """Say what the formals take; of `Layer.rule(layer, x)`, the layer is one more."""
        formals = self.formals
        if formals is None or len(formals.takes_sizes) != len(signature.arg_types):
            return Formals(signature)
        return formals

    def is_current(self) -> bool:
        """Say whether it is still declared so: when analysed anew it may not be."""
        return self.holder.type is self.declared


def initializer(fullname: str, signature: CallableType) -> SymbolNode | None:
    """Find what a class that is called by its own name makes its values by.

    None where some of its type parameters have been given: an alias has the name of its class.
    """
    made = signature.type_object()
    definition = signature.definition
    own = made.defn.type_vars
    known = [variable.id for variable in signature.variables[: len(own)]]
    if made.fullname != fullname or known != [variable.id for variable in own]:
        return None
    symbol = made.get(definition.name) if definition is not None else None
    return symbol.node if symbol is not None else None


def holder_of(node: SymbolNode | None, definition: SymbolNode) -> FuncDef | Var | None:
    """Find what holds the type of a definition; None where a name stands for a mere value.

    A value, such as an attribute of type `Callable`, may have one type here and one there.
    """
    if isinstance(node, OverloadedFuncDef):
        node = definition if definition in node.items else None
        return node.func if isinstance(node, Decorator) else None
    if isinstance(node, Decorator):
        return node.var if definition in (node, node.func) else None
    return node if isinstance(node, FuncDef) and node is definition else None
