"""What comes out of each layer when a model runs."""

from __future__ import annotations

import numpy as np
import pytest

from typed_resnet import Conv2D, MaxPool2D, ShapeError, Tensor
from typed_resnet.kernels import strategies
from typed_resnet.layer import Layer
from typed_resnet.summary.trace import tracing

from . import models


def image(*shape: int) -> Tensor[*tuple[int, ...]]:
    return Tensor(np.random.default_rng(0).standard_normal(shape).astype(np.float32))


def test_each_call_with_its_shape_and_time() -> None:
    model = models.model()
    with tracing(model) as calls:
        model(image(3, 33, 20))
    assert [(call.path, call.shape) for call in calls] == [
        ("stem", (4, 17, 10)),
        ("pool", (4, 8, 4)),
        ("blocks.0.conv", (4, 8, 4)),
        ("blocks.1.conv", (4, 8, 4)),
        ("same", (4, 8, 4)),
        ("norm", (4, 8, 4)),
        ("same", (4, 8, 4)),
        ("down.conv", (6, 4, 2)),
        ("down.projection", (6, 4, 2)),
        ("head", (5,)),
    ]
    assert all(0 < call.seconds < 10 for call in calls)
    assert calls[0].layer is model.stem


def test_a_convolution_is_computed_within_its_own_call() -> None:
    """What follows it would otherwise be done along with it, and have its time."""
    model = models.model()
    with tracing(model) as calls:
        model(image(3, 33, 20))
    taken = {call.path: call.strategies for call in calls}
    assert taken["stem"] == ("unrolled",)
    assert taken["norm"] == taken["pool"] == ()
    with tracing(model) as calls, strategies("plain"):
        model(image(3, 33, 20))
    assert {call.path: call.strategies for call in calls}["stem"] == ("plain",)


def test_classes_are_as_before() -> None:
    before = [dict(vars(cls)) for cls in (Conv2D, MaxPool2D, models.Model)]
    model = models.model()
    with tracing(model), pytest.raises(ShapeError):
        model(image(3, 4, 4))  # the pool's window does not fit
    assert [dict(vars(cls)) for cls in (Conv2D, MaxPool2D, models.Model)] == before


def test_calls_before_an_error_are_kept() -> None:
    model = models.model()
    with tracing(model) as calls, pytest.raises(ShapeError):
        model(image(3, 4, 4))
    assert [call.path for call in calls] == ["stem"]


def test_another_model_is_not_recorded() -> None:
    model, other = models.model(), models.model()
    with tracing(model) as calls:
        other(image(3, 33, 20))
    assert calls == []


def test_tracing_two_models_at_once() -> None:
    model, other = models.five(), models.five()
    with tracing(model) as first, tracing(other) as second:
        model(image(2, 9, 9))
        other(image(2, 7, 7))
    assert [call.shape for call in first] == [(2, 5, 5)]
    assert [call.shape for call in second] == [(2, 3, 3)]


class Base(Layer):
    scale: float

    def __call__(self, x: Tensor[*tuple[int, ...]]) -> object:
        return x.shape


class Derived(Base):
    def __call__(self, x: Tensor[*tuple[int, ...]]) -> object:
        return super().__call__(x)


class Quiet(Derived):
    pass


@pytest.mark.parametrize("cls", [Base, Derived, Quiet])
def test_one_call_is_one_record(cls: type[Base]) -> None:
    """A call of the method of the base class is no further call of the layer."""
    layer = cls(1.0)
    with tracing(layer) as calls:
        layer(image(3))
    assert [(call.path, call.shape) for call in calls] == [("", None)]
    assert "__call__" not in vars(Quiet)
