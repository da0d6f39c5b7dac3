"""Symbols and operators by short names, for tables of sizes."""

from typed_resnet.dims.term import Operation, Symbol, Term

C, C1, C2, H, K, S, W = (Symbol(name) for name in ("C", "C1", "C2", "H", "K", "S", "W"))
P = Symbol("P", 0)


def add(*terms: Term) -> Term:
    first, *others = terms
    for other in others:
        first = Operation("Add", (first, other))
    return first


def sub(a: Term, b: Term) -> Term:
    return Operation("Sub", (a, b))


def mul(*terms: Term) -> Term:
    first, *others = terms
    for other in others:
        first = Operation("Mul", (first, other))
    return first


def div(a: Term, b: Term) -> Term:
    return Operation("FloorDiv", (a, b))


def ceil(a: Term, b: Term) -> Term:
    return Operation("CeilDiv", (a, b))


def exact(a: Term, b: Term) -> Term:
    return Operation("ExactDiv", (a, b))


def least(*terms: Term) -> Term:
    first, *others = terms
    for other in others:
        first = Operation("Min", (first, other))
    return first


def most(*terms: Term) -> Term:
    first, *others = terms
    for other in others:
        first = Operation("Max", (first, other))
    return first


def window(h: Term, k: Term, s: Term, p: Term) -> Term:
    return Operation("ConvOut", (h, k, s, p))
