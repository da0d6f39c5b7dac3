"""mypy's own messages, made readable: sizes as people write them, not as nested generics.

mypy compares what a function returns or yields, or what a variable or a list is given, with what
was declared, and prints both types whole. Here the types are read back from the text, and the
first size that differs is named in the words that the plugin and the run use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from typed_resnet.dims import variables
from typed_resnet.dims.matching import Axis, Failure, Part, Star, match, symbols_of
from typed_resnet.dims.nouns import axis_name
from typed_resnet.dims.printer import show
from typed_resnet.dims.sentences import any_returned, given, returned
from typed_resnet.dims.term import OPERATORS, Operation, Symbol, Term

_RETURN: Final = re.compile(
    r'Incompatible return value type \(got "(?P<got>.+)", expected "(?P<expected>.+)"\)'
)
_ASSIGNMENT: Final = re.compile(
    r'Incompatible types in assignment \(expression has type "(?P<got>.+)",'
    r' (?:variable|base class .*|target) has type "(?P<expected>.+)"\)'
)
_YIELD: Final = re.compile(
    r'Incompatible types in "yield(?: from)?"'
    r' \(actual type "(?P<got>.+)", expected type "(?P<expected>.+)"\)'
)
_ITEM: Final = re.compile(
    r"(?P<who>List|Dict|Generator)(?: item| entry)?(?: \d+)?"
    r' has incompatible (?:item )?type (?:"[^"]+": )?"(?P<got>.+)"'
    r'; expected (?:"[^"]+": )?"(?P<expected>.+)"'
)
_COMPREHENSION: Final = re.compile(
    r"(?P<who>List|Set) comprehension has incompatible type \w+\[(?P<got>.+)\]"
    r"; expected \w+\[(?P<expected>.+?)\](?=  \[|$)"
)
RETURNED_ANY: Final = re.compile(
    r'Returning Any from function declared to return "(?P<declared>.+)"'
)
_READY_MADE: Final = {n for n, value in vars(variables).items() if isinstance(value, TypeVar)}
_QUOTED: Final = re.compile(r'"([^"]*\[[^"]*\])"')
_TOKEN: Final = re.compile(r"\s*(\.\.\.|[\w.]+|'[^']*'|\"[^\"]*\"|.)")

_SAID: Final[Sequence[tuple[re.Pattern[str], Callable[[str, Failure], str]]]] = (
    (_RETURN, returned),
    (_YIELD, partial(returned, verb="yields")),
    (_ASSIGNMENT, given),
    (_ITEM, given),
    (_COMPREHENSION, given),
)
"""What mypy says, and who says it of whom instead."""


def readable(message: str) -> str:
    """Rewrite one message of mypy's; one that tells of no sizes stays as it is."""
    found = RETURNED_ANY.search(message)
    if found is not None and holds_sizes(found["declared"]):
        said = any_returned(readable_type(found["declared"]))
        return message[: found.start()] + said + message[found.end() :]
    for pattern, say in _SAID:
        found = pattern.search(message)
        if found is None:
            continue
        who = found.groupdict().get("who", "").lower()
        for part in _parts(found["got"], found["expected"]):
            failure = match([part], ()).failure
            if failure is not None:
                return message[: found.start()] + say(who, failure) + message[found.end() :]
    return _QUOTED.sub(lambda quoted: f'"{readable_type(quoted[1])}"', message)


def holds_sizes(text: str) -> bool:
    """Say whether a type as mypy prints it is of sizes: of a Tensor, a number, an operator.

    A name alone may be a class as well; one that is ready-made as a size is taken for that.
    """
    try:
        return _Parser(text).parse().holds_sizes()
    except _UnreadableError:
        return "Tensor[" in text


def readable_type(text: str) -> str:
    """Print a type with its sizes as people write them: `Tensor[64, ⌈H/2⌉, W]`."""
    try:
        return str(_Parser(text).parse())
    except _UnreadableError:
        return text


def _parts(got: str, expected: str) -> list[Part]:
    """Pair the axes of two Tensor types, or two sizes; of a union, each item with what is wanted.

    There are none where something is neither, but in a tuple, whose items are paired.
    """
    try:
        brought, declared = _Parser(got).parse(), _Parser(expected).parse()
    except _UnreadableError:
        return []
    if brought.holds_as_many_as(declared):
        inside = zip(brought.arguments, declared.arguments, strict=True)
        return [part for pair in inside if (part := _part(*pair)) is not None]
    parts = [_part(item, declared) for item in brought.union or (brought,)]
    return [part for part in parts if part is not None] if None not in parts else []


