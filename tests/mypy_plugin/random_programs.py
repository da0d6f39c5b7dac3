"""Random programs in the public API: right by construction, or with one thing changed."""

from __future__ import annotations

import random

from .building import right
from .changes import changed
from .programs import Program


def random_programs(rng: random.Random, count: int) -> list[Program]:
    """Make programs, six in ten of them changed; later ones use layers that earlier ones are."""
    programs: list[Program] = []
    known: list[Program] = []
    for number in range(count):
        program = right(rng, f"Program{number}", known[-20:])
        if rng.random() < 0.6:
            program = changed(rng, program)
        elif program.is_reusable:
            known.append(program)
        programs.append(program)
    return programs
