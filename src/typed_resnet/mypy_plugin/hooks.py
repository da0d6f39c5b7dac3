"""What the plugin does at each call, attribute and annotation of a program that has Tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from mypy.nodes import CallExpr, RefExpr, TypeAlias, TypeInfo, TypeVarLikeExpr
from mypy.plugin import (
    AnalyzeTypeContext,
    AttributeContext,
    ClassDefContext,
    FunctionContext,
    FunctionSigContext,
    MethodContext,
    MethodSigContext,
    Plugin,
)
from mypy.plugins.default import DefaultPlugin
from mypy.types import CallableType, FunctionLike, Type

from typed_resnet.dims.sentences import unchecked
from typed_resnet.mypy_plugin.annotations import (
    check_annotation,
    check_parameters,
    defines,
    read_numbers,
)
from typed_resnet.mypy_plugin.attributes import GETATTR, attribute_by_name
from typed_resnet.mypy_plugin.calls import check_call
from typed_resnet.mypy_plugin.classes import CAST, has_sizes, is_tensor
from typed_resnet.mypy_plugin.codes import SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.derivatives import VJP, differentiate
from typed_resnet.mypy_plugin.expected import (
    ARITHMETIC,
    OF_ONE_TYPE,
    ROUND,
    expected_size,
    of_rounding,
    of_sizes,
)
from typed_resnet.mypy_plugin.functions import PARTIAL
from typed_resnet.mypy_plugin.memory import Memory
from typed_resnet.mypy_plugin.normalizing import without_sizes
from typed_resnet.mypy_plugin.partials import CheckOf, apply_in_part, call_the_rest
from typed_resnet.mypy_plugin.recall import CheckCall
from typed_resnet.mypy_plugin.reflection import REFLECTED, reflect
from typed_resnet.mypy_plugin.results import finish, named_type, of_cast
from typed_resnet.mypy_plugin.rules import Formals
from typed_resnet.mypy_plugin.settings import Settings
from typed_resnet.mypy_plugin.translate import Types
from typed_resnet.mypy_plugin.unnamed import call_of_a_value

UNSIZED: Final = ("builtins.", "typing.", "typing_extensions.", "types.", "collections.")
"""Modules of Python's own: in annotations nothing in them stands for sizes."""

OWN_SIGNATURES: Final[Mapping[str, Callable[[FunctionSigContext, Types], FunctionLike]]] = {
    VJP: differentiate,
    ROUND: of_rounding,
    CAST: of_cast,
    **dict.fromkeys(OF_ONE_TYPE, of_sizes),
}
"""Functions that our signatures say more of than their own do, call by call."""