def _part(brought: _Type, declared: _Type) -> Part | None:
    if brought.name == declared.name == "Tensor":
        formal, actual = declared.axes(), brought.axes()
    elif (sizes := _sizes(declared, brought)) is not None:
        formal, actual = sizes[:1], sizes[1:]
    else:
        return None
    names = [None if a is None or isinstance(a, Star) else axis_name(a) for a in formal]
    return Part("", formal, actual, tuple(names))


def _sizes(*types: _Type) -> tuple[Term, ...] | None:
    """Read types as sizes; a bare name may be a class, where no arithmetic has it, too."""
    terms = [typ.term() for typ in types]
    known = {s for term in terms if isinstance(term, Operation) for s in symbols_of(term)}
    sizes = [t for t in terms if t is not None and (not isinstance(t, Symbol) or t in known)]
    return tuple(sizes) if known and len(sizes) == len(terms) else None


class _UnreadableError(Exception):
    """The text is no type that this module reads."""


@dataclass(frozen=True)
class _Type:
    """A type as mypy prints it: a name and what stands in its brackets."""

    name: str
    arguments: tuple[_Type, ...] = ()
    brackets: bool = False
    union: tuple[_Type, ...] = ()

    def term(self) -> Term | None:
        """Read it as a size."""
        if self.name == "Literal" and len(self.arguments) == 1:
            number = self.arguments[0].name
            return int(number) if number.lstrip("-").isdigit() else None
        if len(self.arguments) == OPERATORS.get(self.name):
            terms = tuple(argument.term() for argument in self.arguments)
            known = tuple(term for term in terms if term is not None)
            return Operation(self.name, known) if len(known) == len(terms) else None
        if self.name.isidentifier() and not self.brackets and self.name not in ("int", "Any"):
            return Symbol(self.name)
        return None

    def holds_as_many_as(self, other: _Type) -> bool:
        """Say whether both are tuples, or both lists or dictionaries, of as many types."""
        names = {self.name, other.name}
        alike = len(names) == 1 and names <= {"tuple", "list", "dict"}
        return alike and len(self.arguments) == len(other.arguments)

    def holds_sizes(self) -> bool:
        term = self.term()
        is_size = term.name in _READY_MADE if isinstance(term, Symbol) else term is not None
        is_tensor = self.name == "Tensor" and self.brackets
        inside = (*self.union, *self.arguments)
        return is_size or is_tensor or any(part.holds_sizes() for part in inside)

    def axes(self) -> tuple[Axis, ...]:
        return tuple(
            Star(Symbol(argument.name[1:], 0) if argument.name[1:].isidentifier() else None)
            if argument.name.startswith("*")
            else argument.term()
            for argument in self.arguments
        )

    def __str__(self) -> str:
        if self.union:
            return " | ".join(map(str, self.union))
        term = self.term()
        if isinstance(term, int | Operation):
            return show(term)
        if self.name == "Literal" or not self.brackets:
            inside = f"[{', '.join(a.name for a in self.arguments)}]" if self.arguments else ""
            return self.name + inside
        return f"{self.name}[{', '.join(map(str, self.arguments)) or '()'}]"


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: Iterator[str] = (found[1] for found in _TOKEN.finditer(text))
        self.token = next(self.tokens, "")

    def parse(self) -> _Type:
        typ = self._union()
        if self.token:
            raise _UnreadableError
        return typ

    def _take(self) -> str:
        token, self.token = self.token, next(self.tokens, "")
        return token

    def _union(self) -> _Type:
        items = [self._single()]
        while self.token == "|":
            self._take()
            items.append(self._single())
        return items[0] if len(items) == 1 else _Type("", union=tuple(items))

    def _single(self) -> _Type:
        name = self._take()
        if name == "*":
            inner = self._single()
            return _Type("*" + inner.name, inner.arguments, inner.brackets)
        if name == "-":
            name += self._take()
        if name == "[":  # the arguments of a Callable
            return _Type("", self._arguments(), True)
        if not re.match(r"[\w.'\"-]", name):
            raise _UnreadableError
        if name.startswith("typed_resnet."):
            name = name.rpartition(".")[2]
        if self.token != "[":
            return _Type(name)
        self._take()
        if self.token == "(":  # `Tensor[()]` has no axes
            self._take()
            if self._take() != ")":
                raise _UnreadableError
        typ = _Type(name, self._arguments(), True)
        if self.token == "?":  # mypy marks an inferred literal so
            self._take()
        return typ

    def _arguments(self) -> tuple[_Type, ...]:
        arguments = []
        while self.token not in ("]", ""):
            arguments.append(self._union())
            if self.token == ",":
                self._take()
        if self._take() != "]":
            raise _UnreadableError
        return tuple(arguments)
