"""New classes and functions in the place of those of before: mypy analyses these alone.

mypy's daemon reads a file that has changed as a whole, merges the new tree into the old one, and
then looks for what depends on what has changed. Here the same is done with some statements of a
file, those that an edit of one of them concerns: the others stay, with all that is known of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mypy.build import State
from mypy.errors import ErrorInfo
from mypy.nodes import (
    ClassDef,
    Decorator,
    Expression,
    FuncDef,
    MypyFile,
    OverloadedFuncDef,
    Statement,
)
from mypy.server.subexpr import get_subexpressions
from mypy.server.update import (
    FineGrainedBuildManager,
    find_targets_recursive,
    propagate_changes_using_dependencies,
)
from mypy.types import Type
from mypy.typestate import type_state

from typed_resnet.hints.analysing import analyse, read_imports
from typed_resnet.hints.checked import Checked, Kept
from typed_resnet.hints.grafting import (
    OF_THE_FILE,
    check_function,
    expect_more,
    functions_of,
    hangs_on_passes,
    name_of,
    names_line,
    note_reliance,
    open_state,
    parse_alone,
    target_of,
)
from typed_resnet.hints.keeping import Body, Declared, left_out, put_back, set_aside
from typed_resnet.hints.moving import Move
from typed_resnet.hints.parts import Part
from typed_resnet.hints.statements import Concerned


@dataclass(frozen=True)
class Bed:
    """Where statements of a file are to be put in the place of others."""

    manager: FineGrainedBuildManager
    state: State
    tree: MypyFile
    concerned: Concerned
    new: MypyFile
    """What stands there now, parsed."""
    bodies: Sequence[Body]
    """What is left out of the new statements, for it is as it was."""

    @property
    def module(self) -> str:
        return self.state.id

    def replant(
        self, before: Checked, errors: Iterable[ErrorInfo]
    ) -> tuple[Mapping[Expression, Type], Kept, Sequence[str]] | None:
        """Put the new statements there, and check them and what depends on them.

        Takes what was said before. Returns the types of the file, what is as it was, and what was
        checked in other files; None where that is not enough, and the whole file must be checked.
        """
        manager, state, tree, place = self.manager, self.state, self.tree, self.concerned.place
        others = [error for error in errors if not self._is_own(error)]
        own = self.concerned.own
        imports = [i for i in tree.imports if not any(p.start <= i.line < p.end for p in own)]
        Move(place.end - 1, place.end - 1, place.moved).apply(tree, None, others)
        known = [*tree.defs]
        gone = {e for n in self.concerned.places for e in get_subexpressions(known[n])}
        found = manager.manager.errors
        found.error_info_map[state.xpath] = []
        expect_more(found, state)
        tree.imports = self.new.imports = sorted([*imports, *self.new.imports], key=_line)
        if self.concerned.imported and not read_imports(manager, state):
            return None
        changed = analyse(manager, self.module, self.new, self.concerned)
        if changed is None:
            return None
        triggered, shown = changed
        new = iter(self.new.defs)
        tree.defs = [*self.new.defs]
        self._check()
        types = dict(state.type_map())
        state.free_state()
        tree.defs = [
            next(new) if n in self.concerned.put else known[place.was_at(n)]
            for n in range(len(place.now))
        ]
        declared = Declared(self.bodies, found.error_info_map[state.xpath])
        kept = put_back(self.bodies, self.new.defs, found, state.xpath)
        if kept is None:
            return None
        gone.difference_update(e for function in kept for e in get_subexpressions(function))
        wrong = {*(error.target for error in errors), *declared.functions}
        stale = self._stale(triggered, wrong, kept)
        if stale is None:
            return None
        for function in stale:
            target = target_of(manager, function, self.module)
            if target is None:
                return None
            check_function(manager, state, target)
            types.update(state.type_map())
            gone.update(get_subexpressions(function))
        note_reliance(manager, self.new)
        elsewhere = self._propagate(triggered | shown)
        if elsewhere is None:
            return None
        checked = {function.fullname for function in stale}
        said = found.error_info_map.get(state.xpath, [])
        said += [error for error in others if error.target not in checked]
        said.sort(key=lambda error: error.line)
        found.error_info_map[state.xpath] = said
        if hangs_on_passes(said) or not declared.is_said(said):
            return None
        still = {e: typ for e, typ in before.types.items() if e not in gone}
        types.update(still)
        state.type_map().update(types)
        state.detect_possibly_undefined_vars()
        state.free_state()
        return types, Kept(before.sign, still.keys(), place.end, place.moved), elsewhere

    def _is_own(self, error: ErrorInfo) -> bool:
        """Say whether something was wrong in what is replaced, or is looked for again anyhow."""
        if error.code in OF_THE_FILE:
            return True
        if error.target is None or error.target == self.module:
            return any(part.start <= error.line < part.end for part in self.concerned.own)
        return self._is_within(error.target)

    def _is_within(self, target: str) -> bool:
        """Say whether a function is one of those that are replaced."""
        inside = f"{target.removeprefix(f'{self.module}.')}."
        return any(inside.startswith(f"{name}.") for name in self.concerned.names)

    def _check(self) -> None:
        """Check the new statements, which are all that the tree holds for the moment."""
        manager, state, tree = self.manager, self.state, self.tree
        state.type_checker().reset()
        state.type_check_first_pass()
        while state.type_check_second_pass():
            pass
        for target, aliases in self.new.alias_deps.items():
            tree.alias_deps[target] |= aliases
        tree.module_refs |= self.new.module_refs
        state.update_fine_grained_deps(manager.deps)
        manager.previous_targets_with_errors |= manager.manager.errors.targets()

    def _stale(
        self, triggered: set[str], wrong: Collection[str | None], kept: Iterable[FuncDef]
    ) -> list[FuncDef] | None:
        """List the other functions to be checked again: what they use has changed, or is wrong.

        Takes those that are left in what is replaced. None where some are overloads, which are not
        checked alone, or what is declared outside of functions may be another.
        """
        manager = self.manager
        targets, _, protocols = find_targets_recursive(
            manager.manager, manager.graph, triggered, manager.deps, set()
        )
        for info in protocols:
            type_state.reset_subtype_caches_for(info)
        nodes = {target.node for target in targets.get(self.module, ())}
        if self.concerned.is_guess and any(isinstance(node, MypyFile) for node in nodes):
            return None
        others = [s for n, s in enumerate(self.tree.defs) if n not in self.concerned.put]
        known = [*functions_of(others), *kept]
        overloads = [node.fullname for node in nodes if isinstance(node, OverloadedFuncDef)]
        if not all(map(self._is_within, overloads)):
            return None
        return [f for f in known if f in nodes or f.fullname in wrong]

    def _propagate(self, triggered: set[str]) -> list[str] | None:
        """Check what depends on the changes in other files; None where this one does on those."""
        manager, processed = self.manager, list[str]()
        manager.manager.errors.flushed_files.clear()  # what they said has been read, and may grow
        unread = propagate_changes_using_dependencies(
            manager.manager,
            manager.graph,
            manager.deps,
            triggered,
            {self.module},
            targets_with_errors=set(),
            processed_targets=processed,
        )
        manager.previous_targets_with_errors |= manager.manager.errors.targets()
        is_back = any(f"{target}.".startswith(f"{self.module}.") for target in processed)
        return None if unread or is_back else processed


def bed(
    manager: FineGrainedBuildManager,
    module: str,
    concerned: Concerned,
    errors: Iterable[ErrorInfo],
    text: str,
) -> Bed | None:
    """Find where the new statements of a text are to be put, if the rest of the file can stay."""
    state = open_state(manager, module)
    if state is None or state.tree is None:
        return None
    tree, found = state.tree, manager.manager.errors
    if found.only_once_messages or state.early_errors or any(map(_is_elsewhere, errors)):
        return None
    if hangs_on_passes(errors):
        return None
    lines = {*tree.ignored_lines, *tree.skipped_lines}
    if any(p.start <= n < p.end for p in concerned.own for n in lines):
        return None
    if not _are_one_for_one(tree.defs, concerned.place.was):
        return None
    bodies = set_aside(manager, tree, concerned.around, text, {error.target for error in errors})
    new = parse_alone(concerned.alone(left_out(text, bodies)), state)
    if new is None or not _are_one_for_one(new.defs, concerned.new):
        return None
    new.future_import_flags = {*tree.future_import_flags}
    return Bed(manager, state, tree, concerned, new, bodies)


def _are_one_for_one(statements: Sequence[Statement], parts: Sequence[Part]) -> bool:
    """Say whether mypy has the same statements of a file as the text has parts."""
    return len(statements) == len(parts) and all(
        name_of(statement) == part.name and part.start <= _start(statement) < part.end
        for statement, part in zip(statements, parts, strict=True)
    )


def _line(statement: Statement) -> int:
    return statement.line


def _start(statement: Statement) -> int:
    """Say on which line a class or function begins, with its decorators."""
    decorators = statement.decorators if isinstance(statement, ClassDef | Decorator) else []
    return min([statement.line, *(decorator.line for decorator in decorators)])


def _is_elsewhere(error: ErrorInfo) -> bool:
    """Say whether a message stands elsewhere than what it is about, or nowhere, or names lines.

    At no line mypy says what is wrong in a method that it has made, of what a class inherits.
    """
    return error.line < 1 or names_line(error) or any(n != error.line for n in error.origin_span)
