"""The hints of every example, compared with the arrays of its run.

An example is run with a probe at each hint. What the hint says, with the numbers of the call put
for its symbols, is the shape of the array that is there, or the layer's own account of its sizes.
The numbers are read off the arguments of the function that the hint stands in.
"""

from __future__ import annotations

import ast
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import FrameType, ModuleType

import pytest

from typed_resnet import Layer, Tensor
from typed_resnet.hints import Hint, Kind, Session
from typed_resnet.runtime import layer_sizes

ROOT = Path(__file__).parents[2]
EXAMPLES = ["lenet", "mixer", "own_block", "unet"]
"""photo is the summary's test; the rest have a `main` of a few seconds."""

Numbers = dict[str, int | tuple[int, ...]]


class Probes(ast.NodeTransformer):
    """Puts a probe at each hint: around a call, or after a name has its value."""

    def __init__(self, lines: Sequence[str], hints: Sequence[Hint]) -> None:
        self.lines = lines
        self.ends = {
            (hint.kind is Kind.CALL, hint.range.end.line, hint.range.end.column): number
            for number, hint in enumerate(hints)
        }

    def number(self, node: ast.expr) -> int | None:
        line, end = (node.end_lineno or 0) - 1, node.end_col_offset or 0
        column = len(self.lines[line].encode()[:end].decode())
        return self.ends.get((isinstance(node, ast.Call), line, column))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        number = self.number(node)
        self.generic_visit(node)
        return node if number is None else probe(number, node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.body[:0] = ast.parse("__arguments__ = dict(locals())").body
        return node

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        self.generic_visit(node)
        return [node, *self.after(*node.targets)]

    def visit_For(self, node: ast.For) -> ast.AST:
        self.generic_visit(node)
        node.body[:0] = self.after(node.target)
        return node

    def after(self, *targets: ast.expr) -> list[ast.stmt]:
        names = [n for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
        numbered = [(number, n) for n in names if (number := self.number(n)) is not None]
        return [
            ast.Expr(probe(number, ast.Name(name.id, ast.Load()))) for number, name in numbered
        ]


def probe(number: int, value: ast.expr) -> ast.Call:
    return ast.Call(ast.Name("__probe__", ast.Load()), [ast.Constant(number), value], [])


def numbers(frame: FrameType, functions: Mapping[tuple[str, int], ast.FunctionDef]) -> Numbers:
    """Read off the arguments of a call what its symbols are."""
    function = functions.get((frame.f_code.co_name, frame.f_code.co_firstlineno))
    arguments = frame.f_locals.get("__arguments__", {})
    found: Numbers = {}
    for argument in function.args.args if function is not None else []:
        value, declared = arguments[argument.arg], argument.annotation
        if isinstance(value, Layer):
            found |= layer_sizes(value)
        elif isinstance(value, int) and isinstance(declared, ast.Name):
            found[declared.id] = value
        elif isinstance(value, Tensor) and isinstance(declared, ast.Subscript):
            written = declared.slice
            axes = written.elts if isinstance(written, ast.Tuple) else [written]
            run = next((i for i, axis in enumerate(axes) if isinstance(axis, ast.Starred)), 0)
            length = len(value.shape) - len(axes) + 1
            sizes = list(value.shape)
            if axes and isinstance(axes[run], ast.Starred):
                star = ast.unparse(axes[run]).removeprefix("*")
                found[star] = tuple(sizes[run : run + length])
                sizes[run : run + length] = [0]
            for axis, size in zip(axes, sizes, strict=True):
                match axis:
                    case ast.Name(id=name):
                        found[name] = size
                    case ast.Subscript(
                        value=ast.Name(id="Mul"),
                        slice=ast.Tuple(elts=[ast.Subscript(slice=ast.Constant(value=n)),
                                              ast.Name(id=name)]),
                    ):  # fmt: skip
                        found[name] = size // n
    return found


def put(text: str, known: Numbers) -> str:
    """Put numbers for the symbols of a type: `Tensor[*B, ⌈H/S⌉]` is `Tensor[5, 16]`."""
    name, _, inside = text.removesuffix("]").partition("[")
    sizes: list[int] = []
    for axis in re.split(r",\s*(?![^(]*\))", inside) if inside not in ("", "()") else []:
        if axis.startswith("*"):
            run = known[axis[1:]]
            assert isinstance(run, tuple)
            sizes += run
            continue
        code = axis.replace("⌈", "ceil(").replace("⌉", ")")
        exact = {k: Fraction(v) for k, v in known.items() if isinstance(v, int)}
        value = eval(code, {"ceil": math.ceil, "min": min, "max": max}, exact)
        assert value == int(value), axis
        sizes.append(int(value))
    return f"{name}[{', '.join(map(str, sizes)) or '()'}]"


def actual(value: object) -> str | None:
    """Say what a value really is; what is neither a tensor nor a layer is not compared."""
    if isinstance(value, Tensor):
        return f"Tensor[{', '.join(map(str, value.shape)) or '()'}]"
    return repr(value) if isinstance(value, Layer) else None


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        yield Session()


@pytest.mark.parametrize("name", EXAMPLES)
def test_hints_are_what_the_run_gives(name: str, session: Session) -> None:
    path = ROOT / "examples" / f"{name}.py"
    text = path.read_text("utf-8")
    analysis = session.analyse(str(path))
    assert analysis.diagnostics == ()
    tree = ast.parse(text)
    functions = {
        (node.name, node.lineno): node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    seen: set[int] = set()
    wrong: list[tuple[str, str, str]] = []

    def look(number: int, value: object) -> object:
        real = actual(value)
        if real is not None:
            hint = analysis.hints[number]
            said = put(hint.type, numbers(sys._getframe(1), functions))
            seen.add(number)
            if said != real:
                wrong.append((hint.type, said, real))
        return value

    changed = ast.fix_missing_locations(Probes(text.splitlines(), analysis.hints).visit(tree))
    module = ModuleType(f"probed_{name}")
    sys.modules[module.__name__] = module
    vars(module)["__probe__"] = look
    try:
        exec(compile(changed, str(path), "exec"), vars(module))
        vars(module)["main"]()
    finally:
        del sys.modules[module.__name__]
    assert wrong == []
    comparable = {
        number
        for number, hint in enumerate(analysis.hints)
        if re.fullmatch(r"Tensor\[[^|]*\]", hint.type)
    }
    unseen = comparable - seen
    assert [analysis.hints[number] for number in sorted(unseen)] == []
    assert seen
