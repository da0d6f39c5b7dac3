"""Random compositions of operations: value and gradients against PyTorch's autograd."""

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given, settings

from typed_resnet import Tensor, relu, vjp
from typed_resnet.ops import concat, exp, matmul, sigmoid, softmax, split, tanh, transpose

pytestmark = pytest.mark.oracle

N = 3

Ours = Callable[..., Any]
Theirs = Callable[..., torch.Tensor]


def swapped(x: Any) -> Any:
    first, rest = split(x, 1, axis=-1)
    return concat(rest, first, axis=-1)


UNARY: list[tuple[Ours, Theirs]] = [
    (relu, torch.relu),
    (tanh, torch.tanh),
    (sigmoid, torch.sigmoid),
    (softmax, lambda x: torch.softmax(x, -1)),
    (lambda x: -x, lambda x: -x),
    (lambda x: exp(tanh(x)), lambda x: torch.exp(torch.tanh(x))),
    (lambda x: transpose(x, -2, -1), lambda x: x.mT),
    (swapped, lambda x: torch.cat([x[:, 1:], x[:, :1]], 1)),
]
BINARY: list[tuple[Ours, Theirs]] = [
    (lambda x, y: x + y, lambda x, y: x + y),
    (lambda x, y: x - y, lambda x, y: x - y),
    (lambda x, y: x * y, lambda x, y: x * y),
    (lambda x, y: x / exp(tanh(y)), lambda x, y: x / torch.exp(torch.tanh(y))),
    (matmul, torch.matmul),
    (lambda x, y: x @ y, lambda x, y: x @ y),
]

Step = tuple[int, int, int]
"""The place of an operation, unary ones first, and of its arguments among what there is so far."""


@st.composite
def programs(draw: st.DrawFn) -> list[Step]:
    count = draw(st.integers(1, 10))
    operations = st.integers(0, len(UNARY) + len(BINARY) - 1)
    places = [st.integers(0, 1 + length) for length in range(count)]
    return [(draw(operations), draw(place), draw(place)) for place in places]


def run(program: list[Step], side: int, *given: Any) -> Any:
    values = list(given)
    for operation, left, right in program:
        if operation < len(UNARY):
            values.append(UNARY[operation][side](values[left]))
        else:
            values.append(BINARY[operation - len(UNARY)][side](values[left], values[right]))
    return values[-1] + values[len(values) // 2]


@settings(max_examples=300)
@given(program=programs(), seed=st.integers(0, 2**32 - 1))
def test_random_compositions(program: list[Step], seed: int):
    rng = np.random.default_rng(seed)
    arrays = [rng.uniform(-1, 1, (N, N)) for _ in range(2)]
    dy = rng.standard_normal((N, N))
    held = [torch.tensor(array, requires_grad=True) for array in arrays]
    expected = run(program, 1, *held)
    slopes = torch.autograd.grad(expected, held, torch.from_numpy(dy), allow_unused=True)
    y, pullback = vjp(lambda a, b: run(program, 0, a, b), *map(Tensor, arrays))
    close(y.array, expected.detach().numpy())
    for found, slope in zip(pullback(Tensor(dy)), slopes, strict=True):
        close(found.array, np.zeros((N, N)) if slope is None else slope.numpy())


def close(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * (1 + abs(expected).max()))
