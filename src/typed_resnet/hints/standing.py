"""The texts that mypy's trees are of, so that a small edit costs little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from mypy.errors import ErrorInfo, Errors
from mypy.modulefinder import BuildSource
from mypy.server.update import FineGrainedBuildManager

from typed_resnet.hints.analysing import declarations_rest_on
from typed_resnet.hints.bodies import Function, edited
from typed_resnet.hints.checked import Change, Checked, messages
from typed_resnet.hints.grafting import graft
from typed_resnet.hints.keeping import Keeping, keep
from typed_resnet.hints.outline import edited_statement
from typed_resnet.hints.parts import functions
from typed_resnet.hints.replanting import bed
from typed_resnet.hints.statements import concerned


@dataclass(frozen=True)
class _Text:
    """A text that was checked, and that nothing has changed the meaning of since."""

    text: str
    checked: Checked
    functions: Sequence[Function]
    errors: Sequence[ErrorInfo]


class Standing:
    """Of each file the text that stands, by modules."""

    def __init__(self) -> None:
        self.texts: dict[str, _Text] = {}

    def check(
        self, manager: FineGrainedBuildManager, source: BuildSource, text: str
    ) -> Checked | None:
        """Check no more than what an edit concerns: a function, or some of a file's statements.

        None where the whole file must be checked.
        """
        standing = self.texts.get(source.module)
        if standing is None or standing.text == text:
            return None if standing is None else standing.checked
        if source.path is None:
            return None
        return self._graft(manager, source, text, standing) or self._replant(
            manager, source, text, standing
        )

    def _graft(
        self, manager: FineGrainedBuildManager, source: BuildSource, text: str, standing: _Text
    ) -> Checked | None:
        """Check the function whose body alone has changed, if that is all."""
        edit = edited(standing.functions, standing.text, text)
        if edit is None:
            return None
        errors, before = self._begin(manager, source), standing.checked
        grafted = graft(manager, source.module, edit, before.types)
        if grafted is None:
            return None
        function, types, gone = grafted
        change = Change(before.sign, edit, function, gone)
        checked = Checked(messages(errors, source.path or ""), before.tree, types, change)
        self._put(manager, source, text, checked, edit.apply(standing.functions))
        return checked

    def _replant(
        self, manager: FineGrainedBuildManager, source: BuildSource, text: str, standing: _Text
    ) -> Checked | None:
        """Check the classes and functions that an edit of one of them concerns, if that is all."""
        if source.module not in self.texts:
            return None
        try:
            wrong = [error.line for error in standing.errors]
            rest_on = partial(declarations_rest_on, manager, source.module)
            edit = concerned(standing.functions, standing.text, text, wrong, rest_on)
            known = functions(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        place = edit and bed(manager, source.module, edit, standing.errors, text)
        if not place:
            return None
        errors = self._begin(manager, source)
        replanted = place.replant(standing.checked, standing.errors)
        if replanted is None:
            return None
        types, kept, elsewhere = replanted
        self.drop(elsewhere)
        found = messages(errors, source.path or "")
        checked = Checked(found, standing.checked.tree, types, kept=kept)
        self._put(manager, source, text, checked, known)
        return checked

    def _begin(self, manager: FineGrainedBuildManager, source: BuildSource) -> Errors:
        """Take up what was found in a text, which is not to stand if this comes to no good end."""
        standing, errors = self.texts.pop(source.module), manager.manager.errors
        errors.error_info_map[source.path or ""] = [*standing.errors]
        return errors

    def keeping(
        self, manager: FineGrainedBuildManager, source: BuildSource, text: str
    ) -> Keeping | None:
        """Find the functions that need not be checked again, where most of a text stands."""
        standing = self.texts.get(source.module)
        if standing is None:
            return None
        try:
            edited = edited_statement(standing.functions, standing.text, text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None  # mypy may read another Python than the one that runs
        if edited is None:
            return None
        return keep(manager, source.module, edited, standing.checked, text, standing.errors)

    def put(
        self, manager: FineGrainedBuildManager, source: BuildSource, text: str, checked: Checked
    ) -> None:
        """Let a text that was just checked stand."""
        try:
            known = functions(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            known = []  # mypy may read another Python than the one that runs
        self._put(manager, source, text, checked, known)

    def _put(
        self,
        manager: FineGrainedBuildManager,
        source: BuildSource,
        text: str,
        checked: Checked,
        known: Sequence[Function],
    ) -> None:
        errors = manager.manager.errors.error_info_map.get(source.path or "", [])
        self.texts[source.module] = _Text(text, checked, known, [*errors])

    def is_at(self, module: str, checked: Checked) -> bool:
        """Say whether a module's tree is still what it was when this was checked."""
        standing = self.texts.get(module)
        return standing is not None and standing.checked is checked

    def drop(self, targets: Iterable[str]) -> None:
        """Forget the texts of which mypy has checked something again."""
        for target in targets:
            for module in [m for m in self.texts if f"{target}.".startswith(f"{m}.")]:
                del self.texts[module]
