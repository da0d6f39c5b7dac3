"""Write programs as Python."""

from __future__ import annotations

from .programs import LayerUse, Program
from .sizes import expression, symbols, text, value

PREAMBLE = '''"""Random programs."""

import numpy as np
from typing import Generic, TypeVar
from typing import Literal as L

from typed_resnet import (
    BatchNorm2D, Conv2D, Layer, Linear, MaxPool2D, ResNetBlock, Tensor,
    global_avg_pool2d, pad_channels, relu, slice_channels, typed,
)
from typed_resnet.dims import (
    Add, B, C, CeilDiv, Cin, ConvOut, Cout, ExactDiv, FloorDiv, H, Max, Min, Mul, N, P, S, Sub, W,
)
from typed_resnet.layers import fit, subsample

C1 = TypeVar("C1", bound=int)
C2 = TypeVar("C2", bound=int)


@typed
def concat(x: Tensor[*B, C1, H, W], y: Tensor[*B, C2, H, W]) -> Tensor[*B, Add[C1, C2], H, W]:
    return Tensor(np.concatenate([x.array, y.array], axis=-3))


@typed
def crop(x: Tensor[*B, C, Add[H, L[2]], Add[W, L[2]]]) -> Tensor[*B, C, H, W]:
    return Tensor(x.array[..., 1:-1, 1:-1])


@typed
def enlarge(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, Mul[L[2], H], Mul[L[2], W]]:
    return Tensor(x.array.repeat(2, axis=-1).repeat(2, axis=-2))


@typed
def turn(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, W, H]:
    return Tensor(x.array.swapaxes(-1, -2))


@typed
def flatten(x: Tensor[*B, C, H, W]) -> Tensor[*B, Mul[C, Mul[H, W]]]:
    return Tensor(x.array.reshape(*x.array.shape[:-3], -1))
'''


def written(program: Program) -> str:
    """Write a program as Python."""
    is_layer = program.style == "layer"
    ints = {s for step in program.steps for size in step.numbers for s in symbols(size)}
    parameters = [f"{name}: Tensor[{', '.join(map(text, shape)) or '()'}]"
                  for name, shape in program.inputs.items()]  # fmt: skip
    parameters += [f"{s.__name__.lower()}: {s.__name__}" for s in sorted(ints, key=str)]
    lines: list[str] = []
    indent = "    "
    returns = f"Tensor[{', '.join(map(text, program.returns)) or '()'}]"
    fields = [f"{name}: {use.hint}" for name, use in program.layers.items()]
    if is_layer:
        generic = f", Generic[{', '.join(map(text, program.owned))}]" if program.owned else ""
        lines.append(f"class {program.name}(Layer{generic}):")
        lines += [indent + line for line in fields]
        lines += ["", f"{indent}def __call__(self, {', '.join(parameters)}) -> {returns}:"]
        indent *= 2
    elif program.style == "make":
        lines.append(f"def {program.name}(rng: np.random.Generator) -> {returns}:")
        lines += [f"{indent}{name} = {_made(use)}" for name, use in program.layers.items()]
        lines += [f"{indent}{name} = Tensor.zeros({', '.join(map(expression, shape))})"
                  for name, shape in program.inputs.items()]  # fmt: skip
    else:
        lines.append(f"def {program.name}({', '.join(fields + parameters)}) -> {returns}:")
    return "\n".join([*lines, *(indent + line for line in _body(program))])


def _made(use: LayerUse) -> str:
    numbers = [str(value(size, {})) for size in use.sizes]
    if use.kind == "Conv2D":
        cin, cout, k, s, p = numbers
        one = f"Conv2D.init(rng, {cin}, {cout}, {k}, stride={s}, padding={p})"
    elif use.kind == "MaxPool2D":
        one = f"MaxPool2D({numbers[0]}, stride={numbers[1]}, padding={numbers[2]})"
    elif use.kind == "BatchNorm2D":
        one = f"BatchNorm2D.init({numbers[0]})"
    else:
        one = f"{use.kind}.init(rng, {', '.join(numbers)})"
    return f"({one}, {one})" if use.form == "tuple" else one


def _body(program: Program) -> list[str]:
    owner = "self." if program.style == "layer" else ""
    inline: dict[str, str] = {}
    lines: list[str] = []
    for place, step in enumerate(program.steps):
        of = [inline.get(name, name) for name in step.of]
        use = program.layers.get(step.call)
        last = place == len(program.steps) - 1
        if use is not None and use.form == "tuple":
            lines += [f"{step.to} = {of[0]}", f"for block{place} in {owner}{step.call}:"]
            lines += [f"    {step.to} = block{place}({step.to})"]
            if last:
                lines.append(f"return {step.to}")
            continue
        if use is not None and use.form == "optional":
            final = program.steps[-1].of
            sign = program.steps[-1].call
            lines += [f"if {owner}{step.call} is None:"]
            lines += [f"    return {final[0]} {sign} {of[0]}"]
            inline[step.to] = f"{owner}{step.call}({of[0]})"
            continue
        if step.call in "+-*":
            made = f" {step.call} ".join(of)
        else:
            name = step.call if use is None else owner + step.call
            made = f"{name}({', '.join([*of, *map(expression, step.numbers)])})"
        if last:
            lines.append(f"return {made}")
        elif place in program.inlined:
            inline[step.to] = f"({made})" if step.call in "+-*" else made
        else:
            lines.append(f"{step.to} = {made}")
    return lines
