"""Random programs before three judges: mypy, the run, and plain arithmetic."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from typed_resnet.dims import S

from .judges import COUNTEREXAMPLE, Case, assignments, judge_statically, run
from .random_programs import random_programs

SEED = int(os.environ.get("TYPED_RESNET_SEED", random.SystemRandom().randrange(10**6)))
BATCHES = ((), (2,), (1, 2))


def test_judges_agree(tmp_path: Path, mypy_cache: Path) -> None:
    """200 programs; `TYPED_RESNET_SEED` repeats a run."""
    counts, disagreements = _judge(200, SEED, tmp_path, mypy_cache)
    print(f"seed {SEED}: {dict(counts)}")
    assert not disagreements, f"seed {SEED}\n" + "\n".join(disagreements)
    assert min(counts["accepted"], counts["counterexample"], counts["numbers"]) > 10


@pytest.mark.slow
def test_judges_agree_on_many(tmp_path: Path, mypy_cache: Path) -> None:
    """5,000 programs, or as many as `TYPED_RESNET_PROGRAMS` says."""
    total = int(os.environ.get("TYPED_RESNET_PROGRAMS", "5000"))
    counts: Counter[str] = Counter()
    disagreements = []
    for first in range(0, total, 500):
        folder = tmp_path / f"from{first}"
        folder.mkdir()
        found, wrong = _judge(min(500, total - first), SEED + first, folder, mypy_cache)
        counts += found
        disagreements += wrong
    print(f"seed {SEED}: {dict(counts)}")
    assert not disagreements, f"seed {SEED}\n" + "\n".join(disagreements)
    assert counts["programs"] == total


def _judge(count: int, seed: int, folder: Path, cache: Path) -> tuple[Counter[str], list[str]]:
    """Count the verdicts, and collect a report of each program on which judges disagree."""
    rng = random.Random(seed)
    cases, module = judge_statically(random_programs(rng, count), folder, cache)
    counts = Counter(programs=count)
    disagreements = []
    for case in cases:
        try:
            verdict, wrong = _compare(case, module, rng)
        except RuntimeError as error:
            verdict, wrong = "broken", [case.report(str(error))]
        counts[verdict] += 1
        disagreements += wrong[:1]
    return counts, disagreements


def _compare(case: Case, module: ModuleType, rng: random.Random) -> tuple[str, list[str]]:
    """Hold mypy's verdict against the run and arithmetic; return it, and what disagrees."""
    program = case.program
    verdict = _verdict(case)
    variants = (False, True) if program.optional else (False,)
    wrong = []
    outcomes = []
    chosen = assignments(rng, program, 5 if program.symbols else 1)
    for place, sizes in enumerate(chosen):
        batch = rng.choice(BATCHES) if program.has_batch and place else ()
        for absent in variants:
            truth = program.truth(sizes, batch, absent)
            said = run(module, program, sizes, batch, absent)
            at = f"run: {said}  at {sizes}, batch {batch}{', without the optional one' * absent}"
            if truth in ("right", "wrong") and (said is not None) != (truth == "wrong"):
                wrong.append(case.report(f"arithmetic: {truth}", at))
            outcomes.append((truth, said, at))
    failed = [said for _, said, _ in outcomes if said is not None]
    runs = [at for _, _, at in outcomes]
    exact = not program.symbols and not program.has_batch
    exact = exact and all(truth != "refused" for truth, _, _ in outcomes)
    if verdict == "accepted" and any(truth == "wrong" for truth, _, _ in outcomes):
        wrong.append(case.report(*runs, "accepted, and wrong"))
    if verdict == "accepted" and exact and failed:
        wrong.append(case.report(*runs, "accepted, and refused by the run"))
    if verdict == "numbers" and not failed:
        wrong.append(case.report(*runs, "refused, and right"))
    if verdict == "numbers" and exact and not _same_sentence(case, failed):
        wrong.append(case.report(*runs, "not the same sentence"))
    if verdict == "counterexample":
        wrong += _compare_counterexample(case, module, chosen[0], variants)
    if verdict == "other":
        wrong.append(case.report("not a message about sizes"))
    if verdict == "not proved" and S not in program.symbols:
        wrong.append(case.report(*runs, "not decided, and no size is divided by a size"))
    elif verdict not in ("accepted", "not proved") and not program.changed:
        wrong.append(case.report(*runs, "right by construction"))
    return verdict, wrong


def _same_sentence(case: Case, said: list[str]) -> bool:
    """Compare mypy's sentence with the run's, which names the function that returns.

    Sizes below one stand in annotations, of which the run sees only the values.
    """
    sentences = [message.text for message in case.first]
    return any(
        sentence.endswith("got 0") or any(one.endswith(sentence) for one in said)
        for sentence in sentences
    )


def _verdict(case: Case) -> str:
    if not case.messages:
        return "accepted"
    text, code = case.first[0].text, case.first[0].code
    if code not in ("shape", "shape-range") and not text.startswith(("returns ", "is given ")):
        return "other"
    if "not proved" in text:
        return "not proved"
    return "counterexample" if case.counterexample is not None else "numbers"


def _compare_counterexample(
    case: Case, module: ModuleType, sizes: dict[str, int], variants: tuple[bool, ...]
) -> list[str]:
    """Run a program at the sizes that mypy names: it must fail there, with mypy's numbers."""
    found = COUNTEREXAMPLE.search(case.first[0].text)
    assert found is not None
    at = {**sizes, **(case.counterexample or {})}
    said = [run(module, case.program, at, (), absent) for absent in variants]
    if all(one is None for one in said):
        return [case.report(f"accepted by the run at {at}")]
    if any(case.program.truth(at, (), absent) == "wrong" for absent in variants):
        numbers = {found["first"], found["second"]}
        # A declared size below one is refused before the body runs, or its window is.
        none_is_declared = case.program.declared(at, ()) is None
        small = none_is_declared or any(int(number) < 1 for number in numbers)
        size = r"\w+ -?\d+" if small else r"\w+ -\d+"
        undeclared = re.compile(rf"which is less than 1$|window \d+ does not fit {size} ")
        plain = [one for one in said if one and not undeclared.search(one)]
        if plain and not any(numbers <= set(re.findall(r"-?\d+", one)) for one in plain):
            return [case.report(f"run: {said} at {at}", "not mypy's numbers")]
    return []
