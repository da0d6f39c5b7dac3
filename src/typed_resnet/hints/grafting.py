"""A new body for a function that mypy has checked: that function alone is checked again.

mypy's daemon checks single functions anew where something that they use has changed; here the
same is done with a function whose own body has. Its file's tree stays, with the new body in it,
and all that follows has moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from mypy.build import State
from mypy.checker import DEFAULT_LAST_PASS, FineGrainedDeferredNode
from mypy.errorcodes import HAS_TYPE, POSSIBLY_UNDEFINED, USED_BEFORE_DEF
from mypy.errors import ErrorInfo, Errors
from mypy.nodes import (
    LDEF,
    ClassDef,
    Decorator,
    Expression,
    FuncDef,
    MypyFile,
    NameExpr,
    Statement,
    SymbolTable,
    TypeInfo,
    Var,
)
from mypy.parse import parse
from mypy.semanal import apply_semantic_analyzer_patches, is_trivial_body
from mypy.semanal_main import check_type_arguments_in_targets, process_top_level_function
from mypy.server.aststrip import strip_target
from mypy.server.subexpr import get_subexpressions
from mypy.server.update import FineGrainedBuildManager, lookup_target, update_deps
from mypy.types import Type

from typed_resnet.hints.bodies import Edit
from typed_resnet.hints.moving import Move

_LINE: Final = re.compile(r"\bline \d")
OF_THE_FILE: Final = (POSSIBLY_UNDEFINED, USED_BEFORE_DEF)
"""Errors that mypy looks for in a whole file at once."""
_SYNTHETIC: Final = re.compile(r"[@<]")
"""In a name that mypy makes: of a class within a function, or of one that meets two others."""


def graft(
    manager: FineGrainedBuildManager, module: str, edit: Edit, types: Mapping[Expression, Type]
) -> tuple[FuncDef, Mapping[Expression, Type], set[Expression]] | None:
    """Put a new body into a function and check it.

    Takes the types of all the file. Returns them as they are now, and the expressions that are
    gone; None where that is not enough, and the whole file must be checked as it is now.
    """
    state = open_state(manager, module)
    if state is None or state.tree is None:
        return None
    function = next((f for f in functions_of(state.tree.defs) if _is_at(f, edit)), None)
    new = _parse(edit, state)
    if function is None or new is None:
        return None
    target = target_of(manager, function, module)
    if target is None or function.def_or_infer_vars:
        return None
    if is_trivial_body(new.body) != is_trivial_body(function.body):
        return None  # of a protocol, that says whether the method is abstract
    names, errors = names_of(state.tree), manager.manager.errors
    found = errors.error_info_map.get(state.xpath, [])
    own = [error for error in found if error.target == function.fullname]
    others = [error for error in found if error not in own and error.code not in OF_THE_FILE]
    if (
        errors.only_once_messages
        or state.early_errors
        or hangs_on_passes(found)
        or any(error.line < edit.function.body for error in own)  # mypy may say less of it again
        or (edit.moved and any(map(names_line, others)))
    ):
        return None
    gone = {*get_subexpressions(function)}
    Move(edit.function.end, edit.end, edit.moved).apply(state.tree, function, others)
    function.body = new.body
    function.end_line, function.end_column = new.end_line, new.end_column
    errors.error_info_map[state.xpath] = others
    check_function(manager, state, target)
    note_reliance(manager, without_classes(state.tree))
    now = {e: typ for e, typ in types.items() if e not in gone} | state.type_map()
    state.type_map().update(now)
    state.detect_possibly_undefined_vars()
    state.free_state()
    if names_of(state.tree) != names:
        return None
    return function, now, gone


def finish(
    manager: FineGrainedBuildManager, module: str, types: Mapping[Expression, Type]
) -> Mapping[Expression, Type]:
    """Check again the functions of a module that mypy has not checked to their end.

    After an edit its daemon makes one pass less than a build does, and says nothing of a function
    that wants one more: `y = f(y)` where nothing else gives y a value.
    """
    state = manager.graph.get(module)
    if state is None or state.tree is None:
        return types
    unfinished = [f for f in functions_of(state.tree.defs) if _is_unfinished(f, state)]
    for function in unfinished:
        target = target_of(manager, function, module)
        if target is not None:
            manager.manager.errors.clear_errors_in_targets(state.xpath, {function.fullname})
            check_function(manager, state, target)
            types = {**types, **state.type_map()}
            state.free_state()
    if unfinished:
        note_reliance(manager, state.tree)
        found = manager.manager.errors.error_info_map.get(state.xpath, [])
        found.sort(key=lambda error: error.code in OF_THE_FILE)  # as a build finds them
    return types


def _is_unfinished(function: FuncDef, state: State) -> bool:
    """Say whether a variable of a function has no type, though the function is checked."""
    if function.is_dynamic() and not state.options.check_untyped_defs:
        return False
    for expression in get_subexpressions(function):
        match expression:
            case NameExpr(kind=kind, node=Var(type=None)) if kind == LDEF:
                return True
    return False


def _is_at(function: FuncDef, edit: Edit) -> bool:
    return (function.line, function.end_line) == (edit.function.line, edit.function.end)


def functions_of(body: Iterable[Statement]) -> Iterator[FuncDef]:
    """Walk the functions and methods that are no overloads."""
    for statement in body:
        match statement:
            case FuncDef():
                yield statement
            case Decorator():
                yield statement.func
            case ClassDef():
                yield from functions_of(statement.defs.body)


def _parse(edit: Edit, state: State) -> FuncDef | None:
    tree = parse_alone(edit.source, state)
    body: list[Statement] = [] if tree is None else tree.defs
    if len(body) == 1 and isinstance(body[0], ClassDef):
        body = body[0].defs.body
    found = body[0] if len(body) == 1 else None
    return found if isinstance(found, FuncDef) else None


def parse_alone(source: str, state: State) -> MypyFile | None:
    """Parse a part of a file as mypy parses a whole one; None where a comment speaks to mypy."""
    errors = Errors(state.options)
    tree = parse(source.encode(), state.xpath, state.id, errors, state.options, eager=True)
    tree._fullname = state.id
    whole, state.tree = state.tree, tree
    try:
        state.semantic_analysis_pass1()
    finally:
        state.tree = whole
    return None if errors.is_errors() or tree.ignored_lines or tree.skipped_lines else tree


def name_of(statement: Statement) -> str | None:
    """Name a class or function of a module; None for what else it has."""
    match statement:
        case ClassDef(name=name) | FuncDef(name=name) | Decorator(func=FuncDef(name=name)):
            return name
    return None


def target_of(
    manager: FineGrainedBuildManager, function: FuncDef, module: str
) -> FineGrainedDeferredNode | None:
    """Give what mypy checks where it checks a function alone; None where it would not."""
    if _has_copied_names(function, manager.manager.modules[module]):
        return None
    targets, _ = lookup_target(manager.manager, function.fullname, module)
    return targets[0] if [target.node for target in targets] == [function] else None


def _has_copied_names(function: FuncDef, tree: MypyFile) -> bool:
    """Say whether a method that is analysed again may take a name of the module for a field.

    mypy copies the fields that a dataclass inherits into it, but not before its methods are
    analysed: with a field `S` of a base, `S` then is no type variable any more.
    """
    names = function.info.names if function.info else {}
    copied = {name for name, s in names.items() if s.node and s.node.line < 0}
    return not copied.isdisjoint(tree.names)


def open_state(manager: FineGrainedBuildManager, module: str) -> State | None:
    """Find what mypy holds of a file, if it has a tree of which a part can be changed alone."""
    state = manager.graph.get(module)
    if state is None or state.tree is None or manager.blocking_error is not None:
        return None
    return None if any(map(_SYNTHETIC.search, names_of(state.tree))) else state


def names_of(tree: MypyFile) -> set[str]:
    """List the names that a module and its classes define."""
    return set(_names(tree.names, tree.fullname))


def _names(names: SymbolTable, prefix: str) -> Iterator[str]:
    for name, symbol in names.items():
        yield f"{prefix}.{name}"
        node = symbol.node
        if isinstance(node, TypeInfo) and node.fullname == f"{prefix}.{name}":
            yield from _names(node.names, node.fullname)


def hangs_on_passes(errors: Iterable[ErrorInfo]) -> bool:
    """Say whether a name was used before its type was known: `y = f(y)`, where nothing else is y.

    What mypy says of that, and of what follows, hangs on how often it has gone over the function.
    """
    return any(error.code in (HAS_TYPE, USED_BEFORE_DEF) for error in errors)


def names_line(error: ErrorInfo) -> bool:
    """Say whether a message names a line, which may be another now."""
    return _LINE.search(error.message) is not None


def note_reliance(manager: FineGrainedBuildManager, file: MypyFile) -> None:
    """Let the plugin say what a file has come to rely on, and the classes among its names.

    mypy asks it where a whole file was checked, not after functions of one.
    """
    manager.manager.plugin.get_additional_indirect_deps(file)
    for trigger, targets in file.plugin_deps.items():
        manager.deps.setdefault(trigger, set()).update(targets)


def without_classes(tree: MypyFile) -> MypyFile:
    """Give a file that has nothing but its name: none of its classes is another than before."""
    file = MypyFile([], [])
    file._fullname, file.path, file.names = tree.fullname, tree.path, SymbolTable()
    return file


def expect_more(errors: Errors, state: State) -> None:
    """Take further errors in a file whose messages have been read."""
    assert state.tree is not None
    errors.flushed_files.discard(state.xpath)
    ignoring = state.options.ignore_errors or state.ignore_all
    errors.set_file_ignored_lines(state.xpath, state.tree.ignored_lines, ignoring)
    errors.set_skipped_lines(state.xpath, state.tree.skipped_lines)


def check_function(
    manager: FineGrainedBuildManager, state: State, target: FineGrainedDeferredNode
) -> None:
    """Analyse and check one function, as mypy does with one that something else has changed.

    Once all are checked, what the file has come to rely on is to be noted.
    """
    build, errors, function = manager.manager, manager.manager.errors, target.node
    assert isinstance(function, FuncDef)
    expect_more(errors, state)
    strip_target(function)
    patches: list[tuple[int, Callable[[], None]]] = []
    process_top_level_function(
        build.semantic_analyzer,
        state,
        state.id,
        function.fullname,
        function,
        target.active_typeinfo,
        patches,
    )
    apply_semantic_analyzer_patches(patches)
    check_type_arguments_in_targets([target], state, errors)
    checker = state.type_checker()
    checker.reset()
    checker.pass_num, checker.last_pass = 0, DEFAULT_LAST_PASS + 1  # there is no first pass
    checker.check_second_pass([target], allow_constructor_cache=False)
    while checker.check_second_pass(allow_constructor_cache=False):
        pass
    update_deps(state.id, [target], manager.graph, manager.deps, state.options)
    manager.previous_targets_with_errors |= errors.targets()
