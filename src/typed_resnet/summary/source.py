"""The typed source of a model: what mypy and the plugin make of the modules it is written in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FunctionType
from typing import cast

from mypy import build
from mypy.fscache import FileSystemCache
from mypy.maptype import map_instance_to_supertype
from mypy.modulefinder import BuildSource
from mypy.nodes import Decorator, Expression, FuncDef, OverloadedFuncDef, SymbolNode, TypeInfo
from mypy.options import Options
from mypy.subtypes import find_member
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    ProperType,
    TupleType,
    Type,
    TypeOfAny,
    TypeVarTupleType,
    get_proper_type,
)
from mypy.typevars import fill_typevars

from typed_resnet.check.configuration import cache_folder, close_cache
from typed_resnet.check.messages import readable
from typed_resnet.check.returned_any import ReturnedAny
from typed_resnet.dims.matching import match
from typed_resnet.layer import Layer
from typed_resnet.mypy_plugin.classes import size_parameters
from typed_resnet.mypy_plugin.composing import layers_of
from typed_resnet.mypy_plugin.parts import Walker
from typed_resnet.mypy_plugin.translate import Reader, symbol_of
from typed_resnet.runtime import layer_sizes
from typed_resnet.summary.model import is_leaf, layers


class UnreadError(Exception):
    """A body is needed that was not read; now it is."""


class Source:
    """The modules that a model and its layers are written in, and the type of each expression.

    Bodies are read of layers that hold others, and of what these call: the rest is as declared.
    """

    def __init__(self, model: Layer) -> None:
        self._read = {type(layer).__module__ for _, layer in layers(model) if not is_leaf(layer)}
        self._read.add(type(model).__module__)
        self._named = {type(layer).__module__ for _, layer in layers(model)}
        self._named |= {value.__module__ for value in _functions(model)}
        self._build()

    def _build(self) -> None:
        paths = {name: path for name in sorted(self._named | self._read) if (path := _file(name))}
        found = [_module(name, path, name in self._read) for name, path in paths.items()]
        options = Options()
        options.plugins = ["typed_resnet.mypy_plugin"]
        options.config_file = os.devnull  # without any, mypy loads no plugins
        self._returned_any = ReturnedAny(options, FileSystemCache())
        options.export_types = True
        options.preserve_asts = True  # with the bodies of functions
        options.mypy_path = sorted({root for _, root in found if not _is_installed(root)})
        options.cache_dir = cache_folder("summary")
        self.result = build.build([source for source, _ in found], options)
        close_cache(self.result.manager)

    @property
    def errors(self) -> list[str]:
        """What mypy finds wrong in these modules and all that they import."""
        told = (m for m in self.result.errors if self._returned_any.is_told(m, None))
        return [readable(message) for message in told]

    def class_info(self, cls: type) -> TypeInfo | None:
        """Find what mypy knows of a class; of one made inside a function, nothing."""
        module = self.result.files.get(cls.__module__)
        symbol = module.names.get(cls.__qualname__) if module is not None else None
        node = symbol.node if symbol is not None else None
        return node if isinstance(node, TypeInfo) else None

    def type_of_self(self, layer: Layer) -> Instance | None:
        """Say what `self` is in the methods of a layer: its class, with its own parameters."""
        info = self.class_info(type(layer))
        typ = fill_typevars(info) if info is not None else None
        return typ if isinstance(typ, Instance) else None

    def type_of_value(self, value: object) -> Type:
        """Say what type a layer, a function or a tuple has, with its sizes."""
        if isinstance(value, Layer) and (own := self.type_of_self(value)) is not None:
            return own.copy_modified(args=[*self._arguments(value, own)])
        if isinstance(value, FunctionType):
            module = self.result.files.get(value.__module__)
            symbol = module.names.get(value.__qualname__) if module is not None else None
            node = symbol.node if symbol is not None else None
            if isinstance(node, FuncDef | OverloadedFuncDef | Decorator) and node.type is not None:
                return node.type
        if isinstance(value, list | tuple):  # what a field says of their items each must meet
            items = [*map(self.type_of_value, cast(Sequence[object], value))]
            return TupleType(items, self._builtin("tuple", AnyType(TypeOfAny.special_form)))
        return AnyType(TypeOfAny.special_form)

    def sizes_of(self, layer: Layer) -> dict[str, int]:
        """Say what the type parameters of a layer are that its fields tell the sizes of.

        Those that stand only in the layers of a composition the run does not read.
        """
        own, known = self.type_of_self(layer), layer_sizes(layer)
        wanted = [] if own is None else size_parameters(own.type)
        if own is None or all(variable.name in known for _, variable in wanted):
            return known
        walker = Walker(lambda _: AnyType(TypeOfAny.special_form), Reader(), Reader())
        for name, part in layer.parts():
            field = find_member(name, own, own)
            if field is not None:
                walker.walk(field, self.type_of_value(part), None, name)
        symbols = [symbol for _, variable in wanted if (symbol := symbol_of(variable))]
        found = match(walker.parts, symbols).sizes
        terms = {symbol.name: size.term for symbol, size in found.items() if size is not None}
        return {name: term for name, term in terms.items() if isinstance(term, int)} | known

    def _arguments(self, layer: Layer, own: Instance) -> Iterator[Type]:
        """Say what the type parameters of a layer stand for; of a composition, its parts."""
        known = self.sizes_of(layer)
        for variable in own.type.defn.type_vars:
            if isinstance(variable, TypeVarTupleType) and layers_of(own) is not None:
                yield from (self.type_of_value(part) for _, part in layer.parts())
            elif variable.name in known:
                yield LiteralType(known[variable.name], self._builtin("int"))
            else:
                yield AnyType(TypeOfAny.special_form)

    def _builtin(self, name: str, *arguments: Type) -> Instance:
        info = self.result.files["builtins"].names[name].node
        assert isinstance(info, TypeInfo)
        return Instance(info, arguments)

    def method(self, cls: type, name: str) -> FuncDef | None:
        """Find a method, and its body.

        Raises: UnreadError.
        """
        info = self.class_info(cls)
        symbol = info.get(name) if info is not None else None
        return self.function(symbol.node) if symbol is not None else None

    def function(self, node: SymbolNode | None) -> FuncDef | None:
        """Find a function, and its body; what stubs alone tell of has none.

        Raises: UnreadError, where all that was found before must be found anew.
        """
        function = _definition(node)
        if function is not None:
            module, _, _ = function.fullname.rpartition(".")
            if function.info:
                module = function.info.module_name
            tree = self.result.files.get(module)
            if module not in self._read and tree is not None and tree.path.endswith(".py"):
                self._read.add(module)
                self._build()
                raise UnreadError(module)
        return function

    def type_of(self, expression: Expression) -> ProperType | None:
        typ = self.result.types.get(expression)
        return None if typ is None else get_proper_type(typ)


def _definition(node: SymbolNode | None) -> FuncDef | None:
    """Find the body of a function; of an overloaded one, its implementation."""
    if isinstance(node, OverloadedFuncDef):
        node = node.impl
    if isinstance(node, Decorator):
        node = node.func
    return node if isinstance(node, FuncDef) and isinstance(node.type, CallableType) else None


def as_owner(receiver: Instance, owner: TypeInfo) -> Instance | None:
    """Read the type of an object as the class that a method of it is written in."""
    if not receiver.type.has_base(owner.fullname):
        return None
    return map_instance_to_supertype(receiver, owner)


def _functions(model: Layer) -> Iterator[FunctionType]:
    """Walk the functions that layers hold; a composition applies these too."""
    for _, layer in layers(model):
        for _, part in layer.parts():
            if isinstance(part, FunctionType):
                yield part


def _file(module: str) -> Path | None:
    file = getattr(sys.modules.get(module), "__file__", None)
    return Path(file) if isinstance(file, str) and Path(file).suffix == ".py" else None


def _module(name: str, path: Path, read: bool) -> tuple[BuildSource, str]:
    """Give mypy a module, if to be read with its text; say what folder it is imported from.

    What mypy is given as text it reads again each time; all other modules come from its cache,
    which holds no bodies of functions, and no types of expressions.
    """
    package = path.name == "__init__.py"
    root = str(path.resolve().parents[name.count(".") + package])
    return BuildSource(str(path), name, path.read_text("utf-8") if read else None, root), root


def _is_installed(root: str) -> bool:
    """Say whether mypy finds a folder by itself, and forbids that it is named to it."""
    return Path(root).name in ("site-packages", "dist-packages")
