"""A15: the specification's ResNet-18, at 224 and for all heights and widths."""

from typing import TypeVar, assert_type
from typing import Literal as L

import numpy as np

from typed_resnet import ResNet, ResNetBlock, ResNetLayer, Tensor, resnet18
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, H, N, S, W
from typed_resnet.models.network import ResNet18

Classes = TypeVar("Classes", bound=int)


def at_224(rng: np.random.Generator) -> None:
    net = resnet18(3, 10, rng=rng)
    assert_type(net, ResNet18[L[3], L[10]])
    logits = net(Tensor.zeros(3, 32, 40))
    assert_type(logits, Tensor[L[10]])
    assert logits.shape == (10,)


def for_all_sizes(net: ResNet18[L[3], L[10]], x: Tensor[*B, L[3], H, W]) -> None:
    assert_type(net(x), Tensor[*B, L[10]])


def stem_sizes(net: ResNet18[L[3], L[10]], x: Tensor[L[3], L[224], L[224]]) -> None:
    y = net.initial_conv(x)
    assert_type(y, Tensor[L[64], L[112], L[112]])
    assert_type(net.initial_pool(y), Tensor[L[64], L[55], L[55]])
    assert_type(net.layer2.first, ResNetBlock[L[64], L[128], L[1]])


def any_block(block: ResNetBlock[Cin, Cout, S], x: Tensor[*B, Cin, H, W]) -> None:
    assert_type(block(x), Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]])


def any_stage(stage: ResNetLayer[Cin, Cout, L[1]], x: Tensor[N, Cin, H, W]) -> None:
    assert_type(stage(x), Tensor[N, Cout, H, W])


def two_stages(
    first: ResNetLayer[Cin, C, L[2]], second: ResNetLayer[C, Cout, L[2]], x: Tensor[Cin, H, W]
) -> Tensor[Cout, CeilDiv[H, L[4]], CeilDiv[W, L[4]]]:
    return second(first(x))
