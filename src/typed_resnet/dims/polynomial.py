"""Polynomials with rational coefficients over symbols, floors, quotients and minima.

The arithmetic of normal forms. It does not itself make anything normal: `division` and
`extremes` make the atoms so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any, ClassVar, Final

from .term import Symbol, Term
from .term import symbols_of as symbols_of_term

Coefficient = int | Fraction
Order = tuple[Any, ...]
Bound = Coefficient | float
"""A number, or infinity, which is a float."""
Bounds = tuple[Bound, Bound]


@dataclass(frozen=True, slots=True)
class Floor:
    """Stand for numerator // divisor, the divisor being >= 1."""

    numerator: "Polynomial"
    divisor: "Polynomial"
    length: int = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", self.numerator.length + self.divisor.length)
        object.__setattr__(self, "_hash", hash((self.numerator, self.divisor)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Quotient:
    """Stand for numerator / divisor where that is whole; the divisor is a size >= 1.

    By a number a quotient is no atom, but a coefficient.
    """

    numerator: "Polynomial"
    divisor: "Polynomial"

    @property
    def length(self) -> int:
        return self.numerator.length + self.divisor.length


@dataclass(frozen=True, slots=True)
class Least:
    """Stand for the smallest of some sizes."""

    sizes: "tuple[Polynomial, ...]"
    length: int = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", sum(size.length for size in self.sizes))
        object.__setattr__(self, "_hash", hash(self.sizes))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class AsWritten:
    """Stand for a size of which any other form would be too long: some whole number."""

    term: Term
    length: ClassVar = 1
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.term))

    def __hash__(self) -> int:
        return self._hash


Atom = Symbol | Floor | Quotient | Least | AsWritten
Monomial = tuple[Atom, ...]
"""A product of atoms, sorted; () is one."""

ONE: Final[Monomial] = ()
_WHOLE: Final = frozenset((int,))


class Polynomial:
    """Map each monomial to its coefficient, none of them zero; immutable."""

    __slots__ = ("_hash", "_length", "_order", "_symbols", "parts")

    parts: Mapping[Monomial, Coefficient]

    def __init__(self, parts: Mapping[Monomial, Coefficient]) -> None:
        """Take over a dict that nobody else keeps: to make it anew is to hash all monomials."""
        if 0 in parts.values() or not _WHOLE.issuperset(map(type, parts.values())):
            parts = {m: simplest(c) for m, c in parts.items() if c}
        self.parts = parts
        self._hash: int | None = None
        self._length = 0
        self._order: Order | None = None
        self._symbols: frozenset[Symbol] | None = None

    def __eq__(self, other: object) -> bool:
        # Dicts are compared item by item, even one with itself.
        return self is other or (isinstance(other, Polynomial) and self.parts == other.parts)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.parts.items()))
        return self._hash

    def __repr__(self) -> str:
        return f"Polynomial({dict(self.parts)})"

    @property
    def order(self) -> Order:
        """A key that sorts polynomials: the same in every process, unlike the hash."""
        if self._order is None:
            self._order = tuple(sorted((monomial_order(m), c) for m, c in self.parts.items()))
        return self._order

    @property
    def constant(self) -> Coefficient | None:
        """The number this is, if it is one."""
        if not self.parts:
            return 0
        return self.parts.get(ONE) if len(self.parts) == 1 else None

    @property
    def offset(self) -> Coefficient:
        """The coefficient of one."""
        return self.parts.get(ONE, 0)

    @property
    def denominator(self) -> int:
        """The least number that makes every coefficient whole."""
        return lcm(*[coefficient.denominator for coefficient in self.parts.values()])

    def symbols(self) -> frozenset[Symbol]:
        if self._symbols is None:
            self._symbols = frozenset().union(*map(symbols_of, self.atoms()))
        return self._symbols

    @property
    def length(self) -> int:
        """How much there is to write: summands, those in atoms too, and sums."""
        if not self._length:
            length = 1 + len(self.parts)
            for monomial in self.parts:
                for atom in monomial:
                    if not isinstance(atom, Symbol):
                        length += atom.length
            self._length = length
        return self._length

    def is_flat(self) -> bool:
        """Say whether it is made of symbols and floors of symbols."""
        return all(
            isinstance(atom, Symbol)
            or (isinstance(atom, Floor) and atom.numerator.is_plain() and atom.divisor.is_plain())
            for atom in self.atoms()
        )

    def is_plain(self) -> bool:
        """Say whether it is made of symbols alone."""
        return all(isinstance(atom, Symbol) for atom in self.atoms())

    def atoms(self) -> set[Atom]:
        return {atom for monomial in self.parts for atom in monomial}

    def __add__(self, other: "Polynomial") -> "Polynomial":
        parts = dict(self.parts)
        for monomial, coefficient in other.parts.items():
            parts[monomial] = parts.get(monomial, 0) + coefficient
        return Polynomial(parts)

    def __neg__(self) -> "Polynomial":
        return self.times(-1)

    def __sub__(self, other: "Polynomial") -> "Polynomial":
        return weighted(((1, self), (-1, other)))

    def plus(self, number: Coefficient) -> "Polynomial":
        return Polynomial({**self.parts, ONE: self.offset + number})

    def times(self, number: Coefficient) -> "Polynomial":
        return Polynomial({m: coefficient * number for m, coefficient in self.parts.items()})

    def __mul__(self, other: "Polynomial") -> "Polynomial":
        parts: dict[Monomial, Coefficient] = {}
        for m, a in self.parts.items():
            for n, b in other.parts.items():
                both = product(m, n)
                parts[both] = parts.get(both, 0) + a * b
        return Polynomial(parts)


