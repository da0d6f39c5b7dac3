"""Random pairs of sizes before a judge that shares nothing with the algebra.

    python -m tests.dims.pairs FAMILY SEED FIRST END [--log FILE]

judges the pairs FIRST .. END - 1 of a seed and prints what was found: pair number i of a family
and a seed is always the same. With a log, each ten thousand is written there when done, and left
out when it stands there already, of the same sources.

Families: `fragment`, of which every pair must be decided; `minima`, the same with nested minima;
`fractions`, the same with exact divisions in floors in floors; `products`, outside the fragment,
where "not proved" is an answer, but a wrong one is not; `tangles`, of which nothing need be
proved, and which are asked other questions, too.
"""

import argparse
import gc
import hashlib
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np

from typed_resnet.dims.answers import Different, Equal
from typed_resnet.dims.decision import decide
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.printer import show
from typed_resnet.dims.ranges import Always, Never, at_least
from typed_resnet.dims.term import Term, Undefined

from .judge import (
    Marks,
    Numbers,
    Values,
    at_one,
    point,
    points_for,
    smaller_counterexample,
    symbols_in,
    unlike,
    values,
)
from .questions import wrong_answers
from .random_terms import (
    LAWS_OF_PRODUCTS,
    NESTING_LAWS,
    PADDING,
    SYMBOLS,
    op,
    random_product,
    random_term,
    rewritten,
)
from .reading import read
from .tangles import TANGLED, nearly, tangle

ALGEBRA: Final = "typed_resnet.dims."
PART: Final = 10_000
SLOW: Final = 0.05
"""Seconds of the processor that no pair of the fragment may take."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sizes; `equal` where they are by construction, wherever both have a value."""

    a: Term
    b: Term
    equal: bool


def pair_of_fragment(seed: int, number: int, minima: int = 1) -> Pair:
    """Make a pair of the fragment, minima and maxima as frequent as said."""
    rng = random.Random(f"{seed}/{number}")
    symbols = SYMBOLS[: rng.randint(1, 3)]
    largest = rng.choice((3, 4, 5, 6, 8))
    a = random_term(rng, symbols, rng.randint(1, 3), largest, minima)
    if rng.random() < 0.5:
        return Pair(a, rewritten(rng, a, rng.randint(1, 3)), True)
    return Pair(a, random_term(rng, symbols, rng.randint(1, 3), largest, minima), False)


def pair_of_minima(seed: int, number: int) -> Pair:
    """Make a pair in which minima and maxima are as frequent as all that is not one."""
    return pair_of_fragment(seed, number, 8)


def pair_of_fractions(seed: int, number: int) -> Pair:
    """Make a pair of sizes that are whole at few values only, each in floors in floors."""
    rng = random.Random(f"fractions/{seed}/{number}")
    symbols = SYMBOLS[: rng.randint(1, 3)]
    largest = rng.choice((3, 4, 6, 8))

    def exact() -> Term:
        return op("ExactDiv", random_term(rng, symbols, 1, largest), rng.randint(2, largest))

    other = random_term(rng, symbols, 1, largest) if rng.random() < 0.5 else exact()
    a = op(rng.choice(("Add", "Sub")), *rng.sample((exact(), other), 2))
    b = rewritten(rng, a, rng.randint(2, 4), NESTING_LAWS)
    if rng.random() < 0.8:
        return Pair(a, b, True)
    return Pair(op("Add", a, op("FloorDiv", rng.choice(symbols), 100)), b, False)


def pair_of_products(seed: int, number: int) -> Pair:
    """Make a pair with products of sizes and divisions by sizes."""
    rng = random.Random(f"products/{seed}/{number}")
    symbols = rng.sample((*SYMBOLS, PADDING), rng.choice((1, 1, 2, 2, 3)))
    largest = rng.choice((2, 3, 4, 6))
    a = random_product(rng, symbols, rng.randint(2, 4), largest)
    if rng.random() < 0.5:
        return Pair(a, rewritten(rng, a, rng.randint(1, 3), LAWS_OF_PRODUCTS), True)
    return Pair(a, random_product(rng, symbols, rng.randint(2, 4), largest), False)


