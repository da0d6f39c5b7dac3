"""`install_import_hook`: whole packages checked, without a decorator in their source."""

from __future__ import annotations

import ast
import atexit
import inspect
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ExtensionFileLoader, ModuleSpec, SourceFileLoader
from types import FunctionType, ModuleType, TracebackType
from typing import Any, Final

from typed_resnet.runtime.checked import instrument
from typed_resnet.runtime.switch import enabled

_DECORATOR: Final = "__typed_resnet_instrument__"
_IMPORT: Final = f"from typed_resnet.runtime.checked import instrument as {_DECORATOR}"
_LEFT_ALONE: Final = frozenset({"typed", "overload", "no_type_check"})
_SEEN_THROUGH: Final = frozenset(  # of a method, by what checks its class
    {"staticmethod", "classmethod", "property", "setter", "deleter", "abstractmethod"}
    | {"override", "final"}
)


def install_import_hook(*packages: str) -> ImportHook:
    """Check every function, method and class of these packages, as `typed` does.

        with install_import_hook("my_models"):
            import my_models

    Modules imported before stay as they are. Without `with`, the hook stays until `uninstall`.
    Where beartype's or jaxtyping's import hook is on the same package, both act, ours on what a
    module has at its top only, and a warning says so. Install ours after jaxtyping's: of these two
    the later one finds the module, and where that is not ours, a warning says so at the end.
    """
    hook = ImportHook(packages)
    if enabled():
        for name in packages:
            if name in sys.modules:
                warnings.warn(
                    f"{name} was imported before its checks were installed: reload it",
                    RuntimeWarning,
                    stacklevel=2,
                )
        sys.meta_path.insert(0, hook)
        atexit.register(hook.uninstall)
    return hook


class ImportHook(MetaPathFinder):
    """Finds the modules of some packages, and puts the checks into their text."""

    def __init__(self, packages: Sequence[str]) -> None:
        self.packages = frozenset(packages)
        self.seen = {name for name in packages if name in sys.modules}
        self.expected: frozenset[str] = frozenset()
        """Import hooks, by their package, that may act beside ours without a warning."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
        /,
    ) -> ModuleSpec | None:
        parts = fullname.split(".")
        named = {".".join(parts[: n + 1]) for n in range(len(parts))} & self.packages
        if not named:
            return None
        self.seen |= named
        for finder in sys.meta_path:
            if finder is self:
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                _instrument(spec, self.expected)
                return spec
        return None

    def uninstall(self) -> None:
        """Leave what is imported from now on unchecked."""
        atexit.unregister(self.uninstall)
        if self not in sys.meta_path:
            return
        sys.meta_path.remove(self)
        for name in sorted((self.packages - self.seen) & sys.modules.keys()):
            warnings.warn(
                f"{name} was found by an import hook that was installed after ours, and is not"
                " checked: install ours last",
                RuntimeWarning,
                stacklevel=2,
            )

    def __enter__(self) -> ImportHook:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.uninstall()


def _instrument(spec: ModuleSpec, expected: frozenset[str]) -> None:
    """Have a module's loader put the checks in."""
    loader: Any = spec.loader
    if loader is None or isinstance(loader, ExtensionFileLoader | _CheckingLoader):
        return
    if getattr(type(loader), "source_to_code", None) is SourceFileLoader.source_to_code:
        _compile_with_checks(loader)
    else:
        spec.loader = _CheckingLoader(loader, expected)


def _compile_with_checks(loader: Any) -> None:
    """Put checks into the source, and keep no bytecode of it."""
    compile_source = loader.source_to_code

    def source_to_code(data: Any, path: Any, **options: Any) -> Any:
        tree = compile(data, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        assert isinstance(tree, ast.Module)
        return compile_source(with_checks(tree), path, **options)

    def path_stats(path: str) -> Any:
        raise OSError("checked modules are compiled afresh")

    loader.source_to_code = source_to_code
    loader.path_stats = path_stats


class _CheckingLoader(Loader):
    """Checks what a module defines once another import hook has had its way with the source."""

    def __init__(self, loader: Any, expected: frozenset[str]) -> None:
        self.loader = loader
        self.expected = expected

    def __getattr__(self, name: str) -> Any:
        return getattr(self.loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)  # type: ignore[no-any-return]  # it is a loader

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        for name, value in list(vars(module).items()):
            if _is_written_in(module, value):
                setattr(module, name, instrument(value))
        other = type(self.loader).__module__.partition(".")[0]
        if other not in self.expected:
            warnings.warn(
                f"{module.__name__} is under {other}'s import hook too: functions inside"
                " functions, and under other decorators, are not checked",
                RuntimeWarning,
                stacklevel=2,
            )


def _is_written_in(module: ModuleType, value: Any) -> bool:
    """Say whether a module's own text defines a value: what a decorator made reads no names here.

    So it is of hypothesis's strategies, which take the name and the annotations of a function.
    """
    if isinstance(value, FunctionType):
        return getattr(inspect.unwrap(value), "__globals__", None) is vars(module)
    return getattr(value, "__module__", None) == module.__name__


def with_checks(tree: ast.Module) -> ast.Module:
    """Decorate each function and class of a module."""
    place = next((i for i, s in enumerate(tree.body) if not _comes_first(s)), None)
    if place is None:
        return tree
    line = tree.body[place].lineno
    _Decorate().visit(tree)
    (imported,) = ast.parse(_IMPORT).body
    tree.body.insert(place, imported)
    for node in ast.walk(imported):
        if isinstance(node, ast.stmt | ast.alias):
            node.lineno = node.end_lineno = line
    return ast.fix_missing_locations(tree)


def _comes_first(statement: ast.stmt) -> bool:
    """Say whether a statement must stand before all others: a docstring, a future import."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


class _Decorate(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Decorate a function first of all, so that other decorators get the checked one."""
        self.generic_visit(node)
        self._decorate(node)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """As a function."""
        self.generic_visit(node)
        self._decorate(node)
        return node

    def _decorate(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if not any(_name(d) in _LEFT_ALONE for d in node.decorator_list):
            node.decorator_list.append(_decorator(node))

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Decorate a class last of all, once it is a dataclass; with it go its methods."""
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                self.generic_visit(statement)
                if not {*map(_name, statement.decorator_list)} <= _SEEN_THROUGH:
                    self._decorate(statement)
            else:
                self.visit(statement)
        node.decorator_list.insert(0, _decorator(node))
        return node


def _name(decorator: ast.expr) -> str:
    return ast.unparse(decorator).rpartition(".")[2]


def _decorator(node: ast.stmt) -> ast.expr:
    return ast.copy_location(ast.Name(_DECORATOR, ast.Load()), node)
