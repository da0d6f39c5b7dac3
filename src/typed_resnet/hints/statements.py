"""Which statements of a module an edit of some concerns, seen in the text alone.

What a module has is reached by its name: no other statement can be another because of an edit that
does not speak of what it defines, or of a statement that does. What stands in the body of a
function counts only where it could say something to the rest of the file, and where a name comes,
goes, or is imported: mypy asks for that by another name than it has here. A statement that is
neither class nor function may rest on what those before it have found out: they stay together.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from typed_resnet.hints.bodies import (
    FOR_MYPY,
    Function,
    compiled,
    first_line,
    parsed,
    same_around,
)
from typed_resnet.hints.parts import Part, functions, parts

EXPORTED: Final = "__all__"
"""What says which names a module gives to others."""
_ALL: Final = "*"
_FUTURE: Final = "__future__"


class Place(NamedTuple):
    """Where in a module an edit is: some statements are in the place of others."""

    was: Sequence[Part]
    """All statements of the module, as they were."""
    now: Sequence[Part]
    gone: Sequence[int]
    """Which of those that were are edited, or are no more."""
    come: Sequence[int]
    """Which of those that are now are edited, or are new."""
    moved: int
    """By how many lines what follows has moved down: none, where the edit is in several places."""
    end: int
    """The first line that has moved, as it was."""

    def now_at(self, place: int) -> int:
        """Say which one a statement is now that is not edited."""
        return place if place < self._first else place + len(self.now) - len(self.was)

    def was_at(self, place: int) -> int:
        """Say which one a statement was that is not edited."""
        return place if place < self._first else place - len(self.now) + len(self.was)

    @property
    def _first(self) -> int:
        return min([*self.gone, *self.come], default=0)


def place_of_edit(before: str, after: str) -> Place | None:
    """Find the statements of a module that an edit is in; None where it is above all of them.

    Raises: as `parsed`.
    """
    old, new = before.split("\n"), after.split("\n")
    was, now, moved = parts(before), parts(after), len(new) - len(old)
    if not was or not now or old[: was[0].start - 1] != new[: now[0].start - 1]:
        return None
    same, _ = same_around([*map(_as_it_stands, was)], [*map(_as_it_stands, now)])
    below = [_as_it_stands(part, moved) for part in was[same:]]
    left, _ = same_around(below[::-1], [*map(_as_it_stands, now[same:])][::-1])
    gone, come = range(same, len(was) - left), range(same, len(now) - left)
    end = was[len(was) - left].start if left else len(old) + 1
    if [p.start for p in was] == [p.start for p in now]:
        edited = [n for n in gone if _as_it_stands(was[n]) != _as_it_stands(now[n])]
        return Place(was, now, edited, edited, moved, end)
    return Place(was, now, gone, come, moved, end)


def _as_it_stands(part: Part, moved: int = 0) -> str:
    return f"{part.start + moved} {part.source.rstrip()}"


def same_bodies(
    known: Iterable[Function], place: Place, after: str
) -> list[tuple[Function, Function]]:
    """Pair functions outside an edit, as they were and are: such as only speak to themselves.

    Raises: as `parsed`.
    """
    stood = {(f.line, f.body, f.end, f.indented) for f in known}
    lines, starts = after.split("\n"), [part.start for part in place.now]
    found = list[tuple[Function, Function]]()
    for now in functions(after):
        part = bisect(starts, now.line) - 1
        if part in place.come or now.tells:
            continue
        was = now.moved(place.was[place.was_at(part)].start - place.now[part].start)
        if (was.line, was.body, was.end, was.indented) in stood and not any(
            FOR_MYPY.search(line) for line in lines[now.line - 1 : now.end]
        ):
            found.append((was, now))
    return found


@dataclass(frozen=True)
class Concerned:
    """The statements of a module that are others, or may be, after an edit of some of them."""

    place: Place
    places: Sequence[int]
    """Which of those that were are concerned."""
    put: Sequence[int]
    """Which of those that are now."""
    names: Collection[str]
    """What these define."""
    imported: Collection[str]
    """What of that is imported."""
    around: Sequence[tuple[Function, Function]]
    """Functions in them, but outside of what is edited, whose bodies are as they were."""
    is_guess: bool
    """What others declare to be of what is edited is taken to be as it was: mypy is to agree."""

    @property
    def own(self) -> list[Part]:
        """Those that are concerned, as they were."""
        return [self.place.was[n] for n in self.places]

    @property
    def new(self) -> list[Part]:
        """Those that are concerned, as they are now."""
        return [self.place.now[n] for n in self.put]

    def alone(self, text: str) -> str:
        """Write of a text no more than what is concerned, on the lines where it stands now."""
        lines = text.split("\n")
        left: list[str] = []
        for part in self.new:
            left += [""] * (part.start - 1 - len(left))
            left += lines[part.start - 1 : part.end - 1]
        return "\n".join(left) + "\n"


def concerned(
    known: Sequence[Function],
    before: str,
    after: str,
    wrong: Iterable[int] = (),
    rest_on: Callable[[str], bool] = lambda _: False,
) -> Concerned | None:
    """Find what an edit of some statements concerns, if it can be checked alone.

    Takes the lines on which something was wrong. Outside of bodies that concerns it, too: of what
    a function declares mypy may say less when it checks that function again. Takes also how it is
    found out whether declarations rest on a function, or those of a class, of some name.

    Raises: as `parsed`, and where what is edited could not run.
    """
    place = place_of_edit(before, after)
    if place is None:
        return None
    was, now = place.was, place.now
    gone, come = [was[n] for n in place.gone], [now[n] for n in place.come]
    if any(part.says.tells_mypy or not _may_be_edited(part) for part in [*gone, *come]):
        return None
    starts = {part.start for part in come}
    compiled([s for s in parsed(after).body if first_line(s) in starts])
    inside = {name for name in _edited_inside(gone, come) if not rest_on(name)}
    changed = _Changed.of(was, now, gone, come, inside)
    heads = [n for n in wrong if not any(f.body <= n <= f.end for f in known)]
    bad = {
        place.now_at(n)
        for n, part in enumerate(was)
        if n not in place.gone
        and not part.says.is_import
        and any(part.start <= line < part.end for line in heads)
    }
    found = changed.reached(place.come, bad)
    if found is None or any(now[n].says.tells_mypy for n in found):
        return None
    if any(now[n].says.imports for n in found if n not in place.come):
        return None
    own = [now[n] for n in found]
    around = [
        (stood, stands)
        for stood, stands in same_bodies(known, place, after)
        if any(part.start <= stands.line < part.end for part in own)
        and not changed.speaks(after, stands)
    ]
    names = {name for part in [*own, *gone] for name in part.says.defined}
    imported = {name for part in [*come, *gone] for name, _ in part.says.imported}
    places = {*place.gone, *(place.was_at(n) for n in found if n not in place.come)}
    is_guess = any(
        not inside.isdisjoint(part.says.heads)
        for n, part in enumerate(now)
        if n not in found and not part.says.is_import
    )
    return Concerned(place, sorted(places), sorted(found), names, imported, around, is_guess)


@dataclass(frozen=True)
class _Changed:
    """What an edit makes of the names of a module."""

    was: Sequence[Part]
    now: Sequence[Part]
    gone: Sequence[Part]
    names: Collection[str]
    """Those that have another meaning, or may have."""
    anywhere: Collection[str]
    """Of these such as come, go, or are imported: a body that speaks of one is concerned, too."""
    inside: Collection[str]
    """Of these such as have another meaning only in functions: what is declared to be of them, a
    field or a parameter, is so still."""

    @classmethod
    def of(
        cls,
        was: Sequence[Part],
        now: Sequence[Part],
        gone: Sequence[Part],
        come: Sequence[Part],
        inside: Collection[str],
    ) -> _Changed:
        before, after = (
            {pair for part in some for pair in part.says.imported} for some in (gone, come)
        )
        imported = {name for name, _ in before ^ after}
        others = [part.says for part in [*gone, *come] if not part.says.is_import]
        names = imported.union(*(says.defined for says in others))
        had, has = ({name for part in some for name in part.says.defined} for some in (was, now))
        return cls(was, now, gone, names, imported | (had ^ has), inside)

    def reached(self, come: Iterable[int], wrong: Iterable[int]) -> set[int] | None:
        """Find which statements are concerned; None where a name has several meanings."""
        found, waiting = {*come}, {*self.names}
        if self._is_too_much():
            return None
        while waiting:
            name = waiting.pop()
            if _is_ambiguous(name, self.was) or _is_ambiguous(name, self.now):
                return None
            speaking = {n for n, part in enumerate(self.now) if self._is_said(name, part)} - found
            waiting |= {name for n in speaking for name in self.now[n].says.defined}
            found |= speaking
        found |= {*wrong}
        loose = {n for n, part in enumerate(self.now) if part.says.is_loose}
        if found & loose or any(part.says.is_loose for part in self.gone):
            found |= loose
        parts = [*self.gone, *(self.now[n] for n in found)]
        names = {name for part in parts for name in part.says.defined}
        others = (part.says.defined for n, part in enumerate(self.now) if n not in found)
        return found if all(names.isdisjoint(own) for own in others) else None

    def speaks(self, text: str, function: Function) -> bool:
        """Say whether a function speaks of a name that comes, goes, or is imported."""
        if not self.anywhere:
            return False
        own = "\n".join(text.split("\n")[function.line - 1 : function.end])
        return any(re.search(rf"\b{re.escape(name)}\b", own) for name in self.anywhere)

    def _is_said(self, name: str, part: Part) -> bool:
        says = part.says
        if says.is_import:
            return False
        if name in self.anywhere:
            return name in says.words
        return name in (says.beside if name in self.inside else says.heads)

    def _is_too_much(self) -> bool:
        """Say whether it is not told which names come and go, or are hidden from others."""
        imported = {n for part in [*self.was, *self.now] for n, _ in part.says.imported}
        if _ALL in imported:
            return bool(self.anywhere) or EXPORTED in self.names
        listed, lists = (
            {word for p in some if EXPORTED in p.says.words for word in p.says.words}
            for some in (self.was, self.now)
        )
        return EXPORTED in self.names and not imported.isdisjoint(listed ^ lists)


def _edited_inside(gone: Sequence[Part], come: Sequence[Part]) -> Iterator[str]:
    """Name the classes and functions that are edited in functions that tell nothing, alone."""
    if [part.name for part in gone] == [part.name for part in come]:
        for was, now in zip(gone, come, strict=True):
            if now.name is not None and was.says.frame == now.says.frame:
                yield now.name


def _is_ambiguous(name: str, parts: Iterable[Part]) -> bool:
    defining = [part.says for part in parts if name in part.says.defined]
    return len(defining) > 1 and not all(says.is_loose for says in defining)


def _may_be_edited(part: Part) -> bool:
    """Say whether a statement does not import, or is an import that names all it does."""
    says = part.says
    if not says.is_import:
        return not says.imports
    return all(name != _ALL and not start.startswith(_FUTURE) for name, start in says.imported)
