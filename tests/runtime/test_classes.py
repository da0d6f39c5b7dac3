"""Classes that are no layers: checked, their construction too; and Protocols, which are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Protocol
from typing import Literal as L

import pytest
from typing_extensions import TypeVar

from typed_resnet import Layer, ShapeError, Tensor, typed
from typed_resnet.dims import C

from .dense import dense, zeros

D = TypeVar("D", bound=int, default=L[3])


@typed
class Loose(Generic[C]):
    """No dataclass, and not frozen."""

    weight: Tensor[C]

    def __init__(self, weight: Tensor[C], again: Tensor[C]) -> None:
        self.weight = weight

    def __call__(self, x: Tensor[C]) -> None: ...


@typed
@dataclass
class Record(Generic[C]):
    weight: Tensor[C]
    more: list[Tensor[C]] = field(default_factory=list)
    done: bool = False

    def __post_init__(self) -> None:
        self.done = True

    def use(self, x: Tensor[C]) -> None: ...


def test_classes_that_are_no_layers() -> None:
    with pytest.raises(ShapeError, match="Loose expects 2 channels as in weight, got 3"):
        Loose(zeros(2), zeros(3))
    loose = Loose(zeros(2), zeros(2))
    with pytest.raises(ShapeError, match=r"Loose\[2\] expects 2 channels, got 3"):
        loose(zeros(3))
    loose.weight = zeros(3)
    loose(zeros(3))
    with pytest.raises(ShapeError, match="Record expects 2 channels as in weight, got 3"):
        Record(zeros(2), [zeros(3)])
    record = Record(zeros(2))
    assert record.done
    record.use(zeros(2))
    record.more.append(zeros(3))
    with pytest.raises(ShapeError):
        record.use(zeros(2))


def test_a_field_without_sizes_may_have_a_default_factory() -> None:
    @typed
    @dataclass
    class Named(Generic[C]):
        weight: Tensor[C]
        names: list[str] = field(default_factory=list)

    assert Named(zeros(2)).names == []
    assert Named(zeros(2), ["a"]).names == ["a"]
    with pytest.raises(TypeError, match="names=5"):
        Named(zeros(2), 5)  # type: ignore[arg-type]  # wrong on purpose


class Rule(Protocol[C]):
    def __call__(self, x: Tensor[C]) -> Tensor[C]: ...


@typed
def apply(rule: Rule[C], x: Tensor[C]) -> Tensor[C]:
    return rule(x)


def test_a_protocol_is_left_to_its_methods() -> None:
    assert apply(dense(2, 2), zeros(2)).shape == (2,)
    with pytest.raises(ShapeError, match=r"^apply returns 3 channels, declared 2"):
        apply(dense(2, 3), zeros(2))


class Three(Layer, Generic[D]):
    weight: Tensor[D]


class Written(Three):
    """Its base stands alone, and has the size that D is by default."""


class Sum(Layer, Generic[C]):
    weight: Tensor[C]

    def __call__(self, x: Tensor[C]) -> Tensor[C]:
        return x + self.weight


class Bare(Sum):  # type: ignore[type-arg]  # what is tested
    """Its base stands alone, and has a size of which no more is known."""


def test_a_base_without_its_arguments_has_the_defaults_or_anything() -> None:
    Written(Tensor.zeros(3))
    with pytest.raises(ShapeError, match=r"(?m)^Written expects 3 on axis 0, got 4$"):
        Written(Tensor.zeros(4))
    assert Bare(Tensor.zeros(4))(Tensor.zeros(4)).shape == (4,)
    with pytest.raises(ShapeError, match=r"(?m)^Bare expects \[\?\], got \[3, 4\]$"):
        Bare(Tensor.zeros(3, 4))
