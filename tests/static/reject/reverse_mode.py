"""Reverse mode of what does not fit: the call itself, a cotangent, a gradient."""

from typing import Generic
from typing import Literal as L

from typed_resnet import Conv2D, Layer, Linear, Tensor, global_avg_pool2d, vjp
from typed_resnet.dims import B, C, Cin, Cout, H, N, W
from typed_resnet.layers import Conv2DGrads
from typed_resnet.ops import Labels, cross_entropy


class Halving(Layer, Generic[C]):
    conv: Conv2D[C, C, L[3], L[2], L[1]]

    def __call__(self, x: Tensor[*B, C, L[8], W]) -> Tensor[*B, C]:
        return global_avg_pool2d(self.conv(x))


def a_layer_of_other_channels(conv: Conv2D[L[3], L[8], L[3], L[1], L[1]], x: Tensor[L[4], H, W]) -> None:
    vjp(conv, x)  # E: Conv2D[3, 8, 3, 1, 1] expects 3 channels, got 4  [shape]


def ones_own_layer_of_another_height(net: Halving[C], x: Tensor[C, L[9], W]) -> None:
    vjp(net, x)  # E: Halving[C] expects 8 on axis -2, got 9  [shape]
    # R: Halving[4] expects 8 on axis -2, got 9


def inside_a_lambda(fc: Linear[C, L[10]], x: Tensor[N, L[7], H, W], labels: Labels[N]) -> None:
    vjp(lambda x: cross_entropy(fc(global_avg_pool2d(x)), labels), x)  # E: Linear[C, 10] expects C features, got 7: at C = 1 they are 1 and 7  [shape]
    # R: Linear[1, 10] expects 1 feature, got 7


def a_cotangent_of_another_shape(conv: Conv2D[Cin, Cout, L[3], L[2], L[1]], x: Tensor[Cin, L[8], L[8]], dy: Tensor[Cout, L[8], L[8]]) -> None:
    _, pullback = vjp(conv, x)
    pullback(dy)  # E: pullback expects 4 on axis 1, got 8  [shape]
    # R: Conv2D expects 4 on axis 1, got 8


def a_gradient_of_another_layer(conv: Conv2D[Cin, Cout, L[3], L[1], L[1]], x: Tensor[Cin, H, W], dy: Tensor[Cout, H, W]) -> Conv2DGrads[Cout, Cin, L[3]]:
    _, pullback = vjp(conv, x)
    grads, _ = pullback(dy)
    return Conv2DGrads(grads.kernel, None)  # E: Incompatible return value type (got "Conv2DGrads[Cin, Cout, 3]", expected "Conv2DGrads[Cout, Cin, 3]")  [return-value]
    # R: a_gradient_of_another_layer returns 3 channels, declared 8


def a_result_of_no_tensors(x: Tensor[N, C]) -> None:
    vjp(lambda x: x.shape, x)  # E: vjp of <lambda> expects tensors of floats, got tuple[N, C]  [arg-type]
    # R: vjp of <lambda> expects tensors of floats, got (2, 4)


def nothing_to_differentiate_by(labels: Labels[N]) -> None:
    vjp(lambda labels: Tensor.ones(), labels)  # E: vjp expects a tensor or a layer to differentiate by, got none  [arg-type]
