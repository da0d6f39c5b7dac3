"""What was found of calls and types, found again of those that are alike.

A block's layers are called as the next block's are, only that its size variables are others; and
mypy asks several times of one call. What is remembered follows from types alone, and is written
back with the variables at hand. It holds as long as the classes and signatures do that it relies
on: when a file is read, all is forgotten, and when a class is defined again without that; of a
file of the user's, all but what rests on the library alone (see `library`).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from mypy.nodes import (
    Decorator,
    FuncDef,
    MypyFile,
    SymbolNode,
    SymbolTableNode,
    TypeAlias,
    TypeInfo,
    Var,
)
from mypy.plugin import Plugin
from mypy.types import CallableType, ProperType, Type

from typed_resnet.mypy_plugin.aliases import AliasedSizes, Unsized
from typed_resnet.mypy_plugin.library import of_library, rests_on_library
from typed_resnet.mypy_plugin.likeness import Likeness
from typed_resnet.mypy_plugin.normalizing import normalize
from typed_resnet.mypy_plugin.queries import mentions_operator
from typed_resnet.mypy_plugin.reliance import Reliance
from typed_resnet.mypy_plugin.rules import (
    Rule,
    Verdict,
    Verdicts,
    class_of,
    holder_of,
    initializer,
)
from typed_resnet.mypy_plugin.translate import Types
from typed_resnet.mypy_plugin.wellformed import WellFormed

MOST: Final = 1 << 14
"""Of more calls and types nothing is remembered: all is forgotten."""


class Attribute:
    """A field or a property: its type, and whether that is without arithmetic."""

    __slots__ = ("is_plain", "typ", "variable")

    def __init__(self, variable: Var, typ: Type) -> None:
        self.variable = variable
        self.typ = typ
        self.is_plain = not mentions_operator(typ)

    def is_current(self) -> bool:
        return self.variable.type is self.typ


class Memory:
    """Remembers, within one build or one check of the daemon."""

    def __init__(self, plugin: Plugin) -> None:
        self.plugin = plugin
        self.reliance = Reliance(plugin.options)
        self.size = 0
        self.rules: dict[tuple[SymbolNode, TypeInfo | None], Rule] = {}
        """By what is called and, of a constructor, what it makes: it may be inherited."""
        self.values = Verdicts()
        """What is known of calls of mere values, as of pullbacks, by what these take and give."""
        self._well_formed = WellFormed()
        self.in_normal_form: set[Hashable] = set()
        self.unsized = Unsized()
        self.filled: set[str] = set()
        """Names of what is declared with sizes: its results are filled in, in normal form."""
        self.made: set[str] = set()
        """Those of them that are classes, whose values may be made through `cls`, too."""
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
            self._well_formed = self._well_formed.of_library(None)
        return self._well_formed

    def meet_file(self, file: MypyFile) -> None:
        """Forget all when a file is read; its classes are going to be defined for the first time.

        Nothing can rely on them before they are.
        """
        self._read = file
        if of_library(file.fullname):
            self.forget()
        else:
            self.unsized.forget_others()
            self._forget_others()
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
        self.values = Verdicts()
        self._well_formed = WellFormed(self._read)
        self.in_normal_form.clear()
        self.filled.clear()
        self.made.clear()
        self.unfilled.clear()
        self.sizeless.clear()
        self.attributes.clear()

    def _forget_others(self) -> None:
        """Forget what was judged by classes as they are, but for those of the library."""
        self.forgot += 1
        self.rules = {
            (called, made): rule
            for (called, made), rule in self.rules.items()
            if of_library(called.fullname) and rests_on_library(made)
        }
        for rule in self.rules.values():
            rule.forget_others()
        self.values.others.clear()
        self.size = sum(1 + len(rule.verdicts.lasting) for rule in self.rules.values())
        self.size += len(self.values.lasting)
        self.size += len(self.in_normal_form)  # of which no class decides
        self._well_formed = self._well_formed.of_library(self._read)
        self.filled = set(filter(of_library, self.filled))
        self.made = set(filter(of_library, self.made))
        self.unfilled = set(filter(of_library, self.unfilled))
        self.sizeless = {n: rule for n, rule in self.sizeless.items() if of_library(n)}
        self.attributes = {n: known for n, known in self.attributes.items() if of_library(n)}

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

    def stands_for_sizes(self, symbol: SymbolTableNode, alias: TypeAlias) -> bool:
        """Say whether a type that is written as an alias is to be looked at as written out."""
        known = self.unsized.aliases.get(alias.fullname)
        if known is None or not known.is_current():
            known = AliasedSizes(symbol, alias)
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
        if known != defined.get(name, known) and known[1]:
            if of_library(fullname):
                self._forget_judged()
            else:
                self._forget_others()
            known = self._known()
        defined[name] = known
        self.unsized.pop(fullname, None)

    def _known(self) -> tuple[int, int]:
        """Tell how much is remembered of calls and types, whatever was forgotten before."""
        return self.forgot, self.size + len(self.attributes) + self._well_formed.size

    def rule(
        self, fullname: str, receiver: ProperType | None, signature: CallableType
    ) -> Rule | None:
        """Find the rule that is called, if its calls follow from their types alone."""
        definition = signature.definition
        if definition is None or signature.is_ellipsis_args:  # as of `Callable[..., S]`
            return None
        caller = fullname, class_of(receiver)
        made = signature.type_object() if signature.is_type_obj() else None
        rule = self.rules.get((definition, made))
        if rule is not None and not rule.is_current():
            rule = None
        if rule is None or caller not in rule.callers:
            holder = holder_of(self._node(fullname, receiver, signature), definition)
            if holder is None:
                return None
            if rule is None or rule.holder is not holder:
                rule = self.rules[definition, made] = Rule(holder, signature)
            rule.callers.add(caller)
            if rule.formals is None or not (rule.says_all and rule.formals.declare_sizes):
                self.unfilled.add(fullname)
                self.filled.discard(fullname)
                self.made.discard(fullname)
            elif fullname not in self.unfilled:
                (self.filled if made is None else self.made).add(fullname)
            is_overload = isinstance(holder, FuncDef) and holder is not definition
            if rule.says_all and rule.formals and rule.formals.are_sizeless and not is_overload:
                self.sizeless[fullname] = rule  # the one rule of this name
            self.grow()
        return rule

    def remember(
        self, rule: Rule | None, likeness: Likeness, filled: CallableType
    ) -> Verdict | None:
        """Remember what a signature becomes by a call that is right, if it says all.

        Of a mere value, which no rule is for, the likeness tells what it takes and gives.
        """
        verdicts = self.values if rule is None else rule.verdicts
        library = rule is None or of_library(rule.holder.fullname)
        verdict = verdicts.remember(likeness, filled, of_library=library)
        self.grow()
        return verdict

    def _node(
        self, fullname: str, receiver: ProperType | None, signature: CallableType
    ) -> SymbolNode | None:
        """Find what is called by a name; None where that is a mere value."""
        if signature.is_type_obj():
            return initializer(fullname, signature) if receiver is None else None
        owner = class_of(receiver)
        if receiver is None:
            symbol = self.plugin.lookup_fully_qualified(fullname)
        elif owner is not None:
            symbol = owner.get(fullname.rpartition(".")[2])
        else:
            return None
        return symbol.node if symbol is not None else None
