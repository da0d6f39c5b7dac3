"""A16: the gradients of every layer have the parameters' shapes, and a training step its own."""

from typing import TypeVar, assert_type
from typing import Literal as L

from typed_resnet import (
    BatchNorm2D,
    BottleneckBlock,
    BottleneckLayer,
    Conv2D,
    Linear,
    MaxPool2D,
    ResNetBlock,
    ResNetBlockGrads,
    ResNetLayer,
    ResNetLayerGrads,
    Tensor,
    resnet18,
)
from typed_resnet.dims import C, CeilDiv, Cin, ConvOut, Cout, ExactDiv, H, K, N, P, S, W
from typed_resnet.layers import BatchNorm2DGrads, Conv2DGrads, LinearGrads
from typed_resnet.models import BottleneckBlockGrads, ResNet18, ResNetGrads
from typed_resnet.ops import Labels, cross_entropy, cross_entropy_vjp
from typed_resnet.optim import SGD

In = TypeVar("In", bound=int)
Out = TypeVar("Out", bound=int)


def of_a_convolution(
    conv: Conv2D[Cin, Cout, L[3], L[2], L[1]],
    x: Tensor[N, Cin, H, W],
    dy: Tensor[N, Cout, CeilDiv[H, L[2]], CeilDiv[W, L[2]]],
) -> None:
    y, pullback = conv.vjp(x)
    assert_type(y, Tensor[N, Cout, CeilDiv[H, L[2]], CeilDiv[W, L[2]]])
    grads, dx = pullback(dy)
    assert_type(grads, Conv2DGrads[Cin, Cout, L[3]])
    assert_type(grads.kernel, Tensor[Cout, Cin, L[3], L[3]])
    assert_type(grads.bias, Tensor[Cout] | None)
    assert_type(dx, Tensor[N, Cin, H, W])


def of_any_window(
    conv: Conv2D[Cin, Cout, K, S, P],
    x: Tensor[Cin, H, W],
    dy: Tensor[Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]],
) -> None:
    grads, dx = conv.backward(x, dy)
    assert_type(grads.kernel, Tensor[Cout, Cin, K, K])
    assert_type(dx, Tensor[Cin, H, W])


def of_a_norm(norm: BatchNorm2D[C], x: Tensor[N, C, H, W], dy: Tensor[N, C, H, W]) -> None:
    grads, dx = norm.backward(x, dy)
    assert_type(grads, BatchNorm2DGrads[C])
    assert_type(grads.gamma, Tensor[C])
    assert_type(grads.beta, Tensor[C])
    assert_type(dx, Tensor[N, C, H, W])


def of_a_linear_map(fc: Linear[In, Out], x: Tensor[N, In], dy: Tensor[N, Out]) -> None:
    grads, dx = fc.backward(x, dy)
    assert_type(grads, LinearGrads[In, Out])
    assert_type(grads.weight, Tensor[Out, In])
    assert_type(grads.bias, Tensor[Out] | None)
    assert_type(dx, Tensor[N, In])


def of_a_pool(
    pool: MaxPool2D[L[3], L[2], L[1]],
    x: Tensor[C, H, W],
    dy: Tensor[C, CeilDiv[H, L[2]], CeilDiv[W, L[2]]],
) -> None:
    none, dx = pool.backward(x, dy)
    assert none is None
    assert_type(dx, Tensor[C, H, W])


def of_a_block(
    block: ResNetBlock[Cin, Cout, S],
    x: Tensor[N, Cin, H, W],
    dy: Tensor[N, Cout, CeilDiv[H, S], CeilDiv[W, S]],
) -> None:
    grads, dx = block.backward(x, dy)
    assert_type(grads, ResNetBlockGrads[Cin, Cout])
    assert_type(grads.conv1.kernel, Tensor[Cout, Cin, L[3], L[3]])
    assert_type(grads.conv2.kernel, Tensor[Cout, Cout, L[3], L[3]])
    assert_type(grads.bn2.gamma, Tensor[Cout])
    assert_type(dx, Tensor[N, Cin, H, W])
    if grads.projection is not None:
        assert_type(grads.projection.conv.kernel, Tensor[Cout, Cin, L[1], L[1]])


def of_a_bottleneck(
    block: BottleneckBlock[Cin, L[8], L[1]], x: Tensor[Cin, H, W], dy: Tensor[L[8], H, W]
) -> None:
    grads, dx = block.backward(x, dy)
    assert_type(grads.conv1.kernel, Tensor[L[2], Cin, L[1], L[1]])
    assert_type(grads.conv2.kernel, Tensor[L[2], L[2], L[3], L[3]])
    assert_type(grads.conv3.kernel, Tensor[L[8], L[2], L[1], L[1]])
    assert_type(dx, Tensor[Cin, H, W])


def of_a_bottlenecks_inside(
    grads: BottleneckBlockGrads[Cin, Cout],
) -> Conv2DGrads[Cin, ExactDiv[Cout, L[4]], L[1]]:
    return grads.conv1


def of_a_stage(
    stage: ResNetLayer[Cin, Cout, L[1]], x: Tensor[N, Cin, H, W], dy: Tensor[N, Cout, H, W]
) -> None:
    grads, dx = stage.backward(x, dy)
    assert_type(grads, ResNetLayerGrads[Cin, Cout])
    assert_type(grads.rest, tuple[ResNetBlockGrads[Cout, Cout], ...])
    assert_type(dx, Tensor[N, Cin, H, W])


def of_a_stage_of_bottlenecks(
    stage: BottleneckLayer[L[8], L[16], L[2]],
    x: Tensor[L[8], H, W],
    dy: Tensor[L[16], CeilDiv[H, L[2]], CeilDiv[W, L[2]]],
) -> None:
    grads, _ = stage.backward(x, dy)
    assert_type(grads.first, BottleneckBlockGrads[L[8], L[16]])
    assert_type(grads.first.conv2.kernel, Tensor[L[4], L[4], L[3], L[3]])


def of_a_network(
    net: ResNet18[L[3], L[10]], x: Tensor[L[3], L[32], L[32]], dy: Tensor[L[10]]
) -> None:
    grads, dx = net.backward(x, dy)
    assert_type(grads.initial_conv.kernel, Tensor[L[64], L[3], L[7], L[7]])
    assert_type(grads.layer2.first.conv1.kernel, Tensor[L[128], L[64], L[3], L[3]])
    assert_type(grads.classifier.weight, Tensor[L[10], L[512]])
    assert_type(dx, Tensor[L[3], L[32], L[32]])


def a_training_step(
    fc: Linear[In, Out], x: Tensor[N, In], labels: Labels[N], velocity: LinearGrads[In, Out]
) -> Linear[In, Out]:
    logits, pullback = fc.vjp(x)
    loss, dloss = cross_entropy_vjp(logits, labels)
    assert_type(loss, Tensor[()])
    dlogits = dloss(Tensor.ones())
    assert_type(dlogits, Tensor[N, Out])
    grads, _ = pullback(dlogits)
    fc, velocity = SGD(0.1, momentum=0.9).step(fc, grads, velocity)
    assert_type(velocity, LinearGrads[In, Out])
    return fc


def a_loss(logits: Tensor[N, L[10]], labels: Labels[N]) -> None:
    assert_type(cross_entropy(logits, labels), Tensor[()])
