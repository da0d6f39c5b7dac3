"""The mypy plugin: proves shapes, for all sizes. Switched on by `plugins = typed_resnet.mypy_plugin`.

It translates: mypy's types into sizes, the verdicts of `dims` into mypy's errors. It knows no
layer by name, keeps no state, and does nothing in a program without Tensors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from mypy.nodes import TypeInfo
from mypy.plugin import (
    AnalyzeTypeContext,
    AttributeContext,
    FunctionSigContext,
    MethodSigContext,
    Plugin,
    ReportConfigContext,
)
from mypy.types import FunctionLike, Type

from typed_resnet.mypy_plugin.annotations import check_annotation, read_numbers
from typed_resnet.mypy_plugin.calls import check_function_call, check_method_call
from typed_resnet.mypy_plugin.translate import (
    OPERATORS,
    TENSOR,
    CheckerTypes,
    is_tensor,
    normalize,
    size_parameters,
)


class ShapePlugin(Plugin):
    """Sees every call, attribute and annotation of a program that has Tensors."""

    _default_analysis = False

    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        if self._default_analysis:  # our own hook asks for mypy's analysis of this very type
            self._default_analysis = False
            return None
        if fullname.startswith(OPERATORS):
            return self._analyze
        if self._has_tensors():
            symbol = self.lookup_fully_qualified(fullname)
            if symbol is not None and isinstance(info := symbol.node, TypeInfo):
                if info.defn.type_vars and (is_tensor(info) or size_parameters(info)):
                    return self._analyze
        return None

    def _analyze(self, context: AnalyzeTypeContext) -> Type:
        unbound = read_numbers(context)
        self._default_analysis = True
        return check_annotation(context.api.analyze_type(unbound), context)

    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        return check_function_call if self._has_tensors() else None

    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        return check_method_call if self._has_tensors() else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return _normalize_attribute if self._has_tensors() else None

    def _has_tensors(self) -> bool:
        return self.lookup_fully_qualified(TENSOR) is not None

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        """Tie mypy's cache to our rules: a changed rule must not be answered from a stale one."""
        return digest()


def _normalize_attribute(context: AttributeContext) -> Type:
    return normalize(context.default_attr_type, CheckerTypes(context.api))


@cache
def digest() -> str:
    """Sum up the sources that decide what is proved."""
    package = Path(__file__).parent
    sources = sorted([*package.glob("*.py"), *(package.parent / "dims").glob("*.py")])
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


__version__ = digest()


def plugin(version: str) -> type[Plugin]:
    """Give mypy the plugin."""
    return ShapePlugin
