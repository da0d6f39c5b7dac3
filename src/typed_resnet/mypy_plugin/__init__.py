"""The mypy plugin: proves shapes for all sizes. `plugins = typed_resnet.mypy_plugin` turns it on.

It translates: mypy's types into sizes, the verdicts of `dims` into mypy's errors. It knows no
layer by name, and does nothing in a program without Tensors: not even its rules are imported.
"""

from __future__ import annotations

import configparser
import hashlib
import tomllib
from dataclasses import asdict, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.plugin import Plugin, ReportConfigContext

from typed_resnet.mypy_plugin import codes as codes  # mypy's options may name them
from typed_resnet.mypy_plugin.settings import Settings, read_settings

if TYPE_CHECKING:
    from typed_resnet.mypy_plugin.hooks import Hooks

TENSOR_MODULE: Final = "typed_resnet.tensor"
HOOKS: Final = (
    "get_type_analyze_hook",
    "get_function_signature_hook",
    "get_method_signature_hook",
    "get_function_hook",
    "get_method_hook",
    "get_attribute_hook",
    "get_customize_class_mro_hook",
)
"""What mypy asks of a plugin by a name, as far as we have an answer."""


class ShapePlugin(Plugin):
    """Sees every call, attribute and annotation of a program that has Tensors."""

    _hooks: Hooks | None = None
    _is_told = False
    """mypy says here what modules there are; a worker of it (`-n 2`) is not told."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.settings = read_settings(options.config_file)
        if options.config_file is not None:
            _configurations.add(options.config_file)
        self.rules = digest()

    def set_modules(self, modules: dict[str, MypyFile]) -> None:
        super().set_modules(modules)
        if TENSOR_MODULE in modules:
            self._wake()
        elif not self._is_told:
            for name in HOOKS:
                vars(self)[name] = partial(self._watch, name)

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        self._meet_module(file.fullname)
        if self._hooks is not None:
            self._hooks.memory.meet_file(file)
        return []

    def get_additional_indirect_deps(self, file: MypyFile) -> set[str]:
        if self._hooks is None:
            return set()
        memory = self._hooks.memory
        return memory.reliance.tell(file, memory.well_formed)

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        """Tie mypy's cache to our rules: a changed rule must not be answered from a stale one."""
        self._meet_module(ctx.id)
        return self._tie

    @cached_property
    def _tie(self) -> list[object]:
        return [self.rules, asdict(self.settings)]

    def _meet_module(self, name: str) -> None:
        self._is_told = True
        if name == TENSOR_MODULE:
            self._wake()

    def _wake(self) -> None:
        """Import the rules: the program has Tensors.

        Until then mypy finds no hook of ours to ask of each name: asking alone takes time.
        """
        if self._hooks is not None:
            return
        from typed_resnet.mypy_plugin.hooks import Hooks  # noqa: PLC0415 -- only now

        self._hooks = hooks = Hooks(self, self.settings)
        vars(self).update({hook: getattr(hooks, hook) for hook in HOOKS})

    def _watch(self, hook: str, fullname: str) -> object:
        """Look for Tensors at each name, where mypy does not say what modules there are."""
        if self._modules is None or TENSOR_MODULE not in self._modules:
            return None
        self._wake()
        return getattr(self, hook)(fullname)


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
        settings = map(_settings_of, sorted(_configurations))
        return " ".join([digest(), *(said for said in settings if said != repr(Settings()))])
    raise AttributeError(name)


def _settings_of(configuration: str) -> str:
    """Name the settings of a file; of one that mypy cannot read either, those of no file."""
    try:
        return repr(read_settings(configuration))
    except (configparser.Error, tomllib.TOMLDecodeError):
        return repr(Settings())
    except ValueError as error:  # a new start says so
        return repr(error)


def plugin(version: str) -> type[Plugin]:
    """Give mypy the plugin: `plugins = typed_resnet.mypy_plugin`."""
    return ShapePlugin


def strict(version: str) -> type[Plugin]:
    """Give mypy the strict plugin: `plugins = typed_resnet.mypy_plugin:strict`."""
    return StrictShapePlugin
