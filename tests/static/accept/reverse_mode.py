"""`vjp` of any layer or function: the types of y, of the pullback, and of each gradient."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar, assert_type
from typing import Literal as L

from typed_resnet import (
    Conv2D,
    Layer,
    Linear,
    MaxPool2D,
    Tensor,
    global_avg_pool2d,
    relu,
    vjp,
)
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, H, N, W
from typed_resnet.models import ResNet18
from typed_resnet.ops import Labels, concat, cross_entropy, max_pool2d, upsample
from typed_resnet.optim import SGD, Adam, Moments

In = TypeVar("In", bound=int)
Out = TypeVar("Out", bound=int)
Model = TypeVar("Model", bound=Layer)


class Smooth(Layer, Generic[C]):
    conv: Conv2D[C, C, L[3], L[1], L[1]]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return relu(self.conv(x) + x)


def of_ones_own_layer(smooth: Smooth[C], x: Tensor[N, C, H, W], dy: Tensor[N, C, H, W]) -> None:
    y, pullback = vjp(smooth, x)
    assert_type(y, Tensor[N, C, H, W])
    grads, dx = pullback(dy)
    assert_type(grads, Smooth[C])
    assert_type(grads.conv.kernel, Tensor[C, C, L[3], L[3]])
    assert_type(dx, Tensor[N, C, H, W])


def of_a_strided_convolution(
    conv: Conv2D[Cin, Cout, L[3], L[2], L[1]],
    x: Tensor[Cin, H, W],
    dy: Tensor[Cout, CeilDiv[H, L[2]], CeilDiv[W, L[2]]],
) -> None:
    y, pullback = vjp(conv, x, by_hand=False)
    assert_type(y, Tensor[Cout, CeilDiv[H, L[2]], CeilDiv[W, L[2]]])
    grads, dx = pullback(dy)
    assert_type(grads, Conv2D[Cin, Cout, L[3], L[2], L[1]])
    assert_type(dx, Tensor[Cin, H, W])


def of_a_function(x: Tensor[N, C, H, W], dy: Tensor[N, C]) -> None:
    y, pullback = vjp(global_avg_pool2d, x)
    assert_type(y, Tensor[N, C])
    assert_type(pullback(dy), Tensor[N, C, H, W])


def of_several_tensors(x: Tensor[C, H, W], y: Tensor[C, H, W]) -> None:
    z, pullback = vjp(lambda x, y: concat(x, y * y, axis=-1), x, y)
    dx, dy = pullback(z)
    assert_type(dx, Tensor[C, H, W])
    assert_type(dy, Tensor[C, H, W])


def of_a_tuple(x: Tensor[C, H, W]) -> None:
    (a, b), pullback = vjp(lambda x: (relu(x), global_avg_pool2d(x)), x)
    assert_type(b, Tensor[C])
    assert_type(pullback((a, b)), Tensor[C, H, W])


class Pyramid(NamedTuple):
    fine: Tensor[L[2], L[8], L[8]]
    coarse: Tensor[L[2], L[4], L[4]]


def of_a_named_tuple(x: Tensor[L[2], L[8], L[8]]) -> None:
    made, pullback = vjp(lambda x: Pyramid(relu(x), max_pool2d(x, 2)), x)
    assert_type(made, Pyramid)
    assert_type(pullback(made), Tensor[L[2], L[8], L[8]])
    whole, back = vjp(lambda pyramid: upsample(pyramid.coarse, 2) + pyramid.fine, made)
    assert_type(whole, Tensor[L[2], L[8], L[8]])
    assert_type(back(whole), Pyramid)


def of_a_list_and_a_dict(x: Tensor[N, C], y: Tensor[N, C]) -> None:
    both, pullback = vjp(lambda x: [relu(x), x * y], x)
    assert_type(both, list[Tensor[N, C]])
    assert_type(pullback(both), Tensor[N, C])
    named, back = vjp(lambda w: {"sum": w["x"] + w["y"]}, {"x": x, "y": y})
    assert_type(named, dict[str, Tensor[N, C]])
    assert_type(back(named), dict[str, Tensor[N, C]])


def of_a_loss(
    fc: Linear[In, Out], smooth: Smooth[In], x: Tensor[N, In, H, W], labels: Labels[N]
) -> None:
    """Labels have no gradient, and take no place among those of the others."""
    loss, pullback = vjp(
        lambda fc, smooth: cross_entropy(fc(global_avg_pool2d(smooth(x))), labels), fc, smooth
    )
    assert_type(loss, Tensor[()])
    dfc, dsmooth = pullback(loss)
    assert_type(dfc, Linear[In, Out])
    assert_type(dsmooth, Smooth[In])
    logits = fc(global_avg_pool2d(x))
    loss, back = vjp(cross_entropy, logits, labels)
    assert_type(back(loss), Tensor[N, Out])


def kept(pool: MaxPool2D[L[2], L[2], L[0]], x: Tensor[C, L[8], L[8]]) -> None:
    y, pullback = vjp(pool, x, keep=True)
    assert_type(y, Tensor[C, L[4], L[4]])
    _, dx = pullback(y)
    _, dx = pullback(y + y)
    assert_type(dx, Tensor[C, L[8], L[8]])


def _step_of_any_model(
    cost: Callable[[Model], Tensor[()]], net: Model, adam: Adam, moments: Moments[Model] | None
) -> tuple[Model, Moments[Model]]:
    loss, pullback = vjp(cost, net)
    return adam.step(net, pullback(loss), moments)


def of_a_network(
    net: ResNet18[L[3], L[10]], x: Tensor[N, L[3], L[16], L[16]], labels: Labels[N]
) -> ResNet18[L[3], L[10]]:
    def cost(net: ResNet18[L[3], L[10]], x: Tensor[N, L[3], L[16], L[16]]) -> Tensor[()]:
        return cross_entropy(net(x), labels)

    sgd, velocity = SGD(0.1, momentum=0.9), None
    for _ in range(2):
        loss, pullback = vjp(cost, net, x)
        grads, dx = pullback(Tensor.ones())
        assert_type(loss, Tensor[()])
        assert_type(dx, Tensor[N, L[3], L[16], L[16]])
        net, velocity = sgd.step(net, grads, velocity)
    return net
