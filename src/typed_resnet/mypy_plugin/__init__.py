"""The mypy plugin: proves shapes for all sizes. `plugins = typed_resnet.mypy_plugin` turns it on.

It translates: mypy's types into sizes, the verdicts of `dims` into mypy's errors. It knows no
layer by name, and does nothing in a program without Tensors: not even its rules are imported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Set
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.plugin import (
    AnalyzeTypeContext,
    AttributeContext,
    ClassDefContext,
    FunctionContext,
    FunctionSigContext,
    MethodContext,
    MethodSigContext,
    Plugin,
    ReportConfigContext,
)
from mypy.types import FunctionLike, Type

from typed_resnet.mypy_plugin import codes as codes  # mypy's options may name them
from typed_resnet.mypy_plugin.settings import read_settings

if TYPE_CHECKING:
    from typed_resnet.mypy_plugin.hooks import Hooks

TENSOR_MODULE: Final = "typed_resnet.tensor"


class ShapePlugin(Plugin):
    """Sees every call, attribute and annotation of a program that has Tensors."""

    _hooks: Hooks | None = None
    _unsized: Set[str] = frozenset()

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.settings = read_settings(options.config_file)
        if options.config_file is not None:
            _configurations.add(options.config_file)
        self.rules = digest()

    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        if fullname in self._unsized:  # as most are: mypy asks of every name in every annotation
            return None
        hooks = self._hooks or self._awakened()
        return None if hooks is None else hooks.of_annotation(fullname)

    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], FunctionLike] | None:
        hooks = self._hooks or self._awakened()
        return None if hooks is None else hooks.of_call(fullname)

    def get_method_signature_hook(
        self, fullname: str
    ) -> Callable[[MethodSigContext], FunctionLike] | None:
        hooks = self._hooks or self._awakened()
        return None if hooks is None else hooks.of_method_call(fullname)

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        hooks = self._hooks or self._awakened()
        return None if hooks is None else hooks.of_result(fullname)

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        hooks = self._hooks or self._awakened()
        return None if hooks is None else hooks.of_method_result(fullname)

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        hooks = self._hooks or self._awakened()
        return None if hooks is None else hooks.of_attribute(fullname)

    def get_customize_class_mro_hook(
        self, fullname: str
    ) -> Callable[[ClassDefContext], None] | None:
        if self._hooks is not None:
            self._hooks.memory.meet_class(fullname)
        return None

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        if self._hooks is not None:
            self._hooks.memory.forget()
        return []

    def _awakened(self) -> Hooks | None:
        """Import the rules as soon as the program has Tensors."""
        if self._modules is None or TENSOR_MODULE not in self._modules:
            return None
        from typed_resnet.mypy_plugin.hooks import Hooks  # noqa: PLC0415 -- only now

        self._hooks = Hooks(self, self.settings)
        self._unsized = self._hooks.memory.unsized
        return self._hooks

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
