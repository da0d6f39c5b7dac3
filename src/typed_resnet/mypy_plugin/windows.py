"""Read a window back from the normal form into which its annotation was put.

Of `ConvOut[H, Add[Mul[D, Sub[K, L[1]]], L[1]], S, P]` mypy keeps ⌈(H + 2P + D - D K)/S⌉, and a
sentence about it shall name the window that does not fit, as the run does, not a size of nought.
"""

from __future__ import annotations

from collections.abc import Mapping

from mypy.maptype import map_instance_to_supertype
from mypy.types import CallableType, Instance

from typed_resnet.dims.matching import Axis, symbols_of
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.term import Operation, Symbol, Term, put_into
from typed_resnet.mypy_plugin.signatures import Callee
from typed_resnet.mypy_plugin.translate import Reader


def window_of(
    callee: Callee, signature: CallableType, place: int, axis: int, known: Mapping[Symbol, Dim]
) -> Term | None:
    """Give an axis of a result as the window it was declared by, its sizes filled in."""
    reader = Reader()
    declared = callee.declared_result(signature, place)
    axes = reader.axes(declared.args) if isinstance(declared, Instance) else ()
    window = _window(axes[axis]) if axis < len(axes) else None
    if window is None:
        return None
    sizes: dict[str, Term] = {symbol.name: size.term for symbol, size in known.items()}
    if isinstance(callee.receiver, Instance):
        sizes |= _of_owner(callee.receiver, callee.name)
    symbols = {symbol for term in window for symbol in symbols_of(term)}
    if not sizes.keys() >= {symbol.name for symbol in symbols}:
        return None
    put = {symbol: sizes[symbol.name] for symbol in symbols}
    return Operation("ConvOut", tuple(put_into(term, put) for term in window))


def _of_owner(receiver: Instance, method: str) -> dict[str, Term]:
    """Name the sizes of the class that has a method, as those of the receiver."""
    owner = next((base for base in receiver.type.mro if method in base.names), receiver.type)
    arguments = map_instance_to_supertype(receiver, owner).args
    terms = zip(owner.type_vars, map(Reader().term, arguments), strict=False)
    return {name: term for name, term in terms if term is not None}


def _window(size: Axis) -> tuple[Term, Term, Term, Term] | None:
    """Take (h + 2p - k)//s + 1 apart, where h and p are symbols, and p may be nought."""
    match size:
        case Operation("CeilDiv", (above, stride)):  # ⌈(h + 2p - k + 1)/s⌉
            room: Term = Operation("Sub", (above, 1))
        case Operation("Add", (Operation("FloorDiv", (room, stride)), 1)):
            pass
        case _:
            return None
    symbols = sorted(set(symbols_of(room)))
    for padding in [symbol for symbol in symbols if not symbol.least]:
        for extent in [symbol for symbol in symbols if symbol.least]:
            padded = Operation("Add", (extent, Operation("Mul", (2, padding))))
            window = normal_form(Operation("Sub", (padded, room))).term
            if not {extent, padding} & set(symbols_of(window)):
                return extent, window, stride, padding
    return None
