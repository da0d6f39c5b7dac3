"""Change one thing of a program, wherever that leads."""

from __future__ import annotations

import copy
import random
from typing import Literal, TypeVar, get_args, get_origin

from typed_resnet import dims
from typed_resnet.dims import Add, CeilDiv, FloorDiv, H, W

from .building import CHANNELS, written_as_int
from .programs import Program
from .sizes import BATCH, Shape, Size


def changed(rng: random.Random, program: Program) -> Program:
    """Change one thing, wherever it leads."""
    while True:
        other = _changed_once(rng, program)
        ints = (number for step in other.steps for number in step.numbers)
        if other.is_bound and all(map(written_as_int, ints)):
            return other


def _changed_once(rng: random.Random, program: Program) -> Program:
    other = copy.deepcopy(program)
    change = rng.choice((_change_layer, _change_layer, _change_layer, _change_wire, _change_input,
                         _change_result, _change_result, _drop_step, _change_number))  # fmt: skip
    other.changed = change(rng, other) or "nothing"
    return other


def _near(rng: random.Random, size: Size, least: int = 0) -> Size:
    """Give another size instead."""
    if isinstance(size, TypeVar):
        choices = {"S": (Literal[1], Literal[2]), "H": (W, Add[H, 1]), "W": (H, Add[W, 1])}
        more = (Literal[rng.randint(1, 8)], Add[size, 1], *CHANNELS)
        return rng.choice([s for s in choices.get(size.__name__, more) if s is not size])
    if get_origin(size) is Literal:
        return Literal[max(least, get_args(size)[0] + rng.choice((-2, -1, -1, 1, 1, 2)))]
    arguments = list(get_args(size))
    name = get_origin(size).__name__
    if name in ("CeilDiv", "FloorDiv") and rng.random() < 0.5:
        return (FloorDiv if name == "CeilDiv" else CeilDiv)[tuple(arguments)]
    place = rng.randrange(len(arguments))
    if name in ("FloorDiv", "CeilDiv", "ExactDiv", "ConvOut") and place in (1, 2):
        return Add[size, 1]
    arguments[place] = _near(rng, arguments[place])
    return getattr(dims, name)[tuple(arguments)]


def _some(rng: random.Random, shape: Shape) -> int | None:
    places = [i for i, size in enumerate(shape) if size is not BATCH]
    return rng.choice(places) if places else None


def _replaced(rng: random.Random, shape: Shape, least: int = 0) -> Shape:
    place = _some(rng, shape)
    if place is None:
        return shape
    return (*shape[:place], _near(rng, shape[place], least), *shape[place + 1 :])


def _change_layer(rng: random.Random, program: Program) -> str:
    single = [use for use in program.layers.values() if use.form != "tuple"]
    if not single:
        return ""
    use = rng.choice(single)
    if use.kind in ("Conv2D", "Linear") and rng.random() < 0.2:
        use.sizes = (use.sizes[1], use.sizes[0], *use.sizes[2:])
    else:
        use.sizes = _replaced(rng, use.sizes)
    return f"layer {use.hint}"


def _change_wire(rng: random.Random, program: Program) -> str:
    # The last step of a program with an optional layer is written twice, and must stay as it is.
    steps = [step for step in program.steps if step.of and step.to != program.result]
    if not program.optional:
        steps.append(program.steps[-1])
    step = rng.choice(steps)
    before = [*program.inputs, *(s.to for s in program.steps[: program.steps.index(step)])]
    place = rng.randrange(len(step.of))
    step.of[place] = rng.choice(before)
    program.inlined = frozenset()
    return f"wire {step}"


def _change_input(rng: random.Random, program: Program) -> str:
    name = rng.choice(list(program.inputs))
    shape = program.inputs[name]
    if rng.random() < 0.3:
        place = _some(rng, shape) or 0
        program.inputs[name] = (*shape[:place], *shape[place + 1 :])
    else:
        program.inputs[name] = _replaced(rng, shape, least=1)
    return f"input {name}"


def _change_result(rng: random.Random, program: Program) -> str:
    if len(program.returns) > 2 and rng.random() < 0.3:
        *before, left, right = program.returns
        program.returns = (*before, right, left)
    elif rng.random() < 0.1:
        program.returns = program.returns[:-1]
    else:
        program.returns = _replaced(rng, program.returns)
    return "result"


def _drop_step(rng: random.Random, program: Program) -> str:
    steps = [step for step in program.steps[:-1] if step.of]
    if not steps:
        return ""
    step = rng.choice(steps)
    program.steps.remove(step)
    for later in program.steps:
        later.of = [step.of[0] if name == step.to else name for name in later.of]
    program.inlined = frozenset()
    return f"dropped {step}"


def _change_number(rng: random.Random, program: Program) -> str:
    counted = [step for step in program.steps if step.numbers]
    if not counted:
        return ""
    step = rng.choice(counted)
    step.numbers = _replaced(rng, step.numbers, least=int(step.call == "Tensor.zeros"))
    return f"number {step}"
