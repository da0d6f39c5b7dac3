"""What was found of calls and types, found again of those that are alike.

A block's layers are called as the next block's are, only that its size variables are others; and
mypy asks several times of one call. What is remembered follows from types alone, and is written
back with the variables at hand. It holds as long as the classes and signatures do that it relies
on: when a file is read, all is forgotten, and when a class is defined again without that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from mypy.expandtype import expand_type
from mypy.nodes import (
    Decorator,
    FuncDef,
    MypyFile,
    OverloadedFuncDef,
    SymbolNode,
    SymbolTableNode,
    TypeAlias,
    TypeInfo,
    Var,
)
from mypy.plugin import AnalyzeTypeContext, Plugin
from mypy.types import CallableType, FunctionLike, Instance, ProperType, Type, get_proper_type

from typed_resnet.mypy_plugin.functions import takes_functions
from typed_resnet.mypy_plugin.likeness import Likeness
from typed_resnet.mypy_plugin.literals import takes_literals
from typed_resnet.mypy_plugin.queries import (
    AliasedArithmetic,
    foreign_variables,
    mentions_operator,
)
from typed_resnet.mypy_plugin.reliance import Reliance
from typed_resnet.mypy_plugin.signatures import declares_sizes, takes_sizes
from typed_resnet.mypy_plugin.translate import Types, normalize
from typed_resnet.mypy_plugin.wellformed import WellFormed

MOST: Final = 1 << 14
"""Of more calls and types nothing is remembered: all is forgotten."""


class Verdict:
    """What a signature becomes by a call that is right."""

    __slots__ = ("arg_types", "of", "ret_type")

    def __init__(self, filled: CallableType, of: Likeness) -> None:
        self.arg_types = filled.arg_types
        self.ret_type = filled.ret_type
        self.of = of

    def fill(self, signature: CallableType, likeness: Likeness) -> CallableType:
        """Return the signature with the sizes of a call that is like this one filled in."""
        put = likeness.put_for(self.of)
        return signature.copy_modified(
            arg_types=[expand_type(typ, put) for typ in self.arg_types],
            ret_type=expand_type(self.ret_type, put),
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
        "take_literals",
        "takes_sizes",
    )

    def __init__(self, signature: CallableType) -> None:
        self.take_functions = takes_functions(signature)
        self.declare_sizes = declares_sizes(signature)
        self.takes_sizes = [self.declare_sizes and takes_sizes(typ) for typ in signature.arg_types]
        """Of each, whether it does."""
        self.take_literals = takes_literals(signature)
        """A call may be refused for what is no size, as the number of an axis is."""
        self.are_sizeless = not (self.declare_sizes or self.take_functions or self.take_literals)
        """No call has anything to do with sizes."""


class Rule:
    """A function or method, and the verdicts of its calls, by any name and receiver."""

    __slots__ = ("callers", "declared", "formals", "holder", "says_all", "verdicts")

    def __init__(self, holder: FuncDef | Var, signature: CallableType) -> None:
        self.holder = holder
        self.declared = holder.type
        self.callers: set[tuple[str, TypeInfo | None]] = set()
        """The names it is called by, and the classes it is called through."""
        foreign = self._foreign(len(signature.arg_types))
        self.says_all = foreign is not None and not foreign
        """Every variable of the signature is a size; `self` is no formal."""
        own = {variable.name for variable in signature.variables}
        self.formals = Formals(signature) if foreign is not None and foreign <= own else None
        """None where they take sizes or not by the type of the owner: `get(self) -> T`."""
        self.verdicts: dict[Hashable, Verdict] = {}

    def _foreign(self, formals: int) -> set[str] | None:
        """Name the variables that are no sizes; None where these are not all declared."""
        declared = get_proper_type(self.declared)
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


class Attribute:
    """A field or a property: its type, and whether that is without arithmetic."""

    __slots__ = ("is_plain", "typ", "variable")

    def __init__(self, variable: Var, typ: Type) -> None:
        self.variable = variable
        self.typ = typ
        self.is_plain = not mentions_operator(typ)

    def is_current(self) -> bool:
        return self.variable.type is self.typ


class Unsized(dict[str, None]):
    """Names that stand for no size and no shape in an annotation, each with no hook.

    mypy asks of 100,000 names: of what is known here, Python answers without a call of ours. An
    alias is known for as long as it stands for the same: NumPy's are named 17,000 times.
    """

    ask: Callable[[str], Callable[[AnalyzeTypeContext], Type] | None]
    """Finds the hook of another name, or makes it known here."""

    def __init__(self) -> None:
        super().__init__()
        self.aliases: dict[str, AliasedArithmetic] = {}
        """Those that stand in a module; a class that is read anew has others."""

    def __missing__(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        alias = self.aliases.get(fullname)
        if alias is not None and not alias.is_there and alias.is_current():
            return None
        return self.ask(fullname)

    def clear(self) -> None:
        super().clear()
        self.aliases.clear()


class Memory:
    """Remembers, within one build or one check of the daemon."""

    def __init__(self, plugin: Plugin) -> None:
        self.plugin = plugin
        self.reliance = Reliance(plugin.options)
        self.size = 0
        self.rules: dict[SymbolNode, Rule] = {}
        self._well_formed = WellFormed()
        self.in_normal_form: set[Hashable] = set()
        self.unsized = Unsized()
        self.filled: set[str] = set()
        """Names of what is declared with sizes: its results are filled in, in normal form."""
        self.unfilled: set[str] = set()
        """Names of what holds sizes only by its owner's type, or by what mypy infers."""
        self.sizeless: dict[str, Rule] = {}
        """By their names, rules whose calls have nothing to do with sizes."""
        self.attributes: dict[str, Attribute] = {}
        self.defined: dict[str, dict[str, tuple[int, int]]] = {}
        """Of each class that was met, by what it is defined in, how much was known then."""
        self.forgot = 0
        self._read: MypyFile | None = None
        """The file that was read last."""

    @property
    def well_formed(self) -> WellFormed:
        """What is known of types as they are now.

        After an edit mypy analyses a new tree, and then puts it into the old one, of which the
        rest of the program speaks: the classes that were known till then are others now.
        """
        read = self._read
        if read is not None and (self.plugin._modules or {}).get(read.fullname) is not read:
            self._read = None
            self._well_formed = WellFormed()
        return self._well_formed

    def meet_file(self, file: MypyFile) -> None:
        """Forget all when a file is read; its classes are going to be defined for the first time.

        Nothing can rely on them before they are.
        """
        self._read = file
        self.forget()
        self.reliance.forget(file.fullname)
        self.defined.pop(file.fullname, None)

    def forget(self) -> None:
        self.unsized.clear()
        self._forget_judged()

    def _forget_judged(self) -> None:
        """Forget what was judged by the classes as they are."""
        self.forgot += 1
        self.size = 0
        self.rules.clear()
        self._well_formed = WellFormed(self._read)
        self.in_normal_form.clear()
        self.filled.clear()
        self.unfilled.clear()
        self.sizeless.clear()
        self.attributes.clear()

    def grow(self) -> None:
        self.size += 1
        if self.size > MOST:
            self.forget()

    def normalize(self, typ: Type, types: Types) -> Type:
        """Put the sizes of a type into normal form; one like it may be known to be in it."""
        if not mentions_operator(typ):
            return typ
        likeness = Likeness.of((typ,))
        if likeness is not None and likeness.key in self.in_normal_form:
            return typ
        normal = normalize(typ, types)
        if likeness is not None and normal == typ:
            self.in_normal_form.add(likeness.key)
            self.grow()
        return normal

    def is_plain(self, attribute: str) -> bool:
        """Say whether an attribute is in normal form wherever its owner's type is."""
        known = self.attributes.get(attribute)
        if known is None or not known.is_current():
            symbol = self.plugin.lookup_fully_qualified(attribute)
            node = symbol.node if symbol is not None else None
            variable = node.var if isinstance(node, Decorator) else node
            if not isinstance(variable, Var) or variable.type is None:
                return False
            known = self.attributes[attribute] = Attribute(variable, variable.type)
        return known.is_plain

    def stands_for_arithmetic(self, symbol: SymbolTableNode, alias: TypeAlias) -> bool:
        """Say whether a type that is written as an alias may have to be put into normal form."""
        known = self.unsized.aliases.get(alias.fullname)
        if known is None or not known.is_current():
            known = AliasedArithmetic(symbol, alias)
            if alias.fullname.rpartition(".")[0] in (self.plugin._modules or {}):
                self.unsized.aliases[alias.fullname] = known
        return known.is_there

    def is_sizeless(self, fullname: str) -> bool:
        """Say whether what is called by this name has nothing to do with sizes, as most has."""
        rule = self.sizeless.get(fullname)
        if rule is None:
            return fullname.startswith("sys.")  # all stubs ask `sys.version_info >= (3, 12)`
        return rule.is_current()

    def meet_class(self, fullname: str) -> None:
        """Forget what may rely on a class as it was before.

        mypy defines most classes several times in a row, and learns nothing in between.
        """
        around, _, name = fullname.rpartition(".")
        defined = self.defined.setdefault(around, {})
        known = self._known()
        if defined.get(name, known) != known:
            self._forget_judged()
            known = self._known()
        defined[name] = known
        self.unsized.pop(fullname, None)

    def _known(self) -> tuple[int, int]:
        """Tell how much is remembered of calls and types, whatever was forgotten before."""
        return self.forgot, self.size + len(self.attributes) + self.well_formed.size

    def rule(
        self, fullname: str, receiver: ProperType | None, signature: CallableType
    ) -> Rule | None:
        """Find the rule that is called, if its calls follow from their types alone."""
        definition = signature.definition
        if definition is None:
            return None
        caller = fullname, class_of(receiver)
        rule = self.rules.get(definition)
        if rule is not None and not rule.is_current():
            rule = None
        if rule is None or caller not in rule.callers:
            holder = self._holder(fullname, receiver, definition)
            if holder is None:
                return None
            if rule is None or rule.holder is not holder:
                rule = self.rules[definition] = Rule(holder, signature)
            rule.callers.add(caller)
            if rule.formals is None or not (rule.says_all and rule.formals.declare_sizes):
                self.unfilled.add(fullname)
                self.filled.discard(fullname)
            elif fullname not in self.unfilled:
                self.filled.add(fullname)
            is_overload = isinstance(holder, FuncDef) and holder is not definition
            if rule.says_all and rule.formals and rule.formals.are_sizeless and not is_overload:
                self.sizeless[fullname] = rule  # the one rule of this name
            self.grow()
        return rule

    def remember(self, rule: Rule, likeness: Likeness, filled: CallableType) -> None:
        """Remember what a signature becomes by a call that is right, if it says all."""
        if not filled.variables:
            rule.verdicts[likeness.key] = Verdict(filled, likeness)
            self.grow()

    def _holder(
        self, fullname: str, receiver: ProperType | None, definition: SymbolNode
    ) -> FuncDef | Var | None:
        """Find what holds the type of a definition; None where a name stands for a mere value.

        A value, such as an attribute of type `Callable`, may have one type here and one there.
        """
        owner = class_of(receiver)
        if receiver is None:
            symbol = self.plugin.lookup_fully_qualified(fullname)
        elif owner is not None:
            symbol = owner.get(fullname.rpartition(".")[2])
        else:
            return None
        node = symbol.node if symbol is not None else None
        if isinstance(node, OverloadedFuncDef):
            node = definition if definition in node.items else None
            return node.func if isinstance(node, Decorator) else None
        if isinstance(node, Decorator):
            return node.var if definition in (node, node.func) else None
        return node if isinstance(node, FuncDef) and node is definition else None
