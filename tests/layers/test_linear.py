"""Linear maps."""

import numpy as np
import pytest

from typed_resnet import DTypeError, Linear, ShapeError, Tensor, TypedResNetError

WEIGHT = np.array([[1.0, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize("batch", [(), (2,), (2, 3), (0,)])
def test_every_vector_is_multiplied_and_shifted(batch: tuple[int, ...]):
    layer = Linear(Tensor(WEIGHT), Tensor(np.array([10.0, 20.0])))
    x = np.arange(1.0, 1 + 3 * np.prod(batch, dtype=int)).reshape(*batch, 3)
    y = layer(Tensor(x)).array
    assert y.shape == (*batch, 2)
    assert (y == x @ WEIGHT.T + [10, 20]).all()


def test_without_a_bias_none_is_added():
    assert Linear(Tensor(WEIGHT), None)(Tensor(np.ones(3))).array.tolist() == [6, 15]
    assert Linear.init(None, 3, 2, bias=False).bias is None
    assert not Linear.zero_init(3, 2).weight.array.any()


def test_the_gradients_of_one_vector():
    layer = Linear(Tensor(WEIGHT), Tensor(np.array([10.0, 20.0])))
    grads, dx = layer.backward(Tensor(np.array([1.0, 0, 2])), Tensor(np.array([3.0, -1])))
    assert grads.weight.array.tolist() == [[3, 0, 6], [-1, 0, -2]]
    assert grads.bias is not None
    assert grads.bias.array.tolist() == [3, -1]
    assert dx.array.tolist() == [-1, 1, 3]


def test_a_wrong_width_rank_scalar_or_size_is_refused():
    layer = Linear.init(None, 3, 2)
    with pytest.raises(ShapeError, match="expects 3 features, got 4"):
        layer(Tensor.zeros(4))
    with pytest.raises(ShapeError, match=r"expects \[\*B, 3\], got \[\]"):
        layer(Tensor(np.float32(1)))
    with pytest.raises(DTypeError, match="Linear expects float32, got float64"):
        layer(Tensor(np.zeros(3)))
    with pytest.raises(TypedResNetError, match="≥ 1, got 0"):
        Linear.init(None, 3, 0)
