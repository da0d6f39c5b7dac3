"""R14, R15: gradient records whose axes are exchanged, parameters that are missing."""

from typing import TypeVar
from typing import Literal as L

from typed_resnet import BatchNorm2D, Conv2D, ResNetBlockGrads, ResNetLayerGrads, Tensor
from typed_resnet.dims import C, Cin, Cout, H, N, W
from typed_resnet.layers import BatchNorm2DGrads, Conv2DGrads, LinearGrads
from typed_resnet.models import BottleneckBlockGrads, Projection, ProjectionGrads
from typed_resnet.ops import Labels, cross_entropy

In = TypeVar("In", bound=int)
Out = TypeVar("Out", bound=int)


def kernel_exchanged(dw: Tensor[Cin, Cout, L[3], L[3]], db: Tensor[Cout]) -> Conv2DGrads[Cin, Cout, L[3]]:
    return Conv2DGrads(dw, db)  # E: Conv2DGrads expects Cin channels as in kernel, got Cout: at Cin = 1, Cout = 2 they are 1 and 2  [shape]
    # R: Conv2DGrads expects 1 channel as in kernel, got 2


def kernel_of_another_window(dw: Tensor[Cout, Cin, L[3], L[3]]) -> Conv2DGrads[Cin, Cout, L[1]]:
    return Conv2DGrads(dw, None)  # E: Incompatible return value type (got "Conv2DGrads[Cin, Cout, 3]", expected "Conv2DGrads[Cin, Cout, 1]")  [return-value]
    # R: kernel_of_another_window returns kernel size 3, declared 1


def kernel_not_square(dw: Tensor[L[8], L[3], L[3], L[5]]) -> None:
    Conv2DGrads(dw, None)  # E: Conv2DGrads expects kernel size 3, got 5  [shape]


def beta_of_another_norm(dgamma: Tensor[C], dbeta: Tensor[Cout]) -> BatchNorm2DGrads[C]:
    return BatchNorm2DGrads(dgamma, dbeta)  # E: BatchNorm2DGrads expects C channels as in gamma, got Cout: at C = 1, Cout = 2 they are 1 and 2  [shape]
    # R: BatchNorm2DGrads expects 1 channel as in gamma, got 2


def weight_exchanged(dw: Tensor[In, Out], db: Tensor[Out]) -> LinearGrads[In, Out]:
    return LinearGrads(dw, db)  # E: LinearGrads expects In features as in weight, got Out: at In = 1, Out = 2 they are 1 and 2  [shape]
    # R: LinearGrads expects 1 feature as in weight, got 2


def convolutions_exchanged(
    dconv1: Conv2DGrads[Cin, Cout, L[3]],
    dconv2: Conv2DGrads[Cout, Cout, L[3]],
    dbn: BatchNorm2DGrads[Cout],
) -> ResNetBlockGrads[Cin, Cout]:
    return ResNetBlockGrads(dconv2, dbn, dconv1, dbn, None)  # E: ResNetBlockGrads expects Cout channels as in conv1, got Cin: at Cin = 1, Cout = 2 they are 2 and 1  [shape]
    # R: ResNetBlockGrads expects 2 channels as in conv1, got 1


def bottlenecks_convolutions_exchanged(
    dconv1: Conv2DGrads[L[8], L[4], L[1]],
    dbn: BatchNorm2DGrads[L[4]],
    dconv2: Conv2DGrads[L[4], L[4], L[3]],
    dconv3: Conv2DGrads[L[4], L[16], L[1]],
    dbn3: BatchNorm2DGrads[L[16]],
) -> None:
    BottleneckBlockGrads(dconv3, dbn, dconv2, dbn, dconv1, dbn3, None)  # E: BottleneckBlockGrads expects 1 channel, got 16  [shape]


def first_block_of_another_stage(
    first: ResNetBlockGrads[Cin, Cout], rest: tuple[ResNetBlockGrads[Cin, Cin], ...]
) -> ResNetLayerGrads[Cin, Cout]:
    return ResNetLayerGrads(first, rest)  # E: ResNetLayerGrads expects Cout channels as in first, got Cin: at Cin = 1, Cout = 2 they are 2 and 1  [shape]
    # R: ResNetLayerGrads expects 2 channels as in first, got 1


def gradient_of_another_map(
    conv: Conv2D[C, C, L[3], L[2], L[1]], x: Tensor[C, H, W]
) -> None:
    conv.backward(x, x)  # E: Conv2D[C, C, 3, 2, 1].backward expects height ⌈H/2⌉, got H: at H = 2 they are 1 and 2  [shape]
    # R: Conv2D[4, 4, 3, 2, 1].backward expects height 1, got 2


def pullback_of_another_map(
    conv: Conv2D[C, C, L[3], L[2], L[1]], x: Tensor[C, H, W]
) -> None:
    _, pullback = conv.vjp(x)
    pullback(x)  # E: pullback expects height ⌈H/2⌉, got H: at H = 2 they are 1 and 2  [shape]
    # R: Conv2D expects 1 on axis 1, got 2


def projection_of_another_window(
    dconv: Conv2DGrads[Cin, Cout, L[3]], dbn: BatchNorm2DGrads[Cout]
) -> None:
    ProjectionGrads(dconv, dbn)  # E: ProjectionGrads expects kernel size 1, got 3  [shape]


def projection_without_beta(conv: Conv2D[L[3], L[4], L[1], L[1], L[0]], gamma: Tensor[L[4]]) -> None:
    """R15: half a norm cannot be made, so half a projection cannot."""
    Projection(conv, BatchNorm2D(gamma))  # E: Missing positional argument "beta" in call to "BatchNorm2D"  [call-arg]
    # R: BatchNorm2D.__init__() missing 1 required positional argument: 'beta'


def projection_whose_norm_is_anothers(
    conv: Conv2D[L[3], L[4], L[1], L[1], L[0]], norm: BatchNorm2D[L[3]]
) -> None:
    Projection(conv, norm)  # E: Projection expects 4 channels as in conv, got 3  [shape]


def labels_of_another_batch(logits: Tensor[N, L[10]], labels: Labels[C]) -> None:
    cross_entropy(logits, labels)  # E: cross_entropy expects N on axis 0 as in logits, got C: at C = 1, N = 2 they are 2 and 1  [shape]
    # R: cross_entropy expects 2 on axis 0 as in logits, got 1