class Hooks:
    """Gives mypy our part in what it asks of its plugins, where we have one."""

    _default_analysis = False

    def __init__(self, plugin: Plugin, settings: Settings) -> None:
        self.plugin = plugin
        self.settings = settings
        self.types = Types(plugin)
        self.memory = Memory(plugin)
        self.default = DefaultPlugin(plugin.options)  # mypy asks no other plugin where we answer
        self._own_parts = {PARTIAL: apply_in_part, GETATTR: self._attribute_by_name}
        self.memory.unsized.ask = self._type_analyze_hook
        self.get_type_analyze_hook = self.memory.unsized.__getitem__
        """mypy asks of every name in every annotation."""

    def _type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        if fullname.startswith(UNSIZED):
            self.memory.unsized[fullname] = None
            return None
        if self._default_analysis:  # our own hook asks for mypy's analysis of this very type
            self._default_analysis = False
            return None
        symbol = self.plugin.lookup_fully_qualified(fullname)
        node = symbol.node if symbol is not None else None
        if isinstance(node, TypeInfo):
            if is_tensor(node) or has_sizes(node):
                return self._analyze
            if node.mro:
                self.memory.unsized[fullname] = None
        elif isinstance(node, TypeAlias):  # what its arguments make of its sizes
            assert symbol is not None
            sized = self.memory.stands_for_sizes(symbol, node)
            return partial(self._analyze_alias, node) if sized else None
        elif isinstance(node, TypeVarLikeExpr):
            self.memory.unsized[fullname] = None
        return None

    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        if self.memory.is_sizeless(fullname) or self.default.get_function_signature_hook(fullname):
            return None
        own = OWN_SIGNATURES.get(fullname)
        if own is not None:
            return partial(self._sign, own)
        return CheckCall(fullname, self.types, self.settings, self.memory)

    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        if self.memory.is_sizeless(fullname) or self.default.get_method_signature_hook(fullname):
            return None
        return CheckCall(fullname, self.types, self.settings, self.memory)

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        if fullname in self.memory.filled:
            return None
        if self.memory.is_sizeless(fullname) and fullname not in ARITHMETIC:
            return None
        first = named_type if fullname == CAST else self.default.get_function_hook(fullname)
        if fullname != CAST:
            own = self._own_parts.get(fullname, self._unasked)
            first = partial(self._own, own, first)
        if fullname in self.memory.made and first is not None:
            return partial(self._make, fullname, first)
        return partial(self._finish, fullname, first)

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        if fullname in self.memory.filled:
            return None
        if self.memory.is_sizeless(fullname) and fullname not in ARITHMETIC:
            return None
        first = self.default.get_method_hook(fullname)
        own = call_the_rest if fullname == f"{PARTIAL}.__call__" else self._unasked
        first = partial(self._own, own, first)
        return partial(self._finish, fullname, first)

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        if fullname in REFLECTED:
            return reflect
        if self.memory.is_plain(fullname):
            return None
        return partial(self._normalize_attribute, self.default.get_attribute_hook(fullname))

    def get_customize_class_mro_hook(
        self, fullname: str
    ) -> Callable[[ClassDefContext], None] | None:
        self.memory.meet_class(fullname)
        return None

    def _analyze(self, context: AnalyzeTypeContext) -> Type:
        unbound = read_numbers(context, self.types)
        self._default_analysis = True
        analyzed = context.api.analyze_type(unbound)
        try:
            if self.settings.strict:
                analyzed = check_parameters(analyzed, context, self.types)
            return check_annotation(analyzed, context, self.types, self.memory)
        except Exception as error:  # mypy must not stop because we are wrong
            message = unchecked("annotation", error)
            context.api.fail(message, context.context, code=SHAPE_UNKNOWN)
            return analyzed

    def _analyze_alias(self, alias: TypeAlias, context: AnalyzeTypeContext) -> Type:
        if not defines(context, alias):
            return self._analyze(context)
        self._default_analysis = True  # within its own definition it has no target yet
        return context.api.analyze_type(context.type)

    def _sign(
        self,
        own: Callable[[FunctionSigContext, Types], FunctionLike],
        context: FunctionSigContext,
    ) -> FunctionLike:
        try:
            return own(context, self.types)
        except Exception as error:  # mypy must not stop because we are wrong
            message = unchecked("call", error)
            context.api.fail(message, context.context, code=SHAPE_UNKNOWN)
            return context.default_signature

    def _attribute_by_name(self, context: FunctionContext, check: CheckOf) -> Type | None:
        return attribute_by_name(context, self.settings.strict)

    def _unasked(self, context: FunctionContext | MethodContext, check: CheckOf) -> Type | None:
        """Judge what mypy does not ask of before it infers."""
        return expected_size(context, self.types) or call_of_a_value(context, check)

    def _own(
        self,
        own: Callable[[Any, CheckOf], Type | None],
        first: Callable[[Any], Type] | None,
        context: FunctionContext | MethodContext,
    ) -> Type:
        try:
            found = own(context, self._check)
        except Exception as error:  # mypy must not stop because we are wrong
            context.api.fail(unchecked("call", error), context.context, code=SHAPE_UNKNOWN)
            found = None
        if found is not None:
            return found
        return context.default_return_type if first is None else first(context)

    def _check(self, context: FunctionSigContext | MethodSigContext, name: str) -> CallableType:
        well_formed = self.memory.well_formed
        formals = Formals(context.default_signature)
        return check_call(context, name, formals, self.types, self.settings, well_formed)[0]

    def _make(self, fullname: str, first: Callable[[Any], Type], context: FunctionContext) -> Type:
        """Judge what makes a value otherwise than by the name of its class, as by `cls`."""
        callee = context.context.callee if isinstance(context.context, CallExpr) else None
        if isinstance(callee, RefExpr) and callee.fullname == fullname:
            return context.default_return_type
        return self._finish(fullname, first, context)

    def _finish(
        self,
        fullname: str,
        first: Callable[[Any], Type] | None,
        context: FunctionContext | MethodContext,
    ) -> Type:
        result = context.default_return_type if first is None else first(context)
        try:
            strict = self.settings.strict
            return finish(fullname, context, result, self._normalize, self._forget, strict)
        except Exception as error:  # mypy must not stop because we are wrong
            context.api.fail(unchecked("result", error), context.context, code=SHAPE_UNKNOWN)
            return result

    def _normalize(self, typ: Type) -> Type:
        return self.memory.normalize(typ, self.types)

    def _forget(self, typ: Type) -> Type:
        return without_sizes(typ, self.types)

    def _normalize_attribute(
        self, first: Callable[[AttributeContext], Type] | None, context: AttributeContext
    ) -> Type:
        result = context.default_attr_type if first is None else first(context)
        try:
            return self._normalize(result)
        except Exception as error:  # mypy must not stop because we are wrong
            context.api.fail(unchecked("attribute", error), context.context, code=SHAPE_UNKNOWN)
            return result
