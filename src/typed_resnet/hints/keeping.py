"""The bodies of functions that an edit leaves as they are: kept, while mypy checks the rest anew.

Half of what mypy does after an edit of a class it does in the functions of others. So it is given
the outline of the text, and what it made of those functions before is put back. For which of them
something has changed it knows, as of functions in other files: these are checked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mypy.errors import ErrorInfo
from mypy.nodes import (
    Argument,
    Block,
    Context,
    Expression,
)
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
    has_synthetic,
    name_of,
    names_of,
    target_of,
)
from typed_resnet.hints.moving import contexts, shift
from typed_resnet.hints.outline import Edited, in_place_of, without_bodies


@dataclass(frozen=True)
class _Body:
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


@dataclass(frozen=True)
class Keeping:
    """The bodies of one file that are left out of its outline, and put back."""

    module: str
    before: Checked
    edited: Edited
    bodies: Sequence[_Body]
    wrong: frozenset[str]
    """The functions in which something was wrong."""

    def outline(self, text: str) -> str:
        return without_bodies(text, [(body.now, body.end_column) for body in self.bodies])

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
        known = {(f.line, f.end_line): f for f in functions_of(state.tree.defs)}
        now = [known.get((body.now.line, body.now.end)) for body in self.bodies]
        functions = [function for function in now if function is not None]
        if [function.fullname for function in functions] != [body.name for body in self.bodies]:
            return None
        stale = self._stale(manager, errors.error_info_map.get(state.xpath, []))
        errors.clear_errors_in_targets(state.xpath, {body.name for body in self.bodies})
        errors.flushed_files.discard(state.xpath)  # its messages have been read; more may come
        for function, body in zip(functions, self.bodies, strict=True):
            function.arguments, function.body = [*body.arguments], body.block
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
        before = self.before.types
        all_types.update((e, before[e]) for e in kept if e in before)
        state.type_map().update(all_types)
        others = errors.error_info_map.get(state.xpath, [])
        if others:
            errors.error_info_map[state.xpath] = [e for e in others if e.code not in OF_THE_FILE]
        state.detect_possibly_undefined_vars()
        state.free_state()
        return all_types, Kept(self.before, kept, self.edited.end, self.edited.moved)

    def _stale(
        self, manager: FineGrainedBuildManager, errors: Iterable[ErrorInfo]
    ) -> frozenset[str]:
        """Name the functions to be checked again: what they use has changed, or they are wrong."""
        triggered, _, _ = find_targets_recursive(
            manager.manager, manager.graph, {*manager.triggered}, manager.deps, set()
        )
        targets = triggered.get(self.module, ())
        return self.wrong.union(
            (target.node.fullname for target in targets),
            manager.processed_targets,
            (error.target for error in errors if error.target is not None),
        )


def keep(
    manager: FineGrainedBuildManager,
    module: str,
    edited: Edited,
    before: Checked,
    text: str,
    errors: Iterable[ErrorInfo],
) -> Keeping | None:
    """Find the bodies that can be kept, if mypy knows the statement that is edited by its name."""
    state = manager.graph.get(module)
    if state is None or state.tree is None or manager.blocking_error is not None:
        return None
    at_the_edit = [s for s in state.tree.defs if edited.start <= s.line < edited.end]
    if [*map(name_of, at_the_edit)] != [edited.name] or has_synthetic(names_of(state.tree)):
        return None
    lines = text.split("\n")
    known = {(f.line, f.end_line): f for f in functions_of(state.tree.defs)}
    bodies = []
    for was, now in edited.around:
        function = known.get((was.line, was.end))
        if (
            function is not None
            and function.end_column is not None
            and in_place_of(now, function.end_column, lines) is not None
            and not is_trivial_body(function.body)
            and not function.def_or_infer_vars
            and target_of(manager, function, module) is not None
        ):
            inside = [c for c in contexts(function) if c is not function] if edited.moved else []
            bodies.append(
                _Body(
                    function.fullname,
                    function.arguments,
                    function.body,
                    inside,
                    was,
                    now,
                    function.end_column,
                )
            )
    wrong = frozenset(error.target for error in errors if error.target is not None)
    return Keeping(module, before, edited, bodies, wrong) if bodies else None
