"""The mypy plugin: proves shapes for all sizes. `plugins = typed_resnet.mypy_plugin` turns it on.

It translates: mypy's types into sizes, the verdicts of `dims` into mypy's errors. It knows no
layer by name, keeps no state, and does nothing in a program without Tensors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from mypy.nodes import TypeInfo
from mypy.options import Options
from mypy.plugin import (
    AnalyzeTypeContext,
    AttributeContext,
    FunctionContext,
    FunctionSigContext,
    MethodContext,
    MethodSigContext,
    Plugin,
    ReportConfigContext,
)
from mypy.plugins.default import DefaultPlugin
from mypy.types import FunctionLike, Type

from typed_resnet.dims.sentences import unchecked
from typed_resnet.mypy_plugin.annotations import check_annotation, read_numbers
from typed_resnet.mypy_plugin.calls import check_call
from typed_resnet.mypy_plugin.classes import CAST, TENSOR_MODULE, is_tensor, size_parameters
from typed_resnet.mypy_plugin.codes import SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.derivatives import VJP, differentiate
from typed_resnet.mypy_plugin.results import finish, named_type
from typed_resnet.mypy_plugin.settings import read_settings
from typed_resnet.mypy_plugin.translate import Types, normalize


class ShapePlugin(Plugin):
    """Sees every call, attribute and annotation of a program that has Tensors."""

    _default_analysis = False

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.types = Types(self)
        self.default = DefaultPlugin(options)  # mypy asks no other plugin where we answer
        self.settings = read_settings(options.config_file)
        if options.config_file is not None:
            _configurations.add(options.config_file)
        self.rules = digest()

    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        if self._default_analysis:  # our own hook asks for mypy's analysis of this very type
            self._default_analysis = False
            return None
        if self._has_tensors():
            symbol = self.lookup_fully_qualified(fullname)
            info = symbol.node if symbol is not None else None
            if isinstance(info, TypeInfo) and (is_tensor(info) or size_parameters(info)):
                return self._analyze
        return None

    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        if not self._has_tensors() or self.default.get_function_signature_hook(fullname):
            return None
        return partial(self._check_call, fullname)

    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        if not self._has_tensors() or self.default.get_method_signature_hook(fullname):
            return None
        return partial(self._check_call, fullname)

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        if not self._has_tensors():
            return None
        first = named_type if fullname == CAST else self.default.get_function_hook(fullname)
        return partial(self._finish, fullname, first)

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        if not self._has_tensors():
            return None
        return partial(self._finish, fullname, self.default.get_method_hook(fullname))

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        if not self._has_tensors():
            return None
        return partial(self._normalize_attribute, self.default.get_attribute_hook(fullname))

    def _analyze(self, context: AnalyzeTypeContext) -> Type:
        unbound = read_numbers(context, self.types)
        self._default_analysis = True
        analyzed = context.api.analyze_type(unbound)
        try:
            return check_annotation(analyzed, context, self.types)
        except Exception as error:  # mypy must not stop because we are wrong
            message = unchecked("annotation", error)
            context.api.fail(message, context.context, code=SHAPE_UNKNOWN)
            return analyzed

    def _check_call(
        self, fullname: str, context: FunctionSigContext | MethodSigContext
    ) -> FunctionLike:
        try:
            if fullname == VJP and isinstance(context, FunctionSigContext):
                return differentiate(context, self.types)
            return check_call(context, fullname, self.types, self.settings)
        except Exception as error:  # mypy must not stop because we are wrong
            message = unchecked("call", error)
            context.api.fail(message, context.context, code=SHAPE_UNKNOWN)
            return context.default_signature

    def _finish(
        self,
        fullname: str,
        first: Callable[[Any], Type] | None,
        context: FunctionContext | MethodContext,
    ) -> Type:
        result = context.default_return_type if first is None else first(context)
        try:
            return finish(fullname, context, result, self.types, self.settings.strict)
        except Exception as error:  # mypy must not stop because we are wrong
            context.api.fail(unchecked("result", error), context.context, code=SHAPE_UNKNOWN)
            return result

    def _normalize_attribute(
        self, first: Callable[[AttributeContext], Type] | None, context: AttributeContext
    ) -> Type:
        result = context.default_attr_type if first is None else first(context)
        try:
            return normalize(result, self.types)
        except Exception as error:  # mypy must not stop because we are wrong
            context.api.fail(unchecked("attribute", error), context.context, code=SHAPE_UNKNOWN)
            return result

    def _has_tensors(self) -> bool:
        # Asked for every call and attribute of a program: a look-up by name would cost.
        return self._modules is not None and TENSOR_MODULE in self._modules

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        """Tie mypy's cache to our rules: a changed rule must not be answered from a stale one."""
        return [self.rules, asdict(self.settings)]


class StrictShapePlugin(ShapePlugin):
    """The same, strict whatever the configuration says."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.settings = replace(self.settings, strict=True)


def digest() -> str:
    """Sum up the sources that decide what is proved, as they are now."""
    package = Path(__file__).parent
    sources = sorted([*package.glob("*.py"), *(package.parent / "dims").glob("*.py")])
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


_configurations: set[str] = set()
"""The files that settings were read from, so that a daemon sees when they change."""


def __getattr__(name: str) -> str:
    """Give mypy our version, by which a running daemon learns that it must start anew."""
    if name == "__version__":
        settings = [repr(read_settings(file)) for file in sorted(_configurations)]
        return " ".join([digest(), *settings])
    raise AttributeError(name)


def plugin(version: str) -> type[Plugin]:
    """Give mypy the plugin: `plugins = typed_resnet.mypy_plugin`."""
    return ShapePlugin


def strict(version: str) -> type[Plugin]:
    """Give mypy the strict plugin: `plugins = typed_resnet.mypy_plugin:strict`."""
    return StrictShapePlugin
