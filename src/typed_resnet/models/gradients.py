"""Gradients of blocks, stages and the network: records of the same field names as theirs."""

from __future__ import annotations

from typing import Generic, TypeVar
from typing import Literal as L

from typed_resnet.dims import Cin, Cout, ExactDiv, K
from typed_resnet.layer import Record
from typed_resnet.layers import BatchNorm2DGrads, Conv2DGrads, LinearGrads

Classes = TypeVar("Classes", bound=int)
C0 = TypeVar("C0", bound=int)
C1 = TypeVar("C1", bound=int)
C2 = TypeVar("C2", bound=int)
C3 = TypeVar("C3", bound=int)
C4 = TypeVar("C4", bound=int)


class ProjectionGrads(Record, Generic[Cin, Cout]):
    conv: Conv2DGrads[Cin, Cout, L[1]]
    bn: BatchNorm2DGrads[Cout] | None


class ResNetBlockGrads(Record, Generic[Cin, Cout]):
    conv1: Conv2DGrads[Cin, Cout, L[3]]
    bn1: BatchNorm2DGrads[Cout]
    conv2: Conv2DGrads[Cout, Cout, L[3]]
    bn2: BatchNorm2DGrads[Cout]
    projection: ProjectionGrads[Cin, Cout] | None


class BottleneckBlockGrads(Record, Generic[Cin, Cout]):
    conv1: Conv2DGrads[Cin, ExactDiv[Cout, L[4]], L[1]]
    bn1: BatchNorm2DGrads[ExactDiv[Cout, L[4]]]
    conv2: Conv2DGrads[ExactDiv[Cout, L[4]], ExactDiv[Cout, L[4]], L[3]]
    bn2: BatchNorm2DGrads[ExactDiv[Cout, L[4]]]
    conv3: Conv2DGrads[ExactDiv[Cout, L[4]], Cout, L[1]]
    bn3: BatchNorm2DGrads[Cout]
    projection: ProjectionGrads[Cin, Cout] | None


class BottleneckLayerGrads(Record, Generic[Cin, Cout]):
    """The blocks' gradients; `rest` is in the order of the blocks."""

    first: BottleneckBlockGrads[Cin, Cout]
    rest: tuple[BottleneckBlockGrads[Cout, Cout], ...]


class ResNetLayerGrads(Record, Generic[Cin, Cout]):
    """The blocks' gradients; `rest` is in the order of the blocks."""

    first: ResNetBlockGrads[Cin, Cout]
    rest: tuple[ResNetBlockGrads[Cout, Cout], ...]


class ResNetGrads(Record, Generic[Cin, Classes, C0, K, C1, C2, C3, C4]):
    initial_conv: Conv2DGrads[Cin, C0, K]
    initial_bn: BatchNorm2DGrads[C0]
    layer1: ResNetLayerGrads[C0, C1]
    layer2: ResNetLayerGrads[C1, C2]
    layer3: ResNetLayerGrads[C2, C3]
    layer4: ResNetLayerGrads[C3, C4]
    classifier: LinearGrads[C4, Classes]


class BottleneckResNetGrads(Record, Generic[Cin, Classes, C0, K, C1, C2, C3, C4]):
    initial_conv: Conv2DGrads[Cin, C0, K]
    initial_bn: BatchNorm2DGrads[C0]
    layer1: BottleneckLayerGrads[C0, C1]
    layer2: BottleneckLayerGrads[C1, C2]
    layer3: BottleneckLayerGrads[C2, C3]
    layer4: BottleneckLayerGrads[C3, C4]
    classifier: LinearGrads[C4, Classes]
