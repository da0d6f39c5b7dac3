"""Cross-entropy of logits and labels: the mean, its gradient, what is refused."""

import re

import numpy as np
import pytest

from typed_resnet import DTypeError, ShapeError, Tensor, TypedResNetError
from typed_resnet.ops import Labels, cross_entropy, cross_entropy_vjp

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("batch", [(), (3,), (2, 3)])
def test_it_is_the_mean_over_whatever_stands_before_the_classes(batch: tuple[int, ...]):
    z, t = RNG.standard_normal((*batch, 4)), RNG.integers(0, 4, batch)
    softmax = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    chosen = np.take_along_axis(softmax, t[..., None], -1)
    loss = cross_entropy(Tensor(z), Labels(t))
    assert loss.shape == ()
    np.testing.assert_allclose(loss.array, -np.log(chosen).mean(), rtol=1e-14)
    again, pullback = cross_entropy_vjp(Tensor(z), Labels(t))
    assert again.array == loss.array
    dz = pullback(Tensor(np.array(3.0))).array
    expected = 3 * (softmax - (np.arange(4) == t[..., None])) / max(1, t.size)
    np.testing.assert_allclose(dz, expected, atol=1e-15)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int32, np.int64, np.uint64])
def test_labels_are_integers_of_any_kind(kind: type):
    labels = Labels(np.array([1, 0], kind))
    z = Tensor(np.array([[0.0, 0], [0, 0]], np.float32))
    loss = cross_entropy(z, labels)
    assert loss.dtype == np.float32
    np.testing.assert_allclose(loss.array, np.log(2), rtol=1e-7)


def test_labels_are_no_floats_and_floats_no_labels():
    with pytest.raises(DTypeError, match="Labels expects integers, got float64"):
        Labels(np.array([1.0]))
    with pytest.raises(TypedResNetError, match="expects labels: Labels, got Tensor"):
        cross_entropy(Tensor.zeros(2, 3), Tensor.zeros(2))  # type: ignore[arg-type]  # the mistake
    with pytest.raises(DTypeError, match=r"Tensor expects float32, .* got int64"):
        Labels(np.array([1])) + Labels(np.array([2]))


@pytest.mark.parametrize("label", [-1, 3, 100])
def test_a_label_of_no_class_is_refused(label: int):
    with pytest.raises(ShapeError, match=f"labels from 0 to 2, got {label}"):
        cross_entropy(Tensor.zeros(2, 3), Labels(np.array([0, label])))


def test_other_batches_and_empty_ones_are_refused():
    sentence = re.escape("cross_entropy expects 2 on axis 0 as in logits, got 3")
    with pytest.raises(ShapeError, match=sentence):
        cross_entropy(Tensor.zeros(2, 3), Labels(np.array([0, 1, 2])))
    with pytest.raises(ShapeError, match="at least 1 label, got 0"):
        cross_entropy(Tensor.zeros(0, 3), Labels(np.array([], int)))
    _, pullback = cross_entropy_vjp(Tensor.zeros(2, 3), Labels(np.array([0, 1])))
    with pytest.raises(ShapeError):
        pullback(Tensor.zeros(1))
    with pytest.raises(DTypeError, match="cross_entropy expects float32, got float64"):
        pullback(Tensor(np.array(1.0)))
