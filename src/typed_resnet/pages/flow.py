"""The flow of shapes through each function of a file, read off its source.

Each call and sum whose type is a tensor is a step; what a name was given last is what is taken
under it. Loops are drawn once, branches one after another, each in a frame that says so.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from typed_resnet.drawing import Flow, Kind, Step
from typed_resnet.hints import Analysis, Range, Severity
from typed_resnet.pages.text import range_of

TENSOR: Final = re.compile(r"\bTensor(\[[^\[\]]*\])")
LAYER: Final = re.compile(r"(?!Tensor\b|tuple\b|type\b)\w+(\[.*\])?")
"""The type of a layer: it has a name, as a function's has not."""
UNKNOWN: Final = "?"
SIGNS: Final[Mapping[type[ast.operator], str]] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "×"}
LONGEST: Final = 40
"""So many letters of a condition or a name are written."""

Sources = tuple[int, ...]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def flows(tree: ast.Module, lines: Sequence[str], analysis: Analysis) -> Iterator[Flow]:
    """Draw each function in which something is made of tensors, and the module itself."""
    known = _Known(lines, analysis)
    for title, body, parameters in _bodies(tree, ""):
        reading = _Reading(known)
        reading.parameters(parameters, body)
        reading.statements(body)
        if any(step.kind != "input" for step in reading.steps):
            yield Flow(title, tuple(reading.steps))


def _bodies(
    node: ast.Module | ast.ClassDef | Function, name: str
) -> Iterator[tuple[str, Sequence[ast.stmt], Sequence[ast.arg]]]:
    """Walk the functions of a file by their full names; the module's own statements come last."""
    for inner in node.body:
        if isinstance(inner, ast.ClassDef | Function):
            yield from _bodies(inner, f"{name}.{inner.name}".removeprefix("."))
    if isinstance(node, Function):
        arguments = node.args
        yield name, node.body, [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    elif isinstance(node, ast.Module):
        yield "module", node.body, []


class _Known:
    """What is known of expressions, by where they stand."""

    def __init__(self, lines: Sequence[str], analysis: Analysis) -> None:
        self.lines = lines
        self.types = {item.range: item.type for item in analysis.expressions}
        self.errors = [d.range for d in analysis.diagnostics if d.severity is Severity.ERROR]

    def range(self, node: ast.expr) -> Range:
        return range_of(node, self.lines)

    def type(self, node: ast.expr) -> str | None:
        return self.types.get(self.range(node))

    def shape(self, node: ast.expr) -> str | None:
        """Find the shape of an expression: of a tuple, that of the first tensor in it."""
        found = TENSOR.search(self.type(node) or "")
        return found[1] if found and "->" not in (self.type(node) or "") else None

    def is_wrong(self, node: ast.expr) -> bool:
        """Say whether an error is about this expression, and about no step inside it."""
        inner = [
            n for n in ast.walk(node) if n is not node and isinstance(n, ast.Call | ast.BinOp)
        ]
        return any(
            self.range(node).holds(error.start)
            and not any(
                self.range(i).holds(error.start) and self.range(i).holds(error.end) for i in inner
            )
            for error in self.errors
        )


class _Reading:
    """Reads the body of one function."""

    def __init__(self, known: _Known) -> None:
        self.known = known
        self.steps: list[Step] = []
        self.places: dict[str, Sources] = {}
        self.groups: tuple[str, ...] = ()

    def parameters(self, parameters: Sequence[ast.arg], body: Sequence[ast.stmt]) -> None:
        """Begin with the parameters that are tensors, as the body first takes them."""
        names = [node for part in body for node in ast.walk(part) if isinstance(node, ast.Name)]
        for parameter in parameters:
            used = [node for node in names if node.id == parameter.arg]
            shapes = [shape for node in used if (shape := self.known.shape(node)) is not None]
            if shapes:
                self.places[parameter.arg] = (len(self.steps),)
                self.steps.append(Step(parameter.arg, "input", shapes[0]))

    def statements(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                return
            case ast.Assign(targets=targets, value=value):
                self._bind(targets, self._sources(value))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind([target], self._sources(value))
            case ast.AugAssign(target=target, op=op, value=value):
                self._bind([target], self._sum(target, op, [target, value]))
            case ast.For(target=target, iter=items, body=body):
                self._sources(items)
                with self._group(f"for {ast.unparse(target)} in {ast.unparse(items)}"):
                    self.statements(body)
            case ast.If(test=test, body=body, orelse=orelse):
                self._sources(test)
                with self._group(f"if {ast.unparse(test)}"):
                    self.statements(body)
                if orelse:
                    with self._group("else"):
                        self.statements(orelse)
            case ast.With(body=body) | ast.While(body=body) | ast.Try(body=body):
                self.statements(body)
            case _:
                for part in ast.iter_child_nodes(statement):
                    if isinstance(part, ast.expr):
                        self._sources(part)

    def _bind(self, targets: Sequence[ast.expr], sources: Sources) -> None:
        for target in targets:
            for name in ast.walk(target):
                if isinstance(name, ast.Name):
                    self.places[name.id] = sources

    @contextmanager
    def _group(self, label: str) -> Iterator[None]:
        outer = self.groups
        self.groups = (*outer, _short(label))
        yield
        self.groups = outer

    def _sources(self, node: ast.expr) -> Sources:
        """Say which steps an expression comes from; those in it are put down on the way."""
        match node:
            case ast.Name(id=name):
                return self.places.get(name, ())
            case ast.Call():
                return self._call(node)
            case ast.BinOp(left=left, right=right, op=op):
                return self._sum(node, op, [left, right])
            case ast.NamedExpr(target=target, value=value):
                sources = self._sources(value)
                self._bind([target], sources)
                return sources
            case ast.Lambda():
                return ()
        return self._all(part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))

    def _all(self, nodes: Iterator[ast.expr] | Sequence[ast.expr]) -> Sources:
        found = [source for node in nodes for source in self._sources(node)]
        return tuple(dict.fromkeys(found))

    def _call(self, node: ast.Call) -> Sources:
        sources = self._all([node.func, *node.args, *(word.value for word in node.keywords)])
        wrong = self.known.is_wrong(node)
        shape = self.known.shape(node)
        if shape is None and not (wrong and sources):
            return sources if self.known.type(node) is None else ()
        callee = self.known.type(node.func) or ""
        name = _short(ast.unparse(node.func).removeprefix("self."))
        is_layer = LAYER.fullmatch(callee) is not None
        kind: Kind = "layer" if is_layer else "function"
        lines = (callee,) if is_layer else ()
        return self._step(node, name, "wrong" if wrong else kind, shape, sources, lines)

    def _sum(self, node: ast.expr, op: ast.operator, operands: Sequence[ast.expr]) -> Sources:
        sources = self._all(operands)
        wrong = self.known.is_wrong(node)
        shape = self.known.shape(node)
        if shape is None and not (wrong and sources):
            return sources
        return self._step(
            node, SIGNS.get(type(op), "·"), "wrong" if wrong else "sum", shape, sources, ()
        )

    def _step(
        self,
        node: ast.expr,
        name: str,
        kind: Kind,
        shape: str | None,
        sources: Sources,
        lines: tuple[str, ...],
    ) -> Sources:
        title = f"line {node.lineno}: {_short(ast.unparse(node), 2 * LONGEST)}"
        shown = UNKNOWN if shape is None or kind == "wrong" else shape
        self.steps.append(Step(name, kind, shown, sources, lines, self.groups, title))
        return (len(self.steps) - 1,)


def _short(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