def pair_of_tangles(seed: int, number: int) -> Pair:
    """Make a pair of which hardly anything is known; half of them are nearly the same."""
    rng = random.Random(f"tangles/{seed}/{number}")
    symbols = rng.sample(TANGLED, rng.choice((1, 1, 2, 2, 3)))
    a = tangle(rng, symbols, rng.randint(2, 4))
    if rng.random() < 0.5:
        return Pair(a, nearly(rng, a, symbols), False)
    return Pair(a, tangle(rng, symbols, rng.randint(1, 3)), False)


@dataclass(frozen=True, slots=True)
class Family:
    """How its pairs are made; whether each must be decided, and in one form when read back."""

    pair: Callable[[int, int], Pair]
    complete: bool
    questions: bool = False
    """Whether other questions are asked, too."""


FAMILIES: Final = {
    "fragment": Family(pair_of_fragment, complete=True),
    "minima": Family(pair_of_minima, complete=True),
    "fractions": Family(pair_of_fractions, complete=True),
    "products": Family(pair_of_products, complete=False),
    "tangles": Family(pair_of_tangles, complete=False, questions=True),
}


@dataclass(slots=True)
class Tally:
    """What was found of some pairs: how many have which verdict, what is wrong, what was slow."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest: float = 0.0

    @property
    def not_proved(self) -> float:
        """The share of pairs, equal by construction, that are not proved equal."""
        proved = self.counts["equal, one form"] + self.counts["equal, two forms"]
        missed = self.counts["equal, not proved"]
        return missed / max(1, proved + missed)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {word}" for word, count in sorted(self.counts.items()))
        slow = f"; above {SLOW * 1e3:.0f} ms: {', '.join(self.slow)}" if self.slow else ""
        wrong = "".join(f"\n  {line}" for line in self.wrong)
        return f"{counts}; slowest {self.slowest * 1e3:.0f} ms{slow}{wrong}"


def judge_pairs(name: str, seed: int, first: int, end: int) -> Tally:
    """Judge the pairs first .. end - 1 of a family and a seed."""
    family, tally = FAMILIES[name], Tally()
    for number in range(first, end):
        pair = family.pair(seed, number)
        spent = _seconds(pair)
        if spent > SLOW:
            # What else runs on the machine makes it longer, never shorter.
            spent = min(spent, *(_seconds(pair, anew=True) for _ in range(2)))
        tally.slowest = max(tally.slowest, spent)
        if spent > SLOW:
            tally.slow.append(f"{seed}/{number} {spent * 1e3:.0f}")
        word = verdict(pair, complete=family.complete)
        tally.counts[word.partition(":")[0]] += 1
        words = [word, *(wrong_answers(pair.a, pair.b, seed) if family.questions else ())]
        tally.wrong += [
            f"{name} {seed}/{number}: {word}: {pair.a} and {pair.b}"
            for word in words
            if word.startswith("wrong")
        ]
    return tally


def _seconds(pair: Pair, *, anew: bool = False) -> float:
    """Say how much processor time both forms and the decision take; `anew`: nothing remembered."""
    if anew:
        forget()
    start = time.process_time()
    forms = _forms(pair)
    if forms is not None:
        decide(*forms)
    return time.process_time() - start


def forget() -> None:
    """Let the algebra forget all that it remembers."""
    for function in (f for module in _modules() for f in vars(module).values()):
        if hasattr(function, "cache_clear"):
            function.cache_clear()


def verdict(pair: Pair, *, complete: bool) -> str:
    """Judge one pair; every word but `wrong ...` is good."""
    forms = _forms(pair)
    # Of the fragment, the forms multiply nothing either.
    at = points_for(pair.a, pair.b, *(form.term for form in forms or () if not complete))
    sides = [values(term, at) for term in (pair.a, pair.b)]
    if forms is None:
        defined = [point(at, side.defined) for side in sides]
        return "wrong: it has a value" if None not in defined else "undefined everywhere"
    for form in dict.fromkeys(forms):
        written = values(form.term, at)
        for other, side in zip(forms, sides, strict=True):
            lost = side.defined & ~(written.defined & np.equal(written.value, side.value))
            if other == form and (found := point(at, lost)) is not None:
                return f"wrong form: {form} is another size at {found}"
        text = read(show(form))
        if (found := point(at, unlike(values(text, at), written))) is not None:
            return f"wrong text: {form} is another size at {found}"
        if complete and normal_form(text) != form:
            return f"wrong form: {form} is not read back"
        if (found := point(at, written.defined & _out_of_range(form, written.value))) is not None:
            return f"wrong range: of {form} at {found}"
    p, q = forms
    decision = decide(p, q)
    if isinstance(decision, Different):
        return _verdict_on(decision, pair, p, q)
    different = point(at, unlike(*sides))
    if isinstance(decision, Equal):
        if different is not None:
            return f"wrong: not equal at {different}"
        return "equal, one form" if p == q else "equal, two forms"
    if complete:
        return f"wrong: undecided, {decision.reason}"
    if different is not None:
        return "different, not proved"
    return "equal, not proved" if pair.equal else "not proved"


def _forms(pair: Pair) -> tuple[Dim, Dim] | None:
    try:
        return normal_form(pair.a), normal_form(pair.b)
    except Undefined:
        return None


def _out_of_range(form: Dim, value: Numbers) -> Marks:
    """Say where a size is not as its range says."""
    match at_least(form, 1):
        case Always():
            return np.less(value, 1)
        case Never():
            return np.greater_equal(value, 1)
    return False


def _verdict_on(decision: Different, pair: Pair, p: Dim, q: Dim) -> str:
    symbols = symbols_in(p.term, q.term)
    at = tuple(decision.at[symbol] for symbol in symbols)
    here = at_one(symbols_in(pair.a, pair.b), decision.at)
    left, right, a, b = (values(term, here) for term in (p.term, q.term, pair.a, pair.b))
    if point(here, unlike(left, right)) is None:
        return f"wrong: not different at {at}"
    if unlike(left, Values(decision.left, True)) or unlike(right, Values(decision.right, True)):
        return f"wrong: not {decision.left} and {decision.right} at {at}"
    if point(here, a.defined & b.defined & np.equal(a.value, b.value)) is not None:
        return f"wrong: different, but equal at {at}"
    if (before := smaller_counterexample(p.term, q.term, symbols, at)) is not None:
        return f"wrong: {before} is smaller than {at}"
    return "different"


def judge_parts(name: str, seed: int, first: int, end: int, log: Path | None) -> Iterator[str]:
    """Judge pairs part by part, a line for each; leave out those of which a log has the line."""
    gc.disable()  # what it takes would be counted as some pair's
    done = log.read_text("utf-8").splitlines() if log is not None and log.exists() else []
    while first < end:
        until = min(end, first - first % PART + PART)
        head = f"{name} {seed} {first} {until} {digest()}: "
        if not any(line.startswith(head) for line in done):
            yield f"{head}{judge_pairs(name, seed, first, until)}"
            gc.collect()
        first = until


def digest() -> str:
    """Name the sources of the algebra."""
    sources = b"".join(Path(str(module.__file__)).read_bytes() for module in _modules())
    return hashlib.sha256(sources).hexdigest()[:12]


def _modules() -> list[ModuleType]:
    return [module for name, module in sorted(sys.modules.items()) if name.startswith(ALGEBRA)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("family", choices=FAMILIES)
    for number in ("seed", "first", "end"):
        parser.add_argument(number, type=int)
    parser.add_argument("--log", type=Path)
    given = parser.parse_args()
    for line in judge_parts(given.family, given.seed, given.first, given.end, given.log):
        print(line, flush=True)
        if given.log is not None:
            with given.log.open("a", encoding="utf-8") as log:
                print(line, file=log)


if __name__ == "__main__":
    main()
