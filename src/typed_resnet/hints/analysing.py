"""mypy's semantic analysis, of some statements of a file: the others keep their meaning."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final, NamedTuple

from mypy.build import State
from mypy.errors import CompileError
from mypy.nodes import (
    Decorator,
    FuncBase,
    FuncDef,
    MypyFile,
    OverloadedFuncDef,
    SymbolTable,
    SymbolTableNode,
    TypeInfo,
    local_definitions,
)
from mypy.semanal import apply_semantic_analyzer_patches
from mypy.semanal_classprop import (
    add_type_promotion,
    calculate_class_abstract_status,
    calculate_class_vars,
    check_protocol_status,
)
from mypy.semanal_main import (
    FullTargetInfo,
    apply_hooks_to_class,
    check_type_arguments,
    order_by_subclassing,
    process_top_level_function,
    process_top_levels,
)
from mypy.server.astdiff import compare_symbol_table_snapshots, snapshot_symbol_table
from mypy.server.astmerge import (
    replace_nodes_in_ast,
    replace_nodes_in_symbol_table,
    replacement_map_from_symbol_table,
)
from mypy.server.trigger import make_trigger
from mypy.server.update import (
    FineGrainedBuildManager,
    ensure_trees_loaded,
    find_targets_recursive,
    wildcard_triggers_for_changes,
)

from typed_resnet.hints.statements import EXPORTED, Concerned

MOST_PASSES: Final = 10
"""As many as mypy makes over classes until all their bases are ready."""


class Changed(NamedTuple):
    """What mypy takes for changed, as triggers of what depends on it."""

    triggered: set[str]
    shown: set[str]
    """What concerns other files alone: which names they are given."""


def analyse(
    manager: FineGrainedBuildManager, module: str, new: MypyFile, concerned: Concerned
) -> Changed | None:
    """Analyse new statements of a file, and merge what they define into its names.

    Takes a tree of these statements alone, which comes to have no names but theirs. None where
    they cannot be analysed, or define something else than the text says.
    """
    build, state, own = manager.manager, manager.graph[module], concerned.names
    tree = state.tree
    assert tree is not None
    old = _table((name, symbol) for name, symbol in tree.names.items() if name in own)
    build.plugin.get_additional_deps(new)
    state.tree = build.modules[module] = new
    new.names = _table((name, s) for name, s in tree.names.items() if name not in own)
    shown = {name: (s.module_public, s.module_hidden) for name, s in tree.names.items()}
    try:
        names = _analyse(manager, state, new, own)
    except CompileError:  # mypy could not go on
        return None
    finally:
        state.tree = build.modules[module] = tree
        if EXPORTED not in own:  # it is not read again
            for name in new.names.keys() & shown.keys() - {*concerned.imported}:
                symbol = new.names[name]
                symbol.module_public, symbol.module_hidden = shown[name]
    if new.names.keys() - {*own} != tree.names.keys() - {*own}:
        return None
    was = snapshot_symbol_table(module, old)
    replacements = replacement_map_from_symbol_table(old, names, module)
    replace_nodes_in_ast(new, replacements)
    replace_nodes_in_symbol_table(names, replacements)
    tree.names, new.names = new.names, names
    changed = compare_symbol_table_snapshots(module, was, snapshot_symbol_table(module, names))
    given = {
        f"{module}.{name}"
        for name, symbol in tree.names.items()
        if name not in own and shown[name][0] != symbol.module_public
    }
    return Changed(_triggers(module, changed), _triggers(module, given))


def _triggers(module: str, changed: set[str]) -> set[str]:
    """Name what is triggered where something has changed, as mypy does."""
    return {*map(make_trigger, changed | wildcard_triggers_for_changes(module, changed))}


def declarations_rest_on(manager: FineGrainedBuildManager, module: str, name: str) -> bool:
    """Say whether what a file declares rests on a function of it, or on those of a class.

    So it may where the class is to meet a Protocol, though nothing that is written says so.
    """
    symbol = manager.manager.modules[module].names.get(name)
    inside = symbol.node.names if symbol and isinstance(symbol.node, TypeInfo) else {}
    functions = {
        f"{module}.{name}.{own}"
        for own, member in inside.items()
        if isinstance(member.node, FuncBase | Decorator) and not member.plugin_generated
    }
    triggered = _triggers(module, functions or {f"{module}.{name}"})
    targets, _, _ = find_targets_recursive(
        manager.manager, manager.graph, triggered, manager.deps, set()
    )
    return any(isinstance(target.node, MypyFile) for target in targets.get(module, ()))


def read_imports(manager: FineGrainedBuildManager, state: State) -> bool:
    """Take in which modules a file imports now; False where that is left to a full check.

    That finds modules which have not been read, or are not to be found.
    """
    assert state.tree is not None
    if state.suppressed or state.tree.is_package_init_file():
        return False
    try:
        state.compute_dependencies()
    except CompileError:  # an import leaves its package
        return False
    if any(name not in manager.graph for name in state.dependencies):
        return False
    ensure_trees_loaded(manager.manager, manager.graph, state.dependencies)
    manager.manager.import_map[state.id] = {*state.dependencies}
    return True


def _analyse(
    manager: FineGrainedBuildManager, state: State, new: MypyFile, own: Collection[str]
) -> SymbolTable:
    """Do what mypy does with a whole file; return the names that the statements define."""
    patches: list[tuple[int, Callable[[], None]]] = []
    process_top_levels(manager.graph, [state.id], patches)
    names = _table((name, symbol) for name, symbol in new.names.items() if name in own)
    _analyse_functions(manager, state, names, patches)
    apply_semantic_analyzer_patches(patches)
    _analyse_classes(manager, state, new, names)
    check_type_arguments(manager.graph, [state.id], manager.manager.errors)
    _finish_classes(manager, state, new, names)
    state.check_blockers()
    return names


def _analyse_functions(
    manager: FineGrainedBuildManager,
    state: State,
    names: SymbolTable,
    patches: list[tuple[int, Callable[[], None]]],
) -> None:
    """Analyse the new functions and methods, those of base classes first."""
    targets: list[FullTargetInfo] = [
        (state.id, name, symbol.node, info)
        for name, symbol, info in local_definitions(names, state.id)
        if isinstance(symbol.node, FuncDef | OverloadedFuncDef | Decorator)
    ]
    targets.sort(key=lambda target: (target[2].line, target[1]))
    analyzer = manager.manager.semantic_analyzer
    for module, name, node, info in order_by_subclassing(targets):
        assert not isinstance(node, MypyFile)
        process_top_level_function(analyzer, state, module, name, node, info, patches)


def _analyse_classes(
    manager: FineGrainedBuildManager, state: State, new: MypyFile, names: SymbolTable
) -> None:
    """Let dataclasses and the like be what they are."""
    analyzer, errors = manager.manager.semantic_analyzer, manager.manager.errors
    for _ in range(MOST_PASSES):
        with state.wrap_context():
            ready = [
                apply_hooks_to_class(analyzer, state.id, info, state.options, new, errors)
                for info in _classes(names, state.id)
            ]
        if all(ready):
            break


def _finish_classes(
    manager: FineGrainedBuildManager, state: State, new: MypyFile, names: SymbolTable
) -> None:
    """Say which of the new classes are abstract, and what else mypy says of whole classes."""
    analyzer, errors = manager.manager.semantic_analyzer, manager.manager.errors
    builtins = manager.manager.modules["builtins"].names
    for info in _classes(names, state.id):
        with state.wrap_context(), analyzer.file_context(new, state.options, info):
            calculate_class_abstract_status(info, new.is_stub, errors)
            check_protocol_status(info, errors)
            calculate_class_vars(info)
            add_type_promotion(info, new.names, state.options, builtins)


def _table(symbols: Iterable[tuple[str, SymbolTableNode]]) -> SymbolTable:
    table = SymbolTable()
    table.update(symbols)
    return table


def _classes(names: SymbolTable, module: str) -> list[TypeInfo]:
    nodes = (symbol.node for _, symbol, _ in local_definitions(names, module))
    return [node for node in nodes if isinstance(node, TypeInfo)]
