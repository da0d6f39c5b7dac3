"""Time decisions: random pairs with divisors up to 32 in three symbols.

    python bench/dims_decision.py [PAIRS] [SEED]

Prints the distribution of the time for both normal forms and the decision, from text to answer.
"""

import gc
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.dims.random_terms import SYMBOLS, random_term, rewritten

from typed_resnet.dims.decision import decide
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.term import Undefined


def main(pairs: int = 2000, seed: int = 1) -> None:
    times: list[tuple[float, int]] = []
    answers: dict[str, int] = {}
    for i in range(pairs):
        rng = random.Random(f"{seed}/{i}")
        a = random_term(rng, SYMBOLS, rng.randint(1, 3), 32)
        b = (
            rewritten(rng, a, rng.randint(1, 3))
            if rng.random() < 0.5
            else random_term(rng, SYMBOLS, rng.randint(1, 3), 32)
        )
        gc.disable()
        start = time.process_time()
        try:
            answer = type(decide(normal_form(a), normal_form(b))).__name__
        except Undefined:
            answer = "Undefined"
        times.append((time.process_time() - start, i))
        gc.enable()
        answers[answer] = answers.get(answer, 0) + 1
    times.sort()
    print(f"{pairs} pairs, seed {seed}: {answers}")
    for share in (0.5, 0.9, 0.99, 0.999, 1):
        spent, number = times[min(len(times) - 1, int(share * len(times)))]
        print(f"{share:6.1%} under {1e3 * spent:8.2f} ms (pair {number})")
    above = sum(spent > 0.05 for spent, _ in times)
    print(f"{above} of {pairs} above 50 ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
