"""A17, A18: layers of one's own, generic aliases, subclasses, protocols, properties."""

from typing import Generic, Protocol, TypeAlias, TypeVar, assert_type
from typing import Literal as L

from typed_resnet import Conv2D, Layer, Linear, Tensor, relu
from typed_resnet.dims import B, C, CeilDiv, Cin, ConvOut, Cout, H, K, Mul, N, P, S, W

Cin_contra = TypeVar("Cin_contra", bound=int, contravariant=True)


class EveryOther(Layer, Generic[S]):
    """A17: a layer whose rule is a window of size 1."""

    stride: S

    def __call__(
        self, x: Tensor[*B, C, H, W]
    ) -> Tensor[*B, C, ConvOut[H, L[1], S, L[0]], ConvOut[W, L[1], S, L[0]]]:
        return Tensor(x.array[..., :: self.stride, :: self.stride])


class Window(Layer, Generic[Cin, Cout, K, S, P]):
    """A17: a layer that hands its own parameters on."""

    conv: Conv2D[Cin, Cout, K, S, P]

    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]:
        return self.conv(x)


Image: TypeAlias = Tensor[L[3], H, W]
Same: TypeAlias = Conv2D[C, C, L[3], L[1], L[1]]


class Pair(Layer, Generic[C]):
    conv1: Same[C]
    conv2: Same[C]

    @property
    def last(self) -> Same[C]:
        return self.conv2

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.last(relu(self.conv1(x)))


class RgbPair(Pair[L[3]]):
    """A18: a subclass fixes the channels."""


class Shapeless(Protocol[C]):
    """A18: whatever keeps the shape of C channels."""

    def __call__(self, x: Tensor[N, C, H, W], /) -> Tensor[N, C, H, W]: ...


def call_every_other(layer: EveryOther[L[2]], x: Tensor[C, H, W]) -> None:
    assert_type(layer(x), Tensor[C, CeilDiv[H, L[2]], CeilDiv[W, L[2]]])


def call_window(layer: Window[L[3], L[8], L[5], L[1], L[2]], x: Image[H, W]) -> None:
    assert_type(layer(x), Tensor[L[8], H, W])


def call_alias(x: Image[L[32], L[16]], conv: Same[L[3]]) -> None:
    assert_type(conv(x), Tensor[L[3], L[32], L[16]])


def call_subclass(pair: RgbPair, x: Image[H, W]) -> None:
    assert_type(pair(x), Tensor[L[3], H, W])
    assert_type(pair.last, Conv2D[L[3], L[3], L[3], L[1], L[1]])


def _call_protocol(layer: Shapeless[C], x: Tensor[N, C, H, W]) -> Tensor[N, C, H, W]:
    return layer(layer(x))


def give_protocol(conv: Same[L[4]], x: Tensor[L[2], L[4], L[7], L[5]]) -> None:
    assert_type(_call_protocol(conv, x), Tensor[L[2], L[4], L[7], L[5]])


class Coder(Protocol[C, N]):
    """A18: of several methods; each says of which sizes it is met."""

    def encode(self, x: Tensor[*B, C], /) -> Tensor[*B, N]: ...
    def decode(self, z: Tensor[*B, N], /) -> Tensor[*B, C]: ...


class Linears(Layer, Generic[C, N]):
    down: Linear[C, N]
    up: Linear[N, C]

    def encode(self, x: Tensor[*B, C]) -> Tensor[*B, N]:
        return relu(self.down(x))

    def decode(self, z: Tensor[*B, N]) -> Tensor[*B, C]:
        return self.up(z)


class Anything(Layer):
    """A layer for all sizes meets it with each."""

    def encode(self, x: Tensor[*B, C]) -> Tensor[*B, C]:
        return relu(x)

    def decode(self, z: Tensor[*B, C]) -> Tensor[*B, C]:
        return z


def _coded(coder: Coder[C, N], x: Tensor[*B, C]) -> Tensor[*B, N]:
    return coder.encode(coder.decode(coder.encode(x)))


def _half_of_what_is_coded(coder: Coder[Mul[L[2], C], N], x: Tensor[*B, C]) -> Tensor[*B, C, N]:
    return Tensor.zeros(*x.shape, coder.encode(Tensor.zeros(2 * x.shape[-1])).shape[0])


def give_coder(coder: Linears[L[6], L[2]], x: Tensor[H, L[6]], y: Tensor[L[3]]) -> None:
    assert_type(_coded(coder, x), Tensor[H, L[2]])
    assert_type(_half_of_what_is_coded(coder, y), Tensor[L[3], L[2]])


def give_anything(anything: Anything, x: Tensor[H, W]) -> None:
    assert_type(_coded(anything, x), Tensor[H, W])


def _passed_on(coder: Coder[C, N], x: Tensor[H, C]) -> Tensor[H, N]:
    return _coded(coder, x)


def pass_coder_on(coder: Linears[C, N], x: Tensor[H, C]) -> None:
    assert_type(_passed_on(coder, x), Tensor[H, N])