def simplest(number: Coefficient) -> Coefficient:
    """Give a whole number as an int: with a Fraction all takes longer."""
    return number.numerator if number.denominator == 1 else number


def magnitude(number: Coefficient) -> Coefficient:
    return number if number >= 0 else -number


@lru_cache(maxsize=1 << 12)
def number_of(number: Coefficient) -> Polynomial:
    return Polynomial({ONE: number})


def polynomial_of(atom: Atom) -> Polynomial:
    return Polynomial({(atom,): 1})


def total(polynomials: Iterable[Polynomial]) -> Polynomial:
    return weighted((1, polynomial) for polynomial in polynomials)


def weighted(polynomials: Iterable[tuple[Coefficient, Polynomial]]) -> Polynomial:
    """Add polynomials, each as many times as said."""
    parts: dict[Monomial, Coefficient] = {}
    for times, polynomial in polynomials:
        for monomial, coefficient in polynomial.parts.items():
            parts[monomial] = parts.get(monomial, 0) + times * coefficient
    return Polynomial(parts)


def product(m: Monomial, n: Monomial) -> Monomial:
    return tuple(sorted(m + n, key=atom_order)) if m and n else m or n


def without(monomial: Monomial, factor: Monomial) -> Monomial | None:
    """Divide one monomial by another, if it is a multiple."""
    left = list(monomial)
    for atom in factor:
        if atom not in left:
            return None
        left.remove(atom)
    return tuple(left)


def over(monomial: Monomial, atom: Atom) -> Monomial:
    """Divide a monomial by one of its atoms."""
    place = monomial.index(atom)
    return monomial[:place] + monomial[place + 1 :]


@lru_cache(maxsize=1 << 14)
def atoms_in(size: Polynomial) -> int:
    """Count the atoms, those in atoms too."""
    return sum(1 + sum(map(atoms_in, sizes_in(atom))) for atom in size.atoms())


@lru_cache(maxsize=1 << 14)
def has_minima(size: Polynomial) -> bool:
    """Say whether there is a minimum in a size, or in an atom of it."""
    return any(
        isinstance(atom, Least) or any(map(has_minima, sizes_in(atom))) for atom in size.atoms()
    )


def sizes_in(atom: Atom) -> Sequence[Polynomial]:
    """List the sizes that an atom is made of, as far as we look into it."""
    if isinstance(atom, Symbol | AsWritten):
        return ()
    return atom.sizes if isinstance(atom, Least) else (atom.numerator, atom.divisor)


@lru_cache(maxsize=1 << 14)  # of a size that stays as it is written it takes long
def atom_order(atom: Atom) -> Order:
    if isinstance(atom, Symbol):
        return (0, atom.name, atom.least, repr(atom.key))
    if isinstance(atom, Least):
        return (2, *(size.order for size in atom.sizes))
    if isinstance(atom, AsWritten):
        return (4, repr(atom.term))
    return (3 if isinstance(atom, Quotient) else 1, atom.divisor.order, atom.numerator.order)


def monomial_order(monomial: Monomial) -> Order:
    return (len(monomial), *map(atom_order, monomial))


@lru_cache(maxsize=1 << 14)
def symbols_of(atom: Atom) -> frozenset[Symbol]:
    if isinstance(atom, Symbol):
        return frozenset((atom,))
    if isinstance(atom, AsWritten):
        return frozenset(symbols_of_term(atom.term))
    return frozenset().union(*(size.symbols() for size in sizes_in(atom)))
