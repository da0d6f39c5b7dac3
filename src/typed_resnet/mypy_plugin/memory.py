"""What was found of calls and types, found again of those that are alike.

A block's layers are called as the next block's are, only that its size variables are others; and
mypy asks several times of one call. What is remembered follows from types alone, and is written
back with the variables at hand. It holds as long as the classes and signatures do that it relies
on: when a class is defined anew or a file is read, all is forgotten.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from mypy.expandtype import expand_type
from mypy.nodes import Decorator, FuncDef, OverloadedFuncDef, SymbolNode, Var
from mypy.plugin import Plugin
from mypy.types import CallableType, Instance, ProperType, Type

from typed_resnet.mypy_plugin.likeness import Given, Likeness
from typed_resnet.mypy_plugin.queries import mentions_operator
from typed_resnet.mypy_plugin.signatures import declares_sizes, takes_sizes
from typed_resnet.mypy_plugin.translate import Types, normalize
from typed_resnet.mypy_plugin.wellformed import WellFormed

MOST: Final = 1 << 14
"""Of more calls and types nothing is remembered: all is forgotten."""

Arguments = tuple[Given, ...]
"""Of each formal that takes sizes the type brought; None for none, a tuple for `*arguments`."""


class Verdict:
    """What a signature becomes by a call that is right."""

    __slots__ = ("arg_types", "of", "ret_type")

    def __init__(self, arg_types: list[Type], ret_type: Type, of: Likeness) -> None:
        self.arg_types = arg_types
        self.ret_type = ret_type
        self.of = of

    def like(self, likeness: Likeness) -> Verdict:
        """Return the verdict of a call that is like this one."""
        put = likeness.put_for(self.of)
        arg_types = [expand_type(typ, put) for typ in self.arg_types]
        return Verdict(arg_types, expand_type(self.ret_type, put), likeness)

    def fill(self, signature: CallableType) -> CallableType:
        """Return the signature with the sizes of the call filled in."""
        return signature.copy_modified(
            arg_types=list(self.arg_types), ret_type=self.ret_type, variables=()
        )


class Rule:
    """A function or method that takes sizes, and the verdicts of its calls."""

    __slots__ = ("declared", "holder", "uses", "verdicts")

    def __init__(self, holder: FuncDef | Var) -> None:
        self.holder = holder
        self.declared = holder.type
        self.uses: dict[tuple[str, ProperType | None], Use] = {}
        self.verdicts: dict[Hashable, Verdict] = {}
        """Those of calls that are alike, by any name and receiver."""

    def is_current(self) -> bool:
        """Say whether it is still declared so: when analysed anew it may not be."""
        return self.holder.type is self.declared


class Use:
    """A rule by the name and through the object that it is called by."""

    __slots__ = ("memory", "receiver", "rule", "sized", "verdicts")

    def __init__(
        self, memory: Memory, rule: Rule, receiver: ProperType | None, signature: CallableType
    ) -> None:
        self.memory = memory
        self.rule = rule
        self.receiver = receiver
        self.sized: list[bool] | None = None
        """Of each formal, whether it takes sizes; None where the signature has nothing of them."""
        if declares_sizes(signature):
            self.sized = [takes_sizes(formal) for formal in signature.arg_types]
        self.verdicts: dict[Arguments, Verdict] = {}

    def recall(self, arguments: Arguments) -> Verdict | None:
        """Find the verdict of a call with these arguments, if there was one like it."""
        verdict = self.verdicts.get(arguments)
        if verdict is None:
            likeness = Likeness.of((self.receiver, *arguments))
            if likeness is None:
                return None
            alike = self.rule.verdicts.get(likeness.key)
            if alike is not None:
                self.verdicts[arguments] = verdict = alike.like(likeness)
                self.memory.grow()
        return verdict

    def remember(self, arguments: Arguments, filled: CallableType) -> None:
        """Remember what a signature becomes by a call that is right, if it says all."""
        likeness = Likeness.of((self.receiver, *arguments))
        if likeness is not None and not filled.variables:
            verdict = Verdict(list(filled.arg_types), filled.ret_type, likeness)
            self.rule.verdicts[likeness.key] = self.verdicts[arguments] = verdict
            self.memory.grow()


class Memory:
    """Remembers, within one build or one check of the daemon."""

    def __init__(self, plugin: Plugin) -> None:
        self.plugin = plugin
        self.size = 0
        self.rules: dict[SymbolNode, Rule] = {}
        self.well_formed = WellFormed()
        self.in_normal_form: set[Hashable] = set()
        self.unsized: set[str] = set()
        """Classes that have no sizes among their type parameters, and are no Tensors."""
        self.defined: set[str] = set()

    def forget(self) -> None:
        self.size = 0
        self.rules = {}
        self.well_formed = WellFormed()
        self.in_normal_form = set()
        self.unsized = set()

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

    def meet_class(self, fullname: str) -> None:
        """Forget what may rely on a class as it was before."""
        if fullname in self.defined:
            self.forget()
        self.defined.add(fullname)
        self.unsized.discard(fullname)

    def use(
        self, fullname: str, receiver: ProperType | None, signature: CallableType
    ) -> Use | None:
        """Find the rule that is called, if its calls follow from their types alone."""
        definition = signature.definition
        if definition is None:
            return None
        rule = self.rules.get(definition)
        if rule is not None and rule.is_current():
            use = rule.uses.get((fullname, receiver))
            if use is not None:
                return use
        holder = self._holder(fullname, receiver, definition)
        if holder is None:
            return None
        if rule is None or rule.holder is not holder or not rule.is_current():
            rule = self.rules[definition] = Rule(holder)
        use = rule.uses[fullname, receiver] = Use(self, rule, receiver, signature)
        self.grow()
        return use

    def _holder(
        self, fullname: str, receiver: ProperType | None, definition: SymbolNode
    ) -> FuncDef | Var | None:
        """Find what holds the type of a definition; None where a name stands for a mere value.

        A value, such as an attribute of type `Callable`, may have one type here and one there.
        """
        if receiver is None:
            symbol = self.plugin.lookup_fully_qualified(fullname)
        elif isinstance(receiver, Instance):
            symbol = receiver.type.get(fullname.rpartition(".")[2])
        else:
            return None
        node = symbol.node if symbol is not None else None
        if isinstance(node, OverloadedFuncDef):
            node = definition if definition in node.items else None
            return node.func if isinstance(node, Decorator) else None
        if isinstance(node, Decorator):
            return node.var if definition in (node, node.func) else None
        return node if isinstance(node, FuncDef) and node is definition else None
