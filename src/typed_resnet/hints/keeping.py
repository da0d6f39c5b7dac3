"""The bodies of functions that an edit leaves as they are: kept, while mypy checks the rest anew.

Half of what mypy does after an edit of a class it does in the functions of others. So it is given
the outline of the text, and what it made of those functions before is put back. For which of them
something has changed it knows, as of functions in other files: these are checked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mypy.errors import ErrorInfo, Errors
from mypy.nodes import Argument, Block, Context, Expression, FuncDef, MypyFile, Statement
from mypy.semanal import is_trivial_body
from mypy.server.subexpr import get_subexpressions
from mypy.server.update import FineGrainedBuildManager, find_targets_recursive
from mypy.types import Type

from typed_resnet.hints.bodies import Function
from typed_resnet.hints.checked import Checked, Kept
from typed_resnet.hints.grafting import (
    OF_THE_FILE,
    check_function,
    functions_of,
    hangs_on_passes,
    name_of,
    note_reliance,
    open_state,
    target_of,
)
from typed_resnet.hints.moving import contexts, shift
from typed_resnet.hints.outline import Edited, in_place_of, without_bodies


@dataclass(frozen=True)
class Body:
    """What is kept of a function, and where it stands now."""

    name: str
    """The full name of the function."""
    arguments: Sequence[Argument]
    block: Block
    inside: Sequence[Context]
    """What moves with it, if it moves."""
    was: Function
    now: Function
    end_column: int


def left_out(text: str, bodies: Iterable[Body]) -> str:
    """Write a text without what is kept."""
    return without_bodies(text, [(body.now, body.end_column) for body in bodies])


def put_back(
    bodies: Sequence[Body], statements: Iterable[Statement], errors: Errors, path: str
) -> list[FuncDef] | None:
    """Put bodies back into the functions of what mypy has read without them.

    What was found in these functions is to be found again. None where they are not there any more.
    """
    known = {(f.line, f.end_line): f for f in functions_of(statements)} if bodies else {}
    now = [known.get((body.now.line, body.now.end)) for body in bodies]
    functions = [function for function in now if function is not None]
    if [function.fullname for function in functions] != [body.name for body in bodies]:
        return None
    errors.clear_errors_in_targets(path, {body.name for body in bodies})
    errors.flushed_files.discard(path)  # its messages have been read; more may come
    for function, body in zip(functions, bodies, strict=True):
        function.arguments, function.body = [*body.arguments], body.block
    return functions


class Declared:
    """What is wrong in what functions declare, as mypy finds it where it reads no bodies.

    Of a signature that it analyses again it may say less: that it names a variable, it says once.
    """

    def __init__(self, bodies: Iterable[Body], errors: Iterable[ErrorInfo]) -> None:
        starts = {body.name: body.now.body for body in bodies}
        found = [error for error in errors if error.target in starts]
        self.functions = {error.target for error in found}
        self._said = {
            (error.line, error.message)
            for error in found
            if error.line < starts.get(error.target or "", 0)
        }

    def is_said(self, errors: Iterable[ErrorInfo]) -> bool:
        """Say whether all of it is found again."""
        return self._said <= {(error.line, error.message) for error in errors}


@dataclass(frozen=True)
class Keeping:
    """The bodies of one file that are left out of its outline, and put back."""

    module: str
    before: Checked
    edited: Edited
    bodies: Sequence[Body]

    def outline(self, text: str) -> str:
        return left_out(text, self.bodies)

    def put_back(
        self, manager: FineGrainedBuildManager, types: Mapping[Expression, Type]
    ) -> tuple[Mapping[Expression, Type], Kept] | None:
        """Put the bodies back after mypy has checked the outline, and check those that must be.

        Takes the types of the outline. Returns those of the file, and what is as it was; None
        where that is not enough, and the whole file must be checked as it is.
        """
        state, errors = manager.graph.get(self.module), manager.manager.errors
        if state is None or state.tree is None or errors.only_once_messages:
            return None
        declared = Declared(self.bodies, errors.error_info_map.get(state.xpath, []))
        stale = self._stale(manager) | declared.functions
        functions = put_back(self.bodies, state.tree.defs, errors, state.xpath)
        if functions is None:
            return None
        for body in self.bodies:
            shift(body.inside, body.now.line - body.was.line)
        all_types, kept = dict(types), set[Expression]()
        for function in functions:
            if function.fullname in stale:
                target = target_of(manager, function, self.module)
                if target is None:
                    return None
                check_function(manager, state, target)
                all_types.update(state.type_map())
            else:
                kept.update(get_subexpressions(function))
        note_reliance(manager, state.tree)
        before = self.before.types
        all_types.update((e, before[e]) for e in kept if e in before)
        state.type_map().update(all_types)
        others = errors.error_info_map.get(state.xpath, [])
        if hangs_on_passes(others) or not declared.is_said(others):
            return None
        if others:
            errors.error_info_map[state.xpath] = [e for e in others if e.code not in OF_THE_FILE]
        state.detect_possibly_undefined_vars()
        state.free_state()
        return all_types, Kept(self.before.sign, kept, self.edited.end, self.edited.moved)

    def _stale(self, manager: FineGrainedBuildManager) -> set[str | None]:
        """Name the functions to be checked again: what they use has changed."""
        triggered, _, _ = find_targets_recursive(
            manager.manager, manager.graph, {*manager.triggered}, manager.deps, set()
        )
        targets = triggered.get(self.module, ())
        return {*(target.node.fullname for target in targets), *manager.processed_targets}


def keep(
    manager: FineGrainedBuildManager,
    module: str,
    edited: Edited,
    before: Checked,
    text: str,
    errors: Iterable[ErrorInfo],
) -> Keeping | None:
    """Find the bodies that can be kept, if mypy knows the statement that is edited by its name."""
    state = open_state(manager, module)
    if state is None or state.tree is None:
        return None
    at_the_edit = [s for s in state.tree.defs if edited.start <= s.line < edited.end]
    if [*map(name_of, at_the_edit)] != [edited.name]:
        return None
    wrong = {error.target for error in errors}
    bodies = set_aside(manager, state.tree, edited.around, text, wrong)
    return Keeping(module, before, edited, bodies) if bodies else None


def set_aside(
    manager: FineGrainedBuildManager,
    tree: MypyFile,
    around: Sequence[tuple[Function, Function]],
    text: str,
    wrong: Collection[str | None],
) -> list[Body]:
    """Find the bodies that can be left out of a text, of functions as they were and are.

    Those in which something was wrong are read again.
    """
    if not around:
        return []
    lines = text.split("\n")
    known = {(f.line, f.end_line): f for f in functions_of(tree.defs)}
    named = Counter(f.fullname for f in known.values())
    bodies = []
    for was, now in around:
        function = known.get((was.line, was.end))
        if (
            function is not None
            and function.fullname not in wrong
            and named[function.fullname] == 1  # what is wrong in it is told by its name
            and function.end_column is not None
            and in_place_of(now, function.end_column, lines) is not None
            and not is_trivial_body(function.body)
            and not function.def_or_infer_vars
            and target_of(manager, function, tree.fullname) is not None
        ):
            is_moved = was.line != now.line
            inside = [c for c in contexts(function) if c is not function] if is_moved else []
            bodies.append(
                Body(
                    function.fullname,
                    function.arguments,
                    function.body,
                    inside,
                    was,
                    now,
                    function.end_column,
                )
            )
    return bodies
