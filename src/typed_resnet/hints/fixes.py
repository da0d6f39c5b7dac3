"""Changes of a text that are certain: to declare what is inferred, to write a size shorter."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from mypy.nodes import AssignmentStmt, MypyFile, NameExpr, TypeVarExpr
from mypy.types import Instance, Type, get_proper_type

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.printer import show
from typed_resnet.dims.term import OPERATORS, Operation, Symbol, Term, Undefined
from typed_resnet.hints.calls import Typed
from typed_resnet.hints.columns import range_of
from typed_resnet.hints.inlay import statements
from typed_resnet.hints.model import Fix, Position, Range
from typed_resnet.mypy_plugin.classes import is_tensor, size_parameters
from typed_resnet.mypy_plugin.translate import Reader

_OPERATORS = "typed_resnet.dims.operators."
_LITERALS = ("typing.Literal", "typing_extensions.Literal")


class _UnspeakableError(Exception):
    """The file has no name for a part of the type."""


class Speller:
    """Writes types in the names that a file has for them."""

    def __init__(self, tree: MypyFile) -> None:
        self.names: dict[str, str] = {}
        for name, symbol in tree.names.items():
            if symbol.fullname:
                self.names.setdefault(symbol.fullname, name)

    def type(self, typ: Type) -> str:
        """Write a Tensor, or a class whose parameters are all sizes, as it is declared."""
        proper = get_proper_type(typ)
        if not isinstance(proper, Instance) or not proper.args:
            raise _UnspeakableError
        sizes = {place for place, _ in size_parameters(proper.type)}
        if not is_tensor(proper.type) and len(sizes) != len(proper.args):
            raise _UnspeakableError
        reader = Reader()
        axes = [self.axis(axis) for axis in reader.axes(proper.args)]
        unknown = {s.name for s in reader.variables if s.name not in self.names.values()}
        if unknown:
            raise _UnspeakableError
        return f"{self._name(proper.type.fullname)}[{', '.join(axes)}]"

    def axis(self, axis: Axis) -> str:
        match axis:
            case None | Star(symbol=None):
                raise _UnspeakableError
            case Star(symbol=symbol):
                return f"*{symbol}"
        return self.size(axis)

    def size(self, term: Term) -> str:
        """Write a size: `CeilDiv[H, L[2]]`."""
        if isinstance(term, int):
            return f"{self._literal()}[{int(term)}]"
        if isinstance(term, Operation):
            arguments = ", ".join(map(self.size, term.arguments))
            return f"{self._name(_OPERATORS + term.operator)}[{arguments}]"
        return term.name

    def _literal(self) -> str:
        found = [self.names[name] for name in _LITERALS if name in self.names]
        if not found:
            raise _UnspeakableError
        return found[0]

    def _name(self, fullname: str) -> str:
        if fullname not in self.names:
            raise _UnspeakableError
        return self.names[fullname]


def declarations(tree: MypyFile, types: Typed, lines: Sequence[str]) -> Iterator[Fix]:
    """Offer to declare each variable whose type holds sizes."""
    speller = Speller(tree)
    for statement, _ in statements(tree):
        if not isinstance(statement, AssignmentStmt) or statement.unanalyzed_type is not None:
            continue
        target, typ = statement.lvalues[0], types.get(statement.rvalue)
        if len(statement.lvalues) > 1 or not isinstance(target, NameExpr) or typ is None:
            continue
        try:
            written = speller.type(typ)
        except _UnspeakableError:
            continue
        end = range_of(target, lines).end
        yield Fix(f"Declare {target.name}: {written}", Range(end, end), f": {written}")


def shorter_sizes(tree: MypyFile, text: str, lines: Sequence[str]) -> Iterator[Fix]:
    """Offer to write each size in an annotation as short as it can be."""
    speller = Speller(tree)
    meant = {local: fullname for fullname, local in speller.names.items()}
    reader = _Written(meant, tree)
    try:
        module = ast.parse(text)
    except SyntaxError:
        return
    for node in _outermost(module, reader):
        term = reader.term(node)
        if term is None or node.end_lineno != node.lineno:
            continue
        line = lines[node.lineno - 1]
        place = Range(
            Position(node.lineno - 1, _characters(line, node.col_offset)),
            Position(node.lineno - 1, _characters(line, node.end_col_offset or 0)),
        )
        before = line[place.start.column : place.end.column]
        try:
            size = normal_form(term)
            after = speller.size(size.term)
        except (Undefined, _UnspeakableError):
            continue
        if len(after) < len(before):
            yield Fix(f"Write {show(term)} as {show(size)}: {after}", place, after)


def _outermost(node: ast.AST, reader: _Written) -> Iterator[ast.Subscript]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Subscript) and reader.operator(child) is not None:
            yield child
        else:
            yield from _outermost(child, reader)


class _Written:
    """Reads sizes as a file writes them."""

    def __init__(self, meant: Mapping[str, str], tree: MypyFile) -> None:
        self.meant = meant
        self.tree = tree

    def operator(self, node: ast.Subscript) -> str | None:
        if not isinstance(node.value, ast.Name):
            return None
        fullname = self.meant.get(node.value.id, "")
        name = fullname.removeprefix(_OPERATORS)
        return name if fullname.startswith(_OPERATORS) and name in OPERATORS else None

    def term(self, node: ast.expr) -> Term | None:
        match node:
            case ast.Constant(value=int() as number) if not isinstance(number, bool):
                return number
            case ast.Name(id=name):
                return Symbol(name, self._least(name))
            case ast.Subscript(value=ast.Name(id=name)) if self.meant.get(name) in _LITERALS:
                return self.term(node.slice)
            case ast.Subscript():
                operator = self.operator(node)
                written = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                terms = [term for n in written if (term := self.term(n)) is not None]
                if operator is None or len(terms) != OPERATORS[operator]:
                    return None
                return Operation(operator, tuple(terms))
        return None

    def _least(self, name: str) -> int:
        """Say how small a variable may be; what is not known may be nought."""
        symbol = self.tree.names.get(name)
        node = symbol.node if symbol is not None else None
        bound = get_proper_type(node.upper_bound) if isinstance(node, TypeVarExpr) else None
        is_size = isinstance(bound, Instance) and bound.type.fullname == "builtins.int"
        return 1 if is_size else 0


def _characters(line: str, byte: int) -> int:
    return len(line.encode()[:byte].decode())
