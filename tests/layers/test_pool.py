"""Max pooling: the specification's example, PyTorch's defaults, what is refused."""

import numpy as np
import pytest

from typed_resnet import ConfigError, MaxPool2D, ShapeError, Tensor


def test_the_worked_example():
    x = Tensor(np.array([[[1.0, 1, 0], [1, 1, 5], [2, 7, 7]]]))
    assert MaxPool2D(2, stride=1)(x).array.tolist() == [[[1, 5], [7, 7]]]


def test_the_first_maximum_takes_the_gradient_and_overlaps_add_up():
    x = Tensor(np.array([[[1.0, 1, 0], [1, 1, 5], [2, 7, 7]]]))
    none, dx = MaxPool2D(2, stride=1).backward(x, Tensor(np.ones((1, 2, 2))))
    assert none is None
    assert dx.array.tolist() == [[[1, 0, 0], [0, 0, 1], [0, 2, 0]]]


def test_padding_never_wins():
    x = Tensor(np.array([[[-3.0, -1], [-2, -4]]]))
    assert MaxPool2D(3, stride=2, padding=1)(x).array.tolist() == [[[-1]]]


def test_a_window_that_overhangs_is_refused_where_the_specification_reads_noughts():
    with pytest.raises(ShapeError, match="window 3 does not fit height 2 padded by 0"):
        MaxPool2D(3, stride=2)(Tensor(np.array([[[-3.0, -1], [-2, -4]]])))


def test_what_is_left_out_is_as_in_pytorch():
    assert _sizes(MaxPool2D(3)) == (3, 3, 0)
    assert _sizes(MaxPool2D(3, 2)) == (3, 2, 0)
    assert _sizes(MaxPool2D(3, padding=1)) == (3, 3, 1)
    assert _sizes(MaxPool2D(3, stride=2, padding=1)) == (3, 2, 1)


@pytest.mark.parametrize("batch", [(), (2,), (2, 3), (0,)])
def test_leading_axes_stay(batch: tuple[int, ...]):
    assert MaxPool2D(3, 2, 1)(Tensor.zeros(*batch, 4, 7, 8)).shape == (*batch, 4, 4, 4)


@pytest.mark.parametrize(
    ("arguments", "clause"),
    [
        ((0,), "MaxPool2D expects kernel size ≥ 1, got 0"),
        ((3, 0), "MaxPool2D expects stride ≥ 1, got 0"),
        ((3, 2, -1), "MaxPool2D expects padding ≥ 0, got -1"),
        ((3, 2, 2), "MaxPool2D expects padding ≤ 1, half of window 3, got 2"),
    ],
)
def test_numbers_out_of_their_range_are_refused(arguments: tuple[int, ...], clause: str):
    with pytest.raises(ConfigError) as caught:
        MaxPool2D(*arguments)
    assert str(caught.value) == clause


def test_a_pool_cannot_be_changed():
    with pytest.raises(AttributeError):
        MaxPool2D(3).stride = 1  # type: ignore[misc]  # the mistake that is tested


def _sizes(pool: MaxPool2D) -> tuple[int, int, int]:
    return pool.kernel_size, pool.stride, pool.padding
